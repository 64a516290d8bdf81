"""What may be proposed to the archives: lots of all apps whose time is past, and that no slip holds yet."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import models

from participation.droits.models import EN_ROUTE, Bordereau, LigneBordereau
from participation.droits.workflow import Avis
from participation.socle import vitrine
from participation.socle.actions.oubli import autour
from participation.socle.collectivite import collectivite
from participation.socle.francais import nombre
from participation.socle.lectures.chiffres import Tenu
from participation.socle.lectures.conservation import DemarcheEntiere, Elimination, Lot, dire_delais
from participation.socle.models import Dossier


def eliminations() -> dict[str, Elimination]:
    return {e.cle: e for e in vitrine.recueillir("eliminations")}


def entieres() -> dict[str, DemarcheEntiere]:
    return {e.cle: e for e in vitrine.recueillir("demarches_entieres")}


def tient(demarche: DemarcheEntiere, objet: models.Model) -> dict[str, int]:
    """Return « inscriptions » → how many rows still hold somebody, where there are some."""
    lignes = {**demarche.tient(objet), **(autour(objet) if isinstance(objet, Dossier) else {})}
    return {quoi: n for quoi, siennes in lignes.items() if (n := siennes.count())}


def a_choisir() -> list[tuple[DemarcheEntiere, Any]]:
    """Return the démarches that are over, and that no slip holds or erased: an agent may choose one, to erase it whole."""
    faites = LigneBordereau.objects.exclude(eliminee_le=None).values_list("nature", "objet")
    pris = _pris() | set(faites)
    return [
        (demarche, objet)
        for demarche in entieres().values()
        for objet in demarche.finies().order_by("-pk")
        if (demarche.cle, objet.pk) not in pris
    ]


def lot_entier(demarche: DemarcheEntiere, objet: Any) -> Lot:
    tenues = tient(demarche, objet)
    detail = ", ".join(f"{quoi}\u00a0: {nombre(n)}" for quoi, n in tenues.items())
    return Lot(objet.pk, str(objet), sum(tenues.values()), objet.get_absolute_url(), detail=detail)


def a_proposer() -> list[tuple[Elimination, Lot]]:
    """Return the lots that no slip holds: neither under way, nor refused by the archives."""
    pris = _pris()
    return [
        (elimination, lot)
        for elimination in eliminations().values()
        for lot in elimination.lots()
        if lot.nombre and (elimination.cle, lot.numero) not in pris
    ]


def _pris() -> set[tuple[str, int]]:
    """Return the lots that a slip holds, by kind and number."""
    tenues = LigneBordereau.objects.filter(eliminee_le=None)
    retenues = tenues.filter(bordereau__etat__in=EN_ROUTE) | tenues.filter(avis=Avis.REFUS)
    return set(retenues.values_list("nature", "objet"))


def _compter() -> list[tuple[str, int, str, int, str]]:
    return [
        (cle, lot.numero, lot.intitule, lot.nombre, lot.url)
        for cle, elimination in eliminations().items()
        for lot in elimination.lots()
        if lot.nombre
    ]


# Each app counts what is past its time, among hundreds of thousands of rows. A slip counts again.
LOTS = Tenu("droits.lots", _compter)


def proposes() -> tuple[list[tuple[Elimination, Lot]], datetime]:
    """Return what the page shows of `a_proposer`, and when it was counted."""
    (lots, le), connues, pris = LOTS.lire(), eliminations(), _pris()
    return [
        (connues[cle], Lot(numero, intitule, nombre, url))
        for cle, numero, intitule, nombre, url in lots
        if cle in connues and (cle, numero) not in pris
    ], le


def lignes(
    bordereau: Bordereau, lots: Sequence[tuple[Elimination | DemarcheEntiere, Lot]]
) -> list[LigneBordereau]:
    """Return the rows of the slip, with the columns of the archives."""
    service = f"{collectivite().service}, {collectivite().nom}"[:160]
    return [
        LigneBordereau(
            bordereau=bordereau,
            nature=elimination.cle,
            objet=lot.numero,
            service=service,
            genre=elimination.genre[:160],
            intitule=lot.intitule[:240],
            date_debut=lot.debut,
            date_fin=lot.fin,
            dua=dire_delais(elimination.delais)[:240],
            nombre=lot.nombre,
            observations=f"{lot.detail}{'. ' if lot.detail else ''}Restent\u00a0: {elimination.reste}"[:400],
        )
        for elimination, lot in lots
    ]
