"""The points of séances that a dossier goes to."""

from django.db.models import Q

from participation.seances.models import PointDossier
from participation.seances.workflow import Etat, EtatPoint
from participation.socle.models import Dossier


def points_de(dossier: Dossier) -> list[PointDossier]:
    """Return its points, by their day, without those withdrawn or left undecided by a séance."""
    liens = PointDossier.objects.filter(dossier=dossier.pk).exclude(
        Q(point__etat__in=[EtatPoint.RETIRE, EtatPoint.REPORTE]) | Q(point__seance__etat=Etat.ANNULEE),
        decision="",
    )
    return list(liens.select_related("point__seance").order_by("point__seance__debut", "pk"))
