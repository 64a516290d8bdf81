"""Reminders before the date, relances after, escalation to superiors and to the élu: each sent once."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from participation.socle.actions.rappels import rappeler_echeances
from participation.socle.erreurs import ActeInterdit, ErreurMetier, RoleInsuffisant
from participation.socle.models import Courriel, Rappel
from participation.suites import actes as suites
from participation.suites import relances, reponses
from participation.suites.models import ReglementSuites, Suite
from participation.suites.workflow import Etat
from tests.petitions.factories import PetitionFactory
from tests.socle.factories import CompteFactory, DirectionFactory, agent_de_direction

pytestmark = [pytest.mark.django_db, pytest.mark.horloge]


@pytest.fixture
def direction():
    return DirectionFactory(superieure=DirectionFactory(), elu=CompteFactory(elu=True))


@pytest.fixture
def suite(agent, direction):
    return suites.ajouter_suite(
        PetitionFactory(debattue=True, agent=agent), par=agent, intitule="Faire la piste", direction=direction,
        date_limite=timezone.localdate() + timedelta(days=60),
    )  # fmt: skip


def etapes(suite) -> list[str]:
    rappels = Rappel.objects.filter(echeance__cle=f"suite-{suite.pk}").order_by("pk")
    return list(rappels.values_list("etape", flat=True))


def lettres(suite, **filtres) -> list[list[str]]:
    trouvees = Courriel.objects.filter(dossier=suite.dossier_id, acte="socle/rappeler", **filtres)
    return [courriel.destinataires for courriel in trouvees.order_by("pk")]


def passer(suite, jours: int) -> None:
    rappeler_echeances(suite.date_limite + timedelta(days=jours))


def test_its_steps_are_those_of_the_reglement_and_each_is_sent_once(suite):
    regle = ReglementSuites.objects.en_vigueur()
    assert (regle.rappels, regle.relances, regle.escalade, regle.escalade_elu) == ([30, 7], [8, 45], 15, 30)

    for jours in (-31, -30, -30, -29, -7, -7, 0, 1, 1, 8, 8, 9, 15, 16, 30, 31, 45, 60):
        passer(suite, jours)

    assert etapes(suite) == ["J-30", "J-7", "J", "retard", "J+8", "escalade", "elu", "J+45"]


def test_the_direction_answers_from_its_reminder_and_those_above_read_the_page(suite, direction, agent):
    passer(suite, -7)
    rappel = Courriel.objects.filter(acte="socle/rappeler").latest("pk")
    assert rappel.destinataires == [direction.courriel]
    assert "/suites/repondre/" in rappel.corps

    passer(suite, 15)
    montees = Courriel.objects.filter(acte="socle/rappeler").exclude(pk=rappel.pk)
    assert {c.destinataires[0] for c in montees} == {direction.superieure.courriel, agent.courriel}
    assert all(suite.get_absolute_url() in c.corps and "/repondre/" not in c.corps for c in montees)

    passer(suite, 30)
    assert Courriel.objects.filter(acte="socle/rappeler").latest("pk").destinataires == [
        direction.elu.courriel
    ]


def test_without_an_elu_in_charge_those_above_hear_again(suite, direction, agent):
    direction.elu = None
    direction.save()
    passer(suite, 30)
    assert {a[0] for a in lettres(suite)} == {direction.superieure.courriel, agent.courriel}


def test_a_moved_date_has_its_own_reminders_and_keeps_the_first_one(suite, agent):
    passer(suite, -7)
    premiere = suite.date_limite

    relances.deplacer_date(
        suite, par=agent, date_limite=premiere + timedelta(days=100), motif="Chantier décalé."
    )
    rappeler_echeances(premiere + timedelta(days=1))
    assert etapes(suite) == ["J-7"], "La date ancienne ne rappelle plus rien."
    passer(suite, -7)
    passer(suite, -7)

    assert etapes(suite) == ["J-7", "J-7"]
    assert suite.date_initiale == premiere
    changement = suite.historique.first()
    assert changement.nature == "date"
    assert changement.motif == "Chantier décalé."
    assert suite.dossier.journal.get(acte="deplacer_date").est_publique
    lettre = Courriel.objects.get(acte="suites/deplacer_date")
    assert lettre.destinataires == [suite.direction.courriel]
    assert "Chantier décalé." in lettre.corps


def test_what_has_its_end_is_reminded_no_more(suite, agent):
    suites.changer_etat(suite, par=agent, vers=Etat.NON_SUIVIE, motif="Trop cher.")
    passer(suite, 15)
    assert etapes(suite) == []


def test_without_a_date_the_reglement_gives_it(agent, direction):
    regle = ReglementSuites.objects.en_vigueur()
    suite = suites.ajouter_suite(
        PetitionFactory(debattue=True), par=agent, intitule="Étudier", direction=direction
    )
    assert suite.date_limite == timezone.localdate() + timedelta(days=regle.objectif_jours)
    assert suite.reglement == regle


def test_a_day_already_past_is_promised_to_nobody(agent, direction, suite):
    hier = timezone.localdate() - timedelta(days=1)
    with pytest.raises(ValidationError, match="déjà passée"):
        suites.ajouter_suite(
            PetitionFactory(debattue=True), par=agent, intitule="Étudier", direction=direction, date_limite=hier
        )  # fmt: skip
    with pytest.raises(ValidationError, match="déjà passée"):
        relances.deplacer_date(suite, par=agent, date_limite=hier, motif="Erreur.")


def test_another_direction_takes_it_and_both_are_told_why(suite, agent, direction):
    ancien_jeton, nouvelle = suite.jeton(), DirectionFactory()
    relances.changer_direction(suite, par=agent, direction=nouvelle, motif="C’est de la voirie.")

    suite.refresh_from_db()
    assert suite.direction == nouvelle
    assert suite.dossier.echeances.get(cle=f"suite-{suite.pk}").direction == nouvelle
    recues = Courriel.objects.filter(acte="suites/changer_direction")
    assert {c.destinataires[0] for c in recues} == {direction.courriel, nouvelle.courriel}
    assert all("C’est de la voirie." in c.corps for c in recues)
    assert suite.historique.first().nature == "direction"
    # The link of the first demande is closed.
    _, a_qui = Suite.LIEN.trouver_precis(ancien_jeton, Suite.objects)
    with pytest.raises(ActeInterdit):
        reponses.repondre_par_lien(suite, etat="suivie", nom="X", texte_public="Oui.", direction_id=a_qui)


def test_only_the_service_moves_a_date_or_a_direction(suite, direction):
    sien = agent_de_direction(direction)
    with pytest.raises(RoleInsuffisant):
        relances.deplacer_date(suite, par=sien, date_limite=timezone.localdate(), motif="Non.")
    with pytest.raises(RoleInsuffisant):
        relances.changer_direction(suite, par=sien, direction=DirectionFactory(), motif="Non.")


def test_a_direction_is_relanced_once_a_day(suite, agent):
    relances.relancer(suite, par=agent, mot="Le conseil est mardi.")
    with pytest.raises(ErreurMetier, match="déjà partie"):
        relances.relancer(suite, par=agent)
    lettre = Courriel.objects.get(acte="suites/relancer")
    assert "Le conseil est mardi." in lettre.corps
    assert "/suites/repondre/" in lettre.corps
