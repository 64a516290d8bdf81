"""Rendering of fields and errors, used by the « participation » template pack of crispy-forms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.forms.formsets import BaseFormSet
from django.utils.translation import gettext, ngettext

from participation.socle import francais, langues
from participation.socle.francais import INSECABLE, majuscule, minuscule
from participation.socle.regles.textes import phrases

register = template.Library()


@dataclass(frozen=True, slots=True)
class ErreurDeForm:
    """A line of the error summary: text, id of the field (empty: the whole form), page where it is mended."""

    texte: str
    cible: str
    ou: str = ""


@register.inclusion_tag("composants/non_garde.html", takes_context=True)
def non_garde(context: template.Context) -> dict[str, Any]:
    """What somebody wrote on a page that takes it no more, to be copied: the form is not there to give it back."""
    request = context.get("request")  # an error page may stand without one
    return {"textes": phrases(request) if request is not None and request.method == "POST" else []}


@register.filter
def genre_champ(champ: BoundField) -> str:
    """Return the layout of a field.

    cache (hidden), case (one checkbox), groupe (radios, checkboxes), multiple (several inputs) or simple.
    """
    widget = champ.field.widget
    if champ.is_hidden:
        return "cache"
    if isinstance(widget, forms.CheckboxInput):
        return "case"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "groupe"
    return "multiple" if widget.use_fieldset else "simple"


def _habiller(widget: forms.Widget) -> None:
    """Add the CSS classes of the theme to a widget, and use the native date and time inputs."""
    if isinstance(widget, forms.CheckboxInput | forms.RadioSelect | forms.CheckboxSelectMultiple):
        classe = "form-check-input"
    elif isinstance(widget, forms.Select):
        classe = "form-select"
    else:
        classe = "form-control"
    classes = str(widget.attrs.get("class", "")).split()
    if classe not in classes:
        widget.attrs["class"] = " ".join([classe, *classes])
    if isinstance(widget, forms.Textarea):
        if widget.attrs.get("rows") == "10":  # the default of Django is too high on a phone
            widget.attrs["rows"] = "5"
        if "maxlength" in widget.attrs:
            widget.attrs.setdefault("data-compteur", str(widget.attrs.pop("maxlength")))
    elif isinstance(widget, forms.DateTimeInput) and widget.input_type == "text":
        widget.input_type, widget.format = "datetime-local", "%Y-%m-%dT%H:%M"
    elif isinstance(widget, forms.DateInput) and widget.input_type == "text":
        widget.input_type, widget.format = "date", "%Y-%m-%d"
    elif isinstance(widget, forms.TimeInput) and widget.input_type == "text":
        widget.input_type, widget.format = "time", "%H:%M"


@register.filter
def habille(champ: BoundField) -> BoundField:
    """Return the field with the theme on its widget.

    Ids of hint and error are Django's (``…_helptext``, ``…_error``).
    """
    widget = champ.field.widget
    sous_widgets = getattr(widget, "widgets", None)
    if sous_widgets is None:
        _habiller(widget)
    else:
        for sous_widget in sous_widgets:
            _habiller(sous_widget)
    return champ


@register.inclusion_tag("composants/relecture.html")
def relecture(champ: BoundField) -> dict[str, Any]:
    """The place of the remarks under a text that is read again; they are there if the page was asked for them."""
    if not getattr(champ, "est_relu", False):
        return {"ou": ""}
    relues = getattr(champ.form, "relues", {})
    return {
        "ou": f"{champ.auto_id}_relecture",
        "est_relue": champ.name in relues,
        "remarques": relues.get(champ.name),
    }


@register.filter
def a_des_phrases(form: forms.BaseForm) -> bool:
    """Whether one text of the form, at least, is read again."""
    return any(getattr(champ, "est_relu", False) for champ in form)


def _cible(champ: BoundField) -> str:
    if champ.is_hidden:
        return ""
    if genre_champ(champ) in {"groupe", "multiple"}:
        return champ.id_for_label or f"{champ.auto_id}_0"
    return champ.id_for_label


def _sans_reponse(classe: type[forms.Field]) -> str:
    """Return what a field of this class says when empty, if its form does not say better."""
    return next(
        str(vars(une)["default_error_messages"]["required"])
        for une in classe.__mro__
        if "required" in vars(une).get("default_error_messages", {})
    )


def _nommer(champ: BoundField, texte: str) -> str:
    """Put the name of the field before its error, unless the error already has it."""
    libelle = str(champ.label or "")
    generique = texte == _sans_reponse(type(champ.field))
    deja_dit = libelle.lower() in texte.lower() or genre_champ(champ) == "case"
    if not libelle or (deja_dit and not generique):
        return texte
    if libelle.rstrip().endswith(("?", ".")):
        return f"{libelle} {texte}"
    return f"{libelle}{INSECABLE}: {minuscule(texte)}" if langues.en_francais() else f"{libelle}: {texte}"


def _erreurs(form: forms.BaseForm) -> list[ErreurDeForm]:
    lignes = [ErreurDeForm(str(e), "", getattr(e, "ou", "")) for e in form.non_field_errors()]
    for champ in form:
        for erreur in champ.errors:
            texte = str(erreur)
            lignes.append(ErreurDeForm(_nommer(champ, texte), _cible(champ)))
    return lignes


@register.simple_tag
def erreurs_de(form_ou_formset: forms.BaseForm | BaseFormSet[Any]) -> list[ErreurDeForm]:
    """All the errors of a form or formset, in the order of the page."""
    if isinstance(form_ou_formset, BaseFormSet):
        lignes = [ErreurDeForm(str(e), "") for e in form_ou_formset.non_form_errors()]
        for form in form_ou_formset:
            lignes += _erreurs(form)
        return lignes
    return _erreurs(form_ou_formset)


@register.simple_tag
def ce_qui_est_garde(form_ou_formset: forms.BaseForm | BaseFormSet[Any]) -> str:
    """Say what is kept of a refused form; "" when it asks nothing. Passwords and files must be given again."""
    formulaires = form_ou_formset.forms if isinstance(form_ou_formset, BaseFormSet) else [form_ou_formset]
    if not any(f.visible_fields() for f in formulaires):
        return ""
    gestes = []
    if any(isinstance(champ.widget, forms.PasswordInput) for f in formulaires for champ in f.fields.values()):
        gestes.append("tapez de nouveau le mot de passe")
    if any(f.files for f in formulaires):
        gestes.append("choisissez de nouveau le fichier")
    suite = f"{INSECABLE}; {francais.enumerer(gestes)}" if gestes else ""
    return (
        gettext("Ce que vous avez écrit est gardé.")
        if not suite
        else f"Ce que vous avez écrit est gardé{suite}."
    )


@register.filter
def titre_des_erreurs(lignes: Sequence[ErreurDeForm]) -> str:
    """« Trois réponses sont à corriger »: a sentence about the whole form is not one of them."""
    n = sum(bool(ligne.cible) for ligne in lignes)
    if not n:
        return gettext("Nous n’avons pas pu continuer")
    if not langues.en_francais():
        dit = ngettext("%(nombre)s réponse est à corriger", "%(nombre)s réponses sont à corriger", n)
        return dit % {"nombre": n}
    if n == 1:
        return "Une réponse est à corriger"
    combien = majuscule(francais.EN_LETTRES[n]) if n < len(francais.EN_LETTRES) else francais.nombre(n)
    return f"{combien} réponses sont à corriger"
