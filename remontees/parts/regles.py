"""État of a dossier from those of its parts."""

from collections.abc import Collection, Iterable

from remontees.workflow import PARTS_ATTENDUES, EtatAttribution


def etat_des_parts(etats: Iterable[str], *, aucune: str, attendue: str, rendues: str) -> str:
    """Return `aucune`, `attendue` or `rendues`: without any part, with one still due, or with all answered.

    Withdrawn and refused parts are ignored.
    """
    vivantes: Collection[str] = [
        etat for etat in etats if etat not in {EtatAttribution.RETIREE, EtatAttribution.REFUSEE}
    ]
    if not vivantes:
        return aucune
    return attendue if any(etat in PARTS_ATTENDUES for etat in vivantes) else rendues
