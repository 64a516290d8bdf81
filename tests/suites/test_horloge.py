"""The clock of a suite, with its stops, against a sample counted by hand on a calendar of 2027."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.suites import actes as suites
from participation.suites.models import Suite
from participation.suites.regles import Arret, Horloge, degre_apres, dit_par_la_direction, horloge
from participation.suites.rendu_compte.lectures import bilan
from participation.suites.suspensions import reprendre, suspendre, suspendre_en_lot
from participation.suites.workflow import Degre, Etat
from tests.outils import jour
from tests.petitions.factories import PetitionFactory
from tests.socle.factories import CompteFactory, DirectionFactory
from tests.suites.factories import SuiteFactory


def mars(n: int) -> date:
    return date(2027, 3, n)


@pytest.mark.parametrize(
    ("arrets", "repondue", "attendu"),
    [
        ([], None, Horloge(0, 0, 0)),
        # From the 5th to the 9th included: five days, the 20th becomes the 25th.
        ([(5, 10)], None, Horloge(5, 5, 0)),
        # Two stops that overlap make one: the 5th to the 14th.
        ([(5, 10), (8, 15)], None, Horloge(10, 10, 0)),
        # It begins on the day itself: it counts. The day after: too late.
        ([(20, 22)], None, Horloge(2, 2, 0)),
        ([(21, 25)], None, Horloge(0, 0, 0)),
        # The second begins on the 22nd, after the 20th, but before the 25th that the first made of it.
        ([(5, 10), (22, 24)], None, Horloge(7, 7, 0)),
        # Nobody knows until when: no day is due.
        ([(5, None)], None, Horloge(None, None, 0)),
        ([(21, None)], None, Horloge(0, 0, 0)),
        # Answered on the 15th, created on the 1st: fourteen days, five of them stopped.
        ([(5, 10)], 15, Horloge(5, 5, 5)),
        # Answered while stopped, on the 7th: the 5th, 6th and 7th are left out.
        ([(5, 10)], 7, Horloge(5, 3, 3)),
        # What is stopped after the answer moves what is to be done, not the answer.
        ([(16, None)], 15, Horloge(None, 0, 0)),
    ],
)
def test_stops_move_the_days_and_leave_the_delay(arrets, repondue, attendu):
    lue = horloge(
        creee=mars(1),
        initiale=mars(20),
        limite=mars(20),
        limite_donnee=mars(1),
        repondue=mars(repondue) if repondue else None,
        arrets=[Arret(mars(debut), mars(fin) if fin else None) for debut, fin in arrets],
    )
    assert lue == attendu


def test_a_day_given_after_a_stop_is_not_moved_by_it():
    lue = horloge(
        creee=mars(1), initiale=mars(20), limite=mars(30), limite_donnee=mars(12), repondue=None,
        arrets=[Arret(mars(5), mars(10))],
    )  # fmt: skip
    assert (lue.recul_limite, lue.recul_initiale) == (0, 5)


def test_done_without_a_source_is_not_totally_done():
    assert degre_apres(Etat.SUIVIE, Etat.REALISEE, Degre.EN_COURS, a_source=False) == Degre.SANS_PREUVE
    assert degre_apres(Etat.SUIVIE, Etat.REALISEE, Degre.EN_COURS, a_source=True) == Degre.TOTALE
    assert degre_apres(Etat.ABANDONNEE, Etat.SUIVIE, Degre.NON_MISE_EN_OEUVRE, a_source=False) == (
        Degre.SANS_PREUVE
    )
    # Said done without a source, it is still what the direction says.
    assert dit_par_la_direction(Etat.REALISEE, Degre.SANS_PREUVE) == "fait"
    assert dit_par_la_direction(Etat.SUIVIE, Degre.SANS_PREUVE) == ""


@pytest.mark.django_db
def test_a_stopped_suite_is_late_nowhere_and_its_direction_is_left_alone(agent):
    hier = timezone.localdate() - timedelta(days=1)
    suite = SuiteFactory(date_limite=hier, creee_le=timezone.localtime() - timedelta(days=30))
    assert (bilan().en_retard, Suite.objects.en_retard().count(), suite.est_en_retard) == (1, 1, True)

    arret = suspendre(suite, par=agent, raison="elections", debut=hier)
    suite.refresh_from_db()
    assert (bilan().en_retard, Suite.objects.en_retard().count(), suite.est_en_retard) == (0, 0, False)
    assert suite.date_exigible is None
    assert not suite.dossier.echeances.ouvertes().filter(cle=f"suite-{suite.pk}").exists()
    with pytest.raises(ErreurMetier, match="période électorale"):
        suspendre(suite, par=agent, raison="contentieux", debut=hier)

    reprendre(arret, par=agent)
    suite.refresh_from_db()
    assert suite.date_exigible == hier + timedelta(days=1)
    assert suite.dossier.echeances.ouvertes().get(cle=f"suite-{suite.pk}").date_limite == suite.date_exigible
    assert [c.nature for c in suite.historique.all()] == ["reprise", "arret"]
    with pytest.raises(ActeInterdit):
        reprendre(arret, par=agent)


@pytest.mark.django_db
def test_an_answer_within_the_moved_day_is_in_time_and_its_delay_leaves_the_stop_out(agent):
    suite = suites.ajouter_suite(
        PetitionFactory(debattue=True), par=agent, intitule="Planter", direction=DirectionFactory()
    )
    jour = timezone.localdate()
    Suite.objects.filter(pk=suite.pk).update(
        creee_le=timezone.localtime() - timedelta(days=20), date_limite=jour - timedelta(days=3),
        date_initiale=jour - timedelta(days=3),
    )  # fmt: skip
    suite.refresh_from_db()
    arret = suspendre(suite, par=agent, raison="complement", debut=jour - timedelta(days=10))
    reprendre(arret, par=agent)
    suites.changer_etat(suite, par=agent, vers=Etat.SUIVIE)

    suite.refresh_from_db()
    assert (suite.est_a_temps, suite.jours_de_reponse) == (True, 10)
    assert (bilan().a_temps, bilan().mediane) == (1, 10)


@pytest.mark.django_db
def test_an_electoral_period_stops_the_clock_of_many_suites_at_once(client):
    agent = CompteFactory(agent=True)
    client.force_login(agent)
    ancienne, recente, finie = SuiteFactory(), SuiteFactory(), SuiteFactory(etat="realisee")
    Suite.objects.filter(pk=ancienne.pk).update(creee_le=timezone.localtime() - timedelta(days=40))
    ancienne.refresh_from_db()
    reponses = {"raison": "elections", "precision": "", "debut": jour(-30), "fin": jour(20)}

    arretees, refusees = suspendre_en_lot([ancienne, recente, finie], par=agent, **reponses)

    assert (arretees, [suite for suite, _ in refusees]) == (2, [finie])
    assert ancienne.suspensions.get().debut == jour(-30)
    assert recente.suspensions.get().debut == jour(0)  # what comes during the period is held from its day
    with pytest.raises(ValidationError, match="jour à venir"):
        suspendre_en_lot([SuiteFactory()], par=agent, **{**reponses, "fin": jour(-40)})
    page = client.post(reverse("suites:suites"), {"lot": "suspendre", "choix": [ancienne.pk]})
    assert "Arrêter le délai" in page.content.decode()
