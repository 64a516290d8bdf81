"""The count of a vote on projects: exact, the same whatever the order of the ballots, and replayed by a stand-alone script."""

import io
import random
import subprocess
import sys
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from contrat_ville.regles.depouillement import (
    Augmentation,
    Choix,
    ProjetMis,
    Regle,
    Resultat,
    Urne,
    Utilite,
    Variante,
    ce_que_paie,
    depouiller,
    glouton,
    parts_egales,
)
from contrat_ville.regles.depouillement.en_mots import bulletin_en_mots, regle_en_mots
from contrat_ville.regles.depouillement.pb import Entete, ecrire_pb

SCRIPT = Path(settings.BASE_DIR) / "contrat_ville/donnees/rejouer.py"
ENTETE = Entete("Budget inter-quartiers", "Métropole", "2027", date(2027, 3, 1), date(2027, 3, 20), 4)


def approuve(*numeros: int) -> Choix:
    return tuple(sorted((str(n), 1) for n in numeros))


@st.composite
def votes(dessiner, par_points: bool | None = None):
    """(projects, ballots, variant): small enough for ties, exclusions and shortages to be frequent."""
    nombre = dessiner(st.integers(2, 6))
    projets = [ProjetMis(str(n), dessiner(st.integers(1, 60)), f"Projet {n}") for n in range(1, nombre + 1)]
    points = dessiner(st.booleans()) if par_points is None else par_points
    numeros = st.sampled_from([p.numero for p in projets])
    bulletin = st.dictionaries(numeros, st.integers(1, 4) if points else st.just(1), max_size=4)
    bulletins = [tuple(sorted(b.items())) for b in dessiner(st.lists(bulletin, max_size=14))]
    paires = dessiner(st.lists(st.sets(numeros, min_size=2, max_size=2), max_size=2))
    variante = Variante(
        budget=dessiner(st.integers(60, 160)),
        graine=dessiner(st.sampled_from(["alpha", "beta", "gamma"])),
        regle=dessiner(st.sampled_from(Regle)),
        utilite=dessiner(st.sampled_from(Utilite)),
        augmentation=dessiner(st.sampled_from(Augmentation)),
        completion=dessiner(st.booleans()),
        minimum=dessiner(st.integers(0, 2)),
        incompatibles=frozenset(frozenset(paire) for paire in paires),
    )
    return projets, bulletins, variante


@given(votes(), st.randoms(use_true_random=False))
def test_the_count_does_not_depend_on_the_order_of_the_ballots_nor_on_their_grouping(vote, hasard):
    projets, bulletins, variante = vote
    attendu = depouiller(Urne(bulletins, projets), variante)
    meles = list(bulletins)
    hasard.shuffle(meles)
    groupes = {choix: bulletins.count(choix) for choix in meles}
    for urne in (Urne(meles, projets), Urne(groupes, projets), Urne(bulletins, projets)):
        assert depouiller(urne, variante) == attendu
        assert urne.exprimes + urne.blancs == len(bulletins)


@given(votes())
def test_the_budget_is_never_exceeded_and_only_supported_projects_are_taken(vote):
    projets, bulletins, variante = vote
    urne = Urne(bulletins, projets)
    for regle in Regle:
        resultat = depouiller(urne, variante, regle)
        assert resultat.depense == sum(urne.projets[n].cout for n in resultat.gagnants) <= variante.budget
        assert len(set(resultat.gagnants)) == len(resultat.gagnants)
        assert all(urne.voix[n] >= max(variante.minimum, 1) for n in resultat.gagnants)
        assert not any(paire <= set(resultat.gagnants) for paire in variante.incompatibles)


@given(votes())
def test_completion_loses_no_winner_of_the_shares_and_leaves_nothing_that_would_still_fit(vote):
    projets, bulletins, variante = vote
    urne = Urne(bulletins, projets)
    sans = parts_egales(urne, Variante(**(vars(variante) | {"completion": False})))
    avec = parts_egales(urne, Variante(**(vars(variante) | {"completion": True})))
    if urne.exprimes:
        assert avec.gagnants[: len(sans.gagnants)] == sans.gagnants
    exclus = {autre for n in avec.gagnants for autre in variante.contraires(n)} | set(avec.gagnants)
    reste = variante.budget - avec.depense
    assert not [n for n in urne.admis(variante) if n not in exclus and urne.projets[n].cout <= reste]


@given(votes())
def test_receipts_add_up_to_what_the_shares_paid(vote):
    projets, bulletins, variante = vote
    urne = Urne(bulletins, projets)
    for regle in Regle:
        resultat = depouiller(urne, variante, regle)
        payes: dict[str, Fraction] = dict.fromkeys(urne.projets, Fraction(0))
        for choix, combien in urne.groupes:
            lignes, reste = ce_que_paie(choix, resultat, urne.projets, urne.points)
            assert reste is None or reste >= 0
            for ligne in lignes:
                payes[ligne.numero] += combien * ligne.euros
        assert payes == {n: (urne.projets[n].cout if n in resultat.gagnants else 0) for n in urne.projets}


@given(votes())
def test_a_result_kept_as_json_is_read_back_exactly(vote):
    projets, bulletins, variante = vote
    resultat = depouiller(Urne(bulletins, projets), variante)
    assert Resultat.lire(resultat.en_json()) == resultat


def test_greedy_takes_the_most_supported_and_passes_over_what_does_not_fit():
    projets = [ProjetMis("1", 60), ProjetMis("2", 50), ProjetMis("3", 40)]
    urne = Urne([approuve(1), approuve(1), approuve(1, 2), approuve(2, 3), approuve(3)], projets)
    assert glouton(urne, Variante(100, "g")).gagnants == ["1", "3"]


def test_equal_shares_serves_a_minority_that_greedy_leaves_out():
    # 60 people want 1, 2 and 3; 40 people want 4. The budget pays for three projects.
    projets = [ProjetMis(str(n), 30) for n in range(1, 5)]
    urne = Urne({approuve(1, 2, 3): 60, approuve(4): 40}, projets)
    assert set(glouton(urne, Variante(90, "g")).gagnants) == {"1", "2", "3"}
    parts = parts_egales(urne, Variante(90, "g", augmentation=Augmentation.AUCUNE, completion=False))
    assert "4" in parts.gagnants
    assert len(parts.gagnants) == 2  # 60 × 0.90 € pay for one project of theirs and 24 € stay in their purses
    assert len(parts_egales(urne, Variante(90, "g")).gagnants) == 3


def test_a_voter_short_of_money_gives_all_she_has_and_the_others_pay_the_rest():
    projets = [ProjetMis("1", 20), ProjetMis("2", 10)]
    urne = Urne([approuve(1, 2), approuve(1), approuve(2)], projets)
    resultat = parts_egales(urne, Variante(30, "g", Regle.PARTS_EGALES, Utilite.NOMBRE, Augmentation.AUCUNE))
    # 2 is the cheapest: 5 each. Then 1: five from the first, who has no more, ten from the second; not enough, so completed.
    assert [(e.numero, e.prix) for e in resultat.etapes] == [("2", 5), ("1", None)]
    lignes, reste = ce_que_paie(approuve(1, 2), resultat, urne.projets, urne.points)
    assert [(ligne.numero, ligne.euros, ligne.par_sa_part) for ligne in lignes] == [
        ("2", 5, True),
        ("1", 10, False),
    ]
    assert reste == 5


def test_a_tie_is_settled_by_the_published_seed_and_said():
    projets = [ProjetMis("1", 50), ProjetMis("2", 50)]
    urne = Urne([approuve(1), approuve(2)], projets)
    gagnants = set()
    for graine in ("a", "b", "c", "d", "e", "f"):
        variante = Variante(50, graine)
        resultat = glouton(urne, variante)
        assert resultat.gagnants == [min("12", key=variante.rang)]
        assert set(resultat.etapes[0].a_egalite_avec) == {"1", "2"} - set(resultat.gagnants)
        gagnants.update(resultat.gagnants)
    assert gagnants == {"1", "2"}


def test_blank_ballots_are_counted_apart_and_change_no_share():
    projets = [ProjetMis("1", 50), ProjetMis("2", 50)]
    bulletins = [approuve(1), approuve(2)]
    sans, avec = Urne(bulletins, projets), Urne([*bulletins, (), ()], projets)
    assert (avec.exprimes, avec.blancs) == (2, 2)
    assert parts_egales(sans, Variante(100, "g")) == parts_egales(avec, Variante(100, "g"))


def test_a_raise_that_no_purse_can_use_is_not_tried_euro_by_euro():
    # One person alone wants a project of 1 000 000 €: her share must grow a million times.
    projets = [ProjetMis("1", 10), ProjetMis("2", 1_000_000)]
    urne = Urne({approuve(1): 100, approuve(2): 1}, projets)
    tours = []
    resultat = parts_egales(
        urne,
        Variante(1_000_010, "g", augmentation=Augmentation.ADD1, completion=False),
        lambda *tour: tours.append(tour),
    )
    assert resultat.gagnants == ["1", "2"]
    assert len(tours) < 5


def test_exhaustive_and_plain_raise_may_give_other_winners():
    """The reason why the règlement names its variant to the letter."""
    differents = 0
    for essai in range(300):
        hasard = random.Random(essai)
        projets = [ProjetMis(str(n), hasard.randint(5, 60)) for n in range(1, 7)]
        bulletins = [approuve(*hasard.sample(range(1, 7), hasard.randint(1, 4))) for _ in range(9)]
        urne = Urne(bulletins, projets)
        gagnants = {
            tuple(sorted(parts_egales(urne, Variante(120, "g", augmentation=a)).gagnants))
            for a in Augmentation
        }
        differents += len(gagnants) > 1
    assert differents


# Against the others: pabutools, the checker of Pabulib, our own script


def oracle(projets: list[ProjetMis], bulletins: list[Choix], variante: Variante, par_points: bool):
    """What pabutools takes, with the same draw for ties."""
    from pabutools.election import (
        Additive_Cardinal_Sat,
        ApprovalBallot,
        ApprovalProfile,
        CardinalBallot,
        Cardinality_Sat,
        CardinalProfile,
        Cost_Sat,
        Instance,
        Project,
    )
    from pabutools.rules import greedy_utilitarian_welfare, method_of_equal_shares
    from pabutools.tiebreaking import TieBreakingRule

    par_nom = {p.numero: Project(p.numero, p.cout) for p in projets}
    instance = Instance(par_nom.values(), budget_limit=variante.budget)
    tirage = TieBreakingRule(lambda _i, _p, projet: variante.rang(projet.name))
    exprimes = [b for b in bulletins if b]
    if par_points:
        profil = CardinalProfile(
            [CardinalBallot({par_nom[n]: p for n, p in b}) for b in exprimes], instance=instance
        )
        gain = Additive_Cardinal_Sat
    else:
        profil = ApprovalProfile(
            [ApprovalBallot([par_nom[n] for n, _ in b]) for b in exprimes], instance=instance
        )
        gain = Cost_Sat if variante.utilite == Utilite.COUT else Cardinality_Sat
    if variante.regle == Regle.GLOUTON:
        pris = greedy_utilitarian_welfare(instance, profil, sat_class=Cost_Sat, tie_breaking=tirage)
        return {p.name for p in pris}
    pas = None if variante.augmentation == Augmentation.AUCUNE else 1
    pris = method_of_equal_shares(
        instance, profil, sat_class=gain, tie_breaking=tirage, voter_budget_increment=pas
    )
    return {p.name for p in pris}


def elections(nombre: int, par_points: bool = False):
    """Random elections in which every project has support."""
    for graine in range(nombre):
        hasard = random.Random(graine)
        combien = hasard.randint(3, 9)
        projets = [ProjetMis(str(n), hasard.randint(3, 60), f"Projet {n}") for n in range(1, combien + 1)]
        bulletins = []
        for _ in range(hasard.randint(4, 25)):
            choisis = hasard.sample(range(1, combien + 1), hasard.randint(1, min(4, combien)))
            bulletins.append(
                tuple(sorted((str(n), hasard.randint(1, 4) if par_points else 1) for n in choisis))
            )
        yield graine, projets, bulletins


@pytest.mark.parametrize("utilite", Utilite)
def test_shares_agree_with_pabutools_on_ballots_that_tick(utilite):
    for graine, projets, bulletins in elections(120):
        variante = Variante(100, "g", Regle.PARTS_EGALES, utilite, Augmentation.AUCUNE, completion=False)
        notre = parts_egales(Urne(bulletins, projets), variante)
        assert set(notre.gagnants) == oracle(projets, bulletins, variante, par_points=False), graine


def test_shares_agree_with_pabutools_on_ballots_of_points():
    for graine, projets, bulletins in elections(120, par_points=True):
        variante = Variante(
            100, "g", Regle.PARTS_EGALES, Utilite.NOMBRE, Augmentation.AUCUNE, completion=False
        )
        notre = parts_egales(Urne(bulletins, projets), variante)
        assert set(notre.gagnants) == oracle(projets, bulletins, variante, par_points=True), graine


def test_the_exhaustive_raise_agrees_with_pabutools():
    compares = 0
    for graine, projets, bulletins in elections(150):
        urne = Urne(bulletins, projets)
        variante = Variante(
            100, "g", Regle.PARTS_EGALES, Utilite.COUT, Augmentation.ADD1_EXHAUSTIF, completion=False
        )
        if len(urne.admis(variante)) < len(projets):
            continue  # pabutools waits for projects that nobody wants, or that no budget holds, before it stops
        compares += 1
        assert set(parts_egales(urne, variante).gagnants) == oracle(projets, bulletins, variante, False), (
            graine
        )
    assert compares > 60


def test_greedy_agrees_with_pabutools():
    for graine, projets, bulletins in elections(120):
        urne = Urne(bulletins, projets)
        variante = Variante(100, "g", Regle.GLOUTON)
        attendus = oracle(projets, bulletins, variante, par_points=False)
        # It also takes, with what is left, projects that nobody chose.
        assert set(glouton(urne, variante).gagnants) == {n for n in attendus if urne.voix[n]}, graine


def pb(projets, bulletins, variante, par_points=False):
    urne = Urne(bulletins, projets)
    resultat = depouiller(urne, variante)
    entete = Entete(**(vars(ENTETE) | {"points": 10 if par_points else 0}))
    return ecrire_pb(urne, variante, resultat, entete), resultat


def monde(par_points=False, combien=60):
    hasard = random.Random(7)
    projets = [
        ProjetMis(str(n), hasard.randint(20, 60) * 100, f"Jeux ; et « bancs » n° {n}") for n in range(1, 9)
    ]
    bulletins: list[Choix] = [(), ()]
    for _ in range(combien):
        choisis = hasard.sample(range(1, 9), 4)
        bulletins.append(tuple(sorted((str(n), hasard.randint(1, 2) if par_points else 1) for n in choisis)))
    return projets, bulletins


@pytest.mark.parametrize("par_points", [False, True])
@pytest.mark.parametrize(
    ("regle", "nom"), [(Regle.GLOUTON, "greedy-threshold"), (Regle.PARTS_EGALES, "unknown")]
)
def test_the_published_file_is_valid_for_the_checker_of_pabulib(regle, nom, par_points, capsys):
    from pabulib.checker import Checker

    contenu, _ = pb(*monde(par_points), Variante(15000, "graine", regle), par_points)
    assert f"\nrule;{nom}\n" in contenu
    rendu = Checker().process_files([contenu])
    assert rendu["metadata"] == {"processed": 1, "valid": 1, "invalid": 0}, rendu
    assert "greedy-threshold rule not followed" not in str(rendu)


def test_the_published_file_of_a_count_without_any_ballot_is_replayed_too(tmp_path):
    projets, _ = monde()
    contenu, resultat = pb(projets, [], Variante(15000, "graine"))
    assert resultat.gagnants == []
    assert rejouer(contenu, tmp_path).returncode == 0


def rejouer(contenu: str, dossier: Path) -> subprocess.CompletedProcess[str]:
    fichier = dossier / "bulletins.pb"
    fichier.write_text(contenu, encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-I", str(SCRIPT), str(fichier)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={"PYTHONIOENCODING": "utf-8"},
    )


@pytest.mark.parametrize("par_points", [False, True])
@pytest.mark.parametrize(
    "reglage",
    [
        {"regle": Regle.GLOUTON},
        {"augmentation": Augmentation.AUCUNE},
        {"augmentation": Augmentation.ADD1, "utilite": Utilite.NOMBRE},
        {"minimum": 31, "incompatibles": frozenset({frozenset({"1", "5"}), frozenset({"2", "3"})})},
        {"completion": False},
    ],
    # Two processes of a run must read the same names: a set is not written twice in the same order.
    ids=["glouton", "sans augmentation", "add1 en nombre", "minimum et incompatibles", "sans completion"],
)
def test_the_stand_alone_script_prints_the_same_winners_in_the_same_order(reglage, par_points, tmp_path):
    contenu, resultat = pb(*monde(par_points), Variante(15000, "graine", **reglage), par_points)
    rendu = rejouer(contenu, tmp_path)
    assert rendu.returncode == 0, rendu.stdout + rendu.stderr
    lignes = rendu.stdout.splitlines()
    assert [ligne.split("\t")[0] for ligne in lignes[1:-1]] == resultat.gagnants
    assert resultat.gagnants
    assert lignes[-1] == "Ce sont les projets publiés."


def test_the_stand_alone_script_says_when_the_published_winners_are_not_those_of_the_ballots(tmp_path):
    contenu, resultat = pb(*monde(), Variante(15000, "graine"))
    ligne = next(mots for mots in contenu.splitlines() if mots.startswith(f"{resultat.gagnants[0]};"))
    truque = contenu.replace(ligne, ligne.removesuffix(";1") + ";0")
    assert truque != contenu
    rendu = rejouer(truque, tmp_path)
    assert rendu.returncode == 1
    assert "PAS les projets publiés" in rendu.stdout


@given(votes())
def test_the_script_agrees_with_the_count_on_small_votes_of_every_variant(vote):
    projets, bulletins, variante = vote
    par_points = any(points > 1 for bulletin in bulletins for _, points in bulletin)
    contenu, resultat = pb(projets, bulletins, variante, par_points)
    espace: dict[str, Any] = {"__name__": "rejouer"}
    exec(compile(SCRIPT.read_text(encoding="utf-8"), str(SCRIPT), "exec"), espace)
    with mock.patch.object(Path, "open", return_value=io.StringIO(contenu)):
        lu = espace["lire"]("en mémoire")
    compte = espace["Depouillement"](*lu)
    assert compte.gagnants() == resultat.gagnants


def test_the_rule_is_written_in_french_to_the_letter():
    texte = " ".join(
        regle_en_mots(Variante(300_000, "neige", minimum=25, incompatibles=frozenset({frozenset("12")})))
    )
    for mots in (
        "25 bulletins au moins",
        "300\u00a0000\u00a0€",
        "Add1",
        "neige:numéro",
        "incompatibles",
        "non blanc",
    ):
        assert mots in texte
    assert "du plus soutenu au moins soutenu" in " ".join(regle_en_mots(Variante(10, "g", Regle.GLOUTON)))
    assert "10 points au plus, à 3 projets au plus" in bulletin_en_mots(10, 3)[0]
