"""Convening the members, and telling them of a change, a move or a cancellation."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from participation.seances.actions.envois import mettre_en_route
from participation.seances.actions.inscriptions import prevenir_inscrits
from participation.seances.actions.preparation import ANNONCES, exiger_lien
from participation.seances.actions.reponses import liberer_suppleants, oublier_reponse
from participation.seances.lectures.convocation import photographier
from participation.seances.models import Convie, Convocation, Seance
from participation.seances.notifications import convocation as notifications
from participation.seances.notifications import inscriptions as notifications_inscriptions
from participation.seances.workflow import Etat
from participation.socle.actions import exiger
from participation.socle.actions.documents import demander_document
from participation.socle.erreurs import ErreurMetier
from participation.socle.francais import jour_texte
from participation.socle.models import Compte, Document

N = Convocation.Nature
HORS_DELAI = "hors_delai"


@transaction.atomic
def convoquer(
    seance: Seance, *, par: Compte | None, motif: str = "", est_urgente: bool = False, mot: str = ""
) -> Convocation:
    """Convene every titulaire in office that day: freeze the list, make the PDF, then send the letters.

    Past the last day of the règlement, or in urgency, `motif` is required: ValidationError on it if empty.
    Raises ErreurMetier if there is no point, nobody to convene, or the day has passed. If two agents convene
    at the same time, the second gets ActeInterdit.
    """
    pas = exiger(seance, "convoquer", par=par)
    membres = seance.membres_a_convoquer()
    alerte = seance.avertissement(est_urgente=est_urgente)
    if alerte and not motif.strip():
        raise ValidationError(
            {"motif": ValidationError(f"{alerte} Dites pourquoi vous convoquez quand même.", code=HORS_DELAI)}
        )
    if est_urgente and not motif.strip():
        raise ValidationError({"motif": "Dites pourquoi la séance est urgente."})
    maintenant = timezone.now()
    Convie.objects.bulk_create(
        (Convie(seance=seance, membre=membre, convoque_le=maintenant) for membre in membres),
        ignore_conflicts=True,
    )
    pas.avancer(
        fait=("" if seance.est_deliberante else "Membres invités") if membres else "Personnes invitées",
        motif=motif.strip(),
        details={"personnes": len(membres), "tardive": bool(alerte), "urgente": est_urgente},
    )
    return _demander_envoi(
        seance,
        N.PREMIERE,
        par=par,
        motif=motif,
        est_tardive=bool(alerte),
        est_urgente=est_urgente,
        mot=mot.strip(),
    )


@transaction.atomic
def informer(seance: Seance, *, par: Compte, motif: str = "") -> Convocation:
    """Tell those convened that the agenda or its documents changed; convene members named since."""
    pas = exiger(seance, "informer", par=par)
    _completer(seance)
    pas.avancer(motif=motif.strip(), champs={"sequence": seance.sequence + 1})
    return _demander_envoi(
        seance, N.MODIFICATION, par=par, motif=motif, est_tardive=bool(seance.avertissement())
    )


def _oublier_les_reponses(seance: Seance, change: set[str], avant: datetime) -> None:
    """Ask again for the answers that no longer hold.

    A new hour: everybody answers again. A new `tenue`: only those whose way of coming is no longer possible.
    """
    if change & {"debut", "fin"}:
        for convie in seance.convies.filter(retire_le=None).select_related(
            "membre__compte", "membre__college"
        ):
            convie.seance = seance
            oublier_reponse(convie, deplacee_du=avant)
    elif "tenue" in change:
        for convie in _reponses_impossibles(seance):
            convie.seance = seance
            oublier_reponse(convie)


def _exiger_debut(seance: Seance, debut: datetime) -> None:
    """Raises ValidationError if the day is past, or if the mandature of the séance does not cover it."""
    if debut <= timezone.now():
        raise ValidationError({"debut": "Choisissez une date à venir."})
    if seance.mandature != seance.instance.mandature_du(timezone.localtime(debut).date()):
        raise ValidationError(
            {
                "debut": f"La mandature {seance.mandature.intitule} ne couvre pas ce jour : annulez et programmez une autre séance."
            }
        )


@transaction.atomic
def deplacer(
    seance: Seance, *, par: Compte, motif: str = "", quand_meme: bool = False, **champs: Any
) -> Convocation | None:
    """Change the date, the place or the link. Return the sending, or None if nobody was convened yet.

    Once members are convened, `motif` is required and everybody is told; they answer again if the day or hour
    changes. Raises ValidationError on `quand_meme` if the new day breaks the delay and it is False.
    """
    pas = exiger(seance, "deplacer", par=par)
    change = {champ: valeur for champ, valeur in champs.items() if valeur != getattr(seance, champ)}
    if not set(change) <= set(ANNONCES):
        raise ErreurMetier("Déplacer ne change que la date, le lieu, la tenue et le lien.")
    if not change:
        raise ErreurMetier("Rien ne change : la séance est déjà à cette date et à ce lieu.")
    convoquee = seance.etat == Etat.CONVOQUEE
    if convoquee and not motif.strip():
        raise ValidationError({"motif": "Dites pourquoi : les personnes convoquées lisent cette raison."})
    avant, ancien_lieu = seance.debut, seance.lieu
    _exiger_debut(seance, change.get("debut", seance.debut))
    for champ, valeur in change.items():
        setattr(seance, champ, valeur)
    alerte = seance.avertissement() if convoquee and "debut" in change else ""
    if alerte and not quand_meme:
        raise ValidationError({"quand_meme": ValidationError(alerte, code=HORS_DELAI)})
    if convoquee and seance.tenue != Seance.Tenue.SALLE and not seance.lien_visio:
        raise ValidationError({"lien_visio": "Donnez le lien de la visioconférence."})
    if convoquee:
        change["sequence"] = seance.sequence + 1
    pas.avancer(
        motif=motif.strip(),
        details={"avant": avant.isoformat(), "apres": seance.debut.isoformat(), "champs": sorted(change)},
        champs=change,
    )
    exiger_lien(seance)
    if not convoquee:
        return None
    if not seance.est_deliberante:
        prevenir_inscrits(
            seance, notifications_inscriptions.deplacer, ancien_debut=avant, motif=motif.strip()
        )
    _oublier_les_reponses(seance, set(change), avant)
    _completer(seance)
    return _demander_envoi(
        seance,
        N.DEPLACEMENT,
        par=par,
        motif=motif,
        est_tardive=bool(seance.avertissement()),
        ancien_debut=avant,
        ancien_lieu=ancien_lieu,
    )


@transaction.atomic
def annuler(seance: Seance, *, par: Compte, motif: str) -> Convocation | None:
    """Cancel the séance, with a reason. Return the sending, or None if nobody was convened.

    Members convened or registered get a letter and a cancelled calendar event, even if the first convocation
    has not left yet.
    """
    pas = exiger(seance, "annuler", par=par)
    if not motif.strip():
        raise ValidationError({"motif": "Dites pourquoi la séance est annulée."})
    convoquee = seance.etat == Etat.CONVOQUEE
    # The séance keeps the reason too: its page and the calendars show it.
    pas.avancer(
        motif=motif.strip(),
        champs={"sequence": seance.sequence + (1 if convoquee else 0), "motif": motif.strip()},
    )
    prevenir_inscrits(seance, notifications_inscriptions.annuler, motif=motif.strip())
    if not convoquee:
        return None
    return _demander_envoi(seance, N.ANNULATION, par=par, motif=motif)


def _completer(seance: Seance) -> None:
    """Bring the list up to date with the day of the séance.

    Members to convene who are missing are added. Those whose mandate ends before that day are taken off, with
    a letter.
    """
    voulus = {membre.pk: membre for membre in seance.membres_a_convoquer()}
    jour = seance.jour.date()
    for convie in seance.convies.filter(retire_le=None).select_related("membre__compte", "membre__college"):
        voulus.pop(convie.membre_id, None)
        if not convie.membre.est_en_fonction(jour):
            convie.seance = seance
            Convie.objects.filter(pk=convie.pk).update(retire_le=timezone.now())
            liberer_suppleants(convie, cause="mandat")
            notifications.retirer_convie(convie)
    for membre in voulus.values():
        Convie.objects.update_or_create(
            seance=seance,
            membre=membre,
            defaults={"convoque_le": timezone.now(), "retire_le": None, "remplace": None},
        )


def _reponses_impossibles(seance: Seance) -> list[Convie]:
    interdites: dict[str, str] = {Seance.Tenue.SALLE: "distance", Seance.Tenue.DISTANCE: "salle"}
    interdite = interdites.get(seance.tenue)
    return list(
        seance.convies.filter(retire_le=None, reponse=interdite).select_related("membre__compte")
        if interdite
        else ()
    )


def _demander_envoi(
    seance: Seance,
    nature: str,
    *,
    par: Compte | None,
    motif: str,
    est_tardive: bool = False,
    est_urgente: bool = False,
    ancien_debut: datetime | None = None,
    ancien_lieu: str = "",
    mot: str = "",
) -> Convocation:
    convocation = Convocation(
        seance=seance,
        nature=nature,
        sequence=seance.sequence,
        motif=motif.strip(),
        date_limite=seance.limite(est_urgente=est_urgente),
        est_tardive=est_tardive,
        est_urgente=est_urgente,
        ancien_debut=ancien_debut,
        ancien_lieu=ancien_lieu,
        mot=mot,
        par=par,
    )
    if nature != N.ANNULATION:
        convocation.document = _document(seance, convocation, par)
    convocation.save()
    mettre_en_route(convocation)
    return convocation


def _document(seance: Seance, convocation: Convocation, par: Compte | None) -> Document:
    return demander_document(
        nature="seances/convocation",
        titre=f"{'Convocation' if seance.est_deliberante else 'Invitation'}, {seance.titre}, {jour_texte(seance.jour)}",
        donnees=photographier(seance, convocation),
        par=par,
    )
