"""What may be proposed to the archives: lots of all apps whose time is past, and that no slip holds yet."""

from participation.droits.models import Bordereau, LigneBordereau
from participation.droits.models.bordereaux import EN_ROUTE
from participation.droits.workflow import Avis
from participation.socle import vitrine
from participation.socle.collectivite import collectivite
from participation.socle.vitrine import Elimination, Lot


def eliminations() -> dict[str, Elimination]:
    return {e.cle: e for e in vitrine.recueillir("eliminations")}


def a_proposer() -> list[tuple[Elimination, Lot]]:
    """Return the lots that no slip holds: neither under way, nor refused by the archives."""
    tenues = LigneBordereau.objects.filter(eliminee_le=None)
    pris = set(
        (tenues.filter(bordereau__etat__in=EN_ROUTE) | tenues.filter(avis=Avis.REFUS)).values_list(
            "nature", "objet"
        )
    )
    return [
        (elimination, lot)
        for elimination in eliminations().values()
        for lot in elimination.lots()
        if lot.nombre and (elimination.cle, lot.numero) not in pris
    ]


def lignes(bordereau: Bordereau, lots: list[tuple[Elimination, Lot]]) -> list[LigneBordereau]:
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
            dua=elimination.dua[:240],
            nombre=lot.nombre,
            observations=f"Restent\u00a0: {elimination.reste}"[:400],
        )
        for elimination, lot in lots
    ]
