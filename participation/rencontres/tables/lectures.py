"""Who is seated, and the codes that open a page on a phone."""

from typing import Any

import segno
from django.conf import settings

from participation.inscriptions.workflow import EtatInscription
from participation.rencontres.models import Inscription, Rencontre, TableRencontre
from participation.socle.francais import sans_accent


def assis(rencontre: Rencontre, *, presentes: bool) -> list[Inscription]:
    """Return who has a seat, or of them `presentes`, who is noted present."""
    gens = rencontre.inscriptions.filter(etat=EtatInscription.INSCRITE, efface_le=None).order_by("pk")
    return list(gens.filter(presente_le__isnull=False) if presentes else gens)


def code_de(chemin: str) -> tuple[str, str]:
    """Return the address of a page of the site, and its QR code as the text of an SVG data URI."""
    adresse = settings.SITE_URL + chemin
    return adresse, segno.make(adresse, error="m", micro=False).svg_data_uri(scale=4, border=2)


def tables(rencontre: Rencontre) -> list[tuple[TableRencontre, list[list[str]]]]:
    """Return each table with its people at each round."""
    noms = {i.pk: str(i) for i in rencontre.inscriptions.filter(efface_le=None)} if rencontre.plan else {}
    lues: Any = rencontre.tables.select_related("rencontre").order_by("numero")
    return [
        (
            table,
            [
                sorted((noms[qui] for qui in tour[table.numero - 1] if qui in noms), key=sans_accent)
                for tour in rencontre.plan
                if table.numero <= len(tour)
            ],
        )
        for table in lues
    ]
