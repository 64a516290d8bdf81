"""Deposit of a pétition on a phone, confirmation by letter, decision of the comité, in a browser."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from participation.socle.models import Courriel
from petitions.depot import actes as depot
from petitions.models import Petition, ReglementPetition
from petitions.workflow import Etat
from tests.greffons.navigateur import TELEPHONE, controler, suivre
from tests.petitions.factories import PetitionFactory
from tests.socle.comptes.conftest import dernier_code

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("vrai_courrier")]


def dernier_lien(courriel: str, live_server) -> str:
    lettre = Courriel.objects.filter(destinataires=[courriel]).first()
    chemin = re.search(r"https?://[^/]+(/petitions/\S+)", lettre.corps)[1]
    return f"{live_server.url}{chemin}"


def test_a_resident_deposits_a_petition_from_a_phone(page: Page, live_server):
    ReglementPetition.objects.update(copetitionnaires_requis=2)
    PetitionFactory(en_collecte=True, titre="Une piste cyclable de Vizille au campus")
    page.set_viewport_size(TELEPHONE)

    page.goto(live_server.url + reverse("petitions:commencer"))
    controler(page)
    suivre(page.get_by_role("link", name="Commencer ma pétition"))
    page.get_by_label("Adresse de courriel").fill("alma@example.org")
    suivre(page.get_by_role("button", name="Recevoir un code"))
    page.get_by_label("Code reçu par courriel").fill(dernier_code("alma@example.org"))
    suivre(page.get_by_role("button", name="Se connecter"))

    expect(page.get_by_role("heading", name="Que demandez-vous")).to_be_visible()
    page.get_by_label("Titre").press_sequentially("Une piste cyclable de Vizille à Grenoble")
    expect(page.get_by_role("link", name="Une piste cyclable de Vizille au campus")).to_be_visible()
    controler(page)
    page.get_by_label("Ce que vous demandez").fill("Nous demandons une piste continue.")
    suivre(page.get_by_role("button", name="Enregistrer et continuer"))
    expect(page.get_by_role("heading", name="Une réponse est à corriger")).to_be_visible()
    expect(page.get_by_label("Ce que vous demandez")).to_have_value("Nous demandons une piste continue.")
    page.get_by_label("Pourquoi").fill("La route est dangereuse.")
    suivre(page.get_by_role("button", name="Enregistrer et continuer"))

    controler(page)
    page.get_by_label("Que peut faire la Métropole").fill("La voirie.")
    suivre(page.get_by_role("button", name="Enregistrer et finir plus tard"))
    controler(page)
    suivre(page.get_by_role("link", name="Reprendre"))
    suivre(page.get_by_role("button", name="Enregistrer et continuer"))
    suivre(page.get_by_role("button", name="Enregistrer et continuer"))

    page.get_by_label("Prénom").fill("Alma")
    page.get_by_label("Nom", exact=True).fill("Roux")
    page.get_by_label("Nom publié").fill("Alma Roux")
    page.get_by_label("Commune").select_option(label="Vizille")
    page.get_by_label("J’habite la Métropole").check()
    page.get_by_label("J’ai 16 ans ou plus").check()
    controler(page)
    suivre(page.get_by_role("button", name="Enregistrer et continuer"))
    controler(page)
    suivre(page.get_by_role("link", name="Continuer"))

    page.get_by_label("Les personnes à inviter").fill(
        "Basile Faure <basile@example.org>\nune ligne sans adresse"
    )
    suivre(page.get_by_role("button", name="Envoyer les invitations"))
    expect(page.get_by_text("Ligne 2, pas comprise")).to_be_visible()
    controler(page)
    page.get_by_text("Faire signer sur papier").click()
    suivre(page.get_by_role("button", name="Préparer une feuille"))
    expect(page.get_by_role("button", name="Imprimer")).to_be_visible()
    controler(page)

    page.goto(dernier_lien("basile@example.org", live_server))
    controler(page)
    page.get_by_label("Commune").select_option(label="Jarrie")
    page.get_by_label("J’habite la Métropole").check()
    page.get_by_label("J’ai 16 ans ou plus").check()
    suivre(page.get_by_role("button", name="Je porte cette pétition"))
    expect(page.get_by_role("heading", name="Vous portez cette pétition")).to_be_visible()

    petition = Petition.objects.get(etat=Etat.BROUILLON)
    depot.enregistrer_brouillon(petition, par=petition.auteur, demande="Nous demandons deux pistes.")
    page.reload()
    expect(page.get_by_role("heading", name="Ce qui a changé depuis")).to_be_visible()
    controler(page)
    page.goto(live_server.url + reverse("petitions:deposer", args=[petition.pk]))
    controler(page)
    page.get_by_role("button", name="Déposer la pétition").click()
    expect(page.get_by_text("Votre pétition est déposée sous la référence")).to_be_visible()
    controler(page)
    petition.refresh_from_db()
    assert petition.etat == Etat.DEPOSEE

    page.goto(live_server.url + reverse("petitions:liste"))
    page.get_by_text("Menu", exact=True).click()
    suivre(page.get_by_role("link", name="Se déconnecter"))
    suivre(page.get_by_role("button", name="Se déconnecter"))
    page.goto(live_server.url + reverse("petitions:liste"))
    page.get_by_text("Menu", exact=True).click()
    expect(page.get_by_role("link", name="Mon espace")).to_be_visible()
    expect(page.get_by_role("link", name="Se déconnecter")).to_be_hidden()
