"""Count compared with pabutools, the checker of Pabulib, and our stand-alone script."""

import io
import random
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.conf import settings
from hypothesis import given

from participation.budgets.depouillement import (
    Augmentation,
    Choix,
    ProjetMis,
    Regle,
    Urne,
    Utilite,
    Variante,
    depouiller,
    glouton,
    parts_egales,
)
from participation.budgets.depouillement.pb import Entete, ecrire_pb
from tests.budgets.bulletins import votes

SCRIPT = Path(settings.BASE_DIR) / "participation/budgets/donnees/rejouer.py"


ENTETE = Entete("Budget inter-quartiers", "Métropole", "2027", date(2027, 3, 1), date(2027, 3, 20), 4)


# Comparison with pabutools, the checker of Pabulib and our script


def oracle(projets: list[ProjetMis], bulletins: list[Choix], variante: Variante, par_points: bool):
    """Return the choice of pabutools, with the same draw for ties."""
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
            # pabutools stops only when no project is left, even those without support or over the budget
            continue
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
        # With the rest, it also takes projects without votes.
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
    # Names must be the same in every process of a run: a set has no fixed order.
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
    assert script_sur(contenu).gagnants() == resultat.gagnants


def script_sur(contenu: str, *dire: Any) -> Any:
    """Return the count of the stand-alone script, of a file in memory."""
    espace: dict[str, Any] = {"__name__": "rejouer"}
    exec(compile(SCRIPT.read_text(encoding="utf-8"), str(SCRIPT), "exec"), espace)
    with mock.patch.object(Path, "open", return_value=io.StringIO(contenu)):
        lu = espace["lire"]("en mémoire")
    return espace["Recompte"](*lu, *dire)


def test_the_script_counts_identical_ballots_together():
    projets, _ = monde()
    bulletins: list[Choix] = [(("1", 1), ("2", 1)), (("3", 1),)] * 500
    contenu, resultat = pb(projets, bulletins, Variante(15000, "graine"))
    compte = script_sur(contenu)
    assert sorted(compte.combien) == [500, 500]
    assert compte.gagnants() == resultat.gagnants


def test_the_script_makes_the_same_jumps_as_the_count_and_says_each_step():
    # One voter alone wants a project of a million: her share must grow by as much.
    projets = [ProjetMis("1", 10), ProjetMis("2", 1_000_000)]
    bulletins: list[Choix] = [(("1", 1),)] * 100 + [(("2", 1),)]
    variante = Variante(1_000_010, "g", augmentation=Augmentation.ADD1, completion=False)
    contenu, resultat = pb(projets, bulletins, variante)
    tours = []
    assert script_sur(contenu, lambda *tour: tours.append(tour)).gagnants() == resultat.gagnants == ["1", "2"]
    assert len(tours) < 5


def test_the_script_makes_as_many_rounds_as_the_count_on_a_vote_of_a_town():
    hasard = random.Random(5)
    projets = [ProjetMis(str(n), hasard.randrange(2000, 40_000, 100)) for n in range(1, 31)]
    bulletins: list[Choix] = [
        tuple(sorted((str(n), 1) for n in hasard.sample(range(1, 31), hasard.randint(1, 5))))
        for _ in range(600)
    ]
    variante, tours = Variante(150_000, "graine"), ([], [])
    attendu = parts_egales(Urne(bulletins, projets), variante, lambda *tour: tours[0].append(tour[:2]))
    contenu, _ = pb(projets, bulletins, variante)
    assert script_sur(contenu, lambda *tour: tours[1].append(tour)).gagnants() == attendu.gagnants
    # The count also says the last round, which exceeds the budget and is dropped.
    assert tours[0][: len(tours[1])] == tours[1]
    assert len(tours[0]) - len(tours[1]) <= 1


def test_the_script_says_that_a_file_is_not_one_of_ballots(tmp_path):
    for contenu in ("", "META\nkey;value\nbudget;12\n", "un texte"):
        rendu = rejouer(contenu, tmp_path)
        assert rendu.returncode == 2
        assert "n’est pas un fichier de bulletins" in rendu.stderr
