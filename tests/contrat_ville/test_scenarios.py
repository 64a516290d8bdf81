"""What-if scenarios: many hands on one screen, one winner for each amount; what is adopted never exceeds an envelope."""

import random
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from contrat_ville.actions import adoption, comites
from contrat_ville.actions import scenarios as actions
from contrat_ville.actions.scenarios import Saisie
from contrat_ville.lectures import scenarios as lectures
from contrat_ville.lectures.enveloppes import enveloppes_de
from contrat_ville.models import ChoixScenario, Financement, LigneScenario, Projet, Scenario
from contrat_ville.regles.enveloppes import consommations
from contrat_ville.workflow.comites import PILOTAGE, TECHNIQUE
from participation.seances.actions import deroule
from participation.seances.models import PointDossier
from participation.socle.erreurs import ActeInterdit, ErreurMetier, RoleInsuffisant
from participation.socle.models import Quartier
from participation.socle.workflow import Role
from tests.contrat_ville.comites import enveloppe, financeur_de, projet_a, seance_de, tenir
from tests.contrat_ville.factories import PartenaireFactory, ProgrammationFactory, ProjetFactory
from tests.outils import a_plusieurs, requetes
from tests.socle.factories import CompteFactory, commune

pytestmark = pytest.mark.django_db
Z = Decimal(0)


@pytest.fixture
def agent():
    return CompteFactory(agent=True)


@pytest.fixture
def programmation():
    return ProgrammationFactory(en_instruction=True)


def scenario_de(programmation, agent, depart="propose", nom="Équilibré"):
    return actions.creer_scenario(programmation, par=agent, nom=nom, depart=depart)


def mettre(scenario, projet, montant, par, avant=Z):
    return actions.changer_scenario(
        scenario,
        par=par,
        projet=projet,
        montants={projet.financements.get().pk: Saisie(Decimal(montant), Decimal(avant))},
    )


def choisir(scenario, projet, par, choix, motif=""):
    return actions.changer_scenario(
        scenario, par=par, projet=projet, montants={}, choix=Saisie(choix, ""), motif=Saisie(motif, "")
    )


# Where it starts from


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

    assert [ligne.total for ligne in lectures.lignes_de(scenario, projets)] == [400, 300, 0]
    assert not any(ligne.est_depassee for ligne in lectures.enveloppes_du_scenario(scenario))


def test_a_copy_lives_its_own_life(programmation, agent):
    projet = projet_a(programmation=programmation, propose=Decimal(500))
    premier = scenario_de(programmation, agent)

    second = actions.creer_scenario(programmation, par=agent, nom="Autre", copie=premier)
    mettre(second, projet, 300, agent, avant=500)

    assert premier.lignes.get().montant == 500
    assert second.lignes.get().montant == 300


def test_two_scenarios_of_a_year_do_not_bear_one_name(programmation, agent):
    scenario_de(programmation, agent)
    with pytest.raises(ValidationError, match="déjà ce nom"):
        scenario_de(programmation, agent, nom="équilibré")


# Several hands


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
    (phrase,) = issues[perdant]
    assert LigneScenario.objects.get().montant == gagnant
    assert f"a mis {gagnant}\xa0€" in phrase
    assert f"Votre montant, {sommes[perdant]}\xa0€, n’est pas enregistré." in phrase


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

    actions.changer_scenario(scenario, par=elle, projet=projet, montants={sien.pk: Saisie(Decimal(80), Z)})

    assert scenario.lignes.get().montant == 80
    with pytest.raises(RoleInsuffisant, match="décide de son montant"):
        actions.changer_scenario(
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
    vue = lectures.version_de(scenario.pk)
    assert client.get(adresse, {"version": vue}).status_code == 204

    mettre(scenario, projet, 501, agent, avant=500)
    apres = client.get(adresse, {"version": vue})

    assert apres.status_code == 200
    assert "data-ecran" in apres.content.decode()
    assert "<html" not in apres.content.decode()
    enveloppe(programmation, financeur_de(projet), 10)
    assert lectures.version_de(scenario.pk) != apres.context["version"]


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


@pytest.mark.parametrize("valeurs", [{"projet": "x"}, {"projet": "999999999"}, {}])
def test_a_projet_that_is_not_there_is_not_found(client, programmation, agent, valeurs):
    scenario = scenario_de(programmation, agent)
    client.force_login(agent)

    assert (
        client.post(reverse("contrat_ville:changer_scenario", args=[scenario.pk]), valeurs).status_code == 404
    )


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


# What the database counts is what the rules count


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

    lues = {ligne.nom: ligne.donne for ligne in lectures.enveloppes_du_scenario(scenario)}

    regles = enveloppes_de(programmation)
    prises = consommations(regles, lectures.parts_du_scenario(scenario))
    assert lues == {e.nom: prises[e.cle] for e in regles}


# Adopting


def pret(programmation, agent, *sommes):
    projets = [projet_a(programmation=programmation, propose=Decimal(s)) for s in sommes]
    return projets, scenario_de(programmation, agent)


def test_an_adopted_scenario_decides_every_projet_in_one_act(programmation, agent):
    (un, deux, trois, quatre), scenario = pret(programmation, agent, 500, 300, 200, 100)
    for projet, choix, motif in (
        (deux, "refuse", "Trop cher."),
        (trois, "ajourne", "À préciser."),
        (quatre, "sous_reserve", "Le bilan."),
    ):
        actions.changer_scenario(
            scenario,
            par=agent,
            projet=projet,
            montants={},
            choix=Saisie(choix, "retenu"),
            motif=Saisie(motif, ""),
        )
    enveloppe(programmation, financeur_de(un), 600)

    combien = adoption.arreter_programmation(scenario, par=agent)

    assert combien == 4
    lus = [Projet.objects.get(pk=p.pk) for p in (un, deux, trois, quatre)]
    assert [p.etat for p in lus] == ["retenu", "refuse", "ajourne", "sous_reserve"]
    assert (lus[1].motif_decision, lus[3].reserve) == ("Trop cher.", "Le bilan.")
    assert Financement.objects.totaux()["accorde"] == 600
    programmation.refresh_from_db()
    scenario.refresh_from_db()
    assert (programmation.etat, scenario.etat) == ("programmee", "adopte")
    with pytest.raises(ActeInterdit):
        mettre(scenario, un, 1, agent, avant=500)


def test_a_scenario_that_exceeds_an_envelope_by_a_cent_is_not_adopted(programmation, agent):
    (un, _), scenario = pret(programmation, agent, 500, "100.01")
    enveloppe(programmation, financeur_de(un), 600)

    with pytest.raises(ErreurMetier, match="0,01\xa0€ de trop"):
        adoption.arreter_programmation(scenario, par=agent)

    assert Projet.objects.get(pk=un.pk).etat == "propose"
    assert Financement.objects.totaux()["accorde"] == 0


def test_what_is_missing_before_adopting_is_said_all_at_once(programmation, agent):
    (un, deux, trois), scenario = pret(programmation, agent, 500, 300, 200)
    tard = projet_a("instruction", programmation=programmation)
    ChoixScenario.objects.filter(projet=un).update(choix="")
    ChoixScenario.objects.filter(projet=deux).update(choix="refuse")
    LigneScenario.objects.filter(financement__projet=trois).update(montant=0)
    choisir(scenario, tard, agent, "refuse", "Non.")

    with pytest.raises(ErreurMetier) as refus:
        adoption.arreter_programmation(scenario, par=agent)

    dit = refus.value.message
    for mots in (
        f"{un.reference} n’a pas encore de choix.",
        f"{tard.reference} n’est pas passé devant le comité technique.",
        f"{trois.reference}",
        "sans montant",
        f"{deux.reference} n’a pas sa raison",
    ):
        assert mots in dit


def test_what_the_reglement_reproaches_is_overridden_with_a_reason_only(programmation, agent):
    _, scenario = pret(programmation, agent, "850")

    with pytest.raises(ValidationError, match="pourquoi vous passez outre"):
        adoption.arreter_programmation(scenario, par=agent)
    adoption.arreter_programmation(scenario, par=agent, motif="Seul projet du quartier.")

    entree = programmation.journal.get(acte="arreter_programmation")
    assert entree.motif == "Seul projet du quartier."
    assert any("lui en demande 800" in phrase for phrase in entree.details["a_redire"])


def test_an_adoption_cut_between_two_projets_leaves_nothing(programmation, agent, monkeypatch):
    _, scenario = pret(programmation, agent, 100, 100, 100)
    vraie, faits = comites.retenir, []

    def coupee(projet, **reponses):
        if len(faits) == 2:
            raise OSError("coupure")
        faits.append(projet)
        vraie(projet, **reponses)

    monkeypatch.setattr(comites, "retenir", coupee)
    with pytest.raises(OSError, match="coupure"):
        adoption.arreter_programmation(scenario, par=agent)

    assert len(faits) == 2
    assert set(Projet.objects.values_list("etat", flat=True)) == {"propose"}
    assert Financement.objects.totaux()["accorde"] == 0
    programmation.refresh_from_db()
    assert programmation.etat == "instruction"


@pytest.mark.django_db(transaction=True)
def test_an_adoption_and_a_decision_at_once_never_exceed_an_envelope_nor_lock_up(agent):
    programmation = ProgrammationFactory(en_instruction=True)
    projets, scenario = pret(programmation, agent, 400, 400, 400)
    ChoixScenario.objects.filter(projet=projets[2]).update(choix="refuse", motif="Trop.")
    enveloppe(programmation, financeur_de(projets[0]), 800)

    def geste(rang):
        if rang == 0:
            return adoption.arreter_programmation(Scenario.objects.get(pk=scenario.pk), par=agent)
        return comites.retenir(
            Projet.objects.get(pk=projets[2].pk),
            par=agent,
            montants={financeur_de(projets[2]).pk: Decimal(400)},
        )

    issues = a_plusieurs(2, geste)

    assert sum(isinstance(issue, ErreurMetier) for issue in issues) == 1
    assert Financement.objects.totaux()["accorde"] <= 800


@pytest.mark.django_db(transaction=True)
def test_two_agents_who_adopt_two_scenarios_at_once_adopt_one(agent):
    programmation = ProgrammationFactory(en_instruction=True)
    _, premier = pret(programmation, agent, 100)
    second = actions.creer_scenario(programmation, par=agent, nom="Autre", copie=premier)
    numeros = [premier.pk, second.pk]

    issues = a_plusieurs(
        2, lambda rang: adoption.arreter_programmation(Scenario.objects.get(pk=numeros[rang]), par=agent)
    )

    assert sum(isinstance(issue, ActeInterdit) for issue in issues) == 1
    assert Scenario.objects.filter(etat="adopte").count() == 1


def test_both_comites_decide_a_programmation_through_their_seances(programmation, agent):
    projets = [projet_a("instruction", programmation=programmation) for _ in range(3)]
    technique = seance_de(TECHNIQUE)
    (point,) = comites.remplir_le_comite(technique, projets, par=agent, par_axe=True)
    scenario = scenario_de(programmation, agent, depart="demande")
    tenir(technique)
    with pytest.raises(ErreurMetier, match="n’en est pas à"):
        adoption.proposer_scenario(scenario, par=agent, seance=technique)
    deroule.passer_au_point(point, par=agent)
    assert adoption.proposer_scenario(scenario, par=agent, seance=technique) == 3

    pilotage = seance_de(PILOTAGE)
    (point,) = comites.remplir_le_comite(pilotage, projets, par=agent, par_axe=True)
    tenir(pilotage)
    deroule.passer_au_point(point, par=agent)
    adoption.arreter_programmation(scenario, par=agent, seance=pilotage)

    assert set(Projet.objects.values_list("etat", flat=True)) == {"retenu"}
    decisions = PointDossier.objects.order_by("pk").values_list("decision", flat=True)
    assert list(decisions) == ["proposer"] * 3 + ["retenir"] * 3
    assert projets[0].journal.filter(acte="decider_en_seance").count() == 2


def test_the_page_of_the_adoption_says_what_stands_in_the_way_before(client, programmation, agent):
    (un,), scenario = pret(programmation, agent, 500)
    enveloppe(programmation, financeur_de(un), 100)
    client.force_login(agent)

    page = client.get(reverse("contrat_ville:arreter_programmation", args=[scenario.pk])).content.decode()
    cote = client.get(reverse("contrat_ville:scenarios", args=[programmation.pk])).content.decode()

    assert "400\xa0€ de trop" in page
    assert "dépassée de 400\xa0€" in cote


def test_a_programmation_closes_once_everybody_is_told(programmation, agent):
    _, scenario = pret(programmation, agent, 100)
    adoption.arreter_programmation(scenario, par=agent)
    programmation.refresh_from_db()

    with pytest.raises(ErreurMetier, match="1 décision reste à notifier"):
        adoption.clore_programmation(programmation, par=agent)
