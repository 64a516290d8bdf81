"""Demands of members that an agenda may still take."""

from django.db.models import Count

from participation.seances.models import DemandePoint, Seance
from participation.seances.workflow import A_VENIR


def demandes_a_inscrire(seance: Seance) -> list[DemandePoint]:
    """Return what members asked for and no agenda has yet, while this one can still take it. Each has `nombre`: of those who support it."""
    if not seance.est_deliberante or seance.etat not in A_VENIR:
        return []
    demandes = DemandePoint.objects.filter(
        instance=seance.instance_id, etat__in=[DemandePoint.Etat.OUVERTE, DemandePoint.Etat.DUE]
    )
    return list(
        demandes.select_related("auteur__compte", "instance", "mandature")
        .annotate(nombre=Count("soutiens"))
        .order_by("-etat", "-creee_le")
    )
