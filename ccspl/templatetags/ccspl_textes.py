"""What the screens of a séance ask of the text of an avis: they know the dossier alone."""

from collections.abc import Mapping
from typing import Any

from django import template

from ccspl.lectures import presentation
from ccspl.models import Avis
from participation.socle.models import Compte

register = template.Library()


@register.simple_tag(takes_context=True)
def lecture_du_texte(context: Mapping[str, Any], avis: Avis) -> dict[str, Any]:
    """Paragraphs with the wordings that await a decision, préconisations, how many wordings there are; what the reader may do."""
    lecteur = context.get("user")
    lus, orphelines = presentation.texte_a_plusieurs(avis)
    return {
        "lus": lus,
        "orphelines": orphelines,
        "nombre": sum(len(lu.propositions) for lu in lus) + len(orphelines),
        "preconisations": presentation.preconisations_de(avis),
        "actes": avis.actes_permis_a(lecteur) if isinstance(lecteur, Compte) else [],
    }
