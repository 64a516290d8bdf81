"""Import of a table of volunteers. A row that cannot be read stays apart."""

from collections.abc import Mapping

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import validate_email
from django.db import transaction

from participation.socle.actions import imports
from participation.socle.actions.avancer import consigner, exiger
from participation.socle.actions.imports import Lecture
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import Fichier
from participation.socle.francais import accorder, enumerer
from participation.socle.models import Compte
from participation.socle.regles import tableaux
from participation.socle.regles.tableaux import simplifier
from participation.socle.views.pages import Page, Reserve, acte
from participation.tirage.models import ImportDeVolontaires, LigneRefusee, Tirage, Volontaire
from participation.tirage.volontaires.versement import valeurs_connues
from participation.tirage.workflow import EtatTirage

# Columns of an import beside the categories of the quotas, by their simplified name.
COLONNES: Mapping[str, tuple[str, ...]] = {
    "nom": ("nom", "nom et prenom", "prenom nom", "nom prenom", "personne"),
    "courriel": ("courriel", "email", "e mail", "mail", "adresse electronique"),
    "telephone": ("telephone", "tel", "portable", "mobile"),
    "foyer": ("foyer", "adresse", "adresse postale", "menage"),
}
LONGUEURS = {"nom": 120, "courriel": 254, "telephone": 20, "foyer": 200}
Etat = ImportDeVolontaires.Etat


def dire_import(tirage: Tirage, fait: ImportDeVolontaires) -> str:
    if fait.etat == ImportDeVolontaires.Etat.EN_COURS:
        return "Le tableau est reçu. Cette page dit où en est sa lecture."
    dit = accorder(fait.ajoutees, "personne entre dans la liste.", "personnes entrent dans la liste.")
    if not fait.refusees:
        return dit
    return Reserve(
        f"{dit} {accorder(fait.refusees, 'ligne est refusée', 'lignes sont refusées')} : la page dit pourquoi."
    )


class ImporterForm(ActeForm):
    fichier = Fichier(
        label="Tableau des volontaires",
        help_text="CSV ou XLSX. La première ligne donne les noms des colonnes : nom, courriel, téléphone, foyer, et une colonne "
        "par catégorie de vos quotas, avec le même nom.",
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv,.txt,.tsv,.xlsx,.ods"}),
    )


@acte(
    Page[Tirage](
        form=ImporterForm,
        consequence="Les personnes dont la ligne se lit entrent dans la liste. Les autres lignes sont gardées à part, avec la raison : "
        "téléchargez-les, corrigez-les, puis importez-les.",
        succes=dire_import,
        retour="#volontaires",
    )
)
@transaction.atomic
def importer_volontaires(tirage: Tirage, *, par: Compte, fichier: UploadedFile) -> ImportDeVolontaires:
    """Add the people of a table: at once when it is small, by a worker otherwise.

    Raises ErreurMetier when it cannot be read, lacks a category, or when no row of a small one can be.
    """
    pas = exiger(tirage, "importer_volontaires", par=par)
    nouveau = ImportDeVolontaires(tirage=tirage, par=par)
    imports.recevoir_import(nouveau, fichier)
    if nouveau.etat == Etat.FINI and not nouveau.ajoutees:
        raisons = [f"Ligne {refus.numero} : {refus.raison}" for refus in nouveau.refus.all()[:5]]
        raise ErreurMetier(f"Aucune ligne ne peut être lue. {' '.join(raisons)}")
    pas.avancer(fait=_dire(nouveau) if nouveau.etat == Etat.FINI else "Tableau de volontaires reçu")
    return nouveau


def _verrouiller(choisi: ImportDeVolontaires) -> str:
    tirage = Tirage.objects.select_for_update().only("etat").get(pk=choisi.tirage_id)
    if tirage.etat == EtatTirage.PREPARATION:
        return ""
    return "La liste ne change plus : la lecture du tableau s’est arrêtée là."


def _dire(choisi: ImportDeVolontaires) -> str:
    dit = accorder(choisi.ajoutees, "volontaire importé", "volontaires importés", aucun="aucun")
    return (
        f"{dit}, {accorder(choisi.refusees, 'ligne refusée', 'lignes refusées')}" if choisi.refusees else dit
    )


class _Lecteur:
    """Reads the rows of a table: what each column is, what each value may be, who is there already."""

    def __init__(self, choisi: ImportDeVolontaires, forme: tableaux.Forme) -> None:
        self.choisi, self.forme, self.tirage = choisi, forme, choisi.tirage
        rangs = {simplifier(entete): rang for rang, entete in reversed(list(enumerate(forme.entetes)))}
        self.fixes = {
            champ: next((rangs[nom] for nom in noms if nom in rangs), None)
            for champ, noms in COLONNES.items()
        }
        self.categories = {
            categorie: rangs.get(simplifier(categorie)) for categorie in self.tirage.categories
        }
        if absentes := [categorie for categorie, rang in self.categories.items() if rang is None]:
            raise ErreurMetier(
                f"Ce tableau n’a pas de colonne pour {enumerer([f'« {absente} »' for absente in absentes])}. "
                "Chaque catégorie des quotas a besoin de sa colonne, avec le même nom."
            )
        self.valeurs = valeurs_connues(self.tirage)
        self.deja = set(self.tirage.volontaires.exclude(courriel="").values_list("courriel", "nom"))

    def recevoir(self, lot: list[list[str]]) -> None:
        """Write a lot of rows: who enters, and the rows refused, with the reason."""
        choisi, personnes, refus = self.choisi, [], []
        for numero, ligne in enumerate(lot, choisi.lues + 2):  # the header is row 1 of a spreadsheet
            if not any(cellule.strip() for cellule in ligne):
                continue
            try:
                personnes.append(self._lire(ligne))
            except ValueError as faute:
                valeurs = [cellule[: imports.CELLULE_GARDEE] for cellule in ligne]
                refus.append(
                    LigneRefusee(
                        import_fichier=choisi, numero=numero, valeurs=valeurs, raison=str(faute)[:300]
                    )
                )
        Volontaire.objects.bulk_create(personnes, batch_size=imports.LOT)
        LigneRefusee.objects.bulk_create(refus, batch_size=imports.LOT)
        choisi.ajoutees += len(personnes)
        choisi.refusees += len(refus)

    def _lire(self, ligne: list[str]) -> Volontaire:
        """Return the person of a row. Raises ValueError, a sentence."""

        def case(rang: int | None) -> str:
            return ligne[rang].strip() if rang is not None and rang < len(ligne) else ""

        dit = {champ: case(rang) for champ, rang in self.fixes.items()}
        for champ, longueur in LONGUEURS.items():
            if len(dit[champ]) > longueur:
                raise ValueError(f"{champ} a plus de {longueur} caractères.")
        if not dit["nom"] and not dit["courriel"]:
            raise ValueError("il manque un nom ou une adresse électronique.")
        if dit["courriel"]:
            try:
                validate_email(dit["courriel"])
            except ValidationError:
                raise ValueError(f"« {dit['courriel'][:60]} » n’est pas une adresse électronique.") from None
        profil = {}
        for categorie, rang in self.categories.items():
            dite = case(rang)
            connue = self.valeurs[categorie].get(simplifier(dite) or dite)
            if connue is None:
                raise ValueError(f"{categorie} : « {dite[:60] or 'vide'} » n’est dans aucun quota.")
            profil[categorie] = connue
        cle = (dit["courriel"], dit["nom"])
        if dit["courriel"] and cle in self.deja:
            raise ValueError("cette personne est déjà dans la liste (même nom, même adresse).")
        self.deja.add(cle)
        return Volontaire(tirage=self.tirage, profil=profil, **dit)


LECTURE = Lecture(
    ouvrir=_Lecteur,
    verrouiller=_verrouiller,
    consigner=lambda choisi: consigner(
        choisi.tirage, "importer_volontaires", par=choisi.par, fait=_dire(choisi)
    ),
)
