"""What is owed after a voice was heard: a suite of a remontée, or of a sujet."""

from datetime import date
from typing import Any

from participation.socle.models import Compte, Direction
from participation.suites import actions as suites
from participation.suites.models import Suite
from remontees.models import Remontee, Sujet

LES_HABITANTS = "des habitantes et habitants"


def ajouter_suite(
    dossier: Remontee | Sujet,
    *,
    par: Compte,
    intitule: str,
    direction: Direction,
    date_limite: date | None = None,
    texte_public: str = "",
    **origine: Any,
) -> Suite:
    """`origine`: asked or promised, as the suites take it."""
    return suites.ajouter_suite(
        dossier,
        par=par,
        intitule=intitule,
        direction=direction,
        date_limite=date_limite,
        texte_public=texte_public,
        **{"demandee_par": LES_HABITANTS, **origine},
    )
