"""Acts on a projet de quartier: grouping of idées, feasibility, vote, abandonment."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from contrat_ville.actions.idees import en_ordre, liberer_idee, reunir_idee, separer_idee, situer
from contrat_ville.models import AvisFaisabilite, Budget, Idee, ProjetQuartier, ReglementInterQuartiers
from contrat_ville.notifications import inter_quartiers as notifications
from contrat_ville.workflow.inter_quartiers import EN_PREPARATION, Verdict
from participation.socle.actions import (
    avancer,
    consigner,
    demander,
    donner_reference,
    exiger,
    repondre_demande,
)
from participation.socle.erreurs import ErreurMetier
from participation.socle.francais import a_qui, accorder, majuscule, montant
from participation.socle.models import Compte, Demande, Direction, Quartier


@transaction.atomic
def creer_projet_quartier(
    budget: Budget, *, par: Compte, titre: str, idees: Sequence[Idee], description: str = ""
) -> ProjetQuartier:
    """Create a projet from these idées. Their authors are told.

    Raises ActeInterdit when one of them was taken in the meantime.
    """
    pas = exiger(budget, "creer_projet_quartier", par=par)
    if not idees:
        raise ValidationError({"idees": "Choisissez au moins une idée."})
    projet = ProjetQuartier(
        budget=budget,
        titre=titre,
        description=description,
        resume=description,
        agent=par,
        est_publie=True,
        ouvert_le=timezone.now(),
    )
    projet.reference = donner_reference(projet)
    projet.full_clean()
    projet.save()
    combien = accorder(len(idees), "idée")
    consigner(projet, "creer_projet_quartier", par=par, fait=f"Projet fait de {combien}", est_publique=True)
    for idee in en_ordre(idees):
        reunir_idee(idee, par=par, projet=projet)
    pas.avancer(fait=f"{projet.reference} : {combien} dans un projet", details={"projet": projet.pk})
    return projet


@transaction.atomic
def ajouter_idees(projet: ProjetQuartier, *, par: Compte, idees: Sequence[Idee]) -> None:
    pas = exiger(projet, "ajouter_idees", par=par)
    if not idees:
        raise ValidationError({"idees": "Choisissez au moins une idée."})
    for idee in en_ordre(idees):
        reunir_idee(idee, par=par, projet=projet)
    pas.avancer(details={"idees": [idee.pk for idee in idees]})


@transaction.atomic
def separer_idees(
    projet: ProjetQuartier, *, par: Compte, idees: Sequence[Idee], motif: str, nouveau_titre: str = ""
) -> ProjetQuartier | None:
    """Take idées out. With `nouveau_titre`, create and return another projet made of them."""
    pas = exiger(projet, "separer_idees", par=par)
    if not idees:
        raise ValidationError({"idees": "Choisissez au moins une idée."})
    for idee in en_ordre(idees):
        separer_idee(idee, par=par, motif=motif)
    pas.avancer(motif=motif, details={"idees": [idee.pk for idee in idees]})
    if not nouveau_titre.strip():
        return None
    return creer_projet_quartier(projet.budget, par=par, titre=nouveau_titre.strip(), idees=idees)


@transaction.atomic
def rediger_projet_quartier(
    projet: ProjetQuartier,
    *,
    par: Compte,
    titre: str,
    description: str,
    quartiers: Iterable[Quartier],
    lieu: str = "",
    latitude: float | None = None,
    longitude: float | None = None,
) -> None:
    avancer(
        projet,
        "rediger_projet_quartier",
        par=par,
        champs={
            "titre": titre,
            "description": description,
            "resume": description,
            "lieu": lieu,
            "latitude": latitude,
            "longitude": longitude,
        },
        motif=description,
    )
    situer(projet, quartiers)


# Feasibility


@transaction.atomic
def demander_faisabilite(
    projet: ProjetQuartier,
    *,
    par: Compte,
    direction: Direction,
    texte: str = "",
    date_limite: date | None = None,
) -> Demande:
    """Ask a direction for feasibility and cost, by a signed link, with an échéance and reminders."""
    pas = exiger(projet, "demander_faisabilite", par=par)
    if projet.avis_faisabilite.filter(
        direction=direction, demande__repondue_le=None, demande__annulee_le=None
    ).exists():
        raise ValidationError(
            {"direction": "Cette direction a déjà cette demande : attendez sa réponse, ou relancez-la."}
        )
    delai = ReglementInterQuartiers.actuel().delai_etude_jours
    pas.avancer(
        fait=f"Étude demandée {a_qui(direction.en_phrase)}"[:200], details={"direction": direction.pk}
    )

    def avertir(demande: Demande) -> None:
        avis = AvisFaisabilite.objects.create(projet=projet, direction=direction, demande=demande)
        notifications.demander_faisabilite(demande, avis)

    return demander(
        projet,
        par=par,
        nature=Demande.Nature.AVIS,
        a=direction,
        objet=f"Faisabilité de « {projet.titre} »"[:160],
        texte=texte or "Dites si ce projet est réalisable, ce qu’il coûterait, et pourquoi.",
        date_limite=date_limite or timezone.localdate() + timedelta(days=delai),
        avertir=avertir,
    )


@transaction.atomic
def rendre_faisabilite(
    demande: Demande,
    *,
    verdict: str,
    motif: str,
    nom: str,
    cout: Decimal | None = None,
    changements: str = "",
    fichier: UploadedFile | None = None,
) -> AvisFaisabilite:
    """Record the answer of the direction, once. It is not public. Raises ActeInterdit, ValidationError."""
    avis = AvisFaisabilite.objects.select_related("projet").get(demande=demande.pk)
    exiger_complet(verdict, cout=cout, motif=motif, changements=changements)
    mots = [f"{majuscule(Verdict(verdict).label)}."]
    if cout is not None:
        mots.append(f"Coût estimé : {montant(cout)}.")
    repondre_demande(
        demande,
        reponse="\n\n".join(filter(None, [" ".join(mots), motif, changements])),
        nom=nom,
        fichier=fichier,
    )
    avis.verdict, avis.cout, avis.motif, avis.changements = verdict, cout, motif, changements
    avis.full_clean()
    avis.save()
    return avis


def exiger_complet(verdict: str, *, cout: Decimal | None, motif: str, changements: str) -> None:
    """Check what each verdict requires: a cost, a reason, changes. Raises ValidationError."""
    erreurs = {}
    if verdict != Verdict.INFAISABLE and cout is None:
        erreurs["cout"] = "Donnez le coût estimé : il faut le connaître pour voter."
    if verdict == Verdict.INFAISABLE and not motif.strip():
        erreurs["motif"] = "Dites pourquoi : la raison est publique."
    if verdict == Verdict.MODIFIE and not changements.strip():
        erreurs["changements"] = "Dites ce qui change."
    if erreurs:
        raise ValidationError(erreurs)


@transaction.atomic
def declarer_faisable(
    projet: ProjetQuartier,
    *,
    par: Compte,
    verdict: str,
    cout: Decimal | None,
    motif: str = "",
    changements: str = "",
) -> None:
    """Declare the projet feasible, whatever the directions answered. The text is public; authors are told."""
    pas = exiger(projet, "declarer_faisable", par=par)
    if verdict == Verdict.INFAISABLE:
        raise ValidationError(
            {"verdict": "Pour un projet non réalisable, l’acte est « Déclarer non réalisable »."}
        )
    exiger_complet(verdict, cout=cout, motif=motif, changements=changements)
    pas.avancer(
        champs={
            "verdict": verdict,
            "cout": cout,
            "motif_faisabilite": motif,
            "changements": changements if verdict == Verdict.MODIFIE else "",
            "decide_le": timezone.now(),
        },
        fait=f"Projet {Verdict(verdict).label}",
        motif=motif or changements,
    )
    notifications.declarer_faisable(projet)


@transaction.atomic
def declarer_infaisable(projet: ProjetQuartier, *, par: Compte, motif: str) -> None:
    """Declare the projet not feasible. The reason is public; authors are told."""
    pas = exiger(projet, "declarer_infaisable", par=par)
    exiger_complet(Verdict.INFAISABLE, cout=None, motif=motif, changements="")
    pas.avancer(
        champs={
            "verdict": Verdict.INFAISABLE,
            "motif_faisabilite": motif,
            "changements": "",
            "decide_le": timezone.now(),
        },
        motif=motif,
    )
    notifications.declarer_infaisable(projet)


# Vote


@transaction.atomic
def mettre_au_vote(projet: ProjetQuartier, *, par: Compte) -> None:
    avancer(projet, "mettre_au_vote", par=par)
    notifications.mettre_au_vote(projet)


@transaction.atomic
def retirer_du_vote(projet: ProjetQuartier, *, par: Compte, motif: str) -> None:
    avancer(projet, "retirer_du_vote", par=par, motif=motif)
    notifications.retirer_du_vote(projet, motif=motif)


def proclamer_laureat(projet: ProjetQuartier, *, par: Compte | None = None, phrase: str = "") -> None:
    """Called by `publier_resultats`, in its transaction. `phrase`: public sentence about the result."""
    _proclamer(projet, "proclamer_laureat", par=par, phrase=phrase)


def proclamer_non_retenu(projet: ProjetQuartier, *, par: Compte | None = None, phrase: str = "") -> None:
    _proclamer(projet, "proclamer_non_retenu", par=par, phrase=phrase)


@transaction.atomic
def _proclamer(projet: ProjetQuartier, acte: str, *, par: Compte | None, phrase: str) -> None:
    fini = {"clos_le": timezone.now()} if acte == "proclamer_non_retenu" else {}
    avancer(projet, acte, par=par, champs={"phrase_du_vote": phrase, **fini}, motif=phrase)
    notifications.proclamer(projet)


@transaction.atomic
def abandonner_projet_quartier(projet: ProjetQuartier, *, par: Compte, motif: str) -> None:
    """Abandon the projet, with a public reason. The authors are told.

    Before the vote, its idées are free again.
    """
    pas = exiger(projet, "abandonner_projet_quartier", par=par)
    en_preparation = projet.etat in EN_PREPARATION
    if (
        en_preparation
        and projet.avis_faisabilite.filter(demande__repondue_le=None, demande__annulee_le=None).exists()
    ):
        raise ErreurMetier("Une direction étudie ce projet : annulez d’abord la demande.")
    pas.avancer(champs={"motif_abandon": motif, "clos_le": timezone.now()}, motif=motif)
    notifications.abandonner_projet_quartier(projet)
    if en_preparation:
        for idee in en_ordre(projet.idees.select_related("budget")):
            liberer_idee(idee, projet, motif=motif)
