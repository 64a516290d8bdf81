"""The fields of the house: a label, a hint, and what is said when it is empty (`erreur`).

`attributs` go on the control as they are (`autocomplete`, `spellcheck`); `court` draws it no wider than what it holds.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

from django import forms
from django.db.models import Manager, QuerySet

from participation.socle.textes import sans_controle

F = TypeVar("F", bound=forms.Field)
Attributs = Mapping[str, Any]


class Texte(forms.CharField):
    """Without the invisible characters that make a name or a title say what it does not."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(sans_controle(value) if isinstance(value, str) else value)


def _champ(
    classe: type[F],
    libelle: str,
    aide: str,
    *,
    requis: bool = True,
    erreur: str = "",
    court: bool = False,
    attributs: Attributs | None = None,
    messages: Mapping[str, str] | None = None,
    **options: Any,
) -> F:
    champ = classe(
        label=libelle,
        help_text=aide,
        required=requis,
        error_messages={**({"required": erreur} if erreur else {}), **(messages or {})},
        **options,
    )
    champ.widget.attrs.update({**({"class": "champ-court"} if court else {}), **(attributs or {})})
    return champ


def champ_ligne(
    libelle: str, aide: str = "", *, maximum: int | None = None, **options: Any
) -> forms.CharField:
    """A single line of text."""
    return _champ(Texte, libelle, aide, max_length=maximum, **options)


def champ_texte(
    libelle: str, aide: str = "", *, maximum: int | None = 6000, lignes: int = 6, **options: Any
) -> forms.CharField:
    """A text of some lines (1: a single line)."""
    if lignes > 1:
        options["widget"] = forms.Textarea(attrs={"rows": str(lignes)})
    return champ_ligne(libelle, aide, maximum=maximum, **options)


def champ_courriel(libelle: str, aide: str = "", **options: Any) -> forms.EmailField:
    """An address: somebody else's, unless `attributs` say that it is the writer's own."""
    champ = _champ(forms.EmailField, libelle, aide, **options)
    champ.widget.attrs.setdefault("autocomplete", "off")
    return champ


def champ_jour(libelle: str, aide: str = "", **options: Any) -> forms.DateField:
    return _champ(forms.DateField, libelle, aide, **options)


def champ_heure(libelle: str, aide: str = "", **options: Any) -> forms.TimeField:
    return _champ(forms.TimeField, libelle, aide, widget=forms.TimeInput, **options)


def champ_case(libelle: str, aide: str = "", **options: Any) -> forms.BooleanField:
    return _champ(forms.BooleanField, libelle, aide, **options)


def champ_choix(
    libelle: str, choix: Any, aide: str = "", *, boutons: bool = False, **options: Any
) -> forms.ChoiceField:
    """One of a few; `boutons`: all of them are seen, instead of a list that opens."""
    if boutons:
        options["widget"] = forms.RadioSelect
    return _champ(forms.ChoiceField, libelle, aide, choices=choix, **options)


def champ_cases(libelle: str, choix: Any, aide: str = "", **options: Any) -> forms.MultipleChoiceField:
    """As many as apply."""
    return _champ(
        forms.MultipleChoiceField,
        libelle,
        aide,
        choices=choix,
        widget=forms.CheckboxSelectMultiple,
        **options,
    )


def champ_parmi(
    libelle: str,
    possibles: QuerySet[Any] | Manager[Any] | None,
    aide: str = "",
    *,
    vide: str | None = "",
    **options: Any,
) -> forms.ModelChoiceField:  # type: ignore[type-arg]  # not subscriptable at run time
    """A row (None: `choisir` gives them later); `vide`: the words of the choice of none (None: there is no such choice).

    Without words of its own: « Choisissez » where one must be chosen, « Rien de choisi » elsewhere.
    """
    if vide == "":
        vide = "Choisissez" if options.get("requis", True) else "Rien de choisi"
    return _champ(forms.ModelChoiceField, libelle, aide, queryset=possibles, empty_label=vide, **options)
