"""The page of who checks, in a browser."""

import re

import pytest
from django.test import Client
from playwright.sync_api import expect

from tests.greffons.navigateur import TELEPHONE
from tests.tirage.mene import telecharger


@pytest.mark.django_db(transaction=True)
def test_a_stranger_checks_the_draw_in_a_browser_off_line(entrer, tire, tmp_path):
    dossier = telecharger(Client(), tire, tmp_path)
    fichiers = sorted(dossier.iterdir())
    page = entrer(None, TELEPHONE)
    page.goto(f"/tirages-au-sort/{tire.pk}/verifier/")
    page.context.set_offline(True)
    page.set_input_files("input[type=file]", fichiers)
    page.get_by_role("button", name="Vérifier mes fichiers").click()
    expect(page.locator("[data-resultat]")).to_contain_text("Tout est juste.")
    panels = dossier / "panels.csv"
    panels.write_text(re.sub(r"V\d+", "V99999", panels.read_text(), count=1))
    page.set_input_files("input[type=file]", fichiers)
    page.get_by_role("button", name="Vérifier mes fichiers").click()
    expect(page.locator("[data-resultat]")).to_contain_text("Les panels ne sont pas ceux")
    manifeste = dossier / "tirage.json"
    manifeste.write_text(manifeste.read_text().replace("salle du conseil", "salle du Conseil", 1))
    page.set_input_files("input[type=file]", fichiers)
    page.get_by_role("button", name="Vérifier mes fichiers").click()
    expect(page.locator("[data-resultat]")).to_contain_text("tirage.json a changé")
    expect(page.locator("[data-resultat]")).to_contain_text("La règle figée dit « salle du conseil »")
