"""Work of the worker on an import, by packets of one transaction each: it resumes after a crash."""

from itertools import islice

from django.db import transaction
from django.utils import timezone

from contrat_ville.dauphin.actes import TACHE, Etat, lire_le_fichier
from contrat_ville.dauphin.application import appliquer
from contrat_ville.dauphin.colonnes import CelluleIllisible
from contrat_ville.dauphin.examen import examiner
from contrat_ville.dauphin.regles import SANS_REFERENCE, cle_de, continue_le_dossier
from contrat_ville.models import DossierImporte, ImportDauphin, LigneImportee
from participation.socle.regles import tableaux
from participation.socle.travaux.differes import confier_chacun

__all__ = ["TACHE", "avancer_import", "reprendre_les_imports"]
LIGNES_PAR_PAQUET, DOSSIERS_PAR_PAQUET = 2000, 50
CELLULE_MAX = 10_000


def avancer_import(numero: int) -> None:
    """Do all the steps that need no person."""
    lire_le_fichier(numero)
    _lire_les_lignes(numero)
    while _examiner_un_paquet(numero):
        pass
    while _appliquer_un_paquet(numero):
        pass


def reprendre_les_imports() -> None:
    """Give again the imports that a worker left unfinished (each minute)."""
    en_train = ImportDauphin.objects.filter(etat__in=ImportDauphin.EN_TRAIN)
    confier_chacun(TACHE, en_train.values_list("pk", flat=True))


def _prendre(numero: int, etat: str) -> ImportDauphin | None:
    """Return the import, locked; None when another worker holds it or its état is another one."""
    return ImportDauphin.objects.select_for_update(skip_locked=True).filter(pk=numero, etat=etat).first()


def _lire_les_lignes(numero: int) -> None:
    """Read the rows of the file by packets, after those already read."""
    choisi = ImportDauphin.objects.filter(pk=numero, etat=Etat.LECTURE).first()
    if choisi is None:
        return
    forme = tableaux.Forme(choisi.encodage, choisi.separateur, tuple(choisi.entetes))
    with choisi.fichier.open("rb") as ouvert:
        lignes = tableaux.lignes_de(ouvert.read(), forme)
    deja = choisi.lues
    for _ in islice(lignes, deja):
        pass
    while True:
        paquet = list(islice(lignes, LIGNES_PAR_PAQUET))
        with transaction.atomic():
            choisi = _prendre(numero, Etat.LECTURE)
            if choisi is None or choisi.lues != deja:
                return  # another worker continues
            if paquet:
                _garder(choisi, paquet)
            deja = choisi.lues = choisi.lues + len(paquet)
            if len(paquet) < LIGNES_PAR_PAQUET:
                choisi.etat = Etat.EXAMEN
            choisi.save(update_fields=["lues", "etat"])
        if len(paquet) < LIGNES_PAR_PAQUET:
            return


def _garder(choisi: ImportDauphin, paquet: list[list[str]]) -> None:
    """Save each row under its dossier. A row without reference is refused, with the dossier that it continues."""
    gardees: list[tuple[LigneImportee, tuple[str, int] | None]] = []
    premieres: dict[tuple[str, int], int] = {}
    precedente, precedentes = _derniere_gardee(choisi)
    for numero, cellules in enumerate(paquet, choisi.lues + 2):  # as a spreadsheet: headers on row 1
        if not any(cellule.strip() for cellule in cellules):
            continue
        ligne = LigneImportee(
            import_dauphin=choisi,
            numero=numero,
            valeurs=[c.replace("\x00", "")[:CELLULE_MAX] for c in cellules],
        )
        valeurs = tableaux.valeurs_de(cellules, choisi.entetes, choisi.relies)
        cle = None
        try:
            code, exercice, _ = cle_de(valeurs, choisi.exercice)
            cle = (code, exercice)
            premieres.setdefault(cle, numero)
            precedente, precedentes = cle, valeurs
        except CelluleIllisible as erreur:
            ligne.raison = str(erreur)[:300]
            if precedente is not None and continue_le_dossier(valeurs, precedentes):
                cle, ligne.raison = precedente, SANS_REFERENCE
                premieres.setdefault(cle, numero)
        gardees.append((ligne, cle))
    DossierImporte.objects.bulk_create(
        [
            DossierImporte(import_dauphin=choisi, code=code, exercice=exercice, rang=rang)
            for (code, exercice), rang in premieres.items()
        ],
        ignore_conflicts=True,
    )
    numeros = {
        (code, exercice): pk
        for pk, code, exercice in DossierImporte.objects.filter(
            import_dauphin=choisi, code__in={code for code, _ in premieres}
        ).values_list("pk", "code", "exercice")
    }
    for ligne, cle in gardees:
        if cle is not None:
            ligne.dossier_id = numeros[cle]
    LigneImportee.objects.bulk_create([ligne for ligne, _ in gardees], batch_size=1000)


def _derniere_gardee(choisi: ImportDauphin) -> tuple[tuple[str, int] | None, dict[str, str]]:
    """Return (dossier, values) of the last row kept by the packet before."""
    lignes = LigneImportee.objects.filter(import_dauphin=choisi, dossier__isnull=False, raison="")
    derniere = lignes.select_related("dossier").order_by("-numero").first()
    if derniere is None or derniere.dossier is None:
        return None, {}
    valeurs = tableaux.valeurs_de(derniere.valeurs, choisi.entetes, choisi.relies)
    return (derniere.dossier.code, derniere.dossier.exercice), valeurs


def _examiner_un_paquet(numero: int) -> bool:
    with transaction.atomic():
        choisi = _prendre(numero, Etat.EXAMEN)
        if choisi is None:
            return False
        paquet = list(
            DossierImporte.objects.filter(import_dauphin=choisi, est_examine=False)[:DOSSIERS_PAR_PAQUET]
        )
        if paquet:
            examiner(choisi, paquet)
            return True
        choisi.etat = Etat.A_APPLIQUER
        choisi.save(update_fields=["etat"])
        return False


def _appliquer_un_paquet(numero: int) -> bool:
    with transaction.atomic():
        choisi = _prendre(numero, Etat.APPLICATION)
        if choisi is None:
            return False
        paquet = list(
            DossierImporte.objects.filter(import_dauphin=choisi)
            .a_appliquer()
            .order_by("rang")[:DOSSIERS_PAR_PAQUET]
        )
        if paquet:
            appliquer(choisi, paquet)
            return True
        choisi.etat, choisi.fini_le = Etat.FINI, timezone.now()
        choisi.save(update_fields=["etat", "fini_le"])
        return False
