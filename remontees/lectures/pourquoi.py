"""« Pourquoi ici ? »: the rule or the agent that gave the dossier to each service, from the journal."""

from dataclasses import dataclass
from datetime import datetime

from participation.socle.models import Dossier
from remontees.models import Attribution

ACTES = ("router", "attribuer", "attribuer_sujet")


@dataclass(frozen=True, slots=True)
class Raison:
    service: str
    le: datetime
    pourquoi: str


def pourquoi_ici(dossier: Dossier, parts: list[Attribution]) -> list[Raison]:
    """Return the reasons, in one query.

    They are the words of that day: a later change of rule does not alter them.
    """
    par_part: dict[int, str] = {}
    for ligne in dossier.journal.filter(acte__in=ACTES).select_related("par"):
        details = ligne.details or {}
        dites = details.get("attributions") or [details.get("attribution")]
        dit = details.get("pourquoi") or f"Choisie par {ligne.par or 'le service'}, sans règle"
        par_part.update({int(part): dit for part in dites if part})
    return [
        Raison(part.en_phrase, part.envoyee_le, par_part[part.pk]) for part in parts if part.pk in par_part
    ]
