"""Where several services lead what was given to them."""

from collections.abc import Collection, Iterable

from remontees.workflow import PARTS_ATTENDUES, EtatAttribution


def etat_des_parts(etats: Iterable[str], *, aucune: str, attendue: str, rendues: str) -> str:
    """The état of what is followed, from those of its parts: one still owed, all answered, or nobody left (then back to triage).

    Withdrawn and refused parts count for nothing.
    """
    vivantes: Collection[str] = [
        etat for etat in etats if etat not in {EtatAttribution.RETIREE, EtatAttribution.REFUSEE}
    ]
    if not vivantes:
        return aucune
    return attendue if any(etat in PARTS_ATTENDUES for etat in vivantes) else rendues
