"""Échéances: set, moved, suspended, reminded once."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from participation.socle.actions import (
    annuler_echeance,
    faire_echeance,
    fixer_echeance,
    reprendre_horloge,
    suspendre_horloge,
)
from participation.socle.actions.demandes import demander
from participation.socle.actions.rappels import etape_du, rappeler_echeances
from participation.socle.models import Courriel, Demande, Echeance, Rappel, ReglageService
from participation.socle.models.echeances import avant_le
from participation.socle.workflow import Role
from tests.outils import a_plusieurs, demandes_ouvertes_par
from tests.petitions.factories import PetitionFactory
from tests.socle.factories import CompteFactory, DirectionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.horloge]
JOUR = date(2026, 3, 2)


@pytest.fixture
def calendrier():
    with time_machine.travel(JOUR, tick=False) as voyage:
        yield lambda jours: voyage.move_to(JOUR + timedelta(days=jours))


@pytest.fixture
def petition():
    return PetitionFactory(deposee=True, agent=CompteFactory(agent=True, courriel="alma@example.org"))


def fixer(petition, dans=60, **champs):
    valeurs = {"libelle": "Décider", "est_legale": True, "rappels": [30, 7], "escalade": 5, **champs}
    return fixer_echeance(petition, "recevabilite", date_limite=JOUR + timedelta(days=dans), **valeurs)


# Suspension and resumption


@pytest.mark.parametrize(
    ("gestes", "limite"),
    [
        ([(10, "+a"), (15, "-a")], 65),
        ([(10, "+a"), (12, "+b"), (15, "-a"), (20, "-b")], 70),
        ([(10, "+a"), (12, "+b"), (15, "-b"), (20, "-a")], 70),
        ([(10, "+a"), (15, "-a"), (20, "+b"), (22, "-b")], 67),
        ([(10, "+a"), (10, "-a")], 60),
        ([(10, "+a"), (15, "-a"), (18, "-a")], 65),
    ],
)
def test_the_due_date_moves_by_the_days_that_the_clock_stood_still(calendrier, petition, gestes, limite):
    fixer(petition)
    suspensions = {}

    for jours, (sens, nom) in gestes:
        calendrier(jours)
        if sens == "+":
            suspensions[nom] = suspendre_horloge(petition, motif=nom)
        else:
            reprendre_horloge(suspensions[nom])

    echeance = petition.echeances.get()
    assert echeance.date_limite == JOUR + timedelta(days=limite)
    assert echeance.suspendue_le is None


def test_only_legal_open_echeances_stop(calendrier, petition):
    fixer(petition)
    fixer_echeance(petition, "interne", libelle="Relire", date_limite=JOUR + timedelta(days=9))
    fixer_echeance(petition, "faite", libelle="Lire", date_limite=JOUR, est_legale=True)
    faire_echeance(petition, "faite")

    suspendre_horloge(petition, motif="réserve électorale")

    assert list(Echeance.objects.filter(suspendue_le__isnull=False).values_list("cle", flat=True)) == [
        "recevabilite"
    ]


def test_an_echeance_fixed_while_the_clock_is_stopped_is_stopped_too_and_moves_from_then(
    calendrier, petition
):
    suspension = suspendre_horloge(petition, motif="réserve électorale")
    calendrier(10)
    fixer(petition, dans=30)
    calendrier(14)
    reprendre_horloge(suspension)

    assert petition.echeances.get().date_limite == JOUR + timedelta(days=34)


def test_done_and_cancelled_are_not_touched_again(calendrier, petition):
    fixer(petition)
    faire_echeance(petition, "recevabilite")
    annuler_echeance(petition)
    assert petition.echeances.get().annulee_le is None

    fixer(petition, dans=90)
    assert petition.echeances.get().est_ouverte


# Reminders


@pytest.mark.parametrize(
    ("jours", "etape"),
    [
        (0, ""),
        (29, ""),
        (30, "J-30"),
        (52, "J-30"),
        (53, "J-7"),
        (60, "J"),
        (61, "retard"),
        (64, "retard"),
        (65, "escalade"),
        (200, "escalade"),
    ],
)
def test_the_latest_step_passed_is_the_one_to_tell(calendrier, petition, jours, etape):
    assert etape_du(fixer(petition), JOUR + timedelta(days=jours)) == etape


def test_a_step_already_past_when_the_date_is_fixed_is_not_told(calendrier, petition):
    echeance = fixer(petition, dans=5)
    assert etape_du(echeance, JOUR) == ""
    assert etape_du(echeance, JOUR + timedelta(days=5)) == "J"


def test_each_step_is_told_once_along_the_whole_life(calendrier, petition):
    fixer(petition)
    partis = {}
    for jours in range(80):
        calendrier(jours)
        for _ in range(2):
            if rappeler_echeances():
                partis[jours] = Courriel.objects.latest("pk").sujet.removesuffix(f" ({petition.reference})")

    assert list(partis) == [30, 53, 60, 61, 65]
    assert partis[30] == "À faire dans 30 jours : Décider"
    assert partis[60] == "À faire aujourd’hui : Décider"
    assert partis[61] == "En retard : Décider"
    assert Rappel.objects.count() == 5
    assert set(Courriel.objects.values_list("destinataires", flat=True).distinct()[0]) == {"alma@example.org"}


def test_after_a_breakdown_nobody_gets_three_reminders(calendrier, petition):
    fixer(petition)
    calendrier(60)
    assert rappeler_echeances() == 1
    assert rappeler_echeances() == 0
    assert Courriel.objects.get().sujet == f"À faire aujourd’hui : Décider ({petition.reference})"


def test_a_moved_date_is_told_anew_and_the_same_date_is_not(calendrier, petition):
    fixer(petition, dans=30, rappels=[7])
    calendrier(23)
    rappeler_echeances()
    fixer(petition, dans=30, rappels=[7])
    assert rappeler_echeances() == 0

    fixer(petition, dans=50, rappels=[7])
    assert rappeler_echeances() == 0
    calendrier(43)
    assert rappeler_echeances() == 1


def test_a_stopped_clock_is_silent_and_so_are_done_cancelled_and_closed(calendrier, petition):
    close = PetitionFactory(irrecevable=True, clos_le=timezone.localtime() + timedelta(days=2))
    fixer(petition)
    suspendre_horloge(petition, motif="réserve électorale")
    for rang, autre in enumerate([PetitionFactory(deposee=True), PetitionFactory(deposee=True), close]):
        fixer(autre)
        if rang == 0:
            faire_echeance(autre, "recevabilite")
        if rang == 1:
            annuler_echeance(autre)
    calendrier(60)

    assert rappeler_echeances() == 0
    assert close.echeances.get().annulee_le is not None


def test_the_escalation_goes_to_those_above(calendrier, petition):
    chef = DirectionFactory(courriel="chef@example.org")
    direction = DirectionFactory(courriel="bas@example.org", superieure=chef)
    fixer(petition, est_legale=False, rappels=[], direction=direction)
    calendrier(61)
    rappeler_echeances()
    calendrier(65)
    rappeler_echeances()

    retard, escalade = [c.destinataires[0] for c in Courriel.objects.order_by("pk")[:2]]
    assert retard == "bas@example.org"
    assert escalade == "chef@example.org"
    assert Courriel.objects.filter(destinataires=["alma@example.org"]).count() == 1


def test_without_anybody_named_the_service_is_told(calendrier):
    CompteFactory(agent=True, courriel="a@example.org")
    CompteFactory(agent=True, courriel="b@example.org")
    CompteFactory(role=Role.ELU)
    petition = PetitionFactory(deposee=True)
    fixer(petition, dans=1, rappels=[])
    calendrier(1)
    assert rappeler_echeances() == 2

    ReglageService(contact="service@example.org").save()
    calendrier(2)
    assert rappeler_echeances() == 1
    assert Courriel.objects.latest("pk").destinataires == ["service@example.org"]


def test_from_the_second_reminders_of_one_person_are_one_letter(calendrier):
    agent = CompteFactory(agent=True)
    for rang in range(2):
        fixer_echeance(
            PetitionFactory(deposee=True, agent=agent),
            "x",
            libelle=f"Tâche {rang}",
            date_limite=JOUR + timedelta(days=2 + rang % 2),
            rappels=[2, 1],
        )
    calendrier(1)
    fixer_echeance(
        PetitionFactory(deposee=True, agent=agent), "x", libelle="Jeune", date_limite=JOUR + timedelta(days=9)
    )

    assert rappeler_echeances() == 1
    lettre = Courriel.objects.get()
    assert lettre.sujet == "2 échéances à voir"
    assert all(f"Tâche {rang}" in lettre.corps for rang in range(2))
    assert lettre.corps.index("demain") < lettre.corps.index("dans 2 jours")
    assert Rappel.objects.count() == 2


def test_who_was_asked_is_reminded_with_the_link_to_answer(calendrier, petition):
    direction = DirectionFactory(courriel="voirie@example.org")
    demande = demander(
        petition,
        par=CompteFactory(agent=True),
        nature=Demande.Nature.AVIS,
        a=direction,
        objet="Faisabilité",
        texte="Est-ce faisable ?",
        date_limite=JOUR + timedelta(days=20),
    )
    calendrier(13)
    assert rappeler_echeances() == 1
    lettre = Courriel.objects.latest("pk")
    assert lettre.destinataires == ["voirie@example.org"]
    assert demandes_ouvertes_par(lettre.corps) == [demande.pk]


@pytest.mark.django_db(transaction=True)
def test_eight_clocks_at_once_write_each_reminder_once():
    agent = CompteFactory(agent=True)
    hier = timezone.localdate() - timedelta(days=1)
    for _ in range(4):
        petition = PetitionFactory(deposee=True, agent=agent)
        fixer_echeance(petition, "x", libelle="Décider", date_limite=hier)
    Echeance.objects.update(fixee_le=hier - timedelta(days=9))

    issues = a_plusieurs(8, lambda rang: rappeler_echeances())

    assert all(isinstance(issue, int) for issue in issues), issues
    assert (Rappel.objects.count(), Courriel.objects.count()) == (4, 1)


def test_ten_cost_what_one_costs(calendrier, django_assert_max_num_queries):
    for _ in range(10):
        fixer(PetitionFactory(deposee=True, agent=CompteFactory(agent=True)))
    calendrier(1)
    with django_assert_max_num_queries(8):
        rappeler_echeances()


def test_what_is_next_never_promises_a_day_that_is_past(calendrier):
    dits = [avant_le(JOUR + timedelta(days=n), arretee=False).replace("\xa0", " ") for n in (1, 0, -1, -9)]
    assert dits == [
        " au plus tard le 3 mars 2026",
        " aujourd’hui",
        ", en retard d’un jour (c’était le 1er mars 2026)",
        ", en retard de 9 jours (c’était le 21 février 2026)",
    ]
    assert "repoussée" in avant_le(JOUR, arretee=True)
    assert avant_le(None, arretee=False) == ""
