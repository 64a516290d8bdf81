"""Adoption of a scenario: every projet decided in one act, no envelope exceeded."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from contrat_ville.comites import actes as comites
from contrat_ville.comites import inscription
from contrat_ville.comites.scenarios import actes as scenarios
from contrat_ville.comites.scenarios import adoption
from contrat_ville.comites.scenarios.actes import Saisie
from contrat_ville.models import ChoixScenario, Financement, LigneScenario, Projet, Scenario
from contrat_ville.workflow import PILOTAGE, TECHNIQUE
from participation.seances.models import PointDossier
from participation.seances.points import actes as points
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from tests.contrat_ville.comites.monde import (
    choisir,
    enveloppe,
    financeur_de,
    mettre,
    projet_a,
    scenario_de,
    seance_de,
    tenir,
)
from tests.contrat_ville.factories import ProgrammationFactory
from tests.outils import a_plusieurs

pytestmark = pytest.mark.django_db


# Adoption


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
        scenarios.changer_scenario(
            scenario,
            par=agent,
            projet=projet,
            montants={},
            choix=Saisie(choix, "retenu"),
            motif=Saisie(motif, ""),
        )
    enveloppe(programmation, financeur_de(un), 600)

    combien = adoption.arreter_programmation(scenario, par=agent, le=timezone.localdate())

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
        adoption.arreter_programmation(scenario, par=agent, le=timezone.localdate())

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
        adoption.arreter_programmation(scenario, par=agent, le=timezone.localdate())

    dit = refus.value.message
    for mots in (
        f"{un.reference} n’a pas encore de décision.",
        f"{tard.reference} n’a pas encore d’avis du comité technique.",
        f"{trois.reference}",
        "pas de montant accordé",
        f"{deux.reference} n’a pas de raison écrite",
    ):
        assert mots in dit


def test_what_the_reglement_reproaches_is_overridden_with_a_reason_only(programmation, agent):
    _, scenario = pret(programmation, agent, "850")

    with pytest.raises(ValidationError, match="pourquoi vous passez outre"):
        adoption.arreter_programmation(scenario, par=agent, le=timezone.localdate())
    adoption.arreter_programmation(
        scenario, par=agent, le=timezone.localdate(), motif="Seul projet du quartier."
    )

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
        adoption.arreter_programmation(scenario, par=agent, le=timezone.localdate())

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
            return adoption.arreter_programmation(
                Scenario.objects.get(pk=scenario.pk), par=agent, le=timezone.localdate()
            )
        return comites.retenir(
            Projet.objects.get(pk=projets[2].pk),
            par=agent,
            le=timezone.localdate(),
            montants={financeur_de(projets[2]).pk: Decimal(400)},
        )

    issues = a_plusieurs(2, geste)

    assert sum(isinstance(issue, ErreurMetier) for issue in issues) == 1
    assert Financement.objects.totaux()["accorde"] <= 800


@pytest.mark.django_db(transaction=True)
def test_two_agents_who_adopt_two_scenarios_at_once_adopt_one(agent):
    programmation = ProgrammationFactory(en_instruction=True)
    _, premier = pret(programmation, agent, 100)
    second = scenarios.creer_scenario(programmation, par=agent, nom="Autre", copie=premier)
    numeros = [premier.pk, second.pk]

    issues = a_plusieurs(
        2,
        lambda rang: adoption.arreter_programmation(
            Scenario.objects.get(pk=numeros[rang]), par=agent, le=timezone.localdate()
        ),
    )

    assert sum(isinstance(issue, ActeInterdit) for issue in issues) == 1
    assert Scenario.objects.filter(etat="adopte").count() == 1


def test_both_comites_decide_a_programmation_through_their_seances(programmation, agent):
    projets = [projet_a("instruction", programmation=programmation) for _ in range(3)]
    technique = seance_de(TECHNIQUE)
    (point,) = inscription.remplir_le_comite(technique, projets, par=agent, par_axe=True)
    scenario = scenario_de(programmation, agent, depart="demande")
    tenir(technique)
    with pytest.raises(ErreurMetier, match="n’en est pas à"):
        adoption.proposer_scenario(scenario, par=agent, seance=technique)
    points.passer_au_point(point, par=agent)
    assert adoption.proposer_scenario(scenario, par=agent, seance=technique) == 3

    pilotage = seance_de(PILOTAGE)
    (point,) = inscription.remplir_le_comite(pilotage, projets, par=agent, par_axe=True)
    tenir(pilotage)
    points.passer_au_point(point, par=agent)
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
    adoption.arreter_programmation(scenario, par=agent, le=timezone.localdate())
    programmation.refresh_from_db()

    with pytest.raises(ErreurMetier, match="1 décision reste à notifier"):
        adoption.clore_programmation(programmation, par=agent)
