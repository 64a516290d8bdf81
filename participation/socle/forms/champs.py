"""Form fields of the project: a label, a hint, and a message when empty (`erreur`, or that of its kind).

What else Django says of a wrong answer is in locale/fr. `attributs` are set on the control as they are (`autocomplete`, `spellcheck`); `court` draws it no wider than
its content.
"""

import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, ClassVar, Final, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import FileExtensionValidator
from django.db.models import Manager, Model, QuerySet
from django.urls import reverse_lazy
from django.utils.functional import Promise
from django.utils.translation import gettext

from participation.socle.langues import FRANCAIS, NOMS
from participation.socle.langues import plus_tard as _
from participation.socle.regles.textes import sans_controle

F = TypeVar("F", bound=forms.Field)
Attributs = Mapping[str, Any]


ANNEES: Final = range(1900, 2200)


def exiger_une_date_possible(jour: date) -> None:
    """Raise ValidationError for a year outside ANNEES.

    Counting days from the year 1 or 9999 would break pages shown to all.
    """
    if jour.year not in ANNEES:
        raise ValidationError(gettext("Vérifiez l’année."))


class ChampTexte(forms.CharField):
    """A text without invisible characters, which can make a name or a title read as something else."""

    default_error_messages: ClassVar = {"required": _("Écrivez une réponse.")}

    def to_python(self, value: Any) -> Any:
        return super().to_python(sans_controle(value) if isinstance(value, str) else value)


class ChampCourriel(forms.EmailField):
    default_error_messages: ClassVar = {"required": _("Écrivez une adresse de courriel.")}


class ChampJour(forms.DateField):
    default_error_messages: ClassVar = {"required": _("Donnez une date.")}
    default_validators = [exiger_une_date_possible]


def jours_de(modele: type[Model]) -> dict[str, type[forms.Field]]:
    """Return the `field_classes` of a form made from this model: its days are `Jour`."""
    return {c.name: ChampJour for c in modele._meta.concrete_fields if c.get_internal_type() == "DateField"}


class ChampHeure(forms.TimeField):
    default_error_messages: ClassVar = {"required": _("Donnez une heure.")}


class ChampNombre(forms.IntegerField):
    default_error_messages: ClassVar = {"required": "Donnez un nombre."}

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "inputmode": "numeric"}


class ChampCase(forms.BooleanField):
    default_error_messages: ClassVar = {"required": _("Cochez cette case pour continuer.")}


class ChampChoix(forms.ChoiceField):
    default_error_messages: ClassVar = {"required": _("Choisissez une réponse.")}


class ChampCases(forms.MultipleChoiceField):
    """Several choices. One that is sent twice counts once."""

    default_error_messages: ClassVar = {"required": _("Choisissez au moins une réponse.")}

    def to_python(self, value: Any) -> list[str]:
        return list(dict.fromkeys(super().to_python(value)))


class ChampParmi(forms.ModelChoiceField):  # type: ignore[type-arg]  # not subscriptable at run time
    default_error_messages: ClassVar = {"required": _("Choisissez une réponse.")}


class ChampFichier(forms.FileField):
    default_error_messages: ClassVar = {"required": _("Choisissez un fichier.")}


class ChampPdf(ChampFichier):
    """Only the name is read here: `reconnaitre` reads what is in it."""

    default_validators = [
        FileExtensionValidator(["pdf"], "Envoyez un PDF : enregistrez votre document sous ce format.")
    ]

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "accept": ".pdf"}


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
    dite = {"required": erreur} if isinstance(erreur, Promise) or erreur else {}
    champ = classe(
        label=libelle, help_text=aide, required=requis, error_messages={**dite, **(messages or {})}, **options
    )
    champ.widget.attrs.update({**({"class": "champ-court"} if court else {}), **(attributs or {})})
    return champ


def champ_ligne(
    libelle: str, aide: str = "", *, maximum: int | None = None, **options: Any
) -> forms.CharField:
    """Return a field for one line of text."""
    return _champ(ChampTexte, libelle, aide, max_length=maximum, **options)


def voies_proposees(commune: str = "") -> Attributs:
    """Return what a field of a place needs for `voies.js` to propose streets.

    `commune`: the field of the commune in the same form, a list or its name, which a choice sets.
    """
    return {
        "data-voies": reverse_lazy("socle:voies"),
        "data-voies-commune": commune,
        "data-voies-dit": _("Choisir dans la liste"),
    }


def nom_en_lettres(texte: str) -> str:
    """Return a name in composed form, with single spaces. Raises ValidationError for other signs than letters."""
    texte = " ".join(unicodedata.normalize("NFC", texte).split())
    if not all(c in " -'’.·" or unicodedata.category(c)[0] in "LM" for c in texte):
        raise ValidationError(gettext("Écrivez ce nom avec des lettres, sans chiffre ni signe."))
    return texte


def champ_qui(
    libelle: str = "Votre nom",
    *,
    aide: str = "Pour que nous sachions qui répond.",
    erreur: str = "Dites qui répond : prénom et nom.",
) -> forms.CharField:
    """Return the field for the name of who acts by a signed link."""
    return champ_ligne(libelle, aide, maximum=160, erreur=erreur, attributs={"autocomplete": "name"})


def champ_texte(
    libelle: str,
    aide: str = "",
    *,
    maximum: int | None = 6000,
    lignes: int = 6,
    se_relit: bool = True,
    **options: Any,
) -> forms.CharField:
    """Return a field for a text of several lines (`lignes` 1: a single line).

    `se_relit`: who works in the back office is shown the defects of her sentences; not for a list, nor a note for herself.
    """
    if lignes > 1:
        options["widget"] = forms.Textarea(attrs={"rows": str(lignes)})
        options["widget"].se_relit = se_relit
    return champ_ligne(libelle, aide, maximum=maximum, **options)


def champ_courriel(libelle: str, aide: str = "", **options: Any) -> forms.EmailField:
    """Return a field for an email address.

    Autocompletion is off: it is often that of another person (see `attributs`).
    """
    champ = _champ(ChampCourriel, libelle, aide, **options)
    champ.widget.attrs.setdefault("autocomplete", "off")
    return champ


def propose(jour: date) -> Callable[[], date]:
    """Return the initial value of a day counted from today.

    It is a proposal, and nothing that the page showed of its object: a form sent after midnight is not refused.
    """
    return lambda: jour


def champ_jour(libelle: str, aide: str = "", **options: Any) -> forms.DateField:
    return _champ(ChampJour, libelle, aide, **options)


def champ_heure(libelle: str, aide: str = "", **options: Any) -> forms.TimeField:
    return _champ(ChampHeure, libelle, aide, widget=forms.TimeInput, **options)


def champ_nombre(
    libelle: str, aide: str = "", *, minimum: int | None = None, maximum: int | None = None, **options: Any
) -> forms.IntegerField:
    """Return a short field for a whole number."""
    return _champ(ChampNombre, libelle, aide, min_value=minimum, max_value=maximum, court=True, **options)


def champ_case(libelle: str, aide: str = "", **options: Any) -> forms.BooleanField:
    return _champ(ChampCase, libelle, aide, **options)


def champ_choix(
    libelle: str, choix: Any, aide: str = "", *, boutons: bool = False, **options: Any
) -> forms.ChoiceField:
    """Return a field with a few choices. `boutons`: radio buttons instead of a list."""
    if boutons:
        options["widget"] = forms.RadioSelect
    return _champ(ChampChoix, libelle, aide, choices=choix, **options)


def champ_langue(aide: str = "Celle que lit cette personne.") -> forms.ChoiceField:
    """Return the field of the language of somebody's letters, where another person writes her address down."""
    return champ_choix("Langue des lettres", list(NOMS.items()), aide, initial=FRANCAIS, requis=False)


def champ_cases(libelle: str, choix: Any, aide: str = "", **options: Any) -> forms.MultipleChoiceField:
    """Return a field of check boxes, for several choices."""
    return _champ(ChampCases, libelle, aide, choices=choix, widget=forms.CheckboxSelectMultiple, **options)


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
        vide = _("Choisissez") if options.get("requis", True) else _("Rien de choisi")
    return _champ(ChampParmi, libelle, aide, queryset=possibles, empty_label=vide, **options)


def champ_piege() -> forms.CharField:
    """Honeypot: people do not see this field, so only a program fills it in."""
    return forms.CharField(
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off", "aria-hidden": "true"}),
    )
