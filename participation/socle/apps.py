import gc
from datetime import date, datetime

from django import forms
from django.apps import AppConfig
from django.core.exceptions import ValidationError

ANNEES = range(1900, 2200)


def exiger_une_date_possible(jour: date | datetime) -> None:
    """Nobody means the year 1 or 9999: to count days from there stops the pages that are shown to all."""
    if jour.year not in ANNEES:
        raise ValidationError("Vérifiez l’année.")


class SocleConfig(AppConfig):
    name = "participation.socle"
    label = "socle"
    verbose_name = "socle"

    def ready(self) -> None:
        from participation.socle import phrases

        gc.freeze()
        gc.set_threshold(50_000, 20, 20)
        phrases.poser()
        for champ in (forms.DateField, forms.DateTimeField):
            champ.default_validators = [exiger_une_date_possible]
