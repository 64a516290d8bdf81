"""Unusual growth is reported to agents, with the rate of false alarms that is announced."""

import itertools
import math
import random
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from remontees.comite import signaux as lectures_signaux
from remontees.comite.signaux import Cellule, chance_d_autant, signaux
from remontees.models import Remontee
from tests.remontees.factories import CategorieFactory, RemonteeFactory
from tests.socle.factories import CompteFactory, commune

SEMAINES = 12


def poisson(hasard: random.Random, moyenne: float) -> int:
    seuil, produit, k = math.exp(-moyenne), hasard.random(), 0
    while produit > seuil:
        produit *= hasard.random()
        k += 1
    return k


def test_all_cells_together_a_quiet_week_is_a_false_alarm_once_in_twenty_at_most():
    hasard = random.Random(311)
    essais, alarmes = 400, 0
    for _ in range(essais):
        moyennes = [hasard.choice((0.05, 0.3, 1.0, 4.0)) for _ in range(120)]
        cellules = [
            Cellule((n,), poisson(hasard, m), poisson(hasard, m * SEMAINES)) for n, m in enumerate(moyennes)
        ]
        alarmes += bool(signaux(cellules, semaines=SEMAINES))

    # 5 % of 400 is 20; three standard deviations above.
    assert alarmes <= 20 + 3 * math.sqrt(400 * 0.05 * 0.95)


def test_a_real_rise_is_seen_among_many_quiet_cells():
    calmes = [Cellule((n,), 1, SEMAINES) for n in range(300)]

    (signal,) = signaux([*calmes, Cellule(("rats",), 14, SEMAINES)], semaines=SEMAINES)

    assert signal.cle == ("rats",)
    assert signal.attendues == 1


@pytest.mark.parametrize("passees", [0, 3, 40])
def test_the_chance_falls_as_the_count_rises_and_stays_a_chance(passees):
    chances = [chance_d_autant(n, passees, SEMAINES) for n in range(60)]

    assert chances[0] == 1
    assert all(0 < suivante < chance for chance, suivante in itertools.pairwise(chances))


def test_two_remontees_are_never_a_signal():
    assert signaux([Cellule((1,), 2, 0)], semaines=SEMAINES) == []


@pytest.mark.django_db
def test_the_page_tells_what_rises_when_and_who_is_not_heard(client):
    jour, categorie = timezone.localdate(), CategorieFactory(nom="Rats")
    fontaine = commune("Fontaine")
    RemonteeFactory.create_batch(9, categorie=categorie, commune=fontaine, entendue_le=jour)
    RemonteeFactory(categorie=categorie, commune=commune("Vizille"), entendue_le=jour - timedelta(days=400))
    client.force_login(CompteFactory(agent=True))

    (lu,), regardees = lectures_signaux.signaux_faibles()
    semaines, themes, canaux = lectures_signaux.chaleurs()
    page = client.get(reverse("remontees:signaux")).content.decode()

    assert (lu.commune, lu.signal.recentes, regardees) == (fontaine, 9, 1)
    assert len(semaines) == SEMAINES
    # The same remontées, by theme and by canal.
    assert [sum(c.total for c in rangees) for rangees in (themes, canaux)] == [9, 9]
    assert "Rats, Fontaine" in page
    assert "Vizille" not in page.split("Communes")[0]


@pytest.mark.django_db
def test_the_signal_without_commune_leads_to_what_was_said_without_one(client):
    jour, categorie = timezone.localdate(), CategorieFactory(nom="Rats")
    RemonteeFactory.create_batch(9, categorie=categorie, commune=None, entendue_le=jour)
    ailleurs = RemonteeFactory(categorie=categorie, commune=commune("Fontaine"), entendue_le=jour)
    client.force_login(CompteFactory(agent=True))

    lu = next(lu for lu in lectures_signaux.signaux_faibles()[0] if lu.commune is None)
    page = client.get(f"{reverse('remontees:remontees')}?{lu.requete}").content.decode()

    siennes = Remontee.objects.filter(commune=None)
    assert all(remontee.reference in page for remontee in siennes)
    assert ailleurs.reference not in page


@pytest.mark.django_db
def test_small_numbers_are_masked_where_few_speak():
    RemonteeFactory.create_batch(2, commune=commune("Vizille"))

    communes, _ = lectures_signaux.peu_entendus()

    vizille = next(lieu for lieu in communes if lieu.nom == "Vizille")
    assert (vizille.combien, vizille.pour_mille) == (None, None)
    assert communes[0].combien in (0, None)
