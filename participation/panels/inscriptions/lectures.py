"""Registrations of a panel, as its page shows them."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import TrigramSimilarity

from participation.panels.models import Panel
from participation.panels.workflow import Adresse, Canal
from participation.socle.regles.tableaux import simplifier


def comparer_adresse(panel: Panel, adresse: str) -> str:
    """Say whether this address was invited. It refuses nobody: an agent reads what is near or absent."""
    if not panel.adresses.exists():
        return Adresse.SANS_LISTE
    simple = simplifier(adresse)[:240]
    if not simple:
        return Adresse.ABSENTE
    if panel.adresses.filter(simple=simple).exists():
        return Adresse.MEME
    proches = panel.adresses.filter(simple__trigram_similar=simple).annotate(
        ressemblance=TrigramSimilarity("simple", simple)
    )
    est_proche = proches.filter(ressemblance__gte=panel.regle.adresse_proche).exists()
    return Adresse.PROCHE if est_proche else Adresse.ABSENTE


def adresses_proches(panel: Panel, adresse: str) -> list[str]:
    """Return the three invited addresses that look most like this one."""
    simple = simplifier(adresse)[:240]
    proches: Any = panel.adresses.filter(simple__trigram_similar=simple)
    triees = proches.annotate(ressemblance=TrigramSimilarity("simple", simple)).order_by(
        "-ressemblance", "pk"
    )
    return list(triees.values_list("simple", flat=True)[:3])


@dataclass(frozen=True, slots=True)
class Chiffres:
    inscrites: int
    tirables: int
    a_lire: int
    a_relire: int
    repetitions: int
    ecartees: int
    par_canal: list[tuple[str, int]]


def chiffres(panel: Panel) -> Chiffres:
    """Count the registrations. A rehearsal is counted apart from the others."""
    siennes = panel.inscriptions.all()
    combien = Counter(siennes.vraies().values_list("canal", flat=True))
    return Chiffres(
        inscrites=combien.total(),
        tirables=siennes.tirables().count(),
        a_lire=siennes.a_lire().count(),
        a_relire=siennes.a_relire().count(),
        repetitions=siennes.filter(est_repetition=True, effacee_le=None).count(),
        ecartees=siennes.filter(ecartee_le__isnull=False).count(),
        par_canal=[(str(canal.label), combien[canal]) for canal in Canal if combien[canal]],
    )
