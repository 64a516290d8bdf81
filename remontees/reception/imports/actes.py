"""Import of a table of posts, batch by batch. A row imported twice makes one remontée."""

import hashlib
import uuid
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from participation.socle.actions.pieces import nommer
from participation.socle.actions.tableaux import lire_tableau, recevoir_tableau, se_lit_aussitot
from participation.socle.bd.verrous import verrou_de_session
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import Fichier, champ_choix
from participation.socle.francais import nombre
from participation.socle.models import Commune, Compte
from participation.socle.regles import tableaux
from participation.socle.travaux import differes as taches_differees
from remontees.models import Categorie, ColonnesReliees, Import, LigneRejetee
from remontees.reception import arrivees
from remontees.reception.imports import regles
from remontees.reception.imports.regles import CHAMPS
from remontees.reception.regles import Charge, Contact
from remontees.workflow import Canal

TACHE = "remontees.importer"


PAQUET = 500


def ouvrir_import(fichier: UploadedFile, *, par: Compte) -> Import:
    """Save the file; a small one is opened at once, a worker opens the others.

    Raises ErreurMetier when it is too heavy, or cannot be read.
    """
    octets = recevoir_tableau(fichier)
    nouveau = Import(nom=nommer(fichier.name or "", ".csv"), par=par, etat=Import.Etat.A_LIRE)
    if se_lit_aussitot(octets):
        _ouvrir(nouveau, octets)
    nouveau.fichier.save(nouveau.nom, ContentFile(octets), save=False)
    nouveau.save()
    if nouveau.etat == Import.Etat.A_LIRE:
        taches_differees.confier(TACHE, nouveau.pk, priorite=taches_differees.ATTENDU)
    return nouveau


def _ouvrir(choisi: Import, octets: bytes) -> None:
    lu = lire_tableau(octets)
    choisi.encodage, choisi.separateur = lu.forme.encodage, lu.forme.separateur
    choisi.entetes, choisi.total, choisi.extrait = list(lu.forme.entetes), lu.total, lu.extrait
    choisi.relies = _deja_relies(lu.forme.entetes) or regles.deviner(lu.forme.entetes)
    choisi.etat = Import.Etat.A_RELIER


def _lire_le_fichier(numero: int) -> None:
    """Open the file in the worker. One that cannot be read is dropped, with the sentence that says why."""
    with verrou_de_session(f"remontees-import:{numero}") as libre:
        choisi = Import.objects.filter(pk=numero, etat=Import.Etat.A_LIRE).first()
        if choisi is None or not libre:
            return
        try:
            with choisi.fichier.open("rb") as ouvert:
                _ouvrir(choisi, ouvert.read())
        except ErreurMetier as erreur:
            choisi.etat, choisi.erreur = Import.Etat.ECHEC, erreur.message[:300]
            choisi.fini_le = timezone.now()
            choisi.fichier.delete(save=False)
        choisi.save()


def _empreinte(entetes: Sequence[str]) -> str:
    return hashlib.sha256("\x1f".join(entetes).encode()).hexdigest()


def _deja_relies(entetes: Sequence[str]) -> dict[str, str]:
    connues = ColonnesReliees.objects.filter(pk=_empreinte(entetes)).first()
    return dict(connues.relies) if connues else {}


@transaction.atomic
def lancer_import(numero: int, *, relies: dict[str, str]) -> None:
    """Save the mapping of columns and hand the import to the worker.

    Raises ActeInterdit when already started, ErreurMetier for a wrong mapping.
    """
    choisi = Import.objects.select_for_update().get(pk=numero)
    if choisi.etat != Import.Etat.A_RELIER:
        raise ActeInterdit(f"Cet import a déjà avancé : il est « {choisi.get_etat_display()} ».")
    if "verbatim" not in relies:
        raise ErreurMetier("Dites quelle colonne tient le texte du message.")
    if len(set(relies.values())) < len(relies):
        raise ErreurMetier("Une colonne est choisie deux fois.")
    choisi.relies, choisi.etat, choisi.extrait = relies, Import.Etat.EN_COURS, None
    choisi.save(update_fields=["relies", "etat", "extrait"])
    ColonnesReliees.objects.update_or_create(
        pk=_empreinte(choisi.entetes), defaults={"relies": relies, "le": timezone.now()}
    )
    taches_differees.confier(TACHE, choisi.pk)


def importer(numero: int) -> None:
    """Open the file, or import its rows from the last position, one transaction per batch.

    Another worker can resume it.
    """
    _lire_le_fichier(numero)
    while _un_paquet(numero):
        pass


def reprendre_les_imports() -> None:
    """Give again the imports left by a stopped worker."""
    en_cours = Import.objects.filter(etat__in=[Import.Etat.A_LIRE, Import.Etat.EN_COURS])
    taches_differees.confier_chacun(TACHE, en_cours.values_list("pk", flat=True))


def _un_paquet(numero: int) -> bool:
    with transaction.atomic():
        choisi = (
            Import.objects.select_for_update(skip_locked=True)
            .filter(pk=numero, etat=Import.Etat.EN_COURS)
            .first()
        )
        if choisi is None:
            return False
        forme = tableaux.Forme(choisi.encodage, choisi.separateur, tuple(choisi.entetes))
        with choisi.fichier.open("rb") as ouvert:
            lignes = tableaux.lignes_de(ouvert.read(), forme)
            paquet = list(islice(lignes, choisi.lues, choisi.lues + PAQUET))
        if paquet:
            _recevoir(choisi, paquet)
        choisi.lues += len(paquet)
        if choisi.lues >= choisi.total or not paquet:
            choisi.etat, choisi.fini_le = Import.Etat.FINI, timezone.now()
            # Refused rows are saved apart: the file is no longer needed.
            choisi.fichier.delete(save=False)
        choisi.save()
        return choisi.etat == Import.Etat.EN_COURS


def _recevoir(choisi: Import, paquet: Iterable[Sequence[str]]) -> None:
    jour = timezone.localdate()
    communes = {tableaux.simplifier(c.nom): c.pk for c in Commune.objects.all()}
    communes |= {code: code for code in communes.values()}
    categories: dict[str, Any] = {
        tableaux.simplifier(c.nom): c.pk for c in Categorie.objects.filter(est_active=True)
    }
    charges: dict[uuid.UUID, Charge] = {}
    rejetees: list[LigneRejetee] = []
    for rang, ligne in enumerate(paquet, choisi.lues + 2):  # spreadsheet row numbers: the header is row 1
        if ligne and not any(cellule.strip() for cellule in ligne):
            continue
        valeurs = tableaux.valeurs_de(ligne, choisi.entetes, choisi.relies)
        raison = regles.reproche(valeurs, jour)
        commune = communes.get(tableaux.simplifier(valeurs.get("commune", "")), "")
        categorie = categories.get(tableaux.simplifier(valeurs.get("categorie", "")))
        if not raison and valeurs.get("commune") and not commune:
            raison = f"Commune inconnue : « {valeurs['commune'][:60]} »."
        if not raison and valeurs.get("categorie") and categorie is None:
            raison = f"Catégorie inconnue : « {valeurs['categorie'][:60]} »."
        if raison:
            rejetees.append(
                LigneRejetee(
                    import_fichier=choisi, numero=rang, valeurs=[c[:2000] for c in ligne], raison=raison
                )
            )
            continue
        cle = regles.cle_de(valeurs)
        if cle in charges:
            choisi.doublons += 1
        charges.setdefault(cle, _charge(valeurs, commune, categorie, choisi.par_id))
    LigneRejetee.objects.bulk_create(rejetees)
    neuves = arrivees.deposer_en_nombre(charges)
    choisi.rejetees += len(rejetees)
    choisi.nouvelles += neuves
    choisi.doublons += len(charges) - neuves


def _charge(valeurs: dict[str, str], commune: str, categorie: int | None, par: int) -> Charge:
    return Charge(
        verbatim=valeurs["verbatim"],
        canal=Canal.RESEAU,
        titre=valeurs.get("titre", "")[:160],
        entendue_le=tableaux.jour_de(valeurs.get("entendue_le", "")),
        categorie=categorie,
        commune=commune,
        lieu=valeurs.get("lieu", "")[:200],
        source=valeurs.get("source", ""),
        saisie_par=par,
        contact=Contact(nom=valeurs["nom"][:120], prefere="aucun") if valeurs.get("nom") else Contact(),
    )


class FichierForm(ActeForm):
    fichier = Fichier(
        label="Fichier CSV",
        help_text=f"Un message par ligne ; la première ligne dit le nom des colonnes. {nombre(settings.TABLEAU_LIGNES_MAX)} lignes au plus.",
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv,.txt,.tsv"}),
    )


class RelierForm(ActeForm):
    objet: Import

    def preparer(self) -> None:
        colonnes = [("", "Aucune colonne"), *((nom, nom) for nom in self.objet.entetes)]
        for champ, libelle in CHAMPS.items():
            self.fields[champ] = champ_choix(
                libelle, colonnes, requis=champ == "verbatim", erreur="Choisissez la colonne."
            )
            self.initial[champ] = self.objet.relies.get(champ, "")

    def relies(self) -> dict[str, Any]:
        return {champ: colonne for champ, colonne in self.cleaned_data.items() if colonne}
