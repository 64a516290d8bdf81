"""What-if scenarios: edited by several people at once, one writer per amount."""

import random
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from contrat_ville.comites import actes as comites
from contrat_ville.comites.enveloppes import consommations, enveloppes_de
from contrat_ville.comites.scenarios import actes as scenarios
from contrat_ville.comites.scenarios import lectures as lectures_scenarios
from contrat_ville.comites.scenarios.actes import Saisie
from contrat_ville.models import ChoixScenario, Financement, LigneScenario, Projet, Scenario
from participation.socle.erreurs import ErreurMetier, RoleInsuffisant
from participation.socle.models import Quartier
from participation.socle.workflow import Role
from tests.contrat_ville.comites.monde import (
    Z,
    choisir,
    enveloppe,
    financeur_de,
    mettre,
    projet_a,
    scenario_de,
)
from tests.contrat_ville.factories import PartenaireFactory, ProgrammationFactory, ProjetFactory
from tests.greffons.guichet import Guichet
from tests.outils import a_plusieurs, requetes
from tests.socle.factories import CompteFactory, commune

pytestmark = pytest.mark.django_db


# Initial amounts


def test_a_scenario_starts_from_what_the_comite_technique_proposes(programmation, agent):
    soutenu = projet_a(programmation=programmation, propose=Decimal(500))
    refuse = projet_a(programmation=programmation, propose=Z, raisons_techniques="Hors du sujet.")
    Projet.objects.filter(pk=refuse.pk).update(avis_technique="defavorable")

    scenario = scenario_de(programmation, agent)

    assert scenario.choix.get(projet=soutenu).choix == "retenu"
    assert scenario.lignes.get().montant == 500
    assert scenario.choix.get(projet=refuse).choix == "refuse"
    assert scenario.choix.get(projet=refuse).motif == "Hors du sujet."


def test_it_may_be_filled_in_the_order_of_the_list_until_nothing_is_left(programmation, agent):
    projets = [projet_a(programmation=programmation, demande=400) for _ in range(3)]
    enveloppe(programmation, financeur_de(projets[0]), 700)

    scenario = scenario_de(programmation, agent, depart="remplir")

    assert [ligne.total for ligne in lectures_scenarios.lignes_de(scenario, projets)] == [400, 300, 0]
    assert not any(ligne.est_depassee for ligne in lectures_scenarios.enveloppes_du_scenario(scenario))


def test_what_is_retained_without_a_scenario_is_said_beside_its_money(client, programmation, agent):
    projet = projet_a(programmation=programmation)
    comites.retenir(
        projet, par=agent, le=timezone.localdate(), montants={financeur_de(projet).pk: Decimal(432)}
    )
    scenario_de(programmation, agent, depart="rien")
    client.force_login(agent)

    page = client.get(reverse("contrat_ville:scenarios", args=[programmation.pk])).content.decode()

    (bilan,) = lectures_scenarios.comparer(programmation)
    assert (bilan.total, bilan.combien["retenu"], bilan.par_ailleurs) == (432, 0, 1)
    assert "retenu sans ce scénario" in page


def test_a_copy_lives_its_own_life(programmation, agent):
    projet = projet_a(programmation=programmation, propose=Decimal(500))
    premier = scenario_de(programmation, agent)

    second = scenarios.creer_scenario(programmation, par=agent, nom="Autre", copie=premier)
    mettre(second, projet, 300, agent, avant=500)

    assert premier.lignes.get().montant == 500
    assert second.lignes.get().montant == 300


def test_two_scenarios_of_a_year_do_not_bear_one_name(programmation, agent):
    scenario_de(programmation, agent)
    with pytest.raises(ValidationError, match="déjà ce nom"):
        scenario_de(programmation, agent, nom="équilibré")


# Several editors


@pytest.mark.django_db(transaction=True)
def test_two_screens_that_change_one_amount_at_once_have_one_winner_and_the_other_is_told(agent):
    programmation = ProgrammationFactory(en_instruction=True)
    projet = projet_a(programmation=programmation, propose=Decimal(500))
    numero = scenario_de(programmation, agent).pk
    sommes = [600, 700]

    issues = a_plusieurs(
        2, lambda rang: mettre(Scenario.objects.get(pk=numero), projet, sommes[rang], agent, avant=500)
    )

    (perdant,) = [rang for rang, phrases in enumerate(issues) if phrases]
    gagnant = sommes[1 - perdant]
    phrase, _ = issues[perdant]
    assert LigneScenario.objects.get().montant == gagnant
    assert f"a mis {gagnant}\xa0€" in phrase
    assert f"Votre montant, {sommes[perdant]}\xa0€, n’est pas enregistré." in phrase


def test_a_row_refused_because_of_its_choice_leaves_nothing_under_the_choice_of_another(programmation, agent):
    projet = projet_a(programmation=programmation, propose=Decimal(500))
    financement = projet.financements.get()
    scenario = scenario_de(programmation, agent)
    scenario.choix.filter(projet=projet).update(choix="")
    scenarios.changer_scenario(scenario, par=agent, projet=projet, montants={}, choix=Saisie("retenu", ""))

    phrases = scenarios.changer_scenario(
        scenario,
        par=agent,
        projet=projet,
        montants={financement.pk: Saisie(Decimal(0), Decimal(500))},
        choix=Saisie("refuse", ""),
        motif=Saisie("Trop cher.", ""),
    )

    (garde,) = scenario.choix.filter(projet=projet)
    assert (garde.choix, garde.motif, scenario.lignes.get().montant) == ("retenu", "", 500)
    assert "Trop cher." in phrases[-2]
    assert phrases[-1] == "Rien de ce que vous avez mis pour ce projet n’est enregistré."


def test_who_sends_the_row_without_touching_an_amount_overwrites_nothing(programmation, agent):
    projet = projet_a(programmation=programmation, propose=Decimal(500))
    scenario = scenario_de(programmation, agent)
    mettre(scenario, projet, 650, agent, avant=500)

    phrases = mettre(scenario, projet, 500, agent, avant=500)

    assert phrases == []
    assert scenario.lignes.get().montant == 650


def test_each_financer_writes_its_own_amount_and_no_other(programmation, agent):
    projet = projet_a(programmation=programmation)
    grenoble = PartenaireFactory(commune=commune("Grenoble"))
    sien = Financement.objects.create(projet=projet, financeur=grenoble, demande=Decimal(100))
    autre = projet.financements.exclude(pk=sien.pk).get()
    scenario = scenario_de(programmation, agent, depart="rien")
    elle = CompteFactory(role=Role.AGENT_COMMUNE, commune=commune("Grenoble"))

    scenarios.changer_scenario(scenario, par=elle, projet=projet, montants={sien.pk: Saisie(Decimal(80), Z)})

    assert scenario.lignes.get().montant == 80
    with pytest.raises(RoleInsuffisant, match="décide de son montant"):
        scenarios.changer_scenario(
            scenario, par=elle, projet=projet, montants={autre.pk: Saisie(Decimal(1), Z)}
        )
    with pytest.raises(RoleInsuffisant, match="agent du service"):
        choisir(scenario, projet, elle, "refuse")
    with pytest.raises(RoleInsuffisant, match="aucun financeur"):
        choisir(scenario, projet, CompteFactory(role=Role.AGENT_COMMUNE, commune=commune("Meylan")), "refuse")


def test_the_screen_answers_204_until_something_changes(client, programmation, agent):
    projet = projet_a(programmation=programmation, propose=Decimal(500))
    scenario = scenario_de(programmation, agent)
    client.force_login(agent)
    adresse = reverse("contrat_ville:scenario_etat", args=[scenario.pk])
    vue = lectures_scenarios.version_de(scenario.pk)
    assert client.get(adresse, {"version": vue}).status_code == 204

    mettre(scenario, projet, 501, agent, avant=500)
    apres = client.get(adresse, {"version": vue})

    assert apres.status_code == 200
    assert "data-ecran" in apres.content.decode()
    assert "<html" not in apres.content.decode()
    enveloppe(programmation, financeur_de(projet), 10)
    assert lectures_scenarios.version_de(scenario.pk) != apres.context["version"]


def test_an_amount_is_changed_without_script_and_what_cannot_be_read_is_said(client, programmation, agent):
    projet = projet_a(programmation=programmation, propose=Decimal(500))
    scenario, nom = scenario_de(programmation, agent), f"montant_{projet.financements.get().pk}"
    client.force_login(agent)
    adresse = reverse("contrat_ville:changer_scenario", args=[scenario.pk])

    page = client.post(
        adresse, {"projet": projet.pk, nom: "1 234,50", f"avant_{nom}": "500"}, follow=True
    ).content.decode()
    assert scenario.lignes.get().montant == Decimal("1234.50")
    assert 'value="1234,50"' in page
    assert "lui en demande 800" in page

    page = client.post(
        adresse, {"projet": projet.pk, nom: "1,234", f"avant_{nom}": "1234,50"}, follow=True
    ).content.decode()
    assert "deux chiffres après la virgule" in page
    assert scenario.lignes.get().montant == Decimal("1234.50")


def test_what_has_no_choice_gets_one_in_one_act_and_a_reason_already_written_stays(programmation, agent):
    choisi, ecrit, sans_axe, ailleurs = (projet_a(programmation=programmation) for _ in range(4))
    Projet.objects.filter(pk=sans_axe.pk).update(axe=None)
    scenario = scenario_de(programmation, agent, depart="rien")
    choisir(scenario, choisi, agent, "retenu")
    ChoixScenario.objects.create(scenario=scenario, projet=ecrit, motif="Une raison à lui.")

    assert (
        scenarios.choisir_le_reste(scenario, par=agent, choix="ajourne", motif="Sans axe.", axe="sans") == 1
    )
    assert scenarios.choisir_le_reste(scenario, par=agent, choix="refuse", motif="Trop de projets.") == 2

    lus = {c.projet_id: (c.choix, c.motif) for c in scenario.choix.all()}
    assert lus == {
        choisi.pk: ("retenu", ""),
        ecrit.pk: ("refuse", "Une raison à lui."),
        sans_axe.pk: ("ajourne", "Sans axe."),
        ailleurs.pk: ("refuse", "Trop de projets."),
    }
    with pytest.raises(ErreurMetier, match="n’attend de choix"):
        scenarios.choisir_le_reste(scenario, par=agent, choix="refuse", motif="Encore.")


def test_the_screen_is_filtered_and_an_answer_stands_on_the_row_that_it_is_about(
    client, programmation, agent
):
    projet, sans_axe = (projet_a(programmation=programmation, propose=Decimal(500)) for _ in range(2))
    Projet.objects.filter(pk=sans_axe.pk).update(axe=None)
    projet.quartiers.set(Quartier.objects.filter(commune__nom="Grenoble")[:1])
    scenario, nom = scenario_de(programmation, agent), f"montant_{projet.financements.get().pk}"
    scenario.choix.filter(projet=sans_axe).update(choix="")
    client.force_login(agent)

    def montres(**filtres):
        return [li.projet for li in client.get(scenario.get_absolute_url(), filtres).context["lignes"]]

    assert montres(axe="sans") == [sans_axe]
    assert montres(choix="aucun") == [sans_axe]
    assert montres(choix="retenu") == [projet]
    assert montres(commune=commune("Grenoble").pk) == [projet]
    mettre(scenario, projet, 650, agent, avant=500)
    perdu = client.post(
        reverse("contrat_ville:changer_scenario", args=[scenario.pk]),
        {"projet": projet.pk, nom: "700", f"avant_{nom}": "500"},
        follow=True,
    )
    ligne = perdu.content.decode().partition(f'id="p-{projet.pk}"')[2].partition("</li>")[0]
    assert "entre-temps" in ligne
    assert perdu.content.decode().count("entre-temps") == 1


def test_a_projet_that_is_not_there_is_not_found(client, programmation, agent):
    scenario = scenario_de(programmation, agent)
    client.force_login(agent)
    changer = reverse("contrat_ville:changer_scenario", args=[scenario.pk])

    assert client.get(scenario.get_absolute_url(), {"axe": "²"}).status_code == 200
    for valeurs in ({"projet": "x"}, {"projet": "²"}, {"projet": "999999999"}, {}):
        assert client.post(changer, valeurs).status_code == 404


def test_the_queries_of_the_screen_do_not_grow_with_the_projets(client, programmation, agent):
    def ajouter(combien):
        for _ in range(combien):
            projet = projet_a(programmation=programmation, propose=Decimal(10))
            Financement.objects.create(projet=projet, financeur=PartenaireFactory(), demande=Decimal(5))

    ajouter(1)
    scenario = scenario_de(programmation, agent)
    client.force_login(agent)
    requetes(client, scenario.get_absolute_url())
    une = len(requetes(client, scenario.get_absolute_url()))
    ajouter(6)

    assert len(requetes(client, scenario.get_absolute_url())) <= une


# Counts by SQL equal those of the rules


@pytest.mark.parametrize("graine", range(4))
def test_the_envelopes_on_screen_are_those_of_the_rules(programmation, agent, graine):
    hasard = random.Random(graine)
    axes, lieux = list(programmation.contrat.axes.all()), list(Quartier.objects.all()[:4])
    financeurs = [PartenaireFactory(), PartenaireFactory()]
    for financeur in financeurs:
        for portee in ({}, {"axe": axes[0]}, {"quartier": lieux[0]}, {"axe": axes[1], "quartier": lieux[1]}):
            enveloppe(programmation, financeur, hasard.randrange(500), **portee)
    for _ in range(8):
        etat = hasard.choice(["propose", "instruction", "retenu", "refuse", "depose"])
        champs = {"motif_decision": "x"} if etat == "refuse" else {}
        projet = ProjetFactory(
            programmation=programmation, etat=etat, axe=hasard.choice(axes), budget=False, **champs
        )
        projet.quartiers.set(hasard.sample(lieux, hasard.randrange(4)))
        for financeur in financeurs:
            accorde = hasard.randrange(30_000) / Decimal(100) if etat == "retenu" else None
            Financement.objects.create(
                projet=projet,
                financeur=financeur,
                demande=hasard.randrange(40_000) / Decimal(100),
                accorde=accorde,
            )
    scenario = scenario_de(programmation, agent, depart="demande")
    dernier = scenario.choix.last()
    ChoixScenario.objects.filter(pk=dernier.pk).update(choix="ajourne")

    lues = {ligne.nom: ligne.donne for ligne in lectures_scenarios.enveloppes_du_scenario(scenario)}

    regles = enveloppes_de(programmation)
    prises = consommations(regles, lectures_scenarios.parts_du_scenario(scenario))
    assert lues == {e.nom: prises[e.cle] for e in regles}


def test_a_scenario_takes_another_name_that_no_other_has(programmation, agent):
    scenario, guichet = scenario_de(programmation, agent), Guichet(agent, en_hate=True)
    autre = scenario_de(programmation, agent, nom="Autre")
    page = reverse("contrat_ville:renommer_scenario", args=[scenario.pk])
    guichet.valider(page, nom=autre.nom.upper())
    assert "Un autre scénario de cette année a déjà ce nom." in guichet.dit
    guichet.valider(nom="Prudent", note="Garder une réserve.")

    scenario.refresh_from_db()
    assert (scenario.nom, scenario.note) == ("Prudent", "Garder une réserve.")
