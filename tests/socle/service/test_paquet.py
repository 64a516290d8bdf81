"""The local pack is loaded once, then compared: what an administrator did is never undone."""

from io import StringIO

import pytest
from django.core.management import call_command

from ccspl.models import ServiceSuivi
from participation.socle.models import Direction, PartieChargee, ReglageService

pytestmark = pytest.mark.django_db


def charger(**options) -> str:
    sortie = StringIO()
    call_command("charger_referentiel", stdout=sortie, **options)
    return sortie.getvalue()


def test_a_second_run_changes_nothing_and_says_what_differs():
    Direction.objects.filter(sigle="MOB").update(nom="Direction des déplacements")
    ServiceSuivi.objects.filter(nom="Eau potable").update(domaine="Autre")
    ReglageService.objects.update(nom="Métropole d’Ailleurs")
    avant = set(Direction.objects.values_list("nom", flat=True))

    dit = charger()

    assert set(Direction.objects.values_list("nom", flat=True)) == avant
    assert ReglageService.actuel().nom == "Métropole d’Ailleurs"
    assert "direction « Mobilités » : dans le paquet, pas ici." in dit
    assert "« Eau potable » : domaine autrement ici que dans le paquet (Eau et assainissement)." in dit
    assert len(dit.splitlines()) == 2


def test_what_lacks_is_created_and_what_differs_is_written_when_it_is_asked():
    Direction.objects.filter(sigle="COM").update(nom="Communication externe", sigle="X")
    ServiceSuivi.objects.filter(nom="Eau potable").update(domaine="Autre")

    charger(ajouter=True)
    assert Direction.objects.filter(nom="Communication").exists()
    assert ServiceSuivi.objects.get(nom="Eau potable").domaine == "Autre"

    charger(remplacer=True)
    assert ServiceSuivi.objects.get(nom="Eau potable").domaine == "Eau et assainissement"


def test_a_part_that_a_new_version_brings_is_loaded_once():
    PartieChargee.objects.filter(partie="ccspl").delete()
    ServiceSuivi.objects.filter(nom="Assainissement").delete()

    charger()
    assert ServiceSuivi.objects.filter(nom="Assainissement").exists()

    ServiceSuivi.objects.filter(nom="Assainissement").delete()
    charger()
    assert not ServiceSuivi.objects.filter(nom="Assainissement").exists()
