"""Acts after the decision: convention, accompaniment, bilan, public page."""

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, NotRequired, TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from contrat_ville.actions.indicateurs import Valeurs, poser
from contrat_ville.models import Accompagnement, Bilan, Convention, Projet
from contrat_ville.models.projets import DEMANDES_DE_BILAN, TITRE_DU_PAPIER
from contrat_ville.notifications import apres as notifications
from contrat_ville.workflow.etats import Etat
from participation.socle.actions import annuler_echeance, avancer, exiger, faire_echeance, fixer_echeance
from participation.socle.actions.pieces import joindre
from participation.socle.calendrier import ajouter_mois
from participation.socle.francais import jour_texte
from participation.socle.models import Compte, Courrier

BILAN = "bilan"
RAPPELS_DU_BILAN = [60, 30, 7]  # days before the due date


class Mots(TypedDict):
    """Texts of a bilan: fields of `Bilan`."""

    realise: str
    changements: str
    beneficiaires: NotRequired[int | None]
    publics: NotRequired[str]
    ecarts: NotRequired[str]


@transaction.atomic
def conventionner(projet: Projet, *, par: Compte, numero: str, date_signature: date) -> None:
    """Record the convention. Raises ValidationError for a future date."""
    pas = exiger(projet, "conventionner", par=par)
    if date_signature > timezone.localdate():
        raise ValidationError({"date_signature": "Une convention signée a sa date passée, ou d’aujourd’hui."})
    Convention.objects.create(projet=projet, numero=numero, date_signature=date_signature)
    pas.avancer(details={"numero": numero})
    notifications.conventionner(projet)


@transaction.atomic
def demarrer(projet: Projet, *, par: Compte | None) -> None:
    avancer(projet, "demarrer", par=par)


@transaction.atomic
def noter_accompagnement(
    projet: Projet, *, par: Compte, nature: str, date: date, texte: str
) -> Accompagnement:
    """Add a line to the accompaniment. Raises ValidationError for a visit or a call in the future."""
    pas = exiger(projet, "noter_accompagnement", par=par)
    if nature != Accompagnement.Nature.ETAPE and date > timezone.localdate():
        raise ValidationError(
            {"date": "Ce jour n’est pas encore passé : une visite ou un appel se note une fois fait."}
        )
    ligne = Accompagnement(projet=projet, nature=nature, date=date, texte=texte, par=par)
    ligne.full_clean()
    ligne.save()
    pas.avancer(fait=f"Accompagnement noté : {ligne.get_nature_display()}", motif=texte)
    return ligne


@transaction.atomic
def demander_aide(projet: Projet, *, par: Compte, texte: str) -> Accompagnement:
    """Record a request for help from the team, open until an agent closes it."""
    pas = exiger(projet, "demander_aide", par=par)
    ligne = Accompagnement(
        projet=projet, nature=Accompagnement.Nature.AIDE, date=timezone.localdate(), texte=texte, par=par
    )
    ligne.full_clean()
    ligne.save()
    pas.avancer(motif=texte)
    notifications.demander_aide(ligne)
    return ligne


@transaction.atomic
def clore_aide(ligne: Accompagnement, *, par: Compte) -> None:
    exiger(ligne, "clore_aide", par=par).avancer(champs={"aide_donnee_le": timezone.now()})


@transaction.atomic
def attendre_bilan(projet: Projet, *, par: Compte | None) -> None:
    """Ask for the bilan, due some months after the end of the projet (`delai_bilan_mois`).

    The periodic task (`par` None) writes to the team only if the convention is recorded here. A projet
    imported from Dauphin was asked there: its échéance is for the service, without letter or reminder, until
    an agent writes to the team (`demander_bilan`).
    """
    avancer(projet, "attendre_bilan", par=par)
    fin = projet.date_fin or timezone.localdate()
    date_limite = max(ajouter_mois(fin, projet.programmation.delai_bilan_mois), timezone.localdate())
    if par is not None or Convention.objects.filter(projet=projet.pk).exists():
        _attendre_le(projet, date_limite)
        notifications.attendre_bilan(projet)
    else:
        fixer_echeance(projet, BILAN, libelle="Suivre le bilan demandé dans Dauphin", date_limite=date_limite)


@transaction.atomic
def demander_bilan(projet: Projet, *, par: Compte, date_limite: date) -> None:
    """Ask the team of an imported projet for the bilan.

    Raises ValidationError unless the date is in the future.
    """
    pas = exiger(projet, "demander_bilan", par=par)
    if date_limite <= timezone.localdate():
        raise ValidationError({"date_limite": "Laissez du temps : choisissez une date à venir."})
    _attendre_le(projet, date_limite)
    notifications.attendre_bilan(projet)
    pas.avancer()


def _attendre_le(projet: Projet, date_limite: date) -> None:
    fixer_echeance(
        projet,
        BILAN,
        libelle="Rendre le bilan",
        date_limite=date_limite,
        rappels=RAPPELS_DU_BILAN,
        relances=[7, 30],
        escalade=projet.programmation.escalade_jours,
        responsable=signataire_de(projet),
        lien=projet.get_porteur_url(),
    )


def signataire_de(projet: Projet) -> Compte | None:
    equipier = (
        projet.equipe.presents()
        .filter(role="signataire", compte__is_active=True)
        .select_related("compte")
        .first()
    )
    return equipier.compte if equipier is not None else None


@transaction.atomic
def rendre_bilan(
    projet: Projet,
    *,
    par: Compte,
    realises: Mapping[int, Decimal | None],
    indicateurs: Valeurs | None = None,
    **mots: Unpack[Mots],
) -> Bilan:
    """Record the bilan of the team.

    `realises`: {budget line: real amount}; `indicateurs`: {indicator: result}.
    """
    pas = exiger(projet, "rendre_bilan", par=par)
    bilan = Bilan(projet=projet, rendu_le=timezone.now(), rendu_par=par, **mots)
    _ecrire_bilan(bilan, realises, indicateurs)
    pas.avancer()
    notifications.rendre_bilan(projet)
    return bilan


@transaction.atomic
def saisir_bilan(
    projet: Projet,
    *,
    par: Compte,
    recu_le: date,
    fichier: UploadedFile,
    realises: Mapping[int, Decimal | None],
    indicateurs: Valeurs | None = None,
    **mots: Unpack[Mots],
) -> str:
    """Record a bilan received on paper, typed by an agent, with its scan. Return how the team is told.

    The bilan is dated from the day of receipt. Raises ValidationError on « recu_le » and « fichier ».
    """
    pas = exiger(projet, "saisir_bilan", par=par)
    if recu_le > timezone.localdate():
        raise ValidationError({"recu_le": "Ce jour n’est pas encore passé."})
    if projet.notifie_le is not None and recu_le < timezone.localdate(projet.notifie_le):
        raise ValidationError(
            {"recu_le": f"La décision n’a été notifiée que le {jour_texte(projet.notifie_le)}."}
        )
    midi = timezone.make_aware(datetime.combine(recu_le, time(12)))
    piece = joindre(projet, fichier=fichier, titre=f"{TITRE_DU_PAPIER} {jour_texte(recu_le)}", par=par)
    bilan = Bilan(
        projet=projet,
        rendu_le=min(midi, timezone.now()),
        rendu_par=par,
        recu_sur_papier_le=recu_le,
        papier=piece,
        **mots,
    )
    _ecrire_bilan(bilan, realises, indicateurs)
    pas.avancer(fait=f"Bilan saisi d’après un papier reçu le {jour_texte(recu_le)}")
    return notifications.saisir_bilan(projet, recu_le=recu_le)


def _ecrire_bilan(bilan: Bilan, realises: Mapping[int, Decimal | None], indicateurs: Valeurs | None) -> None:
    """Replace the former bilan. Letters that ask for it and are not posted yet are cancelled."""
    projet = bilan.projet
    bilan.full_clean(exclude=["projet"])
    bilan.pk = Bilan.objects.filter(projet=projet).values_list("pk", flat=True).first()
    bilan.save()
    for ligne in projet.budget.select_for_update():
        if ligne.pk in realises:
            ligne.realise = realises[ligne.pk]
            ligne.full_clean(exclude=["projet"])
            ligne.save(update_fields=["realise"])
    poser(projet, "realise", indicateurs or {})
    demandes = Courrier.objects.a_poster().filter(dossier=projet.pk, lettre__in=DEMANDES_DE_BILAN)
    demandes.update(abandonne_le=timezone.now())
    faire_echeance(projet, BILAN)


@transaction.atomic
def renvoyer_bilan(projet: Projet, *, par: Compte, motif: str, date_limite: date) -> None:
    """Send the bilan back to the team, with what is missing and a new date."""
    if date_limite < timezone.localdate():
        raise ValidationError({"date_limite": "Cette date est déjà passée."})
    exiger(projet, "renvoyer_bilan", par=par).avancer(motif=motif)
    fixer_echeance(
        projet,
        BILAN,
        libelle="Compléter le bilan",
        date_limite=date_limite,
        rappels=[7],
        relances=[7],
        escalade=projet.programmation.escalade_jours,
        responsable=signataire_de(projet),
        lien=projet.get_porteur_url(),
    )
    notifications.renvoyer_bilan(projet, motif=motif, date_limite=date_limite)


@transaction.atomic
def clore(projet: Projet, *, par: Compte, mot: str = "") -> None:
    """Close the dossier after reading the bilan. The team is told, with `mot` if any."""
    exiger(projet, "clore", par=par).avancer(champs={"clos_le": timezone.now()}, motif=mot)
    annuler_echeance(projet)
    notifications.clore(projet, mot=mot)


def publier_fiche(projet: Projet, *, par: Compte) -> None:
    avancer(projet, "publier_fiche", par=par, champs={"est_publie": True})


def depublier_fiche(projet: Projet, *, par: Compte, motif: str) -> None:
    avancer(projet, "depublier_fiche", par=par, champs={"est_publie": False}, motif=motif)


def suivre_le_calendrier() -> int:
    """Start or end the projets according to their dates. Return their number."""
    jour = timezone.localdate()
    commencent: Any = Projet.objects.filter(etat=Etat.CONVENTIONNE, date_debut__lte=jour)
    finissent: Any = Projet.objects.filter(etat=Etat.EN_COURS, date_fin__lt=jour)
    faits = 0
    for projets, acte in ((commencent, demarrer), (finissent, attendre_bilan)):
        for projet in projets.select_related("programmation"):
            acte(projet, par=None)
            faits += 1
    return faits
