"""What becomes of the data that a page asks, said under its form."""

from django import template

from participation.droits.registre import traitements
from participation.socle.lectures.conservation import Traitement

register = template.Library()


@register.inclusion_tag("droits/_vos_donnees.html")
def vos_donnees(cle: str) -> dict[str, Traitement]:
    """`cle`: the row of the register, « budgets-idees »."""
    return {"traitement": next(t for t in traitements() if t.cle == cle)}
