"""Letters to the communes: the part that they are asked, then the seed that they draw with."""

from collections.abc import Iterable

from django.urls import reverse

from participation.panels.models import PartDeCommune
from participation.socle.courriels.ecriture import ecrire


def demander_part(part: PartDeCommune) -> None:
    _ecrire("panels/demander_part", part)


def semer_communes(parts: Iterable[PartDeCommune]) -> None:
    for part in parts:
        _ecrire("panels/semer_communes", part)


def _ecrire(lettre: str, part: PartDeCommune) -> None:
    ecrire(
        lettre,
        a=part.commune.adresses(),
        contexte={
            "part": part,
            "panel": part.panel,
            "regle": part.regle,
            "lien": reverse("panels:part_de_commune", args=[part.jeton()]),
        },
        dossier=part.panel,
    )
