"""Lists of hundreds of thousands of rows: faster queries that return the same pages."""

from datetime import timedelta

import pytest
from django.http import QueryDict
from django.utils import timezone

from participation.socle.actions import fixer_echeance
from participation.socle.forms.filters import Filtres, avec_echeance, chercher
from participation.socle.models import Echeance
from participation.socle.views import pagination
from participation.socle.views.listes import Colonne, Liste, colonne_echeance, est_par_echeance
from participation.socle.views.pagination import PagesBornees, ParEcheance
from remontees.models import Remontee
from remontees.tri import lectures as questions
from tests.remontees.factories import RemonteeFactory, SujetFactory
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def dues():
    """Remontées with two échéances, late, suspended, done, or without any."""
    jour = timezone.localdate()
    remontees = RemonteeFactory.create_batch(9)
    for n, remontee in enumerate(remontees[:6]):
        fixer_echeance(remontee, "trier", libelle="Trier", date_limite=jour + timedelta(days=(n * 4) % 7 - 2))
    fixer_echeance(remontees[2], "repondre", libelle="Répondre", date_limite=jour - timedelta(days=9))
    fixer_echeance(remontees[5], "repondre", libelle="Répondre", date_limite=jour + timedelta(days=40))
    Echeance.objects.filter(dossier=remontees[0]).update(suspendue_le=jour)
    Echeance.objects.filter(dossier=remontees[1]).update(faite_le=timezone.now())
    fixer_echeance(SujetFactory(), "trier", libelle="Trier", date_limite=jour - timedelta(days=30))
    return remontees


def test_a_page_by_what_is_due_is_the_one_that_a_plain_sort_gives(dues):
    tous = avec_echeance(Remontee.objects.all())
    attendu = list(tous.order_by("echeance_le", "pk"))

    for taille in (1, 2, 4, 9, 20):
        pages = [ParEcheance(tous)[debut : debut + taille] for debut in range(0, 12, taille)]
        assert [r.pk for page in pages for r in page] == [r.pk for r in attendu]
    assert ParEcheance(tous)[0:1][0].echeance_libelle == "Répondre"


def test_a_filter_holds_in_a_page_by_what_is_due(dues):
    urgente = dues[3]
    Remontee.objects.filter(pk=urgente.pk).update(est_urgente=True)

    page = ParEcheance(avec_echeance(Remontee.objects.filter(est_urgente=True)))[0:5]

    assert [r.pk for r in page] == [urgente.pk]


def test_beyond_the_bound_the_pages_stop_and_say_so(dues, monkeypatch):
    monkeypatch.setattr(pagination, "PEU", 2)

    pages = PagesBornees(avec_echeance(Remontee.objects.all()), 2, 5, par_echeance=True)

    assert (pages.count, pages.est_au_dela, pages.num_pages) == (5, True, 3)
    assert [r.pk for r in pages.page(1)] == [dues[2].pk, dues[4].pk]


@pytest.mark.parametrize(
    ("adresse", "attendu"),
    [("", True), ("tri=echeance", True), ("tri=-echeance", False), ("tri=canal", False), ("tri=rien", True)],
)
def test_only_the_order_of_what_is_due_is_found_by_the_echeances(adresse, attendu):
    objets = avec_echeance(Remontee.objects.all())
    liste = Liste(
        "l",
        "L",
        objets,
        Filtres,
        [colonne_echeance(avec_libelle=False), Colonne("canal", "Canal", str, tri="canal")],
        "echeance_le",
        "l",
        "l",
    )

    assert est_par_echeance(objets, liste, QueryDict(adresse)) is attendu
    assert est_par_echeance(chercher(objets, "rue"), liste, QueryDict("")) is False


def test_a_question_says_since_when_its_oldest_waits():
    premiere = RemonteeFactory(ouvert_le=timezone.localtime() - timedelta(days=9))
    RemonteeFactory()

    comptes = questions.compter(CompteFactory(agent=True))
    (a_trier,) = [c for c in comptes if c.question.cle == questions.A_TRIER]

    assert (a_trier.nombre, a_trier.depuis) == (2, premiere.ouvert_le)
