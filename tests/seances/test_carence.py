"""A séance that stops for want of a quorum: its points, its procès-verbal, its second convocation."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from participation.seances.convocation.seconde import seconde_convocation
from participation.seances.ecrans import tenue
from participation.seances.fiche import phrases
from participation.seances.models import Presence, Seance
from participation.seances.points import actes as points
from participation.seances.proces_verbaux import mise_en_page, releve
from participation.seances.votes.actes import voter
from participation.seances.votes.cloture import clore_vote
from participation.socle.erreurs import ErreurMetier
from participation.socle.francais import heure
from tests.seances.factories import MembreFactory, relire
from tests.seances.salle import convies, ouvrir, page, point_en_cours

pytestmark = pytest.mark.django_db


@pytest.fixture
def perdue(seance, agent):
    """A séance that voted one avis, opened another and left it, then lost its quorum."""
    presents = convies(seance, 3)
    vote = ouvrir(point_en_cours(seance, agent, titre="Voté", nature="avis"), agent)
    for convie in presents:
        voter(vote, convie, sens="pour")
    clore_vote(vote, par=agent)
    point_en_cours(seance, agent, titre="Ouvert, sans vote", nature="avis")
    point_en_cours(seance, agent, titre="Dit", nature="information")
    Presence.objects.filter(convie__in=presents[1:]).update(depart=timezone.now())
    convies(seance, 4, presents=False)
    tenue.reporter(relire(seance), par=agent)
    return relire(seance)


def test_a_point_that_awaits_a_vote_is_not_treated_by_leaving_it(seance, agent):
    convies(seance, 3)
    avis = point_en_cours(seance, agent, nature="avis")
    with pytest.raises(ErreurMetier, match="attend un vote"):
        points.traiter_point(avis, par=agent)
    point_en_cours(seance, agent)

    avis.refresh_from_db()
    assert avis.etat == "a_traiter"


def test_a_second_convocation_takes_up_the_points_without_their_vote(perdue, agent):
    assert [(p.titre, p.etat) for p in perdue.points.all()] == [
        ("Voté", "traite"),
        ("Ouvert, sans vote", "reporte"),
        ("Dit", "traite"),
    ]
    MembreFactory(college=perdue.convies.first().membre.college)
    debut = timezone.localtime() + timedelta(days=10)
    seconde = seconde_convocation(perdue, par=agent, debut=debut, fin=debut + timedelta(hours=2))

    assert [p.titre for p in seconde.points.all()] == ["Ouvert, sans vote"]
    dites = phrases(relire(perdue), agent)
    assert "est partie" in dites[0]
    page = reverse("seances:proces_verbal", args=[perdue.pk])
    assert dites[1] == f"[écrivez le procès-verbal]({page}) de cette séance."


def test_when_all_was_voted_before_the_loss_nothing_is_left_to_convene(perdue, agent):
    perdue.points.filter(etat="reporte").delete()
    perdue = relire(perdue)

    assert perdue.obstacles("seconde_convocation", agent)
    assert "pas de seconde convocation" in phrases(perdue, agent)[0]


def test_its_page_offers_the_proces_verbal_which_says_when_and_why_it_stopped(client, perdue, agent):
    assert "Rédiger le procès-verbal" in page(client, agent, "seance", perdue.pk).text
    anime = page(client, agent, "animer", perdue.pk).text
    assert "3 pour, 0 contre" in anime
    assert "sur 4 nécessaire" in anime

    lu = mise_en_page.presenter(releve.donnees(perdue), {})
    assert dict(lu["reperes"])["Horaires"].endswith(_heure(perdue.levee_le))
    assert "Quorum constaté manquant" in lu["phrase_quorum"]
    assert "reportée" in lu["phrase_fin"]
    assert lu["points"][0]["resultat"] == "Adopté"


def test_a_seance_over_before_its_planned_end_is_among_the_past_ones(perdue):
    assert perdue in Seance.objects.passees()


def _heure(instant):
    return heure(timezone.localtime(instant))
