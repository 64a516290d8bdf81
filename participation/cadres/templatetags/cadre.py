"""The cadre of a démarche, on the public page of what it is attached to."""

from typing import Any

from django import template
from django.db.models import Model

from participation.cadres.niveaux import cadre_de, cahiers_publies

register = template.Library()


@register.inclusion_tag("cadres/_attentes.html")
def attentes(objet: Model) -> dict[str, Any]:
    """Show the level of the démarche, what may be expected, then what was kept, and its cahiers d’acteurs; nothing without a
    published cadre."""
    cadre = cadre_de(objet)
    return {
        "cadre": cadre,
        "cahiers": [] if cadre is None else cahiers_publies(cadre),
        "ailleurs": True,
        "est_finie": getattr(objet, "clos_le", None) is not None,
    }
