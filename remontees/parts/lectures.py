"""Parts that a service must answer."""

from django.db.models import Q, QuerySet

from participation.socle.models import Compte
from remontees.models import Attribution
from remontees.workflow import PARTS_ATTENDUES


def parts_de(compte: Compte) -> QuerySet[Attribution]:
    """Return the parts awaited from the directions and communes of the account."""
    siens = Q(pk__in=[])
    for appartenance in compte.appartenances_en_vigueur:
        if appartenance.direction_id:
            siens |= Q(direction=appartenance.direction_id)
        if appartenance.commune_id:
            siens |= Q(commune=appartenance.commune_id)
    return Attribution.objects.filter(siens, etat__in=sorted(PARTS_ATTENDUES))
