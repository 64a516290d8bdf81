"""Rendering of forms: the HTML of Django without a template for each field and each option, to save time."""

from collections.abc import Mapping
from html import escape
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.safestring import SafeString, mark_safe

from participation.socle.langues import EnFrancais, en_francais

FRANCAISE = ' lang="fr" dir="ltr"'
WIDGETS = "django/forms/widgets/"
LISTE, CHOIX, TEXTE = (f"{WIDGETS}{nom}.html" for nom in ("select", "select_option", "textarea"))
# Templates that write one <input> only.
ENTREES = frozenset(
    f"{WIDGETS}{nom}.html"
    for nom in (
        *(
            "text",
            "number",
            "email",
            "url",
            "password",
            "hidden",
            "search",
            "tel",
            "date",
            "datetime",
            "time",
        ),
        *("checkbox", "checkbox_option", "radio_option"),
    )
)


class Rendu(DjangoTemplates):
    """The FORM_RENDERER.

    Lists of communes and quartiers would otherwise take two hundred templates on each page with filters.
    """

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        widget: Any = context.get("widget")
        if template_name in ENTREES and not widget.get("wrap_label"):
            return entree(widget)
        if template_name == TEXTE:
            return zone_de_texte(widget)
        if template_name == LISTE and all(
            choix["template_name"] == CHOIX for _, groupe, _ in widget["optgroups"] for choix in groupe
        ):
            return liste_de_choix(widget)
        rendu: str = super().render(template_name, context, request)
        return rendu


def entree(widget: Mapping[str, Any]) -> SafeString:
    valeur = "" if widget["value"] is None else f' value="{_echappe(widget["value"])}"'
    return mark_safe(  # noqa: S308 (every value is escaped)
        f'<input type="{_echappe(widget["type"])}" name="{_echappe(widget["name"])}"{valeur}{_attributs(widget["attrs"])}>'
    )


def zone_de_texte(widget: Mapping[str, Any]) -> SafeString:
    valeur = _echappe(widget["value"] or "")
    return mark_safe(  # noqa: S308 (every value is escaped)
        f'<textarea name="{_echappe(widget["name"])}"{_attributs(widget["attrs"])}>\n{valeur}</textarea>'
    )


def liste_de_choix(widget: Mapping[str, Any]) -> SafeString:
    """A list of choices. Under an address of another language, those that are rows, or `EnFrancais`, say that they are French."""
    est_ailleurs = not en_francais()
    morceaux = [f'<select name="{_echappe(widget["name"])}"{_attributs(widget["attrs"])}>']
    for nom, choix, _ in widget["optgroups"]:
        if nom:
            morceaux.append(f'  <optgroup label="{_echappe(nom)}">')
        morceaux += [
            f'  <option value="{_echappe(un["value"])}"{_attributs(un["attrs"])}{FRANCAISE if est_ailleurs and _est_ecrit(un) else ""}>{_echappe(un["label"])}</option>'
            for un in choix
        ]
        if nom:
            morceaux.append("  </optgroup>")
    morceaux.append("</select>\n")
    return mark_safe("\n".join(morceaux))  # noqa: S308 (every value is escaped above)


def _est_ecrit(choix: Mapping[str, Any]) -> bool:
    return hasattr(choix["value"], "instance") or isinstance(choix["label"], EnFrancais)


def _echappe(texte: Any) -> str:
    """Escape as Django does, but without checking for lazy translations."""
    return texte if isinstance(texte, SafeString) else escape(str(texte))


def _attributs(attributs: Mapping[str, Any]) -> str:
    return (
        ""
        if not attributs
        else "".join(
            f" {nom}" if valeur is True else f' {nom}="{_echappe(valeur)}"'
            for nom, valeur in attributs.items()
            if valeur is not False
        )
    )
