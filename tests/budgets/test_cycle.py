"""Budget of the quartiers: phases are dates, and decide what is open on a day."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from participation.budgets import cycle
from participation.budgets.models import AuteurIdee, Budget, Phase
from participation.budgets.phases import Periode, capacites, defauts
from participation.budgets.workflow.budget import Capacite, NaturePhase
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.models import Courriel
from tests.budgets.factories import PHASES, budget_en, idee_de, projet_de
from tests.droits.factories import viser

pytestmark = pytest.mark.django_db


def dates(*longueurs, depart=0):
    """Return {phase: (first day, last day)}, in sequence."""
    jour = timezone.localdate() + timedelta(days=depart)
    posees = {}
    for nature, jours in zip(PHASES, longueurs, strict=False):
        posees[str(nature)] = (jour, jour + timedelta(days=jours - 1))
        jour += timedelta(days=jours)
    return posees


@pytest.mark.parametrize(
    ("phase", "attendues"),
    [
        ("idees", {Capacite.DEPOSER, Capacite.SAISIR}),
        ("discussion", {Capacite.SAISIR, Capacite.REUNIR}),
        ("faisabilite", {Capacite.REUNIR, Capacite.ETUDIER}),
        ("vote", {Capacite.VOTER}),
        ("realisation", {Capacite.REALISER}),
    ],
)
def test_each_phase_opens_its_own_capacities_from_its_first_day_to_its_last(phase, attendues):
    budget = budget_en(phase)
    sienne = budget.phases.get(nature=phase)

    assert budget.capacites(sienne.date_debut) == budget.capacites(sienne.date_fin) == attendues
    assert budget.capacites() == attendues


def test_between_two_phases_nothing_may_be_done_and_the_sentence_says_when():
    jour = timezone.localdate()
    trou = [
        Periode(NaturePhase.IDEES, jour - timedelta(days=9), jour - timedelta(days=1)),
        Periode(NaturePhase.DISCUSSION, jour + timedelta(days=5), jour + timedelta(days=9)),
    ]
    assert capacites(trou, jour) == frozenset()
    budget = budget_en("discussion")
    assert "On ne peut plus déposer une idée en ligne" in budget.pourquoi_pas(Capacite.DEPOSER)[0]
    assert "On pourra voter à partir du" in budget.pourquoi_pas(Capacite.VOTER)[0]
    assert budget.pourquoi_pas(Capacite.REUNIR) == []


def test_a_budget_that_is_not_published_or_is_closed_opens_nothing():
    assert budget_en("idees", etat="preparation").capacites() == frozenset()
    assert budget_en("idees", etat="clos", clos_le=timezone.now()).capacites() == frozenset()


def test_phases_out_of_order_or_that_share_a_day_are_said():
    jour = timezone.localdate()
    croisees = [
        Periode(NaturePhase.IDEES, jour, jour + timedelta(days=10)),
        Periode(NaturePhase.DISCUSSION, jour + timedelta(days=10), jour + timedelta(days=20)),
    ]
    assert len(defauts(croisees)) == 1
    assert defauts([Periode(NaturePhase.VOTE, jour, jour - timedelta(days=1))]) != []
    assert (
        defauts(
            [
                croisees[0],
                Periode(NaturePhase.DISCUSSION, jour + timedelta(days=11), jour + timedelta(days=20)),
            ]
        )
        == []
    )


def test_the_database_itself_refuses_two_phases_on_one_day():
    budget = budget_en()
    debut = budget.phases.get(nature="idees").date_debut
    budget.phases.filter(nature="vote").delete()

    with pytest.raises(IntegrityError), transaction.atomic():
        Phase.objects.create(budget=budget, nature="vote", date_debut=debut, date_fin=debut)


def test_a_budget_is_published_once_its_five_phases_have_their_dates(agent):
    budget = cycle.preparer_budget(Budget(), par=agent, titre="B", annee=2027, montant=1000, texte="T")
    with pytest.raises(ErreurMetier, match="Il manque"):
        cycle.publier_budget(budget, par=agent)

    cycle.fixer_phases(budget, par=agent, dates=dates(10, 10, 10, 10, 10))
    cycle.publier_budget(budget, par=agent)

    assert budget.peut(Capacite.DEPOSER)


def test_dates_move_with_a_public_reason_and_never_across_another_phase(agent):
    budget = budget_en("idees")
    phase = budget.phases.get(nature="idees")
    fin = phase.date_fin

    with pytest.raises(ValidationError, match="avant la fin"):
        cycle.deplacer_phase(
            phase, par=agent, date_debut=phase.date_debut, date_fin=fin + timedelta(days=1), motif="Trop peu."
        )
    with pytest.raises(ValidationError, match="premier jour ne change plus"):
        cycle.deplacer_phase(
            phase, par=agent, date_debut=phase.date_debut - timedelta(days=1), date_fin=fin, motif="Trop peu."
        )
    phase.refresh_from_db()
    cycle.deplacer_phase(
        phase, par=agent, date_debut=phase.date_debut, date_fin=fin - timedelta(days=2), motif="Une fête."
    )

    ligne = budget.journal.first()
    assert (ligne.acte, ligne.motif, ligne.est_publique) == ("deplacer_phase", "Une fête.", True)
    assert budget.phases.get(nature="idees").date_fin == fin - timedelta(days=2)


def test_a_phase_that_is_over_keeps_its_dates(agent):
    passee = budget_en("vote").phases.get(nature="idees")

    with pytest.raises(ActeInterdit, match="finie"):
        cycle.deplacer_phase(
            passee, par=agent, date_debut=passee.date_debut, date_fin=timezone.localdate(), motif="x"
        )


def test_another_sum_once_published_wants_a_reason_that_everybody_reads(agent):
    budget = budget_en()
    with pytest.raises(ValidationError, match="pourquoi la somme change"):
        cycle.modifier_budget(budget, par=agent, montant=50_000)

    cycle.modifier_budget(budget, par=agent, montant=50_000, motif="Moins de crédits.")
    assert budget.journal.first().est_publique


def test_a_budget_with_a_project_on_its_way_is_not_closed(agent):
    budget = budget_en("realisation")
    projet_de(budget, etat="en_cours")
    with pytest.raises(ErreurMetier, match="1 projet n’est pas fini"):
        cycle.clore_budget(budget, par=agent)


def test_while_a_phase_is_to_come_to_close_is_not_the_first_button_and_says_what_it_ends(client, agent):
    client.force_login(agent)
    budget = budget_en("idees")

    page = client.get(budget.get_absolute_url())
    assert page.context["boutons"].principal is None
    clore = client.get(reverse("budgets:clore_budget", args=[budget.pk])).content.decode()
    assert "Ce budget n’est pas fini" in clore

    for phase in budget.phases.order_by("date_debut"):
        Phase.objects.filter(pk=phase.pk).update(
            date_debut=phase.date_debut - timedelta(days=2000), date_fin=phase.date_fin - timedelta(days=2000)
        )
    page = client.get(budget.get_absolute_url())
    assert page.context["boutons"].principal.acte == "clore_budget"


def test_authors_are_forgotten_once_the_delay_has_passed_and_not_before(agent):
    budget = budget_en("realisation", etat="clos", clos_le=timezone.localtime() - timedelta(days=30))
    idee = idee_de(budget, courriel="lea@example.org")
    Courriel.objects.create(
        expediteur="s@example.org", destinataires=["lea@example.org"], sujet="x", corps="x", dossier=idee
    )
    with pytest.raises(ErreurMetier, match="délai de conservation"):
        cycle.effacer_auteurs(budget, par=agent)
    Budget.objects.filter(pk=budget.pk).update(clos_le=timezone.localtime() - timedelta(days=800))

    with pytest.raises(ErreurMetier, match="visa"):
        cycle.effacer_auteurs(budget, par=agent)
    ligne = viser("budgets.auteurs", budget.pk)

    assert cycle.effacer_auteurs(budget, par=agent) == 1

    ligne.refresh_from_db()
    assert ligne.elimines == 1

    auteur = AuteurIdee.objects.get()
    assert (auteur.nom, auteur.courriel, auteur.efface_le is not None) == ("", "", True)
    assert not Courriel.objects.filter(dossier=idee).exists()
    idee.refresh_from_db()
    assert idee.texte


def test_the_public_page_says_what_may_be_done_today_and_carries_no_cookie(client):
    budget = budget_en("idees")
    page = client.get(budget.get_public_url())

    texte = page.content.decode()
    assert "déposer une idée en ligne" in texte
    assert reverse("budgets:proposer_idee", args=[budget.pk]) in texte
    assert not page.cookies
    fermee = client.get(budget_en("vote").get_public_url()).content.decode()
    assert "Proposer une idée" not in fermee


def test_a_budget_in_preparation_has_no_public_page(client):
    assert client.get(budget_en(etat="preparation").get_public_url()).status_code == 404
