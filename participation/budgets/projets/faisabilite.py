"""Study of a projet by the directions, and its verdict; its forms."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from participation.budgets.models import AvisFaisabilite, ProjetQuartier, ReglementInterQuartiers
from participation.budgets.projets import lettres
from participation.budgets.projets.realisation import dire_a_tous_les_auteurs
from participation.budgets.workflow.budget import Verdict
from participation.socle.actions import annoncer_demandes, demander, enregistrer, exiger, repondre_demande
from participation.socle.actions.demandes import LISTE_DU_MATIN
from participation.socle.forms.actes import ActeForm, ToutDire
from participation.socle.forms.champs import (
    ChampFichier,
    champ_choix,
    champ_jour,
    champ_parmi,
    champ_qui,
    champ_texte,
    propose,
)
from participation.socle.forms.montants import ChampMontant
from participation.socle.francais import a_qui, majuscule, montant
from participation.socle.models import Compte, Demande, Direction
from participation.socle.views.pages import Page, acte


class DemanderFaisabiliteForm(ActeForm):
    direction = champ_parmi(
        "Direction",
        Direction.objects.filter(est_active=True),
        erreur="Choisissez une direction.",
        vide="Choisir une direction",
    )
    texte = champ_texte("Ce que vous lui demandez", maximum=3000, lignes=3)
    date_limite = champ_jour("Réponse attendue le")

    def initiales(self) -> Mapping[str, Any]:
        delai = ReglementInterQuartiers.actuel().delai_etude_jours
        return {
            "texte": "Dites si ce projet est réalisable, ce qu’il coûterait, et pourquoi.",
            "date_limite": propose(timezone.localdate() + timedelta(days=delai)),
        }


# Feasibility
@acte(
    Page[ProjetQuartier](
        form=DemanderFaisabiliteForm,
        consequence=f"La direction reçoit le projet, ses idées sans leurs auteurs, et un lien pour répondre. {LISTE_DU_MATIN}",
    )
)
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
    pas.avancer(fait=f"Étude demandée {a_qui(direction.en_phrase)}", details={"direction": direction.pk})

    def avertir(demande: Demande) -> None:
        AvisFaisabilite.objects.create(projet=projet, direction=direction, demande=demande)
        annoncer_demandes([demande])

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
    par: Compte | None = None,
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
        par=par,
        nom=nom,
        fichier=fichier,
    )
    return enregistrer(avis, verdict=verdict, cout=cout, motif=motif, changements=changements)


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


VERDICTS = [(v.value, majuscule(v.label)) for v in Verdict]


class VerdictForm(ToutDire):
    def exiger(self, dit: Mapping[str, Any]) -> None:
        if "verdict" in dit:
            exiger_complet(
                dit["verdict"],
                cout=dit.get("cout"),
                motif=dit.get("motif", ""),
                changements=dit.get("changements", ""),
            )


class DeclarerFaisableForm(VerdictForm, ActeForm):
    verdict = champ_choix(
        "Le projet est",
        [v for v in VERDICTS if v[0] != Verdict.INFAISABLE],
        boutons=True,
        erreur="Dites s’il est réalisable tel quel ou avec des changements.",
    )
    cout = ChampMontant("Coût estimé (€)", "Public : c’est ce coût qui compte au vote.", positif=True)
    changements = champ_texte(
        "Ce qui change par rapport aux idées",
        "Public. Demandé s’il y a des changements.",
        maximum=3000,
        lignes=3,
        requis=False,
    )
    motif = champ_texte(
        "Ce que disent les directions", "Public, en phrases simples.", maximum=3000, lignes=4, requis=False
    )

    def initiales(self) -> Mapping[str, Any]:
        """Combine the answers of the directions; their costs are added up."""
        avis = [a for a in self.objet.avis_faisabilite.all() if a.verdict and a.verdict != Verdict.INFAISABLE]
        if not avis:
            return {"cout": self.objet.cout}
        return {
            "verdict": Verdict.MODIFIE
            if any(a.verdict == Verdict.MODIFIE for a in avis)
            else Verdict.FAISABLE,
            "cout": sum((a.cout for a in avis if a.cout is not None), Decimal(0)) or None,
            "changements": "\n".join(a.changements for a in avis if a.changements),
            "motif": "\n".join(a.motif for a in avis if a.motif),
        }


@acte(Page[ProjetQuartier](form=DeclarerFaisableForm, consequence=dire_a_tous_les_auteurs))
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
    lettres.nouvelle(projet, "declarer_faisable")


class DeclarerInfaisableForm(ActeForm):
    motif = champ_texte(
        "Pourquoi",
        "Public, en phrases simples.",
        maximum=3000,
        lignes=5,
        erreur="Dites pourquoi : la raison est publique.",
    )

    def initiales(self) -> Mapping[str, Any]:
        avis = self.objet.avis_faisabilite.filter(verdict=Verdict.INFAISABLE)
        return {"motif": "\n".join(avis.values_list("motif", flat=True))}


@acte(Page[ProjetQuartier](form=DeclarerInfaisableForm, consequence=dire_a_tous_les_auteurs))
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
    lettres.nouvelle(projet, "declarer_infaisable")


class RendreFaisabiliteForm(VerdictForm):
    """Answer of a direction, through the signed link of the letter."""

    verdict = champ_choix("Ce projet est", VERDICTS, boutons=True, erreur="Dites s’il est réalisable.")
    cout = ChampMontant(
        "Coût estimé (€)",
        "Tout compris : études, achats, travaux. Demandé s’il est réalisable.",
        requis=False,
        positif=True,
    )
    changements = champ_texte(
        "Ce qu’il faut changer",
        "Demandé s’il est réalisable avec des changements.",
        maximum=3000,
        lignes=3,
        requis=False,
    )
    motif = champ_texte(
        "Pourquoi",
        "Le service participation s’en sert pour écrire la raison publique.",
        maximum=3000,
        lignes=5,
    )
    fichier = ChampFichier(
        label="Joindre un fichier", required=False, help_text="Note, plan, devis. Seul le service le lit."
    )
    nom = champ_qui("Votre nom et votre service", aide="", erreur="Dites qui répond : prénom, nom, service.")
