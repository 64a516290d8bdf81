"""Check stored PDFs that the present rule has not seen, so that none with active content is shown in a page.

Covers every model that has `fichier`, `type_mime` and `sha256`, including those of a new app.
"""

import logging
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from participation.socle.actions.pieces import PDF, examiner, noter_examen
from participation.socle.bd.verrous import verrou_de_session
from participation.socle.models import ExamenPdf

journal = logging.getLogger(__name__)


def examiner_pdf(combien: int) -> list[str]:
    """Check up to `combien` PDFs. Return those with active content or that do not open, by table and key.

    Safe to call twice at once. Results about files that no longer exist are deleted.
    """
    trouves: list[str] = []
    with verrou_de_session("examiner_pdf") as libre:
        if not libre:
            return trouves
        vus = ExamenPdf.objects.filter(regle=ExamenPdf.REGLE).values("sha256")
        for table in tables():
            for ligne in _pdf(table).exclude(sha256__in=vus).order_by("pk")[:combien]:
                if not vus.filter(sha256=ligne.sha256).exists():  # the same content may be stored twice
                    agit = _agit(ligne)
                    noter_examen(ligne.sha256, agit=agit)
                    combien -= 1
                    if agit:
                        trouves.append(f"{table._meta.label}, {ligne.pk}")
        _oublier_les_disparus()
    if trouves:
        journal.warning(
            "PDF qui agissent ou ne s’ouvrent pas, donnés à télécharger : %s", " ; ".join(trouves)
        )
    return trouves


def tables() -> Iterator[type[models.Model]]:
    for modele in apps.get_models():
        try:
            champs = [modele._meta.get_field(nom) for nom in ("fichier", "type_mime", "sha256")]
        except FieldDoesNotExist:
            continue
        if isinstance(champs[0], models.FileField):
            yield modele


def _pdf(table: type[models.Model]) -> models.QuerySet[Any]:
    return table._default_manager.filter(type_mime=PDF)


def _agit(ligne: Any) -> bool:
    """Whether it is not to be shown in a page: it acts, or nothing could look at it."""
    try:
        with ligne.fichier.open("rb") as fichier:
            return examiner(fichier.read()) != 0
    except (OSError, ValueError):  # missing, or erased
        return True


def _oublier_les_disparus() -> None:
    restent = ExamenPdf.objects.all()
    for table in tables():
        restent = restent.exclude(sha256__in=_pdf(table).values("sha256"))
    restent.delete()
