"""Whether the quotas can be kept together, and the smallest change that makes them so: at once, or by a worker when it is long."""

from collections.abc import Mapping
from dataclasses import astuple, dataclass
from hashlib import sha256
from typing import Any

from django.db import transaction

from participation.socle.actions.avancer import exiger
from participation.socle.models import Compte
from participation.socle.travaux.differes import ATTENDU, confier
from participation.socle.views.pages import Page, acte
from participation.tirage.models import Tirage
from participation.tirage.regles import Bassin, Fourchette
from participation.tirage.selection.faisabilite import assouplissements, est_possible
from participation.tirage.selection.solveur import Delai, TempsEcoule

TACHE = "tirage.controler"
SECONDES_D_UNE_PAGE = 2.0  # that somebody may wait in front of a page
SECONDES_A_PART = 300.0
TROP_LONG = "Ce contrôle des quotas est long : il se fait à part. Demandez « Contrôler les quotas » sur la page du tirage, puis revenez."


@dataclass(frozen=True, slots=True)
class Controle:
    """What is known of the quotas and the people as they are. `proposes`: the quotas to change, as they should be."""

    est_possible: bool
    proposes: tuple[Fourchette, ...] = ()


def controle_de(tirage: Tirage) -> Controle | None:
    """Return what the worker found for this very pool, or what is found in two seconds; None when that is too short."""
    bassin = tirage.bassin()
    if su := _su(tirage.controle, bassin):
        return su
    try:
        return chercher(bassin, Delai(SECONDES_D_UNE_PAGE))
    except TempsEcoule:
        return None


def chercher(bassin: Bassin, delai: Delai) -> Controle:
    """Raises TempsEcoule."""
    if est_possible(bassin, delai):
        return Controle(est_possible=True)
    return Controle(est_possible=False, proposes=tuple(assouplissements(bassin, delai)))


def _cle(bassin: Bassin) -> str:
    return sha256(repr(bassin).encode()).hexdigest()


def _su(garde: Mapping[str, Any], bassin: Bassin) -> Controle | None:
    if "est_possible" not in garde or garde["cle"] != _cle(bassin):
        return None
    return Controle(garde["est_possible"], tuple(Fourchette(*propose) for propose in garde["proposes"]))


@acte(
    Page[Tirage](
        en_un_clic=True, succes="Le contrôle est demandé. Cette page dira ce qu’il trouve.", retour="#quotas"
    )
)
@transaction.atomic
def controler_quotas(tirage: Tirage, *, par: Compte) -> None:
    """Ask a worker whether the quotas can be kept together, without the limit of a page."""
    pas = exiger(tirage, "controler_quotas", par=par)
    pas.avancer(champs={"controle": {"en_cours": True}})
    confier(TACHE, tirage.pk, priorite=ATTENDU)


def faire_controle(numero: int) -> None:
    """Answer what `controler_quotas` asked. For a worker; safe to call twice."""
    demandes = Tirage.objects.filter(pk=numero, controle__en_cours=True)
    if (tirage := demandes.first()) is None:
        return
    bassin = tirage.bassin()
    try:
        trouve = chercher(bassin, Delai(SECONDES_A_PART))
    except TempsEcoule:
        demandes.update(controle={"trop_long": True})
        return
    demandes.update(
        controle={
            "cle": _cle(bassin),
            "est_possible": trouve.est_possible,
            "proposes": [astuple(quota) for quota in trouve.proposes],
        }
    )


def balayer_controles() -> None:
    """Give again what a killed worker or a lost broker left."""
    for numero in Tirage.objects.filter(controle__en_cours=True).values_list("pk", flat=True):
        confier(TACHE, numero)
