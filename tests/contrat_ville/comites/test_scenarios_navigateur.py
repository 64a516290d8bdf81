"""Two browsers on one scenario, one a phone: a change in one shows in the other."""

from decimal import Decimal

import pytest
from playwright.sync_api import expect

from contrat_ville.comites.scenarios import actes as scenarios
from contrat_ville.models import LigneScenario
from tests.contrat_ville.comites.monde import enveloppe, financeur_de, projet_a
from tests.contrat_ville.factories import ProgrammationFactory
from tests.greffons.navigateur import TELEPHONE, controler
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_amount_changed_on_one_screen_shows_on_the_other_with_what_remains(entrer):
    agent, programmation = CompteFactory(agent=True), ProgrammationFactory(en_instruction=True)
    projet = projet_a(programmation=programmation, propose=Decimal(500))
    projet_a(programmation=programmation, propose=Decimal(300))
    enveloppe(programmation, financeur_de(projet), 1000)
    scenario = scenarios.creer_scenario(programmation, par=agent, nom="Équilibré")
    champ = f"#montant_{projet.financements.get().pk}"
    bureau, telephone = entrer(agent), entrer(agent, TELEPHONE)
    for page in (bureau, telephone):
        page.goto(scenario.get_absolute_url())
        expect(page.locator("#r-enveloppes")).to_contain_text("reste 200")
        # Each button of the header opens a page; amounts are changed in their row.
        assert page.locator("#r-tete a", has_text="Enregistrer").count() == 0
        controler(page)

    telephone.locator(champ).fill("750,50")
    telephone.locator(f"#p-{projet.pk} button").click()

    expect(bureau.locator("#r-enveloppes")).to_contain_text("dépassée de 50,50")
    expect(bureau.locator(champ)).to_have_value("750,50")
    expect(telephone.locator("#r-enveloppes")).to_contain_text("dépassée de 50,50")
    assert LigneScenario.objects.get(financement__projet=projet).montant == Decimal("750.50")
    controler(bureau)
