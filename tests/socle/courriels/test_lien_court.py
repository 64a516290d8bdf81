"""The link of an SMS after its end: the person reads why, that nothing is lost, and how to have another."""

from datetime import timedelta

import pytest
from django.core.cache import caches
from django.utils import timezone

from participation.socle.models import ReglageService
from remontees.models import Remontee
from tests.outils import lire
from tests.remontees.factories import RemonteeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def lien(monkeypatch):
    """Return the address of the link as if it had been sent so many days ago."""
    remontee = RemonteeFactory()

    def envoye_il_y_a(jours):
        with monkeypatch.context() as alors:
            jour = (timezone.localdate() - timedelta(days=jours) - timezone.datetime(1970, 1, 1).date()).days
            alors.setattr("participation.socle.liens._jour", lambda: jour)
            return Remontee.LIEN.adresse_courte(remontee)

    return envoye_il_y_a


def test_a_link_of_an_sms_opens_until_its_last_day_then_says_how_to_have_another(client, lien, settings):
    dernier = settings.SMS["LIEN_JOURS"]
    reglage = ReglageService.actuel()
    reglage.telephone, reglage.contact = "04 76 00 00 02", "participation@example.org"
    reglage.save()
    caches["processus"].clear()

    assert client.get(lien(dernier), follow=True).status_code == 200
    trop_tard = client.get(lien(dernier + 1))

    assert trop_tard.status_code == 410
    assert trop_tard.headers["Cache-Control"].startswith("max-age=0")
    page = lire(trop_tard)
    assert "Ce lien est trop ancien" in page
    assert "Ce qu’il ouvrait est gardé" in page
    assert "appelez-nous ou écrivez-nous" in page
    assert 'href="tel:0476000002"' in trop_tard.content.decode()
    assert 'href="mailto:participation@example.org"' in trop_tard.content.decode()


@pytest.mark.parametrize("methode", ["get", "head", "post"])
def test_no_link_too_old_or_altered_is_a_failure_of_the_site(client, lien, settings, methode):
    perime = lien(settings.SMS["LIEN_JOURS"] + 400)
    for adresse in (perime, perime[:-3] + "xx/", "/en" + perime, "/ar" + perime):
        assert getattr(client, methode)(adresse).status_code in {404, 405, 410}, adresse
