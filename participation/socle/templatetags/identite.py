"""Who runs the site, in the sentences of templates: no page, letter or document has to be given it."""

from django import template
from django.template.context import Context

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


@register.simple_tag(takes_context=True)
def app_de_la_page(context: Context) -> str:
    """Return the folder of the template of the page: the app whose accent colour it has."""
    dossier, dedans, _ = str(context.template.name if context.template else "").partition("/")
    return dossier if dedans else "metropole"
