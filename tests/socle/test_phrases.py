"""Error messages of fields: those of the site, never those of Django."""

import re
from collections.abc import Iterator
from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, MaxValueValidator
from django.urls import get_resolver

from participation.socle.phrases import par_defaut
from tests.maison import APPS

DE_DJANGO = re.compile(
    r"champ|[Aa]ssurez-vous|Saisissez|Sélectionnez|Téléversez|\bvalides?\b|[Tt]his |[Ee]nsure|[Ee]nter |[Ss]elect "
)


def sous_classes(classe: type) -> Iterator[type]:
    for sous_classe in classe.__subclasses__():
        yield sous_classe
        yield from sous_classes(sous_classe)


def test_no_field_of_the_house_speaks_as_the_framework_does():
    assert get_resolver().url_patterns  # load every view, hence every form
    vus, fautes = 0, set()
    for classe in sous_classes(forms.BaseForm):
        if not classe.__module__.startswith(APPS):
            continue
        for nom, champ in getattr(classe, "base_fields", {}).items():
            vus += 1
            dits = [
                *map(str, champ.error_messages.values()),
                *(str(getattr(validateur, "message", "")) for validateur in champ.validators),
            ]
            fautes |= {
                f"{classe.__name__}.{nom} : {mots}" for mots in dits if mots and DE_DJANGO.search(mots)
            }
    assert vus > 300
    assert not fautes


def test_numbers_are_written_as_people_read_them():
    for borne, valeur, attendu in (
        (MaxLengthValidator(2000), "a" * 2001, "2\u00a0000 signes au plus, vous en avez écrit 2\u00a0001."),
        (MaxValueValidator(Decimal("12.5")), 10**12, "12,50 au plus."),
    ):
        with pytest.raises(ValidationError) as refus:
            borne(valeur)
        assert refus.value.messages[0].endswith(attendu)
    assert par_defaut(forms.EmailField()) == "Écrivez une adresse de courriel."
