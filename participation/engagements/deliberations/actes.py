"""Take up the délibérations that the collectivité publishes; the form."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from participation.engagements.deliberations.regles import colonnes_absentes, lire_ligne, rangs_de
from participation.engagements.models import Deliberation, RefusDeDeliberations
from participation.socle.actions.tableaux import lire_aussitot, recevoir_tableau
from participation.socle.bd.verrous import verrou
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import Fichier
from participation.socle.francais import enumerer
from participation.socle.models import Compte
from participation.socle.regles import tableaux


@dataclass(frozen=True, slots=True)
class Bilan:
    """What became of the rows of a file. `refus`: ligne, valeurs and raison of those that were not read."""

    neuves: int
    changees: int
    refus: list[dict[str, Any]]


class ImporterForm(ActeForm):
    fichier = Fichier(
        label="Fichier des délibérations",
        help_text="CSV ou classeur, au schéma SCDL « délibérations » 2.1.4. Une délibération déjà reprise est mise à jour, par son numéro.",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.ods,text/csv"}),
    )


@transaction.atomic
def importer_deliberations(fichier: UploadedFile, *, par: Compte) -> Bilan:
    """Add or update the délibérations of the file, by number. A row that cannot be read is refused alone.

    Raises ErreurMetier when the file cannot be read or lacks a column.
    """
    octets = recevoir_tableau(fichier)
    forme = lire_aussitot(octets).forme
    rangs = rangs_de(forme.entetes)
    if absentes := colonnes_absentes(rangs):
        raise ErreurMetier(
            f"Ce tableau n’a pas les colonnes du schéma des délibérations. Il manque {enumerer(absentes)}."
        )
    lues: dict[str, Deliberation] = {}
    refus = []
    for numero, ligne in enumerate(tableaux.lignes_de(octets, forme), 2):
        if not any(cellule.strip() for cellule in ligne):
            continue
        try:
            dits = lire_ligne(ligne, rangs, timezone.localdate())
        except ValueError as faute:
            refus.append(_refuser(numero, ligne, str(faute)))
            continue
        if dits["numero"] in lues:
            deja_lue = f"la délibération {dits['numero']} est déjà dans ce tableau."
            refus.append(_refuser(numero, ligne, deja_lue))
            continue
        lues[dits["numero"]] = Deliberation(**dits, importee_le=timezone.now())
    verrou("deliberations")  # two files at once: their numbers are counted one after the other
    deja = Deliberation.objects.filter(numero__in=lues).count()
    champs = [champ for champ in [*rangs, "importee_le"] if champ != "numero"]
    Deliberation.objects.bulk_create(
        lues.values(), update_conflicts=True, unique_fields=["numero"], update_fields=champs, batch_size=500
    )
    RefusDeDeliberations.objects.update_or_create(
        par=par, defaults={"entetes": list(forme.entetes), "refus": refus, "le": timezone.now()}
    )
    return Bilan(len(lues) - deja, deja, refus)


def _refuser(numero: int, ligne: Sequence[str], raison: str) -> dict[str, Any]:
    return {"ligne": numero, "valeurs": list(ligne), "raison": raison}
