"""Report to the comité de suivi, made by the worker from the data of the day."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from participation.socle.actions.documents import demander_document
from participation.socle.francais import jour_texte
from participation.socle.models import Compte, Document
from remontees.lectures.rapport import donnees_rapport

NATURE = "remontees/rapport"
JOURS_AU_PLUS = 731  # days; a longer period needs two reports


@transaction.atomic
def demander_rapport(*, par: Compte, debut: date, fin: date) -> Document:
    """Request the report. Raises ValidationError when `fin` precedes `debut` or is over two years later."""
    if fin < debut:
        raise ValidationError({"fin": "La fin précède le début."})
    if (fin - debut).days > JOURS_AU_PLUS:
        raise ValidationError({"fin": "Deux ans au plus : faites deux rapports."})
    return demander_document(
        nature=NATURE,
        titre=f"Remontées du {jour_texte(debut)} au {jour_texte(fin)}",
        donnees=donnees_rapport(debut, fin),
        par=par,
        est_interne=True,
    )
