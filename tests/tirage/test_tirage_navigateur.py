"""The screen of the room and the page of who checks, in a browser."""

import pytest
from django.test import Client
from playwright.sync_api import expect

from tests.navigateur import TELEPHONE
from tests.tirage.mene import telecharger


@pytest.mark.django_db(transaction=True)
def test_the_room_draws_by_keyboard_and_a_stranger_checks_it_in_a_browser_off_line(
    agent, entrer, publie, tmp_path
):
    salle = entrer(agent, {"width": 1280, "height": 720})
    salle.goto(f"/tirages/{publie.pk}/ecran/")
    expect(salle.get_by_label("Les trois boules, dans l’ordre")).to_be_focused()
    salle.keyboard.type("042")
    salle.keyboard.press("Enter")
    bouton = salle.get_by_role("button", name="Valider 042, pour de bon")
    expect(bouton).to_be_in_viewport()
    bouton.press("Enter")
    expect(salle.get_by_text("Le panel est tiré")).to_be_visible()

    dossier = telecharger(Client(), publie, tmp_path)
    fichiers = sorted(dossier.iterdir())
    page = entrer(None, TELEPHONE)
    page.goto(f"/tirages-au-sort/{publie.pk}/verifier/")
    page.context.set_offline(True)
    page.set_input_files("input[type=file]", fichiers)
    page.get_by_role("button", name="Vérifier mes fichiers").click()
    expect(page.locator("[data-resultat]")).to_contain_text("Tout est juste.")
    panels = dossier / "panels.csv"
    panels.write_text(panels.read_text().replace("V00001", "V00002", 1))
    page.set_input_files("input[type=file]", fichiers)
    page.get_by_role("button", name="Vérifier mes fichiers").click()
    expect(page.locator("[data-resultat]")).to_contain_text("Les panels ne sont pas ceux")
    manifeste = dossier / "tirage.json"
    manifeste.write_text(manifeste.read_text().replace("salle du conseil", "salle du Conseil", 1))
    page.set_input_files("input[type=file]", fichiers)
    page.get_by_role("button", name="Vérifier mes fichiers").click()
    expect(page.locator("[data-resultat]")).to_contain_text("tirage.json a changé")
    expect(page.locator("[data-resultat]")).to_contain_text("La règle figée dit « salle du conseil »")
