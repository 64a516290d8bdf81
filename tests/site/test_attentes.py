"""« Ma journée » checks in one query what may wait for an agent, then reads only that.

This query must never be narrower than the lines it stands for.
"""

from datetime import UTC, datetime, timedelta

import pytest

from participation.budgets.journee import AVANT_LE_FORUM
from participation.seances.models import Instance
from participation.socle import journee, vitrine
from participation.socle.calendrier import debut_du_jour, fin_du_jour
from participation.socle.models import Compte
from remontees.journee import JOURS_AVANT_LE_COMITE
from remontees.workflow import INSTANCE
from tests.budgets.factories import forum_le
from tests.budgets.vote import scrutin_en_preparation
from tests.ccspl.annee import college
from tests.outils import jour
from tests.remontees.factories import AttributionFactory
from tests.seances.factories import ConvieFactory, MandatureFactory, MembreFactory, SeanceFactory
from tests.socle.factories import CompteFactory
from tests.suites.factories import SuiteFactory


def lire(compte):
    """Return the lines of the page, after checking that the query had announced each of them."""
    dites = 0
    sections = list(vitrine.recueillir("section_journee", compte))
    for tache in (t for section in sections for t in section.taches if isinstance(t, journee.Attente)):
        lignes = list(tache.lignes())
        assert tache.ensemble().exists() or not lignes, lignes
        dites += len(lignes)
    lues, _ = journee.lire_la_journee(compte, sections, cle="essai")
    par_la_page = [t for section in lues for t in section.taches]
    assert len(par_la_page) >= dites
    return par_la_page


# Not among the tests that .ci/run repeats at other hours, since it loads the demonstration. The next test
# covers the limits of a day.
def test_a_line_is_found_by_the_statement_that_looks_for_it(demonstration):
    """Two agents with the same rights share the plan, not its result."""
    for qui in ("direction", "accueil", "agent"):
        par_la_page = lire(Compte.objects.get(courriel=f"{qui}@demo.example.org"))
    siennes = [t for t in par_la_page if t.quoi.startswith("Choisir pour")]
    assert siennes
    assert not [t for t in lire(CompteFactory(agent=True)) if t in siennes]


@pytest.mark.horloge
@pytest.mark.parametrize("avant_l_hiver", [False, True])
def test_what_begins_to_wait_at_the_end_of_the_day_is_found_by_words_written_at_its_start(
    db, time_machine, avant_l_hiver
):
    if avant_l_hiver:  # « this week » and « this fortnight » have an hour of margin
        time_machine.move_to(datetime(2027, 10, 27, 12, tzinfo=UTC))
    time_machine.move_to(debut_du_jour() + timedelta(minutes=1))
    soir, minute = fin_du_jour() - timedelta(minutes=2), timedelta(minutes=1)
    agent, habitants = CompteFactory(agent=True), college()
    SeanceFactory(mandature=habitants.mandature, debut=soir + minute)
    convoquee = SeanceFactory(mandature=habitants.mandature, convoquee=True, debut=soir + minute)
    ConvieFactory(seance=convoquee, membre=MembreFactory(college=habitants, compte=agent))
    MembreFactory(college=habitants, au=jour())
    du_comite = MandatureFactory(instance=Instance.objects.get(cle=INSTANCE))
    SeanceFactory(mandature=du_comite, debut=soir + timedelta(days=JOURS_AVANT_LE_COMITE) - minute)
    AttributionFactory(date_limite=jour(-30))
    forum_le(titre="Fini", debut=soir - timedelta(hours=3), fin=soir - minute)
    forum_le(titre="Ce soir", debut=soir - timedelta(hours=2), fin=soir + minute)
    forum_le(titre="Bientôt", debut=soir + AVANT_LE_FORUM - minute, fin=soir + timedelta(days=8))
    SuiteFactory(creee_le=soir - timedelta(days=800))  # what the report of last year tells
    scrutin = scrutin_en_preparation(agent)
    scrutin.budget.phases.filter(nature="vote").update(date_debut=jour(), date_fin=jour())

    def dites():
        return {
            (t.quoi.partition("\N{NO-BREAK SPACE}:")[0], t.sur_quoi.partition(" · ")[0]) for t in lire(agent)
        }

    matin = dites()
    assert {quoi for quoi, _ in matin} >= {
        "Convoquer les membres",
        "Dire si vous venez",
        "Préparer la fin de 1 mandat",
        "Ouvrir le vote",
    }
    # By the day of the comité, not its hour.
    assert [quoi for quoi, _ in matin if quoi.startswith("Remplir l’ordre du jour du comité")]
    accueil = "Tenir l’accueil du forum"
    assert {(accueil, "Fini"), (accueil, "Ce soir")} <= matin
    time_machine.move_to(soir)
    venues = dites() - matin
    assert {(accueil, "Bientôt"), ("Publier ce qui s’est dit au forum", "Fini")} <= venues
