"""What the budgets of the quartiers add to shared pages."""

from datetime import timedelta

import pytest
from django.utils import timezone

from participation.budgets import vitrine
from participation.budgets.models import Idee
from participation.socle.calendrier import jours_entre
from participation.socle.vitrine import recueillir
from tests.budgets.factories import budget_en, forum_le, idee_de, inscription_a, jalon_de, projet_de
from tests.outils import taches_du_jour
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db


def taches(compte):
    return {tache.quoi: tache for tache in taches_du_jour(compte, vitrine.section_journee)}


def test_the_home_opens_a_budget_where_one_may_propose_or_vote_and_a_forum_one_may_join():
    for phase in ("idees", "discussion", "vote"):
        budget_en(phase, titre=f"Budget, {phase}")
    forum_le(titre="Forum ouvert")
    forum_le(titre="Forum passé", date_limite=timezone.localdate() - timedelta(days=1))

    section = vitrine.section_accueil()

    assert [o.titre for o in section.ouverts] == ["Budget, vote", "Budget, idees", "Forum ouvert"]


def test_the_day_of_an_agent_says_what_waits_and_since_when():
    agent = CompteFactory(agent=True)
    discussion = budget_en("discussion")
    vieille = idee_de(discussion, etat="a_lire")
    Idee.objects.filter(pk=vieille.pk).update(ouvert_le=timezone.localtime() - timedelta(days=4))
    idee_de(discussion, etat="a_lire")
    idee_de(discussion)
    retard = jalon_de(projet_de(budget_en("realisation"), etat="en_cours"))
    inscription_a(forum_le(-100, etat="tenu"))

    lues = taches(agent)

    assert jours_entre(lues["Lire 2 idées"].depuis, timezone.now()) == 4
    assert "Réunir 1 idée libre" in lues
    assert lues["Dire où en est l’étape"].date_limite == retard.date_prevue
    assert lues["Effacer 1 personne"].quand == "Délai passé"
    assert taches(CompteFactory(role="accueil")) == {}


def test_the_page_on_personal_data_says_what_is_kept_of_authors_and_of_registrations():
    titres = [t.titre for t in recueillir("traitements")]

    assert "Recevoir vos idées pour les budgets des quartiers" in titres
    assert "Préparer les forums des quartiers" in titres


def test_the_plan_of_the_site_lists_what_is_published_alone():
    budget = budget_en("idees")
    publiee, lue = idee_de(budget), idee_de(budget, etat="a_lire")

    adresses = {page.url for page in vitrine.plan_du_site()}

    assert {budget.get_public_url(), publiee.get_public_url()} <= adresses
    assert lue.get_public_url() not in adresses
