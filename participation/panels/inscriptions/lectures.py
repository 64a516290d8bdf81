"""Registrations of a panel, as its page shows them."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import TrigramSimilarity

from participation.droits.registre import traitements
from participation.panels.inscriptions import regles
from participation.panels.models import PageInscription, Panel
from participation.panels.workflow import Adresse, Canal
from participation.socle.francais import INSECABLE
from participation.socle.regles.tableaux import simplifier

TRAITEMENT = "panels-inscription"


def ce_que_deviennent_les_donnees() -> list[tuple[str, str]]:
    """Return the words and the sentences that say why answers are asked, how long they stay, who sees them."""
    traitement = next(t for t in traitements() if t.cle == TRAITEMENT)
    dits = (traitement.finalite, traitement.conservation, traitement.destinataires)
    mots = (regles.POURQUOI, regles.DUREE, regles.QUI_VOIT)
    return [(mot, dit.replace(INSECABLE, " ")) for mot, dit in zip(mots, dits, strict=True)]


def mots_de(panel: Panel) -> list[str]:
    """Return all that its registration pages say."""
    return regles.mots_de(panel.categories, [phrase for _, phrase in ce_que_deviennent_les_donnees()])


def pages_et_reste(panel: Panel) -> list[tuple[PageInscription, list[str]]]:
    """Return each registration page, with what it still says in French: nobody translated it."""
    mots = mots_de(panel)
    return [
        (page, [] if page.html == "fr" else [mot for mot in mots if not page.traductions.get(mot)])
        for page in panel.pages.select_related("panel")
    ]


def comparer_adresse(panel: Panel, adresse: str) -> str:
    """Say whether this address was invited. It refuses nobody: an agent reads what is near or absent."""
    if not panel.adresses.exists():
        return Adresse.SANS_LISTE
    simple = simplifier(adresse)[:240]
    if not simple:
        return Adresse.ABSENTE
    if panel.adresses.filter(simple=simple).exists():
        return Adresse.MEME
    if panel.adresses.filter(simple__startswith=f"{simple} ").exists():
        return Adresse.PROCHE  # the street, without the postcode and the town
    proches = panel.adresses.filter(simple__trigram_similar=simple).annotate(
        ressemblance=TrigramSimilarity("simple", simple)
    )
    est_proche = proches.filter(ressemblance__gte=panel.regle.adresse_proche).exists()
    return Adresse.PROCHE if est_proche else Adresse.ABSENTE


def commence(invitee: str, adresse: str) -> bool:
    """Whether the invited address is this one, with its postcode and its town."""
    simple = simplifier(adresse)
    return bool(simple) and invitee.startswith(f"{simple} ")


def la_plus_proche(panel: Panel, adresse: str) -> str:
    """Return the invited address that looks most like this one; "" for none."""
    simple = simplifier(adresse)[:240]
    proches: Any = panel.adresses.filter(simple__trigram_similar=simple)
    triees = proches.annotate(ressemblance=TrigramSimilarity("simple", simple)).order_by(
        "-ressemblance", "pk"
    )
    return triees.values_list("simple", flat=True).first() or ""


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
