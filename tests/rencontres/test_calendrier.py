"""The one public calendar has the rencontres, what came out of them, and its feed."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from participation.rencontres.models import Groupe
from participation.rencontres.vitrine import section_accueil
from participation.socle.vitrine import OUVERTS_MONTRES
from tests.rencontres.factories import RencontreFactory


@pytest.mark.django_db
def test_the_public_calendar_and_its_feed_have_the_rencontres_and_what_came_out() -> None:
    tenue = RencontreFactory(tenue=True, titre="Un banc ?")
    Groupe.objects.create(rencontre=tenue, titre="Bancs", reponse="Oui", fait_le=timezone.now())
    RencontreFactory(etat="annulee", est_publie=True, titre="Une autre", debut=tenue.debut)
    RencontreFactory(titre="Pas encore", debut=tenue.debut)
    annee = timezone.localtime(tenue.debut).year

    page = Client().get(f"/instances/calendrier/?annee={annee}").content.decode()
    flux = Client().get("/agenda.ics").content.decode().replace("\r\n ", "")

    assert "Ce que devient ce qui s’est dit" in page
    assert "Une autre" in page
    assert "Pas encore" not in page
    assert f"UID:rencontre-{tenue.pk}@" in flux
    assert flux.count("STATUS:CANCELLED") == 1


@pytest.mark.django_db
def test_the_home_has_the_rencontres_whose_registrations_close_first_and_no_more_than_it_shows() -> None:
    RencontreFactory.create_batch(OUVERTS_MONTRES, ouverte=True)
    bientot = RencontreFactory(
        ouverte=True, debut=timezone.localtime() + timedelta(days=30), date_limite=timezone.localdate()
    )

    section = section_accueil()

    assert section is not None
    assert (len(section.ouverts), section.ouverts[0].titre) == (OUVERTS_MONTRES, bientot.titre)
