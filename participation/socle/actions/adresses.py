"""Write the address of a body, or those of a table. Their history is that of the reference tables."""

import re
from collections import defaultdict
from dataclasses import dataclass, field

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from participation.socle.actions.tableaux import lire_aussitot, recevoir_tableau
from participation.socle.erreurs import ErreurMetier
from participation.socle.models import Commune, Compte, Direction, Joignable
from participation.socle.regles import tableaux

COLONNES = {
    "nom": ("nom", "commune", "mairie", "direction", "service", "code insee", "sigle"),
    "courriel": ("courriel", "adresse électronique", "e-mail", "email", "mail"),
}


@transaction.atomic
def ecrire_adresse(corps: Joignable, *, par: Compte, courriel: str, avant: str) -> None:
    """Replace the address `avant`, which the page showed. Raises ErreurMetier when another was written meanwhile."""
    corps = type(corps)._base_manager.select_for_update(of=("self",)).get(pk=corps.pk)
    if corps.courriel not in {avant, courriel}:
        raise ErreurMetier(
            f"L’adresse a changé pendant que vous l’écriviez. Aujourd’hui, il est écrit : « {corps.courriel or 'rien'} »."
        )
    corps.courriel = courriel
    corps.full_clean(exclude={champ.name for champ in corps._meta.fields} - {"courriel"})
    corps.save(update_fields=["courriel"])
    LogEntry.objects.create(
        user=par,
        content_type=ContentType.objects.get_for_model(corps),
        object_id=str(corps.pk),
        object_repr=str(corps)[:200],
        action_flag=CHANGE,
        change_message="adresse écrite" if courriel else "adresse effacée",
    )


@dataclass(slots=True)
class Bilan:
    """What became of the rows of a table, in words. `autres`: those that have another address, which stays."""

    ecrites: list[str] = field(default_factory=list)
    deja: int = 0
    autres: list[str] = field(default_factory=list)
    refus: list[str] = field(default_factory=list)


def importer_adresses(fichier: UploadedFile, *, par: Compte) -> Bilan:
    """Write the addresses of communes and directions that have none yet. A row that cannot be read is refused alone.

    A row is found by name, code INSEE or sigle. Raises ErreurMetier when the file cannot be read or lacks a column.
    """
    octets = recevoir_tableau(fichier)
    forme = lire_aussitot(octets).forme
    relies = tableaux.deviner(forme.entetes, COLONNES)
    if relies.keys() != COLONNES.keys():
        raise ErreurMetier(
            "Il faut une colonne « nom » (ou « commune », « direction ») et une colonne « courriel »."
        )
    corps, bilan = _corps_par_nom(), Bilan()
    for numero, ligne in enumerate(tableaux.lignes_de(octets, forme), 2):
        dits = tableaux.valeurs_de(ligne, forme.entetes, relies)
        if dits.get("nom") and dits.get("courriel"):
            _importer(numero, dits["nom"], dits["courriel"], corps, bilan, par)
    return bilan


MAIRIE = re.compile(r"^(?:(?:mairie|ville|commune) (?:de |du |des |d )?)?(?:la |le |les |l )?")


def _cle(nom: str) -> str:
    """Return what is compared: « Mairie du Pont-de-Claix » and « Le Pont-de-Claix » are one."""
    return MAIRIE.sub("", tableaux.simplifier(nom))


def _corps_par_nom() -> dict[str, set[Commune | Direction]]:
    trouves = defaultdict[str, set[Commune | Direction]](set)
    for commune in Commune.a_joindre():
        trouves[_cle(commune.nom)].add(commune)
        trouves[_cle(commune.code_insee)].add(commune)
    for direction in Direction.a_joindre():
        for nom in filter(None, (direction.nom, direction.sigle)):
            trouves[_cle(nom)].add(direction)
    return trouves


def _importer(
    numero: int,
    nom: str,
    courriel: str,
    corps: dict[str, set[Commune | Direction]],
    bilan: Bilan,
    par: Compte,
) -> None:
    trouves = corps.get(_cle(nom), set())
    trouve = next(iter(trouves), None)
    if trouve is None or len(trouves) > 1:
        bilan.refus.append(
            f"Ligne {numero}, {nom[:80]} : {'plusieurs portent ce nom' if trouves else 'inconnu ici'}."
        )
    elif trouve.courriel.lower() == courriel.lower():
        bilan.deja += 1
    elif trouve.courriel:
        bilan.autres.append(f"{trouve} : {trouve.courriel} reste écrit, le tableau dit {courriel[:254]}.")
    else:
        try:
            ecrire_adresse(trouve, par=par, courriel=courriel, avant="")
        except ValidationError:
            bilan.refus.append(f"Ligne {numero}, {nom[:80]} : « {courriel[:80]} » n’est pas une adresse.")
        except ErreurMetier as faute:
            bilan.refus.append(f"Ligne {numero}, {nom[:80]} : {faute.message}")
        else:
            trouve.courriel = courriel
            bilan.ecrites.append(str(trouve))
