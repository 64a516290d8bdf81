"""Replay the attacks that once succeeded against a running copy of the site."""

import gc
import re
import traceback
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path

from bench.attaques import (
    acces,
    courriels,
    demarches,
    droits,
    formulaires,
    langues,
    lettres,
    panels,
    places,
    portes,
    profil,
    remontees,
    rencontres,
    signatures,
    tableaux,
    vote,
)
from bench.attaques import nginx as par_nginx
from bench.attaques.signatures import Bilan
from bench.tableaux import tableau


def rejouer(port: int, dossier: Path, seulement: str = "") -> bool:
    """Replay the attacks and print their results. Returns True if all of them failed.

    `seulement`: regular expression on the names of the attacks.
    """
    servir = import_module("tests.exploitation.nginx").servir
    devant = dossier / "nginx"
    devant.mkdir()
    bilans = []
    with servir(devant, port) as nginx:
        toutes: dict[str, Callable[[], Bilan]] = {
            **{
                nom: partial(attaque, signatures.poster_vers(port))
                for nom, attaque in signatures.ATTAQUES.items()
            },
            **{
                nom: partial(attaque, partial(acces.NavigateurHttp, port))
                for nom, attaque in (
                    acces.ATTAQUES
                    | lettres.ATTAQUES
                    | profil.ATTAQUES
                    | droits.ATTAQUES
                    | rencontres.ATTAQUES
                    | tableaux.ATTAQUES
                    | places.ATTAQUES
                    | panels.ATTAQUES
                    | demarches.ATTAQUES
                    | portes.ATTAQUES
                ).items()
            },
            **{
                nom: partial(attaque, nginx, dossier)
                for nom, attaque in (par_nginx.ATTAQUES | formulaires.ATTAQUES | langues.ATTAQUES).items()
            },
            **{nom: partial(attaque, port) for nom, attaque in remontees.ATTAQUES.items()},
            **{nom: partial(attaque, port) for nom, attaque in courriels.ATTAQUES.items()},
            **{nom: partial(attaque, port) for nom, attaque in vote.ATTAQUES.items()},
        }
        for nom, attaque in toutes.items():
            if not re.search(seulement, nom):
                continue
            print(f"… {nom}", flush=True)
            try:
                echoue, vu = attaque()
            # A machine too busy, a site that moved under it: the others are replayed, this one is not said to fail.
            except Exception as erreur:
                traceback.print_exc()
                echoue, vu = False, f"n’a pas fini ({type(erreur).__name__})"
            print(f"  {vu}", flush=True)
            bilans.append((nom, echoue, vu))
            gc.collect()  # the threads of the attack are over: their connections to the database close
    tableau(
        "Attaques rejouées",
        ("", "ce qu’on voit", "l’attaque"),
        [(nom, vu, "échoue" if echoue else "PASSE") for nom, echoue, vu in bilans],
    )
    return all(echoue for _, echoue, _ in bilans)
