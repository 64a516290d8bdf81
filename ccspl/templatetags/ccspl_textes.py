"""Text of an avis for the screens of a séance, whose templates only have the dossier."""

from collections.abc import Mapping
from typing import Any

from django import template

from ccspl import avis as presentation
from ccspl.models import Avis
from participation.socle.models import Compte

register = template.Library()


@register.simple_tag(takes_context=True)
def lecture_du_texte(context: Mapping[str, Any], avis: Avis) -> dict[str, Any]:
    """Return the paragraphs with their pending propositions and their number, the préconisations, the allowed
    acts."""
    lecteur = context.get("user")
    lus, orphelines = presentation.texte_a_plusieurs(avis)
    return {
        "lus": lus,
        "orphelines": orphelines,
        "nombre": sum(len(lu.propositions) for lu in lus) + len(orphelines),
        "preconisations": presentation.preconisations_de(avis),
        "actes": avis.actes_permis_a(lecteur) if isinstance(lecteur, Compte) else [],
    }
