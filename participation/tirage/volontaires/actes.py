"""Acts on the volunteers of a draw: import, entry, removal, then the frozen list and its seed."""

import secrets
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from participation.socle.actions.avancer import exiger
from participation.socle.actions.tableaux import lire_tableau, recevoir_tableau
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_choix, champ_courriel, champ_ligne
from participation.socle.francais import accorder, enumerer
from participation.socle.models import Compte
from participation.socle.regles import tableaux
from participation.socle.regles.tableaux import simplifier
from participation.tirage.models import Tirage, Volontaire
from participation.tirage.regles import preuve as verification
from participation.tirage.selection.faisabilite import est_possible
from participation.tirage.volontaires.versement import valeurs_connues

# Columns of an import beside the categories of the quotas, by their simplified name.
COLONNES: Mapping[str, tuple[str, ...]] = {
    "nom": ("nom", "nom et prenom", "prenom nom", "nom prenom", "personne"),
    "courriel": ("courriel", "email", "e mail", "mail", "adresse electronique"),
    "telephone": ("telephone", "tel", "portable", "mobile"),
    "foyer": ("foyer", "adresse", "adresse postale", "menage"),
}
REFUS_MONTRES = 10
LONGUEURS = {"nom": 120, "courriel": 254, "telephone": 20, "foyer": 200}


class ImporterForm(ActeForm):
    fichier = forms.FileField(
        label="Tableau des volontaires",
        help_text="CSV ou XLSX. La première ligne donne les noms des colonnes : nom, courriel, téléphone, foyer, et une colonne "
        "par catégorie de vos quotas, avec le même nom.",
    )


@transaction.atomic
def importer_volontaires(tirage: Tirage, *, par: Compte, fichier: UploadedFile) -> int:
    """Add the people of a table. Return how many.

    All or nothing: a row that cannot be read refuses the table, and says why. Raises ErreurMetier, ValidationError.
    """
    pas = exiger(tirage, "importer_volontaires", par=par)
    octets = recevoir_tableau(fichier)
    lire_tableau(octets, classeurs=True)  # its form, its size, whether it was cut
    forme = tableaux.lire_forme(octets, classeurs=True)
    lecteur = _Lecteur(tirage, forme.entetes)
    lus, refus = [], []
    deja = set(tirage.volontaires.exclude(courriel="").values_list("courriel", "nom"))
    for numero, ligne in enumerate(tableaux.lignes_de(octets, forme), 2):
        try:
            personne = lecteur.lire(ligne)
        except ValueError as faute:
            refus.append(f"Ligne {numero} : {faute}")
            continue
        if personne.courriel and (personne.courriel, personne.nom) in deja:
            refus.append(f"Ligne {numero} : cette personne est déjà dans la liste (même nom, même adresse).")
            continue
        deja.add((personne.courriel, personne.nom))
        lus.append(personne)
    if refus:
        suite = len(refus) - REFUS_MONTRES
        reste = (
            [f"Et {accorder(suite, 'autre ligne refusée', 'autres lignes refusées')}."] if suite > 0 else []
        )
        raise ValidationError(
            {"fichier": [*refus[:REFUS_MONTRES], *reste, "Rien n’a été importé : corrigez le tableau."]}
        )
    Volontaire.objects.bulk_create(lus, batch_size=1000)
    pas.avancer(fait=f"{accorder(len(lus), 'volontaire importé', 'volontaires importés')}")
    return len(lus)


class _Lecteur:
    """Reads the rows of a table: what each column is, what each value may be."""

    def __init__(self, tirage: Tirage, entetes: tuple[str, ...]) -> None:
        self.tirage = tirage
        rangs = {simplifier(entete): rang for rang, entete in reversed(list(enumerate(entetes)))}
        self.fixes = {
            champ: next((rangs[nom] for nom in noms if nom in rangs), None)
            for champ, noms in COLONNES.items()
        }
        self.categories = {categorie: rangs.get(simplifier(categorie)) for categorie in tirage.categories}
        if absentes := [categorie for categorie, rang in self.categories.items() if rang is None]:
            raise ErreurMetier(
                f"Ce tableau n’a pas de colonne pour {enumerer([f'« {absente} »' for absente in absentes])}. "
                "Chaque catégorie des quotas a besoin de sa colonne, avec le même nom."
            )
        self.valeurs = valeurs_connues(tirage)

    def lire(self, ligne: list[str]) -> Volontaire:
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
        return Volontaire(tirage=self.tirage, profil=profil, **dit)


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


@transaction.atomic
def ajouter_volontaire(tirage: Tirage, *, par: Compte, profil: dict[str, str], **champs: Any) -> Volontaire:
    pas = exiger(tirage, "ajouter_volontaire", par=par)
    personne = Volontaire(tirage=tirage, profil=profil, **champs)
    personne.full_clean()
    personne.save()
    pas.avancer()
    return personne


@transaction.atomic
def retirer_volontaire(personne: Volontaire, *, par: Compte) -> None:
    """Remove somebody before the list is frozen: nothing of her is kept."""
    pas = exiger(personne, "retirer_volontaire", par=par)
    personne.delete()
    pas.avancer()


@transaction.atomic
def figer(tirage: Tirage, *, par: Compte) -> None:
    """Give each a number drawn at random, publish a commitment for each and the rule. Nothing changes after that.

    Raises ErreurMetier when no panel keeps all the quotas: each can be kept alone, not together.
    """
    pas = exiger(tirage, "figer", par=par)
    if not est_possible(tirage.bassin()):
        raise ErreurMetier(
            "Chaque quota peut être tenu seul, mais pas tous ensemble. « Assouplir les quotas » montre le plus petit changement."
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
    Volontaire.objects.bulk_update(personnes, ["numero", "nonce", "engagement"], batch_size=1000)
    liste = verification.liste_publique({p.numero: p.engagement for p in personnes})
    pas.avancer(champs={"fige_le": timezone.now(), "empreinte_liste": verification.empreinte(liste)})


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


@transaction.atomic
def semer(tirage: Tirage, *, par: Compte, texte_graine: str) -> None:
    """Write the seed, known to all: each gets a ticket, and one person a household stays in the draw."""
    pas = exiger(tirage, "semer", par=par)
    graine = verification.graine(tirage.empreinte_liste, texte_graine)
    personnes = list(tirage.volontaires.all())
    gardes = set(verification.un_par_foyer(graine, {p.numero: simplifier(p.foyer) for p in personnes}))
    for personne in personnes:
        personne.billet = verification.billet(graine, "remplacement", personne.numero)
        personne.est_ecarte_par_foyer = personne.numero not in gardes
    Volontaire.objects.bulk_update(personnes, ["billet", "est_ecarte_par_foyer"], batch_size=1000)
    pas.avancer(champs={"texte_graine": texte_graine, "graine": graine})


def foyers_partages(tirage: Tirage) -> int:
    """Return how many households have several volunteers."""
    combien = Counter(
        simplifier(foyer) for foyer in tirage.volontaires.exclude(foyer="").values_list("foyer", flat=True)
    )
    return sum(nombre > 1 for nombre in combien.values())
