"""A file from Dauphin: opened, its columns mapped, its dossiers chosen, applied, abandoned; its forms."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from contrat_ville.dauphin import colonnes
from contrat_ville.dauphin.colonnes import CHAMPS, PREFIXE_POSTE
from contrat_ville.dauphin.lectures import AUSSI, MotDeDauphin, cibles, mots_de
from contrat_ville.dauphin.regles import cle_du_mot
from contrat_ville.models import (
    Axe,
    ColonnesDauphin,
    CorrespondanceDauphin,
    DossierImporte,
    ImportDauphin,
    Objectif,
    Partenaire,
    Programmation,
)
from contrat_ville.regles import libelle
from participation.socle.actions import enregistrer
from participation.socle.actions.pieces import nommer
from participation.socle.actions.tableaux import lire_tableau, recevoir_tableau, se_lit_aussitot
from participation.socle.bd.verrous import verrou_de_session
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import ChampFichier, champ_cases, champ_choix
from participation.socle.francais import accorder, majuscule, nombre
from participation.socle.models import Compte, Quartier
from participation.socle.regles import tableaux
from participation.socle.travaux import differes as taches_differees

TACHE = "contrat_ville.importer_dauphin"
Etat, Quoi = ImportDauphin.Etat, CorrespondanceDauphin.Quoi


def ouvrir_import(fichier: UploadedFile, *, par: Compte, exercice: int | None = None) -> ImportDauphin:
    """Save the file; a small one is opened at once, a worker opens the others.

    `exercice`: year of the rows without one. Raises ErreurMetier when it is too heavy, or cannot be read.
    """
    octets = recevoir_tableau(fichier)
    nouveau = ImportDauphin(
        nom=nommer(fichier.name or "", ".xlsx" if tableaux.est_un_classeur(octets) else ".csv"),
        empreinte=hashlib.sha256(octets).hexdigest(),
        exercice=exercice,
        par=par,
        etat=Etat.A_LIRE,
    )
    if se_lit_aussitot(octets):
        _ouvrir(nouveau, octets)
    nouveau.fichier.save(nouveau.nom, ContentFile(octets), save=False)
    nouveau.save()
    if nouveau.etat == Etat.A_LIRE:
        taches_differees.confier(TACHE, nouveau.pk, priorite=taches_differees.ATTENDU)
    return nouveau


def _ouvrir(choisi: ImportDauphin, octets: bytes) -> None:
    lu = lire_tableau(octets, classeurs=True)
    choisi.encodage, choisi.separateur = lu.forme.encodage, lu.forme.separateur
    choisi.entetes, choisi.total, choisi.extrait = list(lu.forme.entetes), lu.total, lu.extrait
    choisi.relies = _deja_reliees(lu.forme.entetes) or colonnes.deviner(lu.forme.entetes)
    choisi.etat = Etat.A_RELIER


def lire_le_fichier(numero: int) -> None:
    """Open the file in the worker. One that cannot be read is dropped, with the sentence that says why."""
    with verrou_de_session(f"dauphin-import:{numero}") as libre:
        choisi = ImportDauphin.objects.filter(pk=numero, etat=Etat.A_LIRE).first()
        if choisi is None or not libre:
            return
        try:
            with choisi.fichier.open("rb") as ouvert:
                _ouvrir(choisi, ouvert.read())
        except ErreurMetier as erreur:
            choisi.etat, choisi.erreur = Etat.ILLISIBLE, erreur.message[:300]
            choisi.efface_le = timezone.now()
            choisi.fichier.delete(save=False)
        choisi.save()


def envoye_avant(choisi: ImportDauphin) -> ImportDauphin | None:
    """Return the last import of the same file (same hash), unless it was abandoned."""
    memes = ImportDauphin.objects.filter(empreinte=choisi.empreinte).exclude(
        etat__in=[Etat.ABANDONNE, Etat.ILLISIBLE]
    )
    return memes.exclude(pk=choisi.pk).first()


def _empreinte(entetes: Sequence[str]) -> str:
    return hashlib.sha256("\x1f".join(entetes).encode()).hexdigest()


def _deja_reliees(entetes: Sequence[str]) -> dict[str, str]:
    connues = ColonnesDauphin.objects.filter(pk=_empreinte(entetes)).first()
    return dict(connues.relies) if connues else {}


def _sous_verrou(numero: int, *etats: str) -> ImportDauphin:
    choisi = ImportDauphin.objects.select_for_update().get(pk=numero)
    if choisi.etat not in etats:
        raise ActeInterdit(f"Cet import a déjà avancé : il est « {choisi.get_etat_display()} ».")
    return choisi


@transaction.atomic
def relier_colonnes(numero: int, *, relies: Mapping[str, str], exercice: int | None) -> None:
    """Save the mapping, remember it for the next file, and start the reading. No projet is changed.

    Raises ActeInterdit when it is already started; ErreurMetier when the mapping is incomplete.
    """
    choisi = _sous_verrou(numero, Etat.A_RELIER)
    if manques := colonnes.manques(relies):
        raise ErreurMetier(" ".join(manques))
    choisi.relies, choisi.exercice, choisi.etat = dict(relies), exercice, Etat.LECTURE
    choisi.extrait = None
    choisi.save(update_fields=["relies", "exercice", "etat", "extrait"])
    ColonnesDauphin.objects.update_or_create(
        pk=_empreinte(choisi.entetes), defaults={"relies": dict(relies), "le": timezone.now()}
    )
    taches_differees.confier(TACHE, choisi.pk, priorite=taches_differees.ATTENDU)


@transaction.atomic
def lancer_application(numero: int) -> None:
    """Start applying the report. Can be called again at the end, for choices made since."""
    choisi = _sous_verrou(numero, Etat.A_APPLIQUER, Etat.FINI)
    if not DossierImporte.objects.filter(import_dauphin=choisi).a_appliquer().exists():
        raise ErreurMetier(
            "Rien n’est à appliquer : choisissez d’abord ce que deviennent les dossiers en attente."
        )
    choisi.etat = Etat.APPLICATION
    choisi.save(update_fields=["etat"])
    taches_differees.confier(TACHE, choisi.pk, priorite=taches_differees.ATTENDU)


@transaction.atomic
def abandonner_import(numero: int) -> None:
    """Abandon the import: nothing is applied, and its rows stay readable."""
    choisi = _sous_verrou(numero, Etat.A_RELIER, Etat.A_APPLIQUER)
    if choisi.fini_le is not None:
        raise ActeInterdit("Une partie de cet import est déjà écrite : il ne s’abandonne plus.")
    choisi.etat = Etat.ABANDONNE
    choisi.save(update_fields=["etat"])


@transaction.atomic
def choisir_dossier(dossier: DossierImporte, *, choix: str, candidat: int | None = None) -> None:
    """Record the choice of an agent: join or create, take the values of Dauphin, or ignore."""
    _sous_verrou(dossier.import_dauphin_id, Etat.A_APPLIQUER, Etat.FINI)
    dossier = DossierImporte.objects.select_for_update().get(pk=dossier.pk)
    if dossier.applique_le is not None or dossier.sort == DossierImporte.Sort.REJETE:
        raise ActeInterdit("Ce dossier n’attend plus de choix.")
    dossier.choix = choix
    if candidat is not None:
        dossier.candidat_id = candidat
    dossier.save(update_fields=["choix", "candidat"])


@dataclass(frozen=True, slots=True)
class Dite:
    """What an agent says that a word is here. `cible` None: nothing here, or a financer to add when it is one."""

    annee: int
    quoi: str
    mot: str
    cible: Partenaire | Axe | Objectif | Quartier | None
    est_culture: bool = False
    est_participation: bool = False


@transaction.atomic
def dire_correspondances(numero: int, *, par: Compte, dites: Sequence[Dite]) -> None:
    """Keep what words of the file are here, for its year, and examine again what is not applied yet.

    Raises ActeInterdit while the worker reads the file; ErreurMetier when nothing is said.
    """
    choisi = _sous_verrou(numero, Etat.A_APPLIQUER, Etat.FINI)
    if not dites:
        raise ErreurMetier("Dites au moins ce qu’est un de ces mots.")
    for dite in dites:
        _garder_la_correspondance(dite, par)
    choisi.dossiers.filter(applique_le=None).update(est_examine=False, sort="", raison="")
    choisi.etat = Etat.EXAMEN
    choisi.save(update_fields=["etat"])
    taches_differees.confier(TACHE, choisi.pk, priorite=taches_differees.ATTENDU)


def _garder_la_correspondance(dite: Dite, par: Compte) -> None:
    cible = dite.cible
    if cible is None and dite.quoi == Quoi.FINANCEUR:
        cible = enregistrer(Partenaire(nom=dite.mot[:120], est_financeur=True))
    CorrespondanceDauphin.objects.update_or_create(
        annee=dite.annee,
        quoi=dite.quoi,
        cle=cle_du_mot(dite.quoi, dite.mot),
        defaults={
            "mot": dite.mot[:200],
            "financeur": cible if isinstance(cible, Partenaire) else None,
            "axe": cible if isinstance(cible, Axe) else None,
            "objectif": cible if isinstance(cible, Objectif) else None,
            "quartier": cible if isinstance(cible, Quartier) else None,
            "est_culture": dite.est_culture,
            "est_participation": dite.est_participation,
            "par": par,
            "le": timezone.now(),
        },
    )


Choix = DossierImporte.Choix
EXERCICE = "Année des lignes qui ne la disent pas"


def _annees() -> list[tuple[str, str]]:
    annees = Programmation.objects.values_list("annee", flat=True)
    return [("", "Le fichier la dit"), *((str(annee), str(annee)) for annee in annees)]


class FichierDauphinForm(ActeForm):
    fichier = ChampFichier(
        label="Fichier CSV ou classeur",
        help_text=f"CSV, XLSX, XLS ou ODS ; la première ligne dit le nom des colonnes. {nombre(settings.TABLEAU_LIGNES_MAX)} lignes au plus.",
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx,.xls,.ods,text/csv"}),
    )
    exercice = champ_choix(EXERCICE, (), requis=False)

    def preparer(self) -> None:
        self.fields["exercice"].choices = _annees()  # type: ignore[attr-defined]
        derniere = Programmation.objects.first()
        self.initial["exercice"] = str(derniere.annee) if derniere else ""

    def annee(self) -> int | None:
        return int(self.cleaned_data["exercice"]) if self.cleaned_data["exercice"] else None


class RelierColonnesForm(ActeForm):
    """One column for each field, by group. Columns named after an account are ticked."""

    objet: ImportDauphin

    def preparer(self) -> None:
        colonnes = [("", "Aucune colonne"), *((nom, nom) for nom in self.objet.entetes)]
        self.fields["exercice_defaut"] = champ_choix(EXERCICE, _annees(), requis=False)
        self.initial["exercice_defaut"] = str(self.objet.exercice or "")
        for champ, decrit in CHAMPS.items():
            self.fields[champ] = champ_choix(decrit.libelle, colonnes, decrit.aide, requis=False)
            self.initial[champ] = self.objet.relies.get(champ, "")
        postes = {c: nom for c, nom in self.objet.relies.items() if c.startswith(PREFIXE_POSTE)}
        if postes:
            self.fields["postes"] = champ_cases(
                "Colonnes lues comme des lignes du budget",
                [(c, f"{nom} : {libelle(c.removeprefix(PREFIXE_POSTE))}") for c, nom in postes.items()],
                requis=False,
            )
            self.initial["postes"] = list(postes)

    def groupes(self) -> list[tuple[str, list[Any]]]:
        """(title, fields) of each group, in the order of `CHAMPS`."""
        trouves: dict[str, list[Any]] = {}
        for champ, decrit in CHAMPS.items():
            trouves.setdefault(decrit.groupe, []).append(self[champ])
        return list(trouves.items())

    def annee(self) -> int | None:
        dite = self.cleaned_data["exercice_defaut"]
        return int(dite) if dite else None

    def relies(self) -> dict[str, str]:
        choisis = {c: self.cleaned_data[c] for c in CHAMPS if self.cleaned_data.get(c)}
        return choisis | {c: self.objet.relies[c] for c in self.cleaned_data.get("postes", [])}


RIEN_ICI, NOUVEAU = "rien", "nouveau"


class CorrespondancesForm(ActeForm):
    """For each word of the file that is nothing here, what it is; then those already said for its year.

    What was said for a former year is proposed.
    """

    objet: ImportDauphin

    def preparer(self) -> None:
        self.mots = mots_de(self.objet)
        self.cibles = cibles()
        for rang, mot in enumerate(self.mots):
            self.fields[f"mot_{rang}"] = champ_choix(
                f"{majuscule(Quoi(mot.quoi).label)} « {mot.mot} », {mot.annee}",
                self._choix(mot.quoi),
                accorder(mot.combien, "dossier l’attend", "dossiers l’attendent") + "."
                if mot.combien
                else "",
                requis=False,
            )
            self.initial[f"mot_{rang}"] = mot.dit
            if mot.quoi == Quoi.THEMATIQUE:
                self.fields[f"aussi_{rang}"] = champ_cases(
                    f"« {mot.mot} » compte aussi comme", AUSSI, requis=False
                )
                self.initial[f"aussi_{rang}"] = mot.aussi

    def _choix(self, quoi: str) -> list[Any]:
        seul = (
            (NOUVEAU, "Un nouveau financeur, à ajouter à la liste")
            if quoi == Quoi.FINANCEUR
            else (RIEN_ICI, "Rien de ce contrat")
        )
        return [("", "Choisissez"), *self.cibles[quoi].choix, seul]

    def rangees(self) -> list[tuple[MotDeDauphin, list[Any]]]:
        """Return each word with its fields."""
        return [
            (mot, [self[nom] for nom in (f"mot_{rang}", f"aussi_{rang}") if nom in self.fields])
            for rang, mot in enumerate(self.mots)
        ]

    def dites(self) -> list[Dite]:
        """Return what is said of a word for the first time, or differently."""
        dites = []
        for rang, mot in enumerate(self.mots):
            choisi = self.cleaned_data.get(f"mot_{rang}", "")
            aussi = self.cleaned_data.get(f"aussi_{rang}", [])
            if not choisi or (mot.est_deja_dit and (choisi, sorted(aussi)) == (mot.dit, sorted(mot.aussi))):
                continue
            dites.append(
                Dite(
                    mot.annee,
                    mot.quoi,
                    mot.mot,
                    self.cibles[mot.quoi].objets.get(choisi),
                    est_culture="culture" in aussi,
                    est_participation="participation" in aussi,
                )
            )
        return dites


class ChoisirDossierForm(ActeForm):
    objet: DossierImporte

    choix = champ_choix("Que faire de ce dossier", (), boutons=True, erreur="Choisissez.")
    candidat = champ_choix("Projet déposé ici", (), requis=False)

    def __init__(self, *args: Any, candidats: Any = (), **options: Any) -> None:
        self.candidats = list(candidats)
        super().__init__(*args, **options)

    def preparer(self) -> None:
        offerts = (
            [Choix.JOINDRE, Choix.DAUPHIN, Choix.CREER, Choix.IGNORER]
            if self.candidats
            else [Choix.DAUPHIN, Choix.IGNORER]
        )
        noms = {
            Choix.JOINDRE: "Joindre au projet déposé ici : ce que le porteur a écrit reste, Dauphin remplit ce qui est vide",
            Choix.DAUPHIN: "Joindre, et prendre ce que dit Dauphin là où les deux diffèrent"
            if self.candidats
            else "Prendre ce que dit Dauphin là où les deux ont changé",
        }
        lignes = [(c.value, noms.get(c, c.label)) for c in offerts]
        if not self.candidats:
            lignes.insert(0, ("garder", "Garder ce qui est écrit ici, prendre le reste"))
        self.fields["choix"].choices = lignes  # type: ignore[attr-defined]
        self.initial["choix"] = self.objet.choix or ("" if self.candidats else "garder")
        if self.candidats:
            self.fields["candidat"].choices = [  # type: ignore[attr-defined]
                (str(p.pk), f"{p.reference} · {p.titre}") for p in self.candidats
            ]
            self.initial["candidat"] = str(self.objet.candidat_id or self.candidats[0].pk)
        else:
            del self.fields["candidat"]

    def reponse(self) -> dict[str, Any]:
        choix = self.cleaned_data["choix"]
        candidat = self.cleaned_data.get("candidat")
        return {
            "choix": "" if choix == "garder" else choix,
            "candidat": int(candidat) if candidat and choix in {Choix.JOINDRE, Choix.DAUPHIN} else None,
        }
