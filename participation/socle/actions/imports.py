"""Reading of a table that an act received: a small one at once, any other by a worker, lot by lot (`ImportDeTableau`).

A lot and its count are one transaction: a killed worker loses the lot that it was reading, and another takes it up.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import Any, Generic, Protocol, TypeVar

from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.module_loading import import_string

from participation.socle.actions.pieces import nommer
from participation.socle.actions.tableaux import lire_tableau, recevoir_tableau, se_lit_aussitot
from participation.socle.bd.lots import par_lots
from participation.socle.bd.verrous import verrou_de_session
from participation.socle.erreurs import ErreurMetier
from participation.socle.models import ImportDeTableau
from participation.socle.regles import tableaux
from participation.socle.travaux.differes import ATTENDU, EN_NOMBRE, confier

TACHE = "participation.socle.tasks.lire_import"
LOT = 2000  # rows a transaction
CELLULE_GARDEE = 500  # characters of a cell of a refused row
Etat = ImportDeTableau.Etat
T = TypeVar("T", bound=ImportDeTableau)


class Lecteur(Protocol):
    def recevoir(self, lot: list[list[str]]) -> None:
        """Write the rows that can be read, keep the others apart with their reason, and count both in the import."""


@dataclass(frozen=True, slots=True)
class Lecture(Generic[T]):
    """How the tables of one kind are read.

    `ouvrir`: its columns are known, or it raises ErreurMetier or ValidationError. `verrouiller`: lock what the rows
    enter, and return why it takes none any more, or "". `consigner`: say in its journal what became of the table.
    """

    ouvrir: Callable[[T, tableaux.Forme], Lecteur]
    verrouiller: Callable[[T], str]
    consigner: Callable[[T], object]


def recevoir_import(nouveau: ImportDeTableau, fichier: UploadedFile) -> None:
    """Read the table if it is small, else leave it to a worker, in the transaction of an act.

    Raises ErreurMetier when it cannot be read, and what `ouvrir` raises.
    """
    octets, lecture = recevoir_tableau(fichier), lecture_de(nouveau)
    nouveau.nom = nommer(fichier.name or "", ".xlsx" if tableaux.est_un_classeur(octets) else ".csv")
    if se_lit_aussitot(octets):
        nouveau.save()
        _lire(nouveau, octets, lecture)
        nouveau.finir(Etat.FINI)
        return
    if not tableaux.est_un_classeur(octets):  # the opening of a heavy workbook is long
        try:
            lecture.ouvrir(nouveau, tableaux.lire_forme(octets))
        except tableaux.FichierIllisible as erreur:
            raise ErreurMetier(str(erreur)) from erreur
    nouveau.fichier.save(nouveau.nom, ContentFile(octets), save=False)
    nouveau.save()
    confier(TACHE, nouveau._meta.label_lower, nouveau.pk, priorite=ATTENDU)


def lecture_de(choisi: ImportDeTableau) -> Lecture[Any]:
    lecture: Lecture[Any] = import_string(choisi.LECTURE)
    return lecture


def lire_import(etiquette: str, numero: int) -> None:
    """Read the rows that are left. For a worker; another can take it up."""
    modele: Any = apps.get_model(etiquette)
    with verrou_de_session(f"import:{etiquette}:{numero}") as libre:
        choisi = modele.objects.filter(pk=numero, etat=Etat.EN_COURS).first()
        if choisi is None or not libre:
            return
        etat, erreur = Etat.FINI, ""
        try:
            with choisi.fichier.open("rb") as ouvert:
                octets = ouvert.read()
            _lire(choisi, octets, lecture_de(choisi))
        except (ErreurMetier, ValidationError) as faute:
            etat = Etat.ECHEC
            erreur = faute.message if isinstance(faute, ErreurMetier) else " ".join(faute.messages)
        except OSError:
            etat, erreur = Etat.ECHEC, "Le fichier n’est plus là : envoyez-le de nouveau."
        with transaction.atomic():
            lecture_de(choisi).verrouiller(choisi)
            if _tient(choisi):
                choisi.finir(etat, erreur)
                lecture_de(choisi).consigner(choisi)


def reprendre_imports() -> None:
    """Give again, in every app, the tables left by a stopped worker or a lost broker."""
    for modele in apps.get_models():
        if issubclass(modele, ImportDeTableau):
            laisses: Any = modele._default_manager.filter(etat=Etat.EN_COURS)
            for numero in laisses.values_list("pk", flat=True):
                confier(TACHE, modele._meta.label_lower, numero, priorite=EN_NOMBRE)


def _lire(choisi: ImportDeTableau, octets: bytes, lecture: Lecture[Any]) -> None:
    lu = lire_tableau(octets, classeurs=True)
    choisi.entetes, choisi.total = list(lu.forme.entetes), lu.total
    lecteur = lecture.ouvrir(choisi, lu.forme)
    lignes = islice(tableaux.lignes_de(octets, lu.forme), choisi.lues, None)
    for lot in par_lots(lignes, LOT):
        with transaction.atomic():
            if raison := lecture.verrouiller(choisi):
                raise ErreurMetier(raison)
            if not _tient(choisi):
                return
            lecteur.recevoir(lot)
            choisi.lues += len(lot)
            choisi.save()


def _tient(choisi: ImportDeTableau) -> bool:
    """Lock the import. Whether nobody cancelled it."""
    lignes: Any = type(choisi)._default_manager.select_for_update(of=("self",))
    return lignes.filter(pk=choisi.pk, etat=Etat.EN_COURS).first() is not None
