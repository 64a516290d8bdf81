"""Checks and effects that several acts share. The séance must already be locked."""

from django.utils import timezone

from participation.seances.models import Convie, DemandePoint, Parole, Point, Seance, Vote
from participation.seances.workflow import EtatPoint, EtatVote
from participation.socle.erreurs import ErreurMetier


def relire_point(point: Point) -> None:
    """Read the point and its séance again."""
    point.refresh_from_db()
    point.seance = Seance.objects.avec_instance().get(pk=point.seance_id)


def exiger_siegeant(convie: Convie) -> None:
    """Read the row again; raise ErreurMetier if the member was taken off the list."""
    convie.refresh_from_db(fields=["retire_le"])
    if convie.retire_le is not None:
        raise ErreurMetier(convie.fin_de_mandat)


def vote_ouvert(seance: Seance) -> Vote | None:
    return Vote.objects.filter(point__seance=seance, etat=EtatVote.OUVERT).select_related("point").first()


def exiger_sans_vote(seance: Seance) -> None:
    vote = vote_ouvert(seance)
    if vote is not None:
        raise ErreurMetier(f"Un vote est ouvert sur « {vote.point} » : fermez-le ou annulez-le d’abord.")


def arreter_minuteur(point: Point) -> None:
    """Add the seconds since the last start. They are exact across a change of the clock."""
    if point.repris_le is not None:
        point.secondes += max(0, int((timezone.now() - point.repris_le).total_seconds()))
        point.repris_le = None


def clore_point(point: Point, etat: str = EtatPoint.TRAITE, motif: str = "") -> None:
    """Stop the timer of a point and set its état. If not treated, a demand of members becomes due again."""
    arreter_minuteur(point)
    point.etat, point.motif = etat, motif
    if etat != EtatPoint.TRAITE:
        DemandePoint.objects.filter(point=point).update(etat=DemandePoint.Etat.DUE, point=None)
    point.full_clean()
    point.save()


def finir_parole(seance: Seance) -> None:
    Parole.objects.filter(seance=seance, debut__isnull=False, fin__isnull=True).update(fin=timezone.now())


def vider_la_file(seance: Seance) -> None:
    """End the current speech and withdraw the requests to speak: they are not kept for the next point."""
    finir_parole(seance)
    Parole.objects.filter(seance=seance, debut__isnull=True, retiree_le__isnull=True).update(
        retiree_le=timezone.now()
    )


def quitter_la_file(convie: Convie) -> int:
    """End this person's speech or withdraw their request. Return the number of rows changed."""
    siennes = Parole.objects.filter(convie=convie, fin__isnull=True, retiree_le__isnull=True)
    parlent = siennes.filter(debut__isnull=False).update(fin=timezone.now())
    return parlent + siennes.filter(debut__isnull=True).update(retiree_le=timezone.now())
