"""What several acts of a séance under way ask and do, once it is locked."""

from django.utils import timezone

from participation.seances.models import Convie, DemandePoint, Parole, Point, Seance, Vote
from participation.seances.workflow import EtatPoint, EtatVote
from participation.socle.erreurs import ErreurMetier


def relire_point(point: Point) -> None:
    """Once the séance is locked, nobody else moves its points."""
    point.refresh_from_db()
    point.seance = Seance.objects.avec_instance().get(pk=point.seance_id)


def exiger_siegeant(convie: Convie) -> None:
    """Read again; raises when her mandate ended."""
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
    """Add what ran since the last start. Aware instants: a night of clock change counts its real seconds."""
    if point.repris_le is not None:
        point.secondes += max(0, int((timezone.now() - point.repris_le).total_seconds()))
        point.repris_le = None


def clore_point(point: Point, etat: str = EtatPoint.TRAITE, motif: str = "") -> None:
    """Stop its timer and give it its état. What members demanded and was not treated is owed again."""
    arreter_minuteur(point)
    point.etat, point.motif = etat, motif
    if etat != EtatPoint.TRAITE:
        DemandePoint.objects.filter(point=point).update(etat=DemandePoint.Etat.DUE, point=None)
    point.full_clean()
    point.save()


def finir_parole(seance: Seance) -> None:
    Parole.objects.filter(seance=seance, debut__isnull=False, fin__isnull=True).update(fin=timezone.now())


def vider_la_file(seance: Seance) -> None:
    """Who speaks has spoken; who waited is not kept for the next point."""
    finir_parole(seance)
    Parole.objects.filter(seance=seance, debut__isnull=True, retiree_le__isnull=True).update(
        retiree_le=timezone.now()
    )


def quitter_la_file(convie: Convie) -> int:
    """She has spoken, or does not wait any more: how many rows changed."""
    siennes = Parole.objects.filter(convie=convie, fin__isnull=True, retiree_le__isnull=True)
    parlent = siennes.filter(debut__isnull=False).update(fin=timezone.now())
    return parlent + siennes.filter(debut__isnull=True).update(retiree_le=timezone.now())
