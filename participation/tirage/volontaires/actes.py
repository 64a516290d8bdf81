"""Acts on the volunteers of a draw: entry, import of a table, removal, then the frozen list and its seed.

A row that cannot be read stays apart.
"""

import secrets
from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from participation.socle.actions import enregistrer, imports, tournees
from participation.socle.actions.avancer import consigner, exiger
from participation.socle.actions.imports import Lecture
from participation.socle.courriels import porte
from participation.socle.courriels.ecriture import deposer
from participation.socle.erreurs import ErreurMetier, Manque
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import ChampFichier, champ_choix, champ_courriel, champ_ligne
from participation.socle.francais import accorder, enumerer
from participation.socle.models import Compte, Courriel, Tournee
from participation.socle.regles import tableaux
from participation.socle.regles.tableaux import simplifier
from participation.socle.views.pages import Page, Reserve, acte
from participation.tirage import regles as verification
from participation.tirage.models import (
    ImportDeVolontaires,
    LigneRefusee,
    Tirage,
    Volontaire,
    ecrire_en_nombre,
)
from participation.tirage.selection.comptes import compter
from participation.tirage.selection.controle import TROP_LONG, controle_de
from participation.tirage.verification import texte_de_la_regle
from participation.tirage.volontaires.versement import valeurs_connues
from participation.tirage.workflow import EtatTirage, Place

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
    fichier = ChampFichier(
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


def dire_le_retrait(tirage: Tirage) -> str:
    tableau = tirage.dernier_tableau()
    if tableau is None:
        return ""
    if tableau.etat == Etat.EN_COURS:  # their number moves
        return f"La lecture de « {tableau} » s’arrête, et personne de ce tableau ne reste dans la liste."
    combien = accorder(tableau.personnes.count(), "personne quitte", "personnes quittent")
    return f"« {tableau} » : {combien} la liste. Rien n’est gardé d’elles."


@acte(
    Page[Tirage](
        consequence=dire_le_retrait,
        bouton="Annuler le tableau",
        succes="Le tableau est annulé : ses personnes ne sont plus dans la liste.",
        retour="#volontaires",
    )
)
@transaction.atomic
def annuler_volontaires(tirage: Tirage, *, par: Compte) -> None:
    """Stop the reading of the last table, and take out of the list whoever it brought: nothing of them is kept."""
    pas = exiger(tirage, "annuler_volontaires", par=par)
    tableau = tirage.dernier_tableau()
    assert tableau is not None  # noqa: S101 the condition of the act
    retirees, _ = tableau.personnes.all().delete()
    tableau.refus.all().delete()
    tableau.finir(Etat.ANNULE)
    dites = accorder(retirees, "personne retirée", "personnes retirées", aucun="aucune")
    pas.avancer(fait=f"Tableau de volontaires annulé, {dites}")


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
        return Volontaire(tirage=self.tirage, import_fichier=self.choisi, profil=profil, **dit)


LECTURE = Lecture(
    ouvrir=_Lecteur,
    verrouiller=_verrouiller,
    consigner=lambda choisi: consigner(
        choisi.tirage, "importer_volontaires", par=choisi.par, fait=_dire(choisi)
    ),
)


def dire_les_lettres(tirage: Tirage) -> str:
    sans = tirage.volontaires.filter(courriel="").count()
    quoi = "le résultat" if tirage.etat == EtatTirage.TIRE else "ses chances, et le jour du tirage"
    dit = f"Chaque personne qui a donné un courriel reçoit son numéro, et {quoi}. Personne ne reçoit deux fois la même lettre."
    if not sans:
        return dit
    return f"{dit} {accorder(sans, 'personne n’a pas', 'personnes n’ont pas')} de courriel : « Numéros et chances (CSV) » sert à leur lettre de papier."


class VolontaireForm(ActeForm):
    """One person, with one list of choices for each category."""

    nom = champ_ligne("Nom", maximum=120, erreur="Écrivez son nom.")
    courriel = champ_courriel("Adresse électronique", requis=False)
    telephone = champ_ligne(
        "Téléphone", requis=False, maximum=20, attributs={"autocomplete": "off", "inputmode": "tel"}
    )
    foyer = champ_ligne(
        "Foyer", "Son adresse. Une seule personne par foyer peut être tirée.", requis=False, maximum=200
    )

    def preparer(self) -> None:
        for rang, (categorie, valeurs) in enumerate(_valeurs(self.objet)):
            self.fields[f"categorie_{rang}"] = champ_choix(
                categorie,
                [("", "Choisissez"), *((v, v) for v in valeurs)],
                erreur=f"Choisissez : {categorie}.",
            )

    def clean(self) -> dict[str, Any]:
        dit = super().clean() or {}
        dit["profil"] = {
            categorie: dit.pop(f"categorie_{rang}", "")
            for rang, (categorie, _) in enumerate(_valeurs(self.objet))
        }
        return dit


def _valeurs(tirage: Tirage) -> Iterator[tuple[str, list[str]]]:
    dites: dict[str, list[str]] = {}
    for quota in tirage.quotas.all():
        dites.setdefault(quota.categorie, []).append(quota.valeur)
    yield from dites.items()


@acte(
    Page[Tirage](
        form=VolontaireForm,
        consequence="Une personne qui accepte d’être tirée au sort.",
        succes="La personne est dans la liste.",
        retour="#volontaires",
    )
)
@transaction.atomic
def ajouter_volontaire(tirage: Tirage, *, par: Compte, profil: dict[str, str], **champs: Any) -> Volontaire:
    """Add one person. Raises ErreurMetier when she is there already: entered twice, she would have twice her chances."""
    pas = exiger(tirage, "ajouter_volontaire", par=par)
    if tirage.volontaires.filter(profil=profil, **champs).exists():
        raise ErreurMetier("Cette personne est déjà dans la liste : mêmes réponses, mot pour mot.")
    personne = enregistrer(Volontaire(tirage=tirage, profil=profil, **champs))
    pas.avancer()
    return personne


@acte(Page[Volontaire](consequence="Rien n’est gardé de cette personne.", retour="#volontaires"))
@transaction.atomic
def retirer_volontaire(personne: Volontaire, *, par: Compte) -> None:
    """Remove somebody before the list is frozen: nothing of her is kept."""
    pas = exiger(personne, "retirer_volontaire", par=par)
    personne.delete()
    pas.avancer()


@acte(
    Page[Tirage](
        consequence="Chaque personne reçoit un numéro au hasard. La règle et une empreinte de chaque personne, qui ne dit rien "
        "d’elle, sont publiées. La liste, les quotas et la règle ne changent plus."
    )
)
@transaction.atomic
def figer(tirage: Tirage, *, par: Compte) -> None:
    """Give each a number drawn at random, publish a commitment for each and the rule. Nothing changes after that.

    Raises ErreurMetier when no panel keeps all the quotas: each can be kept alone, not together.
    """
    pas = exiger(tirage, "figer", par=par)
    controle = controle_de(tirage)
    if controle is None:
        raise ErreurMetier(TROP_LONG)
    if not controle.est_possible:
        raise ErreurMetier(
            Manque(
                "Chaque quota peut être tenu seul, mais pas tous ensemble. « Assouplir les quotas » montre le plus petit changement.",
                reverse("tirage:assouplir_quotas", args=[tirage.pk]),
            )
        )
    personnes = list(tirage.volontaires.all())
    secrets.SystemRandom().shuffle(personnes)  # a number says nothing of who was first
    for rang, personne in enumerate(personnes, 1):
        personne.numero = f"V{rang:05}"
        personne.nonce = secrets.token_hex(16)
        profil = list(zip(tirage.categories, personne.profil_pour(tirage.categories), strict=True))
        personne.engagement = verification.engagement(
            personne.nonce, personne.numero, simplifier(personne.foyer), profil
        )
    ecrire_en_nombre(personnes, ("numero", "nonce", "engagement"))
    LigneRefusee.objects.filter(import_fichier__tirage=tirage).delete()  # nobody corrects them any more
    liste = verification.liste_publique({p.numero: p.engagement for p in personnes})
    pas.avancer(
        champs={
            "fige_le": timezone.now(),
            "empreinte_liste": verification.empreinte(liste),
            "regle": texte_de_la_regle(tirage),
            "comptes": compter(tirage),
        }
    )


class SemerForm(ActeForm):
    texte_graine = champ_ligne("La graine, comme elle est publiée", maximum=200, erreur="Écrivez la graine.")

    def preparer(self) -> None:
        exemple = verification.EXEMPLES[self.objet.source]
        self.fields["texte_graine"].help_text = f"Exactement sous cette forme : {exemple}"

    def clean_texte_graine(self) -> str:
        texte = str(self.cleaned_data["texte_graine"]).strip()
        if defaut := verification.defaut_de_la_source(self.objet.source, texte, self.objet.date_graine):
            raise ValidationError(defaut)
        return texte


@acte(
    Page[Tirage](
        form=SemerForm,
        consequence=lambda t: (
            f"Source annoncée : {t.get_source_display()}. {t.precision_source} Chaque personne reçoit son billet, et "
            "une seule par foyer reste dans le tirage."
        ),
    )
)
@transaction.atomic
def semer(tirage: Tirage, *, par: Compte, texte_graine: str) -> None:
    """Write the seed, known to all: each gets a ticket, and one person a household stays in the draw."""
    pas = exiger(tirage, "semer", par=par)
    tirage.exiger_publie("texte_graine", texte_graine)
    graine = verification.graine(tirage.empreinte_liste, texte_graine, tirage.regle)
    personnes = list(tirage.volontaires.all())
    gardes = set(verification.un_par_foyer(graine, {p.numero: simplifier(p.foyer) for p in personnes}))
    for personne in personnes:
        personne.billet = verification.billet(graine, "remplacement", personne.numero)
        personne.est_ecarte_par_foyer = personne.numero not in gardes
    ecrire_en_nombre(personnes, ("billet", "est_ecarte_par_foyer"))
    pas.avancer(champs={"texte_graine": texte_graine, "graine": graine, "comptes": compter(tirage)})


@acte(
    Page[Tirage](
        consequence=dire_les_lettres,
        bouton="Écrire à chacun",
        succes=lambda _, combien: (
            f"{accorder(combien, 'lettre se prépare', 'lettres se préparent')}. Qui l’a déjà reçue n’en reçoit pas d’autre."
        ),
        retour="#volontaires",
    )
)
@transaction.atomic
def prevenir_volontaires(tirage: Tirage, *, par: Compte) -> int:
    """Have a worker write to who gave a mailbox: her number, then her chances or the result. Return how many they are."""
    pas = exiger(tirage, "prevenir_volontaires", par=par)
    combien = joignables(tirage).count()
    tournees.commencer(prevenir, tirage, par=par, total=combien, tirage=tirage.pk, etat=str(tirage.etat))
    pas.avancer(fait=f"{accorder(combien, 'volontaire à prévenir', 'volontaires à prévenir')} par courriel")
    return combien


LOT = 200  # letters in one transaction


def joignables(tirage: Tirage) -> QuerySet[Volontaire]:
    return tirage.volontaires.exclude(courriel="").exclude(numero="").order_by("pk")


def prevenir(tournee: Tournee) -> int:
    """Write to the next volunteers who gave a mailbox: their chances once the panels are published, the result once drawn.

    Nobody gets the same letter twice.
    """
    tirage = Tirage.objects.get(pk=tournee.arguments["tirage"])
    if tirage.etat != tournee.arguments["etat"]:  # drawn meanwhile: the chances are no longer news
        return 0
    lot = list(joignables(tirage).filter(pk__gt=tournee.dernier)[:LOT])
    deposer(
        [
            _lettre(tirage, volontaire)
            for volontaire in lot
            if not porte.a_refuse(volontaire.courriel, sujet=tirage, par=tournee.par)
        ]
    )
    tournee.dernier = lot[-1].pk if lot else tournee.dernier
    return len(lot)


def _lettre(tirage: Tirage, volontaire: Volontaire) -> Courriel:
    est_tire = tirage.etat == EtatTirage.TIRE
    mots: dict[str, porte.Mot] = {
        "titre": porte.lu(tirage, "titre"),
        "numero": porte.lu(volontaire, "numero"),
        "page": tirage.get_public_url(),
    }
    if est_tire:
        mots |= {
            "est_tiree": int(volontaire.place in {Place.PANEL, Place.ENTREE}),
            "en_reserve": int(volontaire.est_en_reserve),
        }
    else:
        mots |= {"chances": volontaire.chances or 0, "jour": timezone.localdate(tirage.tirage_le)}
    return porte.rediger_par_la_porte(
        "tirage/annoncer_resultat" if est_tire else "tirage/annoncer_chances",
        volontaire.courriel,
        mots,
        cle=f"tirage-{tirage.etat}:{volontaire.pk}",
        langue=volontaire.langue,
    )
