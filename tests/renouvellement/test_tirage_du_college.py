"""A college whose seats are drawn by lot here: the panel comes back as decisions."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from participation.renouvellement.models import CollegeCampagne
from participation.renouvellement.selection import actes as selection
from participation.renouvellement.selection import tirages
from participation.socle.erreurs import ErreurMetier
from participation.tirage.models import Tirage
from tests.renouvellement.factories import CampagneFactory, CandidatureFactory, CollegeCampagneFactory
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def college_tire():
    college = CollegeCampagneFactory(campagne=CampagneFactory(selection=True), mode="tirage", sieges=2)
    CandidatureFactory.create_batch(5, college=college, eligible=True)
    return college


REGLE_DU_TIRAGE = {
    "source": "boules",
    "precision_source": "Hall, 18 heures.",
    "repli": "Le Loto du samedi suivant.",
    "lieu": "hall",
}


def _regle():
    return {
        **REGLE_DU_TIRAGE,
        "date_graine": timezone.localdate(),
        "tirage_le": timezone.now() + timedelta(hours=1),
    }


def test_the_seats_are_drawn_here_and_the_panel_comes_back_as_decisions(agent, college_tire):
    tirage = tirages.preparer_tirage_au_sort(college_tire, par=agent, **_regle())
    assert tirage.volontaires.count() == 5
    absente = college_tire.candidatures.first()
    college_tire.candidatures.filter(pk=absente.pk).update(eligibilite="non_eligible")
    assert tirages.verser_candidatures(college_tire, par=agent) == 4
    with pytest.raises(ErreurMetier, match="pas encore tiré"):
        tirages.designer_par_tirage(college_tire, par=agent)
    with pytest.raises(ErreurMetier, match="tirées sur ce site"):
        selection.saisir_tirage(
            college_tire, par=agent, numeros=[], reference="PV", empreinte="a" * 64, le=timezone.localdate()
        )

    volontaires = list(tirage.volontaires.order_by("pk"))
    for rang, volontaire in enumerate(volontaires):
        volontaire.billet, volontaire.place = f"{9 - rang}", "panel" if rang < 2 else "aucune"
        volontaire.save()
    Tirage.objects.filter(pk=tirage.pk).update(etat="tire", boules=7, tire_le=timezone.now())
    tire = {v.origine: v for v in volontaires}
    partie = college_tire.candidatures.get(pk=int(volontaires[1].origine.rpartition(":")[2]))
    college_tire.candidatures.filter(pk=partie.pk).update(eligibilite="non_eligible")
    college_tire.refresh_from_db()
    tirages.designer_par_tirage(college_tire, par=agent)

    choix = {
        f"renouvellement.candidature:{c.pk}": (c.choix, c.rang_attente)
        for c in college_tire.candidatures.eligibles()
    }
    # The second of the panel is no longer eligible: the first ticket of those who wait sits.
    assert choix == {
        volontaires[0].origine: ("retenue", None),
        volontaires[3].origine: ("retenue", None),
        volontaires[2].origine: ("attente", 1),
    }
    assert set(choix) < set(tire)
    assert "boules 007" in CollegeCampagne.objects.get(pk=college_tire.pk).tirage_reference
    with pytest.raises(ErreurMetier, match="déjà désignées"):
        tirages.designer_par_tirage(college_tire, par=agent)


@pytest.mark.django_db(transaction=True)
def test_two_agents_prepare_the_draw_of_a_college_at_once_and_there_is_one(college_tire):
    agents = [CompteFactory(agent=True), CompteFactory(agent=True)]

    def preparer(par):
        try:
            tirages.preparer_tirage_au_sort(
                CollegeCampagne.objects.get(pk=college_tire.pk), par=par, **_regle()
            )
            return 1
        except ErreurMetier:
            return 0
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as deux:
        assert sum(deux.map(preparer, agents)) == 1
    assert Tirage.objects.count() == 1
    assert college_tire.campagne.journal.filter(acte="preparer_tirage_au_sort").count() == 1
