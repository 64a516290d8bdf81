"""French messages of the fields of forms and models, which replace those of Django everywhere.

A field may give a better one (`erreur`, `error_messages`); these are the defaults.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.core import validators
from django.core.exceptions import ValidationError
from django.db import models

from participation.socle.francais import jour_texte, nombre


class Phrase(str):
    """A message whose numbers and days are written in French: « 1 000 », « 1er mai 2027 »."""

    __slots__ = ()

    def __mod__(self, valeurs: Any) -> str:
        return str(self) % {nom: _dire(valeur) for nom, valeur in valeurs.items()}


def _dire(valeur: Any) -> Any:
    if isinstance(valeur, date):
        return jour_texte(valeur)
    if isinstance(valeur, int | float | Decimal) and not isinstance(valeur, bool):
        return nombre(valeur, 2)
    return valeur


CHOIX_PERDU = "Ce choix n’est pas dans la liste. Choisissez de nouveau."
UN_FICHIER = "Choisissez un fichier."

# A class of fields has the messages of its parents, and its own.
DES_CHAMPS: Final[dict[type[forms.Field], dict[str, str]]] = {
    forms.Field: {"required": "Répondez ici."},
    forms.CharField: {"required": "Écrivez une réponse."},
    forms.EmailField: {"required": "Écrivez une adresse de courriel."},
    forms.URLField: {
        "required": "Écrivez une adresse de page.",
        "invalid": "Cette adresse n’est pas complète : elle commence par https://.",
    },
    forms.IntegerField: {"required": "Écrivez un nombre.", "invalid": "Écrivez un nombre entier, en chiffres."},
    forms.FloatField: {"invalid": "Écrivez un nombre en chiffres, par exemple 12,5."},
    forms.DecimalField: {"invalid": "Écrivez un nombre en chiffres, par exemple 12,5."},
    forms.DateField: {"required": "Donnez une date.", "invalid": "Écrivez une date qui existe, avec son année."},
    forms.TimeField: {"required": "Donnez une heure.", "invalid": "Écrivez une heure qui existe."},
    forms.DateTimeField: {
        "required": "Donnez un jour et une heure.",
        "invalid": "Écrivez un jour et une heure qui existent.",
    },
    forms.DurationField: {"required": "Donnez une durée.", "invalid": "Écrivez une durée."},
    forms.JSONField: {"invalid": "Cette réponse n’a pas la forme attendue."},
    forms.UUIDField: {"invalid": "Ce code n’est pas complet."},
    forms.RegexField: {"invalid": "Cette réponse n’a pas la forme attendue."},
    forms.BooleanField: {"required": "Cochez cette case pour continuer."},
    forms.ChoiceField: {"required": "Choisissez une réponse.", "invalid_choice": CHOIX_PERDU},
    forms.TypedChoiceField: {"invalid_choice": CHOIX_PERDU},
    forms.MultipleChoiceField: {
        "required": "Choisissez au moins une réponse.",
        "invalid_choice": CHOIX_PERDU,
        "invalid_list": CHOIX_PERDU,
    },
    forms.ModelChoiceField: {"required": "Choisissez une réponse.", "invalid_choice": CHOIX_PERDU},
    forms.ModelMultipleChoiceField: {
        "required": "Choisissez au moins une réponse.",
        "invalid_choice": CHOIX_PERDU,
        "invalid_list": CHOIX_PERDU,
        "invalid_pk_value": CHOIX_PERDU,
    },
    forms.MultiValueField: {"invalid": "Répondez à chaque partie.", "incomplete": "Répondez à chaque partie."},
    forms.FileField: {
        "required": UN_FICHIER,
        "invalid": UN_FICHIER,
        "missing": UN_FICHIER,
        "empty": "Ce fichier est vide. Choisissez-en un autre.",
        "max_length": Phrase("Le nom de ce fichier est trop long : %(max)s signes au plus."),
        "contradiction": "Choisissez un fichier, ou cochez la case pour l’enlever : pas les deux.",
    },
    forms.ImageField: {"invalid_image": "Ce fichier n’est pas une image. Choisissez-en une autre."},
}  # fmt: skip
DES_MODELES: Final[dict[type[Any], dict[str, str]]] = {
    models.Field: {
        "blank": "Une réponse est nécessaire.",
        "null": "Une réponse est nécessaire.",
        "invalid_choice": CHOIX_PERDU,
        "unique": "Cette réponse est déjà prise.",
    },
    models.ForeignKey: {"invalid": CHOIX_PERDU},
}
DES_VALIDATEURS: Final[dict[type[Any], str]] = {
    validators.RegexValidator: "Cette réponse n’a pas la forme attendue.",
    validators.URLValidator: "Cette adresse n’est pas complète : elle commence par https://.",
    validators.EmailValidator: "Cette adresse n’est pas complète : elle s’écrit comme nom@exemple.fr.",
    validators.MaxValueValidator: "C’est trop : %(limit_value)s au plus.",
    validators.MinValueValidator: "Ce n’est pas assez : %(limit_value)s au moins.",
    validators.StepValueValidator: "Écrivez un multiple de %(limit_value)s.",
    validators.MaxLengthValidator: "C’est trop long : %(limit_value)s signes au plus, vous en avez écrit %(show_value)s.",
    validators.MinLengthValidator: "C’est trop court : %(limit_value)s signes au moins, vous en avez écrit %(show_value)s.",
    validators.FileExtensionValidator: "Ce type de fichier n’est pas accepté. Types acceptés : %(allowed_extensions)s.",
    validators.ProhibitNullCharactersValidator: "Un signe de cette réponse ne peut pas être gardé. Écrivez-la de nouveau.",
}
DES_DECIMALES: Final[dict[str, str]] = {
    "invalid": "Écrivez un nombre en chiffres, par exemple 12,5.",
    "max_digits": "Ce nombre est trop long : %(max)s chiffres au plus.",
    "max_decimal_places": "Il y a trop de chiffres après la virgule : %(max)s au plus.",
    "max_whole_digits": "Ce nombre est trop grand : %(max)s chiffres au plus avant la virgule.",
}


ANNEES: Final = range(1900, 2200)


def exiger_une_date_possible(jour: date | datetime) -> None:
    """Raise ValidationError for a year outside ANNEES.

    Counting days from the year 1 or 9999 would break pages shown to all.
    """
    if jour.year not in ANNEES:
        raise ValidationError("Vérifiez l’année.")


def poser() -> None:
    """Install the messages. Called once, at start."""
    toutes: dict[type[Any], dict[str, str]] = {**DES_CHAMPS, **DES_MODELES}
    for classe, phrases in toutes.items():
        heritees = vars(classe).get("default_error_messages", {})
        classe.default_error_messages = {**heritees, **phrases}
    for validateur, phrase in DES_VALIDATEURS.items():
        validateur.message = Phrase(phrase)
    validators.DecimalValidator.messages = {cle: Phrase(phrase) for cle, phrase in DES_DECIMALES.items()}
    for champ in (forms.DateField, forms.DateTimeField):
        champ.default_validators = [exiger_une_date_possible]


def par_defaut(champ: forms.Field) -> str:
    """Return the message of an empty field of this class, when its form gives none."""
    return next(
        str(vars(classe)["default_error_messages"]["required"])
        for classe in type(champ).__mro__
        if "required" in vars(classe).get("default_error_messages", {})
    )
