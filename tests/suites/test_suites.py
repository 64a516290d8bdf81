"""Suites asked or promised: responsible, date, état, letters."""

import json
import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from participation.socle.erreurs import ActeInterdit, RoleInsuffisant
from participation.socle.francais import jour_texte
from participation.socle.models import Courriel
from participation.suites import actes as suites
from participation.suites import promesse
from participation.suites.models import Suite
from participation.suites.rendu_compte.lectures import bilan
from participation.suites.workflow import ABOUTIS, ARRIVEES, Etat, Origine
from tests.petitions.factories import PetitionFactory, SignatureFactory
from tests.socle.factories import DirectionFactory, agent_de_direction
from tests.suites.factories import AbonnementFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def suite(agent):
    return suites.ajouter_suite(
        PetitionFactory(debattue=True), par=agent, intitule="Faire la piste", direction=DirectionFactory(),
        date_limite=timezone.localdate() + timedelta(days=90),
    )  # fmt: skip


def test_a_promise_is_due_from_its_direction_which_is_told(suite):
    echeance = suite.dossier.echeances.get(cle=f"suite-{suite.pk}")
    assert (echeance.direction, echeance.date_limite) == (suite.direction, suite.date_limite)
    assert echeance.rappels == [30, 7]
    assert Courriel.objects.get(acte="suites/ajouter_suite").destinataires == [suite.direction.courriel]
    assert suite.dossier.journal.get(acte="ajouter_suite").est_publique


def test_what_is_asked_is_nowhere_said_to_be_promised(client, suite, agent):
    """A commission or a pétition asks without a promise: pages, letters and open data say « demandé »."""
    Suite.objects.filter(pk=suite.pk).update(demandee_par="la CCSPL")
    lettre = Courriel.objects.get(acte="suites/ajouter_suite")
    suites.changer_etat(suite, par=agent, vers=Etat.NON_SUIVIE, motif="Trop cher.")
    lignes = json.loads(client.get(reverse("suites:donnees_json")).getvalue())["suites"]
    assert (lignes[0]["origine"], lignes[0]["promise_le"], lignes[0]["date_promise"]) == (
        "demandee",
        None,
        None,
    )
    page = client.get(reverse("suites:rendu_compte")).content.decode()
    assert "Demandé par la CCSPL" in page
    sans_definitions = re.sub(r"<details.*?</details>|<form.*?</form>", "", page, flags=re.DOTALL)
    for texte in (lettre.sujet + lettre.corps, sans_definitions.partition("lignes")[2]):
        assert "promi" not in texte.casefold()


def test_a_promise_has_its_day_and_its_act_and_may_come_after_the_demand(client, suite, agent):
    """« Promis » requires an act of the metropolis."""
    hier = timezone.localdate() - timedelta(days=1)
    autre = {"par": agent, "intitule": "Éclairer", "direction": suite.direction, "origine": Origine.PROMISE}
    with pytest.raises(ValidationError, match="par quel acte"):
        suites.ajouter_suite(suite.dossier, **autre, promise_le=hier)
    promise = suites.ajouter_suite(
        suite.dossier, **autre, promise_le=hier, acte_promesse="délibération n° 12"
    )
    assert promise.naissance == "Promis par la Métropole"

    abonne = AbonnementFactory(dossier=suite.dossier)
    promesse.promettre(suite, par=agent, promise_le=hier, acte_promesse="délibération n° 13")
    lettre = Courriel.objects.get(acte="suites/changer_etat", destinataires=[abonne.courriel])
    assert "délibération n° 13" in lettre.corps
    page = client.get(reverse("suites:rendu_compte")).content.decode()
    assert "délibération" in page
    assert bilan().promises == 2


def test_its_own_direction_says_where_it_stands_and_no_other(suite):
    suites.changer_etat(suite, par=agent_de_direction(suite.direction), vers=Etat.A_L_ETUDE)
    with pytest.raises(RoleInsuffisant):
        suites.changer_etat(suite, par=agent_de_direction(), vers=Etat.SUIVIE)


def test_a_refusal_owes_its_reason(suite, agent):
    with pytest.raises(ValidationError):
        suites.changer_etat(suite, par=agent, vers=Etat.NON_SUIVIE)
    suite.refresh_from_db()
    assert suite.etat == Etat.RECUE


def test_what_is_done_is_due_no_more_and_told_to_those_who_follow(suite, agent):
    petition = suite.dossier.enfant
    curieux = SignatureFactory(petition=petition, confirmee=True, accord_nouvelles=True)
    pour = timezone.localdate() + timedelta(days=200)
    change = suites.changer_etat(suite, par=agent, vers=Etat.SUIVIE, date_limite=pour)
    # A moved date is shown in the public history, and in the letter to who asked.
    assert change.precision == f"À faire le {jour_texte(pour)} au plus tard"
    assert change.precision in Courriel.objects.filter(acte="petitions/changer_suite").latest("pk").corps
    suites.changer_etat(suite, par=agent, vers=Etat.REALISEE, texte_public="La piste est ouverte.")

    assert not petition.echeances.ouvertes().filter(cle=f"suite-{suite.pk}").exists()
    lettres = Courriel.objects.filter(acte="petitions/changer_suite")
    assert {c.destinataires[0] for c in lettres} == {petition.auteur.courriel, curieux.courriel}
    assert any("La piste est ouverte." in c.corps for c in lettres)


def test_a_refusal_taken_back_is_due_again(suite, agent):
    suites.changer_etat(suite, par=agent, vers=Etat.NON_SUIVIE, motif="Trop cher.")
    assert not suite.dossier.echeances.ouvertes().filter(cle=f"suite-{suite.pk}").exists()
    suites.changer_etat(suite, par=agent, vers=Etat.A_L_ETUDE)
    assert suite.dossier.echeances.ouvertes().filter(cle=f"suite-{suite.pk}").exists()
    assert suite.motif == ""


def test_no_arrow_is_skipped(suite, agent):
    with pytest.raises(ActeInterdit):
        suites.changer_etat(suite, par=agent, vers=Etat.REALISEE)


def test_every_etat_is_reached_and_ends():
    arrivees = frozenset().union(*ARRIVEES.values())
    assert arrivees | {Etat.RECUE} == set(Etat.values)
    assert all(etat in ARRIVEES for etat in Etat.values)
    assert {etat for etat, suivants in ARRIVEES.items() if not suivants} <= ABOUTIS


def test_the_page_is_for_who_may_change_it(client, suite):
    adresse = reverse("suites:changer_etat", args=[suite.pk])
    client.force_login(agent_de_direction())
    assert client.get(adresse).status_code == 404

    client.force_login(agent_de_direction(suite.direction))
    assert client.get(adresse).status_code == 200
    client.post(adresse, {"etat": "a_l_etude", "texte_public": "Nous étudions."})
    suite.refresh_from_db()
    assert suite.etat == Etat.A_L_ETUDE


def test_the_page_says_of_a_late_suite_that_it_was_owed(client, suite, agent):
    client.force_login(agent)
    assert "la rend le" in client.get(suite.get_absolute_url()).content.decode()
    Suite.objects.filter(pk=suite.pk).update(date_limite=timezone.localdate() - timedelta(days=1))

    assert "devait la rendre le" in client.get(suite.get_absolute_url()).content.decode()


def test_the_direction_that_owes_a_suite_opens_the_dossier(client, suite):
    client.force_login(agent_de_direction(suite.direction))
    assert client.get(reverse("petitions:dossier", args=[suite.dossier_id])).status_code == 200
