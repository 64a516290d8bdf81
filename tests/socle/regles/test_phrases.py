"""Error messages of fields: those of the site, said by locale/fr and forms/champs."""

import re
from collections.abc import Iterator

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, MaxValueValidator
from django.urls import get_resolver

from participation.socle.forms.champs import champ_courriel, champ_jour
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


def test_what_the_framework_says_is_said_in_our_words():
    for borne, valeur, attendu in (
        (MaxLengthValidator(20), "a" * 21, "C’est trop long : 20 caractères au plus, vous en avez écrit 21."),
        (MaxValueValidator(12), 13, "C’est trop : 12 au plus."),
    ):
        with pytest.raises(ValidationError) as refus:
            borne(valeur)
        assert refus.value.messages == [attendu]


def test_an_empty_field_says_what_its_kind_waits_for():
    assert champ_courriel("Adresse").error_messages["required"] == "Écrivez une adresse de courriel."
    assert champ_jour("Jour", erreur="Quel jour ?").error_messages["required"] == "Quel jour ?"
    assert str(forms.IntegerField().error_messages["required"]) == "Répondez ici."
