"""Legal pages, built from stored data."""

import pytest
from django.utils import timezone

from participation.socle.models import AuditAccessibilite, EcartAccessibilite, ReglageService
from petitions.models import ReglementPetition

pytestmark = pytest.mark.django_db


def auditer(**champs):
    return AuditAccessibilite.objects.create(
        **{
            "date": timezone.localdate(),
            "auditeur": "Cabinet Exemple",
            "criteres_applicables": 60,
            "criteres_conformes": 55,
            "est_d_une_personne": True,
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


def test_what_no_person_judged_does_not_conform_whatever_its_figures(client):
    auditer(criteres_conformes=60, est_d_une_personne=False)
    page = client.get("/accessibilite/").content.decode()
    assert "Accessibilité&nbsp;: non conforme" in page
    assert "100&nbsp;%" not in page


def test_the_declaration_tells_each_fault_its_page_and_the_version_that_corrected_it(client):
    audit = auditer(technologies="HTML5\nCSS", outils="axe", non_soumis="Les archives.")
    accueil = audit.pages.create(nom="Accueil", adresse="/")
    audit.pages.create(nom="Une affiche", adresse="/documents/affiche.pdf", est_un_document=True)
    for champs in (
        {"critere": "8.10", "constat": "Une langue n’est pas dite."},
        {"critere": "8.2", "constat": "Un attribut est en double.", "page": accueil},
        {"critere": "8.2", "constat": "Un autre aussi.", "page": accueil},
        {"critere": "1.1", "constat": "Une image était muette.", "corrige_en": "2026.11"},
    ):
        ecart = EcartAccessibilite(audit=audit, **champs)
        ecart.full_clean()
        ecart.save()
    page = client.get("/accessibilite/").content.decode()
    assert page.index("Critère 8.2<") < page.index("Un autre aussi.") < page.index("Critère 8.10<")
    assert "Critère 1.1<" not in page
    assert "Corrigé dans la version 2026.11" in page
    assert 'href="/documents/affiche.pdf">Une affiche</a> (document à télécharger)' in page
    for dit in ("Contenus non soumis", "Les archives.", "HTML5", "Outils pour évaluer"):
        assert dit in page


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
