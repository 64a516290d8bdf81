"""Filter for the HTML version of letters."""

import re

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

# A URL in a sentence, without the final punctuation.
ADRESSE = re.compile(r"https?://[^\s<>«»]*[^\s<>«».,;:!?)]")


@register.filter
def avec_liens(texte: str) -> SafeString:
    """Escape a text and turn its URLs into links, shown in full."""
    morceaux, fin = [], 0
    for trouve in ADRESSE.finditer(texte):
        adresse = escape(trouve[0])
        morceaux += [escape(texte[fin : trouve.start()]), f'<a href="{adresse}">{adresse}</a>']
        fin = trouve.end()
    return mark_safe("".join([*morceaux, escape(texte[fin:])]))  # noqa: S308 escaped piece by piece
