"""What the HTML letter alone needs of a template."""

import re

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

# An address within a sentence, without the sign that ends it.
ADRESSE = re.compile(r"https?://[^\s<>«»]*[^\s<>«».,;:!?)]")


@register.filter
def avec_liens(texte: str) -> SafeString:
    """Escaped, its addresses made links, each read in full."""
    morceaux, fin = [], 0
    for trouve in ADRESSE.finditer(texte):
        adresse = escape(trouve[0])
        morceaux += [escape(texte[fin : trouve.start()]), f'<a href="{adresse}">{adresse}</a>']
        fin = trouve.end()
    return mark_safe("".join([*morceaux, escape(texte[fin:])]))  # noqa: S308 escaped piece by piece
