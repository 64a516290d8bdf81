"""Approval of a procès-verbal, as its pages show it."""

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse

from participation.seances.models import Point, ProcesVerbal, VersionPV
from participation.seances.workflow import A_VENIR, EN_COURS, EtatPV, EtatVote
from participation.socle.francais import jour_texte


def points_d_approbation(pv: ProcesVerbal) -> list[Point]:
    """Return the points of other séances, already opened, for this approval, the latest first."""
    return list(
        Point.objects.filter(
            nature=Point.Nature.APPROBATION, pv_de=pv.seance, seance__ouverte_le__isnull=False
        )
        .select_related("seance")
        .order_by("-seance__debut")
    )


def inscrit_au(pv: ProcesVerbal) -> datetime | None:
    """Return the start of the first séance, coming or under way, with this approval on its agenda, or None."""
    inscrit = Point.objects.filter(
        nature=Point.Nature.APPROBATION, pv_de=pv.seance, seance__etat__in=sorted(A_VENIR | EN_COURS)
    ).values_list("seance__debut", flat=True)
    return inscrit.order_by("seance__debut").first() if pv.etat == EtatPV.SOUMIS else None


def a_faire(pv: ProcesVerbal, sinon: str) -> str:
    """Return what the agents still have to do: `sinon`, unless the approval is already on an agenda."""
    debut = inscrit_au(pv)
    if debut is not None:
        page = reverse("seances:approuver_pv", args=[pv.seance_id])
        return f"son approbation est à l’ordre du jour du {jour_texte(debut)} : une fois votée, [notez-la]({page})."
    return sinon


def est_adopte(point: Point) -> bool:
    """Whether a closed vote of this point approved the procès-verbal."""
    return point.votes.filter(etat=EtatVote.CLOS, resultat="adopte").exists()


def est_refuse(point: Point) -> bool:
    """Whether this point has closed votes and none approved the procès-verbal."""
    return not est_adopte(point) and point.votes.filter(etat=EtatVote.CLOS).exists()


def point_approuvant(points: Sequence[Point]) -> Point | None:
    """Return the point whose vote approved it, or else the current point of a séance under way.

    On the current point, it may be approved without a ballot.
    """
    en_cours = (p for p in points if p.seance.etat in EN_COURS and p.seance.point_courant_id == p.pk)
    return next(filter(est_adopte, points), None) or next((p for p in en_cours if not est_refuse(p)), None)


def dire_le_vote(point: Point) -> str:
    if est_adopte(point):
        return "voté : approuvé"
    return "voté : pas approuvé" if est_refuse(point) else "pas voté"


def mention(pv: ProcesVerbal, version: VersionPV) -> str:
    """Return the status of this version, printed on its first page."""
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
