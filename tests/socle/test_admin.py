"""Reference tables in the admin: staff only, in French, and no deletion of what is used."""

import pytest
from django.urls import reverse

from participation.socle.models import Commune, Direction
from tests.socle.factories import CompteFactory, DirectionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def administratrice(client):
    compte = CompteFactory(is_staff=True, is_superuser=True)
    client.force_login(compte)
    return compte


@pytest.mark.parametrize(
    "modele", ["commune", "quartier", "direction", "reglageservice", "auditaccessibilite"]
)
def test_each_table_opens(client, administratrice, modele):
    page = client.get(reverse(f"admin:socle_{modele}_changelist"))

    assert page.status_code == 200
    assert "Tables de référence" in page.content.decode()


def test_the_index_lists_the_tables_in_french(client, administratrice):
    page = client.get("/reference/").content.decode()

    assert "Quartiers prioritaires" in page
    assert "Réglages du service" in page


def test_communes_are_neither_added_nor_deleted(client, administratrice):
    grenoble = Commune.objects.get(nom="Grenoble")

    assert client.get(reverse("admin:socle_commune_add")).status_code == 403
    assert client.post(reverse("admin:socle_commune_delete", args=[grenoble.pk])).status_code == 403


def test_the_settings_of_the_service_are_one_row(client, administratrice):
    assert client.get(reverse("admin:socle_reglageservice_add")).status_code == 403


def test_a_direction_does_not_depend_on_itself(client, administratrice):
    haute = DirectionFactory(nom="Haute")
    basse = DirectionFactory(nom="Basse", superieure=haute)
    url = reverse("admin:socle_direction_change", args=[haute.pk])

    page = client.post(url, {"nom": "Haute", "superieure": basse.pk, "est_active": "on"})

    assert "ne peut pas dépendre d’elle-même" in page.content.decode()
    assert Direction.objects.get(pk=haute.pk).superieure is None
