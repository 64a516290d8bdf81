"""Who runs the site, in the sentences of templates: no page, letter or document has to be given it."""

from django import template

from participation.socle.collectivite import Collectivite, collectivite, derniere_connue, ici

register = template.Library()
register.filter("ici", ici)


@register.simple_tag(name="ici")
def dire_ici(mot: str) -> str:
    """`{% ici "de_nom" %}`: a word of `Collectivite.mots`, in a text; in an argument, `"… {de_nom}"|ici`."""
    return collectivite().mots[mot]


@register.simple_tag
def ici_connu(mot: str) -> str:
    """The same without the database, for the pages of a breakdown."""
    return derniere_connue().mots[mot]


@register.simple_tag
def identite() -> Collectivite:
    """`{% identite as ici %}`: colour, logo and sentence of the foot."""
    return collectivite()


@register.simple_tag
def metropole() -> str:
    """`la {% metropole %}`: what one says for short, « Métropole » or « Communauté »."""
    return collectivite().sorte.mot
