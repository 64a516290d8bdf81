"""What the pages of a procès-verbal say of its approval."""

from collections.abc import Sequence
from datetime import datetime

from participation.seances.models import Point, ProcesVerbal, VersionPV
from participation.seances.workflow import A_VENIR, EN_COURS, EtatPV, EtatVote
from participation.socle.francais import jour_texte


def points_d_approbation(pv: ProcesVerbal) -> list[Point]:
    """Points of other séances, opened since, that put this procès-verbal to approval: the last first."""
    return list(
        Point.objects.filter(
            nature=Point.Nature.APPROBATION, pv_de=pv.seance, seance__ouverte_le__isnull=False
        )
        .select_related("seance")
        .order_by("-seance__debut")
    )


def inscrit_au(pv: ProcesVerbal) -> datetime | None:
    """When it is to be approved: the first séance to come, or under way, that has it on its agenda."""
    inscrit = Point.objects.filter(
        nature=Point.Nature.APPROBATION, pv_de=pv.seance, seance__etat__in=sorted(A_VENIR | EN_COURS)
    ).values_list("seance__debut", flat=True)
    return inscrit.order_by("seance__debut").first() if pv.etat == EtatPV.SOUMIS else None


def a_faire(pv: ProcesVerbal, sinon: str) -> str:
    """What is left to the agents, `sinon` when its approval is on no agenda: what is on one is not to be put there."""
    debut = inscrit_au(pv)
    if debut is not None:
        return f"son approbation est à l’ordre du jour du {jour_texte(debut)} : une fois votée, notez-la sur la page du procès-verbal."
    return sinon


def est_adopte(point: Point) -> bool:
    """A closed vote of this point approved the procès-verbal."""
    return point.votes.filter(etat=EtatVote.CLOS, resultat="adopte").exists()


def est_refuse(point: Point) -> bool:
    """Its votes are closed, and none approved the procès-verbal."""
    return not est_adopte(point) and point.votes.filter(etat=EtatVote.CLOS).exists()


def point_approuvant(points: Sequence[Point]) -> Point | None:
    """The one whose vote approved it; else the one that a séance is at, where it is approved without a ballot."""
    en_cours = (p for p in points if p.seance.etat in EN_COURS and p.seance.point_courant_id == p.pk)
    return next(filter(est_adopte, points), None) or next((p for p in en_cours if not est_refuse(p)), None)


def dire_le_vote(point: Point) -> str:
    if est_adopte(point):
        return "voté : approuvé"
    return "voté : pas approuvé" if est_refuse(point) else "pas voté"


def mention(pv: ProcesVerbal, version: VersionPV) -> str:
    """What the first page says of its own standing."""
    if pv.etat != EtatPV.APPROUVE:
        rang = f" (version {version.numero})" if version.numero > 1 else ""
        return (
            f"Texte soumis à l’approbation le {jour_texte(version.le)}{rang}. Il n’est pas encore approuvé."
        )
    ou = ""
    if pv.approuve_a is not None:
        ou = f", à la séance du {jour_texte(pv.approuve_a.seance.debut)}"
    phrase = f"Procès-verbal approuvé le {jour_texte(pv.approuve_le)}{ou}."
    if version.motif:
        phrase += f" Corrigé le {jour_texte(version.le)} (version {version.numero})."
    return phrase
