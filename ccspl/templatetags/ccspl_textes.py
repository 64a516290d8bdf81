"""What the screens of a séance ask of the text of an avis: they know the dossier alone."""

from typing import Any

from django import template

from ccspl.lectures import presentation
from ccspl.models import Avis

register = template.Library()


@register.simple_tag
def lecture_du_texte(avis: Avis) -> dict[str, Any]:
    """Paragraphs with the wordings that await a decision, préconisations, and how many wordings there are."""
    lus, orphelines = presentation.texte_a_plusieurs(avis)
    return {
        "lus": lus,
        "orphelines": orphelines,
        "nombre": sum(len(lu.propositions) for lu in lus) + len(orphelines),
        "preconisations": presentation.preconisations_de(avis),
    }
