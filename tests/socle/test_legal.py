"""Legal pages, built from stored data."""

import pytest
from django.utils import timezone

from participation.socle.models import AuditAccessibilite, ReglageService
from petitions.models import ReglementPetition

pytestmark = pytest.mark.django_db


def auditer(**champs):
    return AuditAccessibilite.objects.create(
        **{
            "date": timezone.localdate(),
            "auditeur": "Cabinet Exemple",
            "criteres_applicables": 60,
            "criteres_conformes": 55,
            "non_conformites": "Les PDF anciens.\nLa carte.",
            **champs,
        }
    )


def test_without_audit_the_site_says_it_does_not_conform(client):
    page = client.get("/accessibilite/").content.decode()

    assert "<strong>non conforme</strong>" in page
    assert "Accessibilité&nbsp;: non conforme" in page
    assert "Défenseur des droits" in page


def test_the_declaration_and_the_footer_follow_the_latest_audit(client):
    auditer(date="2025-01-01", criteres_conformes=10)
    auditer()

    page = client.get("/accessibilite/").content.decode()

    assert "<strong>partiellement conforme</strong>" in page
    assert "Accessibilité&nbsp;: partiellement conforme" in page
    assert "91&nbsp;%" in page
    assert "<li>La carte.</li>" in page


def test_a_fact_not_given_yet_is_said_missing(client):
    assert client.get("/mentions-legales/").content.decode().count("Information à venir") == 4

    ReglageService.objects.update(
        editeur="Grenoble-Alpes Métropole",
        directeur_publication="Une personne",
        hebergeur="Ici",
        contact="a@example.org",
    )

    assert "Information à venir" not in client.get("/mentions-legales/").content.decode()


def test_the_delays_told_are_those_of_the_reglement_in_force(client):
    ReglementPetition.objects.update(conservation_mois=17)

    assert "17\u00a0mois" in client.get("/donnees-personnelles/").content.decode()


@pytest.mark.parametrize(
    "chemin", ["/", "/mentions-legales/", "/donnees-personnelles/", "/accessibilite/", "/cookies/"]
)
def test_a_public_page_poses_no_cookie_and_may_be_kept(client, chemin):
    reponse = client.get(chemin)

    assert not reponse.cookies
    assert "public" in reponse["Cache-Control"]
    assert "stale-while-revalidate" in reponse["Cache-Control"]
    assert "Cookie" not in reponse.get("Vary", "")
