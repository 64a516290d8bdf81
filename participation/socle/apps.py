import gc
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.apps import AppConfig
from django.contrib.admin import autodiscover
from django.contrib.admin.apps import SimpleAdminConfig
from django.contrib.admin.checks import check_admin_app, check_dependencies
from django.core import checks
from django.core.exceptions import ValidationError

ANNEES = range(1900, 2200)


def exiger_une_date_possible(jour: date | datetime) -> None:
    """Nobody means the year 1 or 9999: to count days from there stops the pages that are shown to all."""
    if jour.year not in ANNEES:
        raise ValidationError("Vérifiez l’année.")


class OptionsDUnCoup(forms.models.ModelChoiceIterator):
    """The rows of a list of choices, read at once: Django opens a cursor for them, which is four questions for some tens of rows."""

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        yield from map(self.choice, self.queryset.all())


class SocleConfig(AppConfig):
    name = "participation.socle"
    label = "socle"
    verbose_name = "socle"
    default = True  # of the two that this module has

    def ready(self) -> None:
        from participation.socle import phrases

        gc.freeze()
        gc.set_threshold(50_000, 20, 20)
        phrases.poser()
        forms.ModelChoiceField.iterator = OptionsDUnCoup
        for champ in (forms.DateField, forms.DateTimeField):
            champ.default_validators = [exiger_une_date_possible]


def verifier_les_tables(app_configs: Sequence[AppConfig] | None, **options: Any) -> list[checks.CheckMessage]:
    autodiscover()
    return check_admin_app(app_configs, **options)


class TablesDeReference(SimpleAdminConfig):
    """Django's admin, whose tables are found with the routes: a process that serves no page loads neither them nor their forms."""

    def ready(self) -> None:
        checks.register(check_dependencies, checks.Tags.admin)
        checks.register(verifier_les_tables, checks.Tags.admin)
