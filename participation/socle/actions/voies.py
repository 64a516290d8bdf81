"""Import of the streets of the public file of addresses, by a worker. A file imported twice adds nothing."""

from collections.abc import Iterable, Sequence
from functools import partial

from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from participation.socle.actions.pieces import nommer
from participation.socle.actions.tableaux import lire_tableau, recevoir_tableau
from participation.socle.bd.verrous import verrou_de_session
from participation.socle.erreurs import ErreurMetier
from participation.socle.francais import accorder
from participation.socle.models import Commune, Compte, ImportDeVoies, Voie
from participation.socle.models.voies import NOM_MAX, simplifier_la_voie
from participation.socle.regles import tableaux
from participation.socle.regles.textes import sans_controle
from participation.socle.travaux.differes import ATTENDU, confier, confier_chacun

TACHE = "participation.socle.tasks.importer_voies"
COLONNES = {"nom": ("nom_voie", "voie_nom"), "commune": ("code_insee", "commune_insee", "code_commune_insee")}
RAISONS_GARDEES = 50


def demander_import(fichier: UploadedFile, *, par: Compte) -> ImportDeVoies:
    """Keep the file for a worker. Raises ErreurMetier when it is too heavy, is no table, or lacks a column."""
    octets = recevoir_tableau(fichier)
    try:
        _relier(tableaux.lire_forme(octets).entetes)
    except tableaux.FichierIllisible as erreur:
        raise ErreurMetier(str(erreur)) from erreur
    nouveau = ImportDeVoies(nom=nommer(fichier.name or "", ".csv"), par=par)
    nouveau.fichier.save(nouveau.nom, ContentFile(octets), save=False)
    nouveau.save()
    confier(TACHE, nouveau.pk, priorite=ATTENDU)
    return nouveau


def reprendre_les_imports() -> None:
    """Give again the imports that a stopped worker, or a lost broker, left."""
    en_cours = ImportDeVoies.objects.filter(etat=ImportDeVoies.Etat.EN_COURS)
    confier_chacun(TACHE, en_cours.order_by("pk").values_list("pk", flat=True))


def importer_voies(numero: int) -> None:
    """Add the streets of the file, all or none; then the file is erased. One import at a time."""
    with verrou_de_session("voies") as libre, transaction.atomic():
        choisi = ImportDeVoies.objects.filter(pk=numero, etat=ImportDeVoies.Etat.EN_COURS).first()
        if choisi is None or not libre:
            return
        try:
            _lire(choisi)
            choisi.etat = ImportDeVoies.Etat.FINI
        except ErreurMetier as erreur:
            choisi.etat, choisi.erreur = ImportDeVoies.Etat.ECHEC, erreur.message[:300]
        except OSError:
            choisi.etat, choisi.erreur = ImportDeVoies.Etat.ECHEC, "Le fichier n’est plus là."
        transaction.on_commit(partial(choisi.fichier.storage.delete, str(choisi.fichier.name)))
        choisi.fichier = ""
        choisi.save()


def _relier(entetes: Sequence[str]) -> dict[str, str]:
    relies = tableaux.deviner(entetes, COLONNES)
    if relies.keys() != COLONNES.keys():
        raise ErreurMetier(
            "Il faut les colonnes « nom_voie » et « code_insee ». Ce fichier a : "
            f"{', '.join(entete[:40] for entete in entetes[:12])}."
        )
    return relies


def _lire(choisi: ImportDeVoies) -> None:
    with choisi.fichier.open("rb") as ouvert:
        octets = ouvert.read()
    lu = lire_tableau(octets)
    relies = _relier(lu.forme.entetes)
    choisi.lignes = lu.total
    voies = _voies(
        choisi,
        (
            tableaux.valeurs_de(ligne, lu.forme.entetes, relies)
            for ligne in tableaux.lignes_de(octets, lu.forme)
        ),
    )
    connues = set(Voie.objects.values_list("commune_id", "simple"))
    neuves = [voie for cle, voie in sorted(voies.items()) if cle not in connues]
    Voie.objects.bulk_create(neuves, batch_size=2000, ignore_conflicts=True)
    choisi.nouvelles, choisi.connues = len(neuves), len(voies) - len(neuves)
    LogEntry.objects.create(
        user=choisi.par,
        content_type=ContentType.objects.get_for_model(Voie),
        object_repr=choisi.nom,
        action_flag=ADDITION,
        change_message=f"{accorder(choisi.nouvelles, 'voie ajoutée', 'voies ajoutées')}, "
        f"{accorder(choisi.connues, 'déjà connue', 'déjà connues')}",
    )


def _voies(choisi: ImportDeVoies, lignes: Iterable[dict[str, str]]) -> dict[tuple[str, str], Voie]:
    """Return the streets of our communes, each once; count in `choisi` the rows of others and those refused."""
    communes = set(Commune.objects.values_list("pk", flat=True))
    voies: dict[tuple[str, str], Voie] = {}
    choisi.ailleurs = choisi.refusees = 0
    choisi.raisons = []
    for numero, dits in enumerate(lignes, 2):  # as a spreadsheet numbers them: the header is row 1
        nom, commune = " ".join(sans_controle(dits.get("nom", "")).split()), dits.get("commune", "")
        cle = (commune, simplifier_la_voie(nom[: NOM_MAX + 1]))
        if commune and commune not in communes:
            choisi.ailleurs += 1
        elif raison := _reproche(commune, nom, cle[1]):
            choisi.refusees += 1
            if len(choisi.raisons) < RAISONS_GARDEES:
                choisi.raisons.append(f"Ligne {numero} : {raison}")
        else:
            voies.setdefault(cle, Voie(commune_id=commune, nom=nom, simple=cle[1]))
    return voies


def _reproche(commune: str, nom: str, simple: str) -> str:
    if not commune:
        return "le code de la commune manque."
    if not simple:
        return "le nom de la voie manque."
    return f"le nom de la voie a plus de {NOM_MAX} caractères." if len(nom) > NOM_MAX else ""
