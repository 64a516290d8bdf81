"""The agenda with planned hours."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Prefetch

from participation.seances.models import PieceSeance, Point, PointDossier, Seance
from participation.seances.workflow import POINTS_CLOS, EtatPoint
from participation.socle.models import Dossier


@dataclass(frozen=True, slots=True)
class LignePoint:
    """A point with its planned hour, documents and number (0 if postponed or withdrawn).

    The first cannot move up, nor the last down.
    """

    point: Point
    rang: int
    debut: datetime
    pieces: list[PieceSeance]
    est_premier: bool = False
    est_dernier: bool = False


def deja_decides(seance: Seance) -> dict[int, str]:
    """Return the état of the dossiers on which nothing is left to decide, by their key: the séance came too late."""
    attendus = seance.points.filter(nature__in=Point.SE_DECIDENT).exclude(etat__in=POINTS_CLOS)
    liens = PointDossier.objects.filter(point__in=attendus, decision="")
    dits = {}
    for dossier in Dossier.objects.enfants_de(liens.values_list("dossier", flat=True)).values():
        enfant = dossier.enfant
        actes = [enfant.transition(acte) for acte in enfant.DECISIONS_DE_SEANCE]
        if actes and not any(acte.part_de(enfant.etat_actuel) for acte in actes):
            dits[enfant.pk] = enfant.libelles_etats()[enfant.etat_actuel]
    return dits


def lignes_points(
    seance: Seance, pieces: Sequence[PieceSeance], *, avec_retires: bool = True
) -> list[LignePoint]:
    """Return the agenda with planned hours. Points postponed or withdrawn take no time and no number."""
    points = list(
        seance.points.select_related("direction", "pv_de", "demande")
        .prefetch_related(Prefetch("liens_dossiers"), "liens_dossiers__dossier")
        .order_by("ordre", "pk")
    )
    if not avec_retires:
        points = [point for point in points if point.etat != EtatPoint.RETIRE]
    vivants = [p.pk for p in points if p.etat not in {EtatPoint.RETIRE, EtatPoint.REPORTE}]
    lignes, instant, rang = [], seance.debut, 0
    for point in points:
        vivant = point.pk in vivants
        rang += vivant
        lignes.append(
            LignePoint(
                point=point,
                rang=rang if vivant else 0,
                debut=instant,
                pieces=[piece for piece in pieces if piece.point_id == point.pk],
                est_premier=vivant and point.pk == vivants[0],
                est_dernier=vivant and point.pk == vivants[-1],
            )
        )
        if vivant:
            instant += timedelta(minutes=point.duree)
    return lignes
