"""What a page and the published file say of the parts of the communes: which are bound, which are proved."""

import json
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from participation.panels.communes.regles import Part
from participation.panels.models import Panel, PartDeCommune, TirageDesCommunes

FORMAT = "communes-v1"


def part_dite(part: PartDeCommune) -> Part:
    """Return what the seed is bound to, of a commune that deposited its commitments."""
    assert part.lignes is not None  # noqa: S101 it deposited them
    return Part(part.commune_id, part.lettres, part.lignes, part.racine)


def engagees(panel: Panel) -> list[PartDeCommune]:
    """Return the parts that the seed is bound to, by code of the commune, without the lines drawn."""
    siennes = panel.parts.filter(engagee_le__isnull=False).order_by("commune_id")
    return list(siennes.defer("tires").select_related("commune"))


@dataclass(frozen=True, slots=True)
class Etat:
    """Where the part of a commune stands: its words, the colour and the icon of the état."""

    part: PartDeCommune
    mots: str
    couleur: str
    icone: str


def etats(panel: Panel, regle: TirageDesCommunes) -> list[Etat]:
    siennes = panel.parts.defer("tires").select_related("commune").order_by("commune__cle_tri")
    return [Etat(part, *_dire(part, regle)) for part in siennes]


def _dire(part: PartDeCommune, regle: TirageDesCommunes) -> tuple[str, str, str]:
    if part.prouvee_le is not None:
        return "Part prouvée", "succes", "coche"
    if part.engagee_le is not None:
        return (
            ("Preuve attendue", "attention", "horloge") if regle.graine else ("Engagée", "info", "document")
        )
    if timezone.localdate() >= regle.date_graine:
        return "Ne s’est pas engagée à temps", "neutre", "croix"
    return "Engagements attendus", "attention", "horloge"


def publie(panel: Panel, regle: TirageDesCommunes) -> str:
    """Return `communes.json`: the rule, the seed, and all that proves each part."""
    siennes = panel.parts.filter(engagee_le__isnull=False).select_related("commune").order_by("commune_id")
    dit: dict[str, Any] = {
        "format": FORMAT,
        "panel": panel.titre,
        "source": regle.source,
        "date_graine": regle.date_graine.isoformat(),
        "precision_source": regle.precision_source,
        "repli": regle.repli,
        "texte_graine": regle.texte_graine,
        "graine": regle.graine,
        "parts": [
            {
                "code": part.commune_id,
                "commune": part.commune.nom,
                "lettres": part.lettres,
                "lignes": part.lignes,
                "racine": part.racine,
                "tires": part.tires,
                "postees": part.postees,
                "date_postee": part.date_postee.isoformat() if part.date_postee else None,
            }
            for part in siennes
        ],
    }
    return json.dumps(dit, ensure_ascii=False) + "\n"
