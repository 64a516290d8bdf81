"""A member proposes from a phone, the agent accepts, the member's open page says that the text changed; without a script too."""

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from ccspl.models import INSTANCE
from tests.ccspl.factories import AvisFactory, ParagrapheFactory, PreconisationFactory
from tests.seances.factories import CollegeFactory, InstanceFactory, MandatureFactory, MembreFactory
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db(transaction=True)
TELEPHONE = {"width": 390, "height": 844}


def controler(page: Page) -> None:
    fautes = [
        f"{faute['id']} {json.dumps([noeud['target'] for noeud in faute['nodes']])}"
        for faute in Axe().run(page).response["violations"]
    ]
    assert fautes == [], page.url
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), page.url


def entrer(contexte, live_server, compte) -> Page:
    client = Client()
    client.force_login(compte)
    contexte.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    return contexte.new_page()


def test_a_wording_goes_from_a_phone_to_the_text(browser: Browser, live_server):
    agent = CompteFactory(agent=True)
    membre = MembreFactory(
        college=CollegeFactory(mandature=MandatureFactory(instance=InstanceFactory(cle=INSTANCE)))
    ).compte
    avis = AvisFactory(en_redaction=True, agent=agent)
    ParagrapheFactory(avis=avis, texte="La commission demande un bilan annuel.")
    PreconisationFactory(avis=avis)
    texte = live_server.url + reverse("ccspl:redaction", args=[avis.pk])

    # The member has no script: everything is a page and a form.
    telephone = entrer(
        browser.new_context(viewport=TELEPHONE, java_script_enabled=False), live_server, membre
    )
    telephone.goto(texte)
    telephone.get_by_role("link", name="Proposer une rédaction du paragraphe 1").click()
    telephone.get_by_label("Votre rédaction").fill("La commission demande un bilan public chaque année.")
    telephone.get_by_role("button", name="Proposer une rédaction").click()
    expect(telephone.get_by_text("Votre proposition est enregistrée")).to_be_visible()

    autre = entrer(browser.new_context(viewport=TELEPHONE), live_server, membre)
    autre.goto(texte)
    controler(autre)

    bureau = entrer(browser.new_context(), live_server, agent)
    bureau.goto(texte)
    controler(bureau)
    bureau.get_by_role("link", name="Accepter la proposition").click()
    controler(bureau)
    bureau.get_by_label("Texte retenu").fill("La commission demande un bilan public, chaque année.")
    bureau.get_by_role("button", name="Accepter la proposition").click()
    expect(bureau.get_by_text("La commission demande un bilan public, chaque année.").first).to_be_visible()

    expect(autre.get_by_role("link", name="Lire le texte d’aujourd’hui")).to_be_visible(timeout=20_000)
    autre.get_by_role("link", name="Lire le texte d’aujourd’hui").click()
    expect(autre.get_by_text("La commission demande un bilan public, chaque année.").first).to_be_visible()
