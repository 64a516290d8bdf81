"""What follows the decision: signed, accompanied, accounted for."""

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
RAPPELS_DU_BILAN = [60, 30, 7]  # days before


class Mots(TypedDict):
    """What is said of a projet that is over, as in Bilan."""

    realise: str
    changements: str
    beneficiaires: NotRequired[int | None]
    publics: NotRequired[str]
    ecarts: NotRequired[str]


@transaction.atomic
def conventionner(projet: Projet, *, par: Compte, numero: str, date_signature: date) -> None:
    """Raises ValidationError for a day to come."""
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
    """Raises ValidationError for a visit or a call of a day to come: only a step of the projet may be announced."""
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
    """The team asks for help: it stands until an agent says that it is given."""
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
    """Ask for the bilan: due some months after the end of the projet, as the programmation says.

    The clock asks by itself, by mail or on paper, when this house signed the convention. Who comes from Dauphin, a thousand in one
    file, was told by Dauphin and owes it the same account: an agent says whom to write to (`demander_bilan`). Until then its team is
    reminded of nothing: the day is kept for the service.
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
    """Raises ValidationError for a day that is past."""
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
        projet.equipe.filter(role="signataire", compte__is_active=True).select_related("compte").first()
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
    """Give the account, in words, in money, in figures. `realises`: what each line of the
    budget really was, by its number; `indicateurs`: what was done under each indicator."""
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
    """What was received on paper, typed by an agent: the same account as online, with its scanned paper. It is given on the day it
    came. Who bears the projet is told that it came: how. Raises ValidationError on « recu_le » and « fichier ».
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
    """In the place of what was said before. What was still to be posted to ask for it is not posted any more."""
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
    """It lacks something: the team is told what, and by when."""
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
    """The bilan is read; its team is told, with a word when there is one."""
    exiger(projet, "clore", par=par).avancer(champs={"clos_le": timezone.now()}, motif=mot)
    annuler_echeance(projet)
    notifications.clore(projet, mot=mot)


def publier_fiche(projet: Projet, *, par: Compte) -> None:
    avancer(projet, "publier_fiche", par=par, champs={"est_publie": True})


def depublier_fiche(projet: Projet, *, par: Compte, motif: str) -> None:
    avancer(projet, "depublier_fiche", par=par, champs={"est_publie": False}, motif=motif)


def suivre_le_calendrier() -> int:
    """Projets that begin or end by their own dates. How many moved."""
    jour = timezone.localdate()
    commencent: Any = Projet.objects.filter(etat=Etat.CONVENTIONNE, date_debut__lte=jour)
    finissent: Any = Projet.objects.filter(etat=Etat.EN_COURS, date_fin__lt=jour)
    faits = 0
    for projets, acte in ((commencent, demarrer), (finissent, attendre_bilan)):
        for projet in projets.select_related("programmation"):
            acte(projet, par=None)
            faits += 1
    return faits
