"""Form fields of the project: a label, a hint, and a message when empty (`erreur`).

`attributs` are set on the control as they are (`autocomplete`, `spellcheck`); `court` draws it no wider than
its content.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

from django import forms
from django.db.models import Manager, QuerySet

from participation.socle.textes import sans_controle

F = TypeVar("F", bound=forms.Field)
Attributs = Mapping[str, Any]


class Texte(forms.CharField):
    """A text without invisible characters, which can make a name or a title read as something else."""

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
    """Return a field for one line of text."""
    return _champ(Texte, libelle, aide, max_length=maximum, **options)


def champ_texte(
    libelle: str, aide: str = "", *, maximum: int | None = 6000, lignes: int = 6, **options: Any
) -> forms.CharField:
    """Return a field for a text of several lines (`lignes` 1: a single line)."""
    if lignes > 1:
        options["widget"] = forms.Textarea(attrs={"rows": str(lignes)})
    return champ_ligne(libelle, aide, maximum=maximum, **options)


def champ_courriel(libelle: str, aide: str = "", **options: Any) -> forms.EmailField:
    """Return a field for an email address.

    Autocompletion is off: it is often that of another person (see `attributs`).
    """
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
    """Return a field with a few choices. `boutons`: radio buttons instead of a list."""
    if boutons:
        options["widget"] = forms.RadioSelect
    return _champ(forms.ChoiceField, libelle, aide, choices=choix, **options)


def champ_cases(libelle: str, choix: Any, aide: str = "", **options: Any) -> forms.MultipleChoiceField:
    """Return a field of check boxes, for several choices."""
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
    """Return a field that chooses a row. `possibles` None: `choisir` sets the rows later.

    `vide`: label of the empty choice; None: no empty choice. By default « Choisissez » for a required field,
    else « Rien de choisi ».
    """
    if vide == "":
        vide = "Choisissez" if options.get("requis", True) else "Rien de choisi"
    return _champ(forms.ModelChoiceField, libelle, aide, queryset=possibles, empty_label=vide, **options)
