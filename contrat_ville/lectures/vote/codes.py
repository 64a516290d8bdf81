"""Lots of codes as the back office shows them: who asked, when, why, how many have voted."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contrat_ville.models.inter_quartiers import ReglementInterQuartiers
from contrat_ville.models.vote import LotDeCodes, Scrutin
from contrat_ville.workflow.vote import NatureLot
from participation.socle.francais import nombre
from participation.socle.models import Compte


@dataclass(frozen=True, slots=True)
class LotMontre:
    """`remises`: (instant, what was done, why) of each code handed over at the desk. `alerte`: why to look at it."""

    lot: LotDeCodes
    actes: Sequence[str]
    servis: str
    remises: Sequence[tuple[datetime, str, str]]
    alerte: str


def lots_montres(scrutin: Scrutin, compte: Compte) -> list[LotMontre]:
    """Return the lots in the order they were asked for.

    How many have voted is not said of a few codes of the desk: it would be said of a person.
    """
    reglement = ReglementInterQuartiers.actuel()
    lots: list[Any] = list(scrutin.lots.en_chiffres().select_related("par"))
    a_regarder = set(scrutin.lots.a_regarder(reglement.codes_a_signaler).values_list("pk", flat=True))
    remises = defaultdict(list)
    for le, fait, motif, details in scrutin.journal.filter(acte="remettre_code").values_list(
        "le", "fait", "motif", "details"
    ):
        remises[details.get("lot")].append((le, fait, motif))
    montres = []
    for lot in lots:
        trop_peu = lot.nature == NatureLot.ACCUEIL and lot.nombre < reglement.secret_statistique
        alerte = "Beaucoup de codes remis en une heure par le même compte." if lot.pk in a_regarder else ""
        montres.append(
            LotMontre(
                lot,
                lot.actes_permis_a(compte),
                "non dit" if trop_peu else nombre(lot.servis),
                sorted(remises[lot.pk]),
                alerte,
            )
        )
    return montres
