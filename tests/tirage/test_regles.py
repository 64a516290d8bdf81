"""A fair draw, without a database: quotas, leximin, portfolio, replacements, fixed texts."""

import os
import subprocess
import sys
from datetime import date
from itertools import combinations

import highspy
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from participation.tirage import regles as preuve
from participation.tirage.regles import (
    Bassin,
    Fourchette,
    Perte,
    au_moins,
    choisir_la_reserve,
    fautes,
    prevoir,
    taux_de,
)
from participation.tirage.selection import portefeuille
from participation.tirage.selection.faisabilite import assouplissements, est_possible
from participation.tirage.selection.portefeuille import compter, fautes_du_portefeuille, hors_quotas
from participation.tirage.selection.regles import EGALES, completer, generer, tirer_au_plus_juste
from participation.tirage.selection.remplacement import remplacer
from participation.tirage.selection.repetition import RepetitionRatee, repeter
from participation.tirage.selection.solveur import Delai, Impossible

GENRE = [Fourchette("genre", "F", 1, 2), Fourchette("genre", "H", 1, 2)]
AGE = [Fourchette("âge", "jeune", 1, 1), Fourchette("âge", "autre", 1, 2)]


def bassin(places, quotas, *profils):
    return Bassin.de(places, quotas, profils)


def personnes(bassin):
    """Return the people of a pool, by number, with their profile; and the numbers by profile."""
    profils = {}
    for profil, effectif in zip(bassin.profils, bassin.effectifs, strict=True):
        profils |= {f"V{len(profils) + rang:05}": profil for rang in range(effectif)}
    ordre = {}
    for numero, profil in profils.items():
        ordre.setdefault(profil, []).append(numero)
    return profils, ordre


@pytest.mark.parametrize(
    ("quotas", "profils", "phrase"),
    [
        ([], [("F",)], "Aucune catégorie"),
        (
            [Fourchette("genre", "F", 2, 2), Fourchette("genre", "H", 2, 2)],
            [("F",)] * 4 + [("H",)] * 4,
            "les minimums font 4",
        ),
        (
            [Fourchette("genre", "F", 0, 1), Fourchette("genre", "H", 0, 1)],
            [("F",)] * 4 + [("H",)] * 4,
            "les maximums font 2",
        ),
        (GENRE, [("F",)] * 4, "personne n’a cette valeur"),
        (GENRE, [("F",), ("H",), ("X",), ("H",)], "« X », qu’aucun quota ne décrit"),
        ([Fourchette("genre", "F", 0, 9)], [("F",), ("",), ("F",), ("F",)], "« non renseignée »"),
        ([Fourchette("genre", "F", 2, 1)], [("F",)] * 4, "dépasse le maximum"),
        (GENRE, [("F",), ("H",)], "2 volontaires pour 3 places"),
    ],
    ids=["none", "minima", "maxima", "nobody", "read in part", "not filled", "upside down", "too few"],
)
def test_what_no_draw_can_keep_is_said_before_any_draw(quotas, profils, phrase):
    assert any(phrase in faute for faute in fautes(bassin(3, quotas, *profils)))


def test_an_empty_list_is_said_once_and_not_value_by_value():
    assert fautes(bassin(3, GENRE + AGE)) == ["Il n’y a aucun volontaire pour 3 places."]


def test_quotas_that_can_be_kept_have_no_fault():
    assert fautes(bassin(3, GENRE + AGE, *[("F", "jeune"), ("H", "autre"), ("F", "autre")])) == []


# The whole pool is small enough to write every panel: leximin over all of them is then a plain linear program.
def leximin_sur_tous(b):
    """Return the sorted chances of the fairest lottery, from the list of all panels."""
    profils, _ = personnes(b)
    numeros = list(profils)
    panels = [p for p in combinations(numeros, b.places) if not hors_quotas(p, b, profils)]
    if not panels:
        return None
    fixees = {}
    while len(fixees) < len(numeros):
        niveau = _meilleur(panels, numeros, fixees, None)
        for numero in [n for n in numeros if n not in fixees]:
            if _meilleur(panels, numeros, fixees, numero, niveau) <= niveau + 1e-6:
                fixees[numero] = niveau
    return sorted(fixees.values())


def _meilleur(panels, numeros, fixees, seul, plancher=0.0):
    """The greatest chance of all who are free, or of one of them when the others keep `plancher`."""
    h = highspy.Highs()
    h.setOptionValue("output_flag", False)
    for _ in panels:
        h.addVar(0, 1)
    h.addVar(0, 1)
    h.changeColCost(len(panels), 1.0)
    h.changeObjectiveSense(highspy.ObjSense.kMaximize)
    h.addRow(1, 1, len(panels), np.arange(len(panels), dtype=np.int32), np.ones(len(panels)))
    for numero in numeros:
        siens = [rang for rang, panel in enumerate(panels) if numero in panel]
        if numero in fixees or (seul is not None and numero != seul):
            h.addRow(
                fixees.get(numero, plancher) - 1e-7,
                1,
                len(siens),
                np.array(siens, dtype=np.int32),
                np.ones(len(siens)),
            )
        else:
            cles = np.array([*siens, len(panels)], dtype=np.int32)
            h.addRow(-1e-7, 1, len(cles), cles, np.array([*[1.0] * len(siens), -1.0]))
    h.run()
    return h.getSolution().col_value[len(panels)]


profils_tires = st.lists(
    st.tuples(st.sampled_from("FH"), st.sampled_from(["jeune", "autre"]), st.sampled_from("ab")),
    min_size=4,
    max_size=8,
)
bornes = st.tuples(st.integers(0, 2), st.integers(1, 3))


@settings(max_examples=30)
@given(profils_tires, st.lists(bornes, min_size=6, max_size=6), st.integers(2, 3))
def test_the_sorted_chances_are_those_of_the_list_of_all_panels(profils, bornes, places):
    valeurs = [
        ("genre", "F"),
        ("genre", "H"),
        ("âge", "jeune"),
        ("âge", "autre"),
        ("zone", "a"),
        ("zone", "b"),
    ]
    quotas = [
        Fourchette(c, v, bas, max(bas, haut)) for (c, v), (bas, haut) in zip(valeurs, bornes, strict=True)
    ]
    b = bassin(places, quotas, *profils)
    attendues = leximin_sur_tous(b)
    if attendues is None:
        with pytest.raises(Impossible):
            tirer_au_plus_juste(b)
        return

    loterie = tirer_au_plus_juste(b)

    trouvees = sorted(c for c, n in zip(loterie.chances, b.effectifs, strict=True) for _ in range(n))
    assert trouvees == pytest.approx(attendues, abs=2e-5)
    assert sum(loterie.poids) == pytest.approx(1)


def triangle():
    """Three people, of whom any two share a value that one seat may hold: no fraction of a panel can be drawn."""
    paires = [("un", 0, 1), ("deux", 1, 2), ("trois", 0, 2)]
    quotas = [q for nom, *_ in paires for q in (Fourchette(nom, "oui", 0, 1), Fourchette(nom, "non", 0, 9))]
    trois = [tuple("oui" if qui in paire else "non" for _, *paire in paires) for qui in range(3)]
    return bassin(2, quotas, *trois, *[("non", "non", "non")] * 5)


def test_what_cannot_be_written_in_real_panels_is_looked_for_panel_by_panel_and_proved_when_it_ends():
    b = triangle()

    loterie = tirer_au_plus_juste(b)

    trouvees = sorted(c for c, n in zip(loterie.chances, b.effectifs, strict=True) for _ in range(n))
    assert trouvees == pytest.approx(leximin_sur_tous(b), abs=2e-5)
    assert loterie.est_prouvee
    assert loterie.est_achevee


class DelaiDe(Delai):
    """Runs out at the search of this rank: the same on all machines."""

    def __init__(self, recherches):
        super().__init__(3600)
        self.recherches = recherches

    @property
    def reste(self):
        self.recherches -= 1
        return 3600.0 if self.recherches >= 0 else 0.0

    def part(self, fraction):
        return Delai(0)


@pytest.mark.parametrize("recherches", [1, 2, 3])
def test_a_search_stopped_by_the_time_gives_its_best_and_says_what_nothing_exceeds(recherches):
    b = triangle()
    au_mieux = leximin_sur_tous(b)[0]

    loterie = tirer_au_plus_juste(b, delai=DelaiDe(recherches))

    assert min(loterie.chances) <= au_mieux + 2e-5 <= loterie.au_mieux + 4e-5
    assert not loterie.est_achevee
    assert not loterie.est_prouvee or min(loterie.chances) == pytest.approx(au_mieux, abs=2e-5)


def test_the_panels_found_one_by_one_are_as_fair_as_those_written_from_the_bound():
    b = bassin(
        3, GENRE + AGE, *[("F", "jeune"), ("H", "autre"), ("F", "autre"), ("F", "autre"), ("H", "jeune")]
    )
    loterie = tirer_au_plus_juste(b)

    premier = np.array(loterie.panels[0], dtype=float)
    panels, au_mieux, est_achevee = generer(b, [premier])

    chances = sum(part * panel for part, panel in panels) / np.array(b.effectifs)
    assert sorted(chances) == pytest.approx(sorted(loterie.chances), abs=2e-5)
    assert loterie.est_prouvee
    assert est_achevee
    assert au_mieux == pytest.approx(min(loterie.chances), abs=2e-5)


def test_chances_are_written_from_one_panel_by_adding_those_that_are_lacking():
    b = bassin(
        3, GENRE + AGE, *[("F", "jeune"), ("H", "autre"), ("F", "autre"), ("F", "autre"), ("H", "jeune")]
    )
    loterie = tirer_au_plus_juste(b)

    panels, manque = completer(b, np.array(loterie.bornes), [np.array(loterie.panels[0], dtype=float)])

    chances = sum(part * panel for part, panel in panels) / np.array(b.effectifs)
    assert manque <= EGALES
    assert list(chances) == pytest.approx(loterie.bornes, abs=2e-5)


def grand():
    """Sixty people of twelve profiles for twelve seats."""
    quotas = [
        *[Fourchette("genre", v, 5, 7) for v in "FH"],
        *[Fourchette("âge", v, 3, 5) for v in ("16-29", "30-59", "60+")],
        Fourchette("qpv", "oui", 3, 4),
        Fourchette("qpv", "non", 8, 9),
    ]
    profils = [
        ("FH"[n % 3 == 0], ("16-29", "30-59", "60+")[(n * 7) % 3], "oui" if n % 9 == 0 else "non")
        for n in range(60)
    ]
    return bassin(12, quotas, *profils)


def test_each_of_the_thousand_panels_keeps_every_quota_and_chances_are_shared_within_a_profile():
    b = grand()
    profils, ordre = personnes(b)
    loterie = tirer_au_plus_juste(b)

    panels = portefeuille.composer(loterie, b, ordre)

    assert fautes_du_portefeuille(panels, b, profils) == []
    combien = portefeuille.chances(panels)
    assert sum(combien.values()) == 1000 * b.places
    for siens in ordre.values():
        assert max(combien[n] for n in siens) - min(combien[n] for n in siens) <= 1
    for profil, chance in zip(b.profils, loterie.chances, strict=True):
        assert min(combien[n] for n in ordre[profil]) >= 1000 * chance - 6


REJOUER = """
import hashlib
from participation.tirage.regles import Bassin, Fourchette
from participation.tirage.selection import portefeuille, regles
profils = [("FH"[n % 2], "abc"[n % 3]) for n in range(60)] + [("F", "a")] * 9
quotas = [Fourchette("genre", "F", 3, 4), Fourchette("genre", "H", 4, 5), *(Fourchette("lieu", v, 2, 3) for v in "abc")]
bassin = Bassin.de(8, quotas, profils)
ordre = {}
for n, profil in enumerate(profils):
    ordre.setdefault(profil, []).append(f"V{n:05}")
panels = portefeuille.composer(regles.tirer_au_plus_juste(bassin), bassin, ordre)
print(hashlib.sha256(repr(panels).encode()).hexdigest())
"""


def test_the_same_list_gives_the_same_thousand_panels_in_any_process_and_under_any_hash_seed():
    faits = [
        subprocess.run(
            [sys.executable, "-c", REJOUER],
            capture_output=True, text=True, check=True, env={**os.environ, "PYTHONHASHSEED": graine},
        ).stdout.split()[-1]
        for graine in ("0", "1")
    ]  # fmt: skip

    assert faits[0] == faits[1]


@pytest.mark.parametrize(
    ("abimer", "phrase"),
    [
        (lambda panels: panels[:-1], "999 panels au lieu de 1000"),
        (lambda panels: [panels[0][:-1] + panels[0][:1], *panels[1:]], "11 personnes au lieu de 12"),
        (lambda panels: [panels[0][:-1], *panels[1:]], "11 personnes au lieu de 12"),
    ],
    ids=["one less", "twice", "a seat empty"],
)
def test_a_spoilt_portfolio_is_found(abimer, phrase):
    b = grand()
    profils, ordre = personnes(b)
    panels = portefeuille.composer(tirer_au_plus_juste(b), b, ordre)

    assert any(phrase in faute for faute in fautes_du_portefeuille(abimer(panels), b, profils))


def test_quotas_that_contradict_each_other_are_given_their_smallest_relaxation():
    quotas = [
        Fourchette("genre", "F", 2, 2),
        Fourchette("genre", "H", 1, 1),
        Fourchette("âge", "jeune", 2, 2),
        Fourchette("âge", "autre", 1, 1),
    ]
    b = bassin(3, quotas, ("F", "autre"), ("F", "autre"), ("F", "autre"), ("H", "jeune"), ("H", "jeune"))
    assert fautes(b) == []
    assert not est_possible(b)

    proposes = {(q.categorie, q.valeur): q for q in assouplissements(b)}
    assouplis = [proposes.get((q.categorie, q.valeur), q) for q in quotas]

    assert proposes
    assert est_possible(
        bassin(3, assouplis, *[p for p, n in zip(b.profils, b.effectifs, strict=True) for _ in range(n)])
    )


def test_quotas_that_can_be_kept_need_no_relaxation():
    assert assouplissements(grand()) == []


def test_a_free_seat_goes_to_the_first_ticket_that_keeps_every_quota():
    b = bassin(3, GENRE, *[("F",)] * 4, *[("H",)] * 4)
    profils, ordre = personnes(b)
    femmes, hommes = ordre["F",], ordre["H",]
    restants = [*femmes[:2]]  # a man left: a third woman would be too many

    assert remplacer(restants, b, profils, [femmes[2], femmes[3], hommes[2], hommes[1]]) == [hommes[2]]


def test_several_seats_are_filled_together_so_that_the_quotas_hold():
    b = bassin(
        3,
        [Fourchette("genre", "F", 1, 2), Fourchette("genre", "H", 1, 2), *AGE],
        *[("F", "autre")] * 3,
        *[("H", "jeune")] * 3,
    )
    profils, ordre = personnes(b)
    femmes, jeunes = ordre["F", "autre"], ordre["H", "jeune"]

    entres = remplacer([femmes[0]], b, profils, [*jeunes, *femmes[1:]])

    assert entres == [jeunes[0], femmes[1]]  # a second young person would be too many
    assert hors_quotas([femmes[0], *entres], b, profils) == []


def test_when_nobody_keeps_the_quotas_the_first_who_departs_least_enters_and_it_is_said():
    b = bassin(3, GENRE, *[("F",)] * 5, ("H",))
    profils, ordre = personnes(b)
    femmes = ordre["F",]

    entres = remplacer(femmes[:2], b, profils, femmes[2:])

    assert entres == [femmes[2]]
    assert hors_quotas([*femmes[:3]], b, profils) == [
        "genre : F : 3 pour 1 à 2.",
        "genre : H : 0 pour 1 à 2.",
    ]


def test_replacement_after_replacement_ends_when_the_reserve_is_empty():
    b = grand()
    profils, _ = personnes(b)
    assis, reserve = list(profils)[:12], list(profils)[12:]
    vus = set(assis)
    while reserve:
        assis.pop(0)
        (entre,) = remplacer(assis, b, profils, reserve)
        assert entre not in vus
        vus.add(entre)
        assis.append(entre)
        reserve.remove(entre)

    assert remplacer(assis[1:], b, profils, []) == []
    assert len(compter(assis, b, profils)) == len(b.quotas)


def test_the_fixed_texts_are_those_that_anybody_writes_again():
    """By hand, with `printf '…' | sha256sum`."""
    assert preuve.empreinte("graine-v1|aa|boules:2027-03-12:4-0-9-1-1-7-3-8-2-6") == preuve.graine(
        "aa", "boules:2027-03-12:4-0-9-1-1-7-3-8-2-6"
    )
    liee = f"graine-v2|aa|{preuve.empreinte('la règle')}|boules:1"
    assert preuve.empreinte(liee) == preuve.graine("aa", "boules:1", "la règle")
    assert (
        preuve.billet("aa", "foyer", "V00001")
        == "02feca2bc9ae2c60be32f2c39cd40bb953f1b38ed9d5808e7904aa1adc987e0d"
    )


@pytest.mark.parametrize(
    ("nature", "texte", "est_bon"),
    [
        ("boules", "boules:2027-03-12:4-0-9-1-1-7-3-8-2-6", True),
        ("boules", "boules:2027-03-12:4-0-9", False),
        ("boules", "boules:2027-03-13:4-0-9-1-1-7-3-8-2-6", False),
        ("loto", "loto:2027-03-12:04-17-23-31-45+08", True),
        ("loto", "loto:2027-03-12:4-17-23-31-45+08", False),
        ("drand", "drand:quicknet:20791007:" + "5f" * 32, True),
        ("drand", "drand:quicknet:20791007:5F", False),
    ],
)
def test_a_seed_has_one_form_and_the_day_that_was_announced(nature, texte, est_bon):
    assert (preuve.defaut_de_la_source(nature, texte, date(2027, 3, 12)) == "") is est_bon


def test_one_person_a_household_stays_and_taking_one_away_changes_nothing_for_the_others():
    foyers = {f"V{n:05}": str(n // 2) if n < 10 else "" for n in range(15)}

    gardes = preuve.un_par_foyer("ab", foyers)
    sans = preuve.un_par_foyer("ab", {n: f for n, f in foyers.items() if n != gardes[0]})

    assert len(gardes) == 5 + 5
    assert set(gardes[1:]) <= set(sans)


def test_the_losses_foreseen_are_the_same_for_the_same_seed_and_the_greatest_rate_of_a_person_counts():
    b = grand()
    profils, ordre = personnes(b)
    panels = portefeuille.composer(tirer_au_plus_juste(b), b, ordre)
    pertes = [Perte("", "", 10, 5), Perte("âge", "16-29", 40, 5)]

    prevue = prevoir(panels, b, profils, pertes, 3, "ab")

    assert taux_de(("F", "16-29", "non"), b.categories, pertes) == (0.4, 0.05)
    assert prevue == prevoir(panels, b, profils, pertes, 3, "ab")
    moyennes = [moyenne for moyenne, _ in prevue.presents]
    assert moyennes == sorted(moyennes, reverse=True)
    assert 8 < moyennes[0] < 11
    assert all(dix < moyenne for moyenne, dix in prevue.presents)
    assert prevue.tenus >= 0.9
    assert prevue.besoins[b.quotas.index(Fourchette("âge", "16-29", 3, 5))] >= 2

    sans = prevoir(panels, b, profils, [], 2, "ab")
    assert (sans.presents, sans.reserve, sum(sans.besoins)) == (((12, 12), (12, 12)), 0, 0)


@pytest.mark.parametrize(("combien", "part", "appeles"), [(0, 0.5, 0), (3, 0.0, 3), (1, 0.5, 4), (2, 0.1, 3)])
def test_enough_are_called_for_those_who_are_needed_to_come_nine_times_in_ten(combien, part, appeles):
    """By hand: one of four comes with 1 - 0.5⁴ = 94 %, of three with 87 %; two of two with 81 %, of three with 97 %."""
    assert au_moins(combien, part) == appeles


def test_the_reserve_fills_the_needs_in_the_order_of_the_tickets_then_takes_the_next():
    b = bassin(3, GENRE, *[("F",)] * 4, *[("H",)] * 4)
    profils, ordre = personnes(b)
    femmes, hommes = ordre["F",], ordre["H",]
    attente = [*femmes, *hommes]

    assert choisir_la_reserve(attente, b, profils, [0, 1], 3) == [femmes[0], femmes[1], hommes[0]]


def test_the_rehearsal_of_the_night_ends_or_says_which_step_failed(monkeypatch):
    repeter("2027-03-12")

    monkeypatch.setattr(portefeuille, "composer", lambda *tout: [])
    with pytest.raises(RepetitionRatee, match="un panel ne tient pas"):
        repeter("2027-03-12")


def test_without_an_answer_of_the_solver_the_greatest_remainders_are_rounded_up(monkeypatch):
    loterie = tirer_au_plus_juste(grand())
    moteur = portefeuille.moteur

    def muet():
        h = moteur()
        h.run = lambda: None
        return h

    monkeypatch.setattr(portefeuille, "moteur", muet)

    fois = portefeuille.arrondir(loterie, 10)

    assert sum(fois) == 10
    assert all(abs(n - 10 * poids) < 1 for n, poids in zip(fois, loterie.poids, strict=True))
