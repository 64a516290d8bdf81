"""Accounts in a real browser: passkeys under our CSP, axe on the pages."""

import json
import os
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from participation.socle.actions.comptes import ouvrir_compte
from participation.socle.models import Appartenance, Courriel
from participation.socle.workflow import Role
from tests.greffons.contrastes import AXE, fautes_d_axe
from tests.greffons.navigateur import DEBORDE, SANS_TRANSITION, sans_dessin, suivre
from tests.socle.comptes.conftest import dernier_code

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def site(live_server) -> str:
    """URL of the live server with a host name: browsers make no passkey for an IP address."""
    return live_server.url.replace("127.0.0.1", "localhost")


@pytest.fixture
def cle(page: Page) -> None:
    """Virtual authenticator of passkeys in the browser, which accepts every request."""
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    cdp.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


def entrer(page: Page, site: str, courriel: str) -> None:
    page.goto(f"{site}{reverse('account_login')}")
    page.get_by_label("Adresse de courriel").fill(courriel)
    suivre(page.get_by_role("button", name="Recevoir un code"))
    page.get_by_label("Code reçu par courriel").fill(dernier_code(courriel))
    suivre(page.get_by_role("button", name="Se connecter"))


def sortir(page: Page, site: str) -> None:
    page.goto(f"{site}{reverse('account_logout')}")
    suivre(page.get_by_role("main").get_by_role("button", name="Se déconnecter"))


def test_a_passkey_is_added_then_opens_the_account_alone(page: Page, site: str, cle):
    refus: list[str] = []
    page.on("console", lambda m: refus.append(m.text) if "Content Security Policy" in m.text else None)
    compte = ouvrir_compte("agente@example.org", prenom="Agathe", nom="Pic")
    Appartenance.objects.create(compte=compte, role=Role.AGENT)

    entrer(page, site, "agente@example.org")
    page.goto(f"{site}{reverse('mfa_index')}")
    suivre(page.get_by_role("link", name="Ajouter une clé d’accès"))
    page.get_by_label("Nom de la clé").fill("Clé du bureau")
    page.get_by_label("Me connecter avec cette clé seule").check()
    page.get_by_role("button", name="Ajouter la clé").click()
    expect(page.get_by_role("heading", name="Codes de secours")).to_be_visible()
    assert Courriel.objects.filter(sujet="Clé d’accès ajoutée", destinataires=["agente@example.org"]).exists()

    sortir(page, site)
    page.goto(f"{site}{reverse('account_login')}")
    page.get_by_role("button", name="Utiliser une clé d’accès").click()
    page.wait_for_url(lambda url: "/comptes/" not in url)
    page.goto(f"{site}{reverse('mfa_list_webauthn')}")
    expect(page.get_by_role("heading", name="Clé du bureau")).to_be_visible()
    assert refus == []


def test_a_passkey_confirms_a_sign_in_by_code(page: Page, site: str, cle):
    ouvrir_compte("agente@example.org")
    entrer(page, site, "agente@example.org")
    page.goto(f"{site}{reverse('mfa_add_webauthn')}")
    page.get_by_role("button", name="Ajouter la clé").click()
    expect(page.get_by_role("heading", name="Codes de secours")).to_be_visible()
    sortir(page, site)

    entrer(page, site, "agente@example.org")
    page.get_by_role("button", name="Utiliser ma clé d’accès").click()
    page.wait_for_url(lambda url: "/comptes/" not in url)
    page.goto(f"{site}{reverse('socle:mon_compte')}")
    expect(page.get_by_role("heading", name="Mon compte", level=1)).to_be_visible()


PAGES_OUVERTES = (
    "account_login",
    "socle:mot_de_passe",
    "account_reset_password",
    "account_reset_password_done",
)
PAGES_DU_COMPTE = (
    "socle:mon_compte",
    "socle:fermer_compte",
    "socle:prouver_ma_boite",
    "account_email",
    "account_set_password",
    "account_logout",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_list_webauthn",
    "usersessions_list",
)


def sans_defaut(page: Page, nom: str) -> list[str]:
    """Check the page on a phone in dark mode, then at 1280 px in light mode, which stays.

    Returns the faults.
    """
    fautes = []
    for largeur, affichage in ((390, "dark"), (1280, "light")):
        page.set_viewport_size({"width": largeur, "height": 800})
        page.emulate_media(color_scheme=affichage)
        if page.evaluate(DEBORDE, largeur):
            fautes.append(f"{nom} : déborde à {largeur} px")
        for faute in fautes_d_axe(page):
            fautes.append(f"{nom} : {faute['id']} {json.dumps([n['target'] for n in faute['nodes']])}")
        if photos := os.environ.get("PHOTOS"):
            page.screenshot(path=Path(photos) / f"{nom}-{largeur}.png", full_page=True)
    return fautes


def test_axe_finds_nothing_on_the_pages_of_the_account(page: Page, site: str, cle):
    # Clicks need this page; pages that a URL opens are checked in one that is never drawn.
    lue = page if os.environ.get("PHOTOS") else sans_dessin(page)
    page.context.add_init_script(SANS_TRANSITION + AXE)
    page.set_viewport_size({"width": 1280, "height": 800})
    compte = ouvrir_compte("agente@example.org", prenom="Agathe", nom="Pic")
    fautes = []
    for nom in PAGES_OUVERTES:
        lue.goto(f"{site}{reverse(nom)}")
        fautes += sans_defaut(lue, nom.replace(":", "_"))
    page.goto(f"{site}{reverse('account_login')}")
    suivre(page.get_by_role("button", name="Recevoir un code"))
    fautes += sans_defaut(page, "connexion_erreur")
    page.get_by_label("Adresse de courriel").fill("agente@example.org")
    suivre(page.get_by_role("button", name="Recevoir un code"))
    fautes += sans_defaut(page, "code")
    page.get_by_label("Code reçu par courriel").fill(dernier_code("agente@example.org"))
    page.get_by_role("button", name="Se connecter").click()
    page.wait_for_url(lambda url: "/comptes/" not in url)
    for role in (None, Role.AGENT):
        if role:
            Appartenance.objects.create(compte=compte, role=role)
        for nom in PAGES_DU_COMPTE:
            lue.goto(f"{site}{reverse(nom)}")
            fautes += sans_defaut(lue, f"{nom.replace(':', '_')}_{role or 'residente'}")
    page.goto(f"{site}{reverse('mfa_add_webauthn')}")
    page.get_by_role("button", name="Ajouter la clé").click()
    expect(page.get_by_role("heading", name="Codes de secours")).to_be_visible()
    for nom in ("mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_list_webauthn", "mfa_index"):
        lue.goto(f"{site}{reverse(nom)}")
        fautes += sans_defaut(lue, f"{nom}_avec")
    for nom in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        lue.goto(f"{site}{reverse(nom, args=[compte.authenticator_set.get(type='webauthn').pk])}")
        fautes += sans_defaut(lue, nom)
    sortir(page, site)
    entrer(page, site, "agente@example.org")
    fautes += sans_defaut(page, "second_facteur")
    assert fautes == []
