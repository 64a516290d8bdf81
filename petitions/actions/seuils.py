"""Thresholds are noted when they are reached, and when they are lost; collections end with the last count."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from participation.socle.actions import avancer, exiger, faire_echeance
from participation.socle.actions.avancer import verrouiller
from participation.socle.calendrier import ajouter_mois
from participation.socle.erreurs import ErreurMetier
from participation.socle.models import Compte
from participation.socle.verrous import verrou
from petitions.actions.decompte import VERROU, compter_sous_verrou
from petitions.actions.suivi import prevoir_debat
from petitions.models import Decompte, DecompteCommune, Petition, SeuilAtteint
from petitions.notifications import signatures as notifications
from petitions.regles.seuils import Evaluation, evaluer
from petitions.workflow import Etat

SUIVIES = (Etat.EN_COLLECTE, Etat.SUSPENDUE, Etat.A_DEBATTRE)


def evaluer_petition(petition: Petition, lecture: str = "") -> list[Evaluation]:
    """Where it stands before each threshold of its règlement, by its own reading or by the one asked."""
    nombres = list(DecompteCommune.objects.filter(petition=petition).values_list("nombre", flat=True))
    return [
        evaluer(seuil, nombres, lecture or petition.reglement.lecture_du_tiers)
        for seuil in petition.reglement.seuils.order_by("ordre")
    ]


def constater_seuils() -> int:
    """Compare every pétition that can still change with what was noted of it. Returns how many changed.

    Looks at the counts as they are, not at what moved: a crash between counting and noting loses nothing.
    """
    changees = 0
    for petition in Petition.objects.select_related("reglement").filter(etat__in=SUIVIES):
        if _ecarts(petition):
            changees += constater_seuil(petition)
    return changees


def _ecarts(petition: Petition) -> list[tuple[Evaluation, SeuilAtteint | None]]:
    notes = {
        note.seuil_id: note for note in SeuilAtteint.objects.filter(petition=petition, perdu_le__isnull=True)
    }
    return [
        (evaluation, notes.get(evaluation.seuil.pk))
        for evaluation in evaluer_petition(petition)
        if evaluation.atteint != (evaluation.seuil.pk in notes)
    ]


@transaction.atomic
def constater_seuil(petition: Petition) -> bool:
    """Note what is reached and what is lost, once: those who come second find nothing left to note."""
    verrouiller(petition)
    if petition.etat not in SUIVIES:
        return False
    ecarts = _ecarts(petition)
    for evaluation, note in ecarts:
        if note is None:
            _atteindre_seuil(petition, evaluation)
        else:
            _perdre_seuil(petition, evaluation, note)
    return bool(ecarts)


def _details(evaluation: Evaluation) -> dict[str, object]:
    return {
        "seuil": evaluation.seuil.pk,
        "signatures": evaluation.total,
        "retenues": evaluation.retenu,
        "communes": evaluation.communes,
        "plus_forte": evaluation.plus_forte,
        "lecture": evaluation.lecture,
    }


def _atteindre_seuil(petition: Petition, evaluation: Evaluation) -> None:
    seuil = evaluation.seuil
    SeuilAtteint.objects.create(petition=petition, seuil=seuil)
    avancer(petition, "atteindre_seuil", par=None, motif=str(seuil), details=_details(evaluation))
    fois = SeuilAtteint.objects.filter(petition=petition, seuil=seuil).count()
    notifications.atteindre_seuil(petition, seuil, fois=fois)


def _perdre_seuil(petition: Petition, evaluation: Evaluation, note: SeuilAtteint) -> None:
    note.perdu_le = timezone.now()
    note.save(update_fields=["perdu_le"])
    avancer(petition, "perdre_seuil", par=None, motif=str(evaluation.seuil), details=_details(evaluation))
    fois = SeuilAtteint.objects.filter(petition=petition, seuil=evaluation.seuil).count()
    notifications.perdre_seuil(petition, evaluation.seuil, fois=fois)


@transaction.atomic
def clore_collecte(petition: Petition, *, par: Compte | None) -> None:
    """End the collecte: last exact count, thresholds, then a debate to come or the end.

    Before its last day, only when a threshold is reached: signers were promised their months.
    """
    # The counters' lock, then the row's (no other order), then the count: whoever was confirming is in it.
    verrou(VERROU)
    pas = exiger(petition, "clore_collecte", par=par)
    compter_sous_verrou()
    constater_seuil(petition)
    atteints = SeuilAtteint.objects.filter(petition=petition, perdu_le__isnull=True)
    a_debattre = atteints.exists()
    fin = petition.fin_des_confirmations()
    if fin is not None and timezone.now() < fin and not a_debattre:
        raise ErreurMetier(
            "Aucun seuil n’est atteint et la collecte n’est pas finie : elle se clôt d’elle-même après les dernières confirmations."
        )
    champs: dict[str, Any] = {}
    if not a_debattre:
        champs["conservation_jusqu_au"] = ajouter_mois(
            timezone.localdate(), petition.reglement.conservation_sans_seuil_mois
        )
    total = Decompte.objects.filter(petition=petition).values_list("total", flat=True).first() or 0
    pas.avancer(
        vers=Etat.A_DEBATTRE if a_debattre else Etat.COLLECTE_CLOSE,
        details={"signatures": total, "seuils": list(atteints.values_list("seuil", flat=True))},
        champs={"collecte_close_le": timezone.now(), **champs},
    )
    faire_echeance(petition, "fin_collecte")
    if a_debattre:
        prevoir_debat(petition)
    notifications.clore_collecte(petition, total=total, est_a_debattre=a_debattre)


def clore_collectes() -> int:
    """Close what has ended: the last day is past, and so is the time left to confirm."""
    closes = 0
    ouvertes = Petition.objects.select_related("reglement").filter(
        etat=Etat.EN_COLLECTE, date_fin_collecte__lt=timezone.localdate()
    )
    for petition in ouvertes:
        fin = petition.fin_des_confirmations()
        if fin is not None and timezone.now() >= fin:
            clore_collecte(petition, par=None)
            closes += 1
    return closes
