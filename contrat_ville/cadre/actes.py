"""Grid, enveloppes, partenaires and documents asked for: written, corrected, removed; their forms."""

from collections.abc import Mapping
from itertools import chain, count
from typing import Any

from django import forms
from django.db import transaction
from django.db.models import Model
from django.urls import reverse
from django.utils.text import slugify

from contrat_ville.models import (
    Axe,
    Critere,
    Enveloppe,
    Partenaire,
    Porteur,
    Programmation,
    Projet,
    TypePiece,
)
from contrat_ville.regles import POSTES, RECETTE
from contrat_ville.workflow import Etape, Etat, EtatProgrammation
from participation.socle.actions import avancer, enregistrer, exiger
from participation.socle.collectivite import ici_plus_tard
from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.forms.champs import (
    champ_case,
    champ_cases,
    champ_choix,
    champ_courriel,
    champ_ligne,
    champ_parmi,
    champ_texte,
)
from participation.socle.forms.montants import ChampMontant
from participation.socle.francais import accorder, majuscule, montant
from participation.socle.models import Commune, Compte, Direction, Quartier
from participation.socle.views.pages import Page, acte


def dire_le_journal(enveloppe: Enveloppe) -> str:
    if enveloppe.programmation.etat == EtatProgrammation.PREPAREE:
        return ""
    return "L’appel est publié : dites pourquoi l’enveloppe change. Les scénarios ouverts sont recomptés."


def dire_les_brouillons(type_piece: TypePiece) -> str:
    brouillons = Projet.objects.filter(etat=Etat.BROUILLON).count()
    suite = "Les projets déjà déposés ne changent pas."
    if not brouillons:
        return suite
    return f"{accorder(brouillons, 'brouillon')} en cours : leurs équipes le voient aussitôt. {suite}"


def champ_nombre(champ: str, aide: str = "", *, modele: type[Model] = Programmation) -> forms.IntegerField:
    """Whole number field of the model, with its label and bounds."""
    colonne: Any = modele._meta.get_field(champ)
    nombre: forms.IntegerField = colonne.formfield(
        help_text=aide or colonne.help_text, widget=forms.NumberInput(attrs={"class": "champ-court"})
    )
    nombre.label = majuscule(colonne.verbose_name)
    return nombre


class _LigneForm(ActeForm):
    """Form that creates or corrects a row. Its fields have the names of the model fields."""

    def initiales(self) -> Mapping[str, Any]:
        if isinstance(self.objet, Programmation) or not self.objet.pk:
            return {}
        return {champ: getattr(self.objet, champ) for champ in self.base_fields if champ != "motif"}


class CritereForm(_LigneForm):
    objet: Programmation | Critere

    etape = champ_choix("Étape", Etape.choices, boutons=True)
    intitule = champ_ligne("Critère", "Court : c’est la ligne de la grille.", maximum=200)
    aide = champ_ligne("Comment le juger", "Lu par l’instructeur.", maximum=400, requis=False)
    forme = champ_choix("Réponse", Critere.Forme.choices, boutons=True)
    poids = champ_nombre("poids", "Un critère de poids 2 compte double.", modele=Critere)
    note_max = champ_nombre("note_max", "Seulement si l’on donne une note.", modele=Critere)
    est_eliminatoire = champ_case(
        "Éliminatoire", "Non rempli, le projet ne peut pas être déclaré recevable.", requis=False
    )
    est_corrigeable = champ_case(
        "Le porteur peut corriger",
        "Alors le service demande à compléter avant de refuser.",
        requis=False,
        initial=True,
    )
    phrase_negative = champ_ligne(
        "Ce que la lettre dit s’il n’est pas rempli",
        "Par exemple « Le budget n’est pas équilibré. »",
        maximum=300,
        requis=False,
    )


@acte(
    Page[Programmation](
        form=CritereForm,
        retour="#grille",
        gabarit="contrat_ville/cadre/encore.html",
        succes="Le critère est ajouté.",
    )
)
@transaction.atomic
def ecrire_critere(programmation: Programmation, *, par: Compte, **champs: Any) -> Critere:
    """Add a criterion at the end of its stage. Raises ValidationError."""
    pas = exiger(programmation, "ecrire_critere", par=par)
    dernier = programmation.criteres.filter(etape=champs["etape"]).order_by("-ordre").first()
    critere = enregistrer(
        Critere(programmation=programmation, ordre=dernier.ordre + 1 if dernier is not None else 0, **champs)
    )
    pas.avancer(fait=f"Critère ajouté : {critere}")
    return critere


class ReprendreGrilleForm(ActeForm):
    objet: Programmation

    autre = champ_parmi(
        "De quelle année", Programmation.objects.none(), "Vous la corrigez ensuite ici.", vide=None
    )

    def preparer(self) -> None:
        ecrites = Programmation.objects.filter(criteres__isnull=False).exclude(pk=self.objet.pk)
        self.choisir("autre", ecrites.distinct())


@acte(
    Page[Programmation](
        form=ReprendreGrilleForm,
        retour="#grille",
        succes=lambda p, combien: f"{accorder(combien, 'critère repris', 'critères repris')} : relisez-les.",
    )
)
@transaction.atomic
def reprendre_grille(programmation: Programmation, *, par: Compte, autre: Programmation) -> int:
    """Copy the criteria of another year, to be corrected here. Return their number."""
    pas = exiger(programmation, "reprendre_grille", par=par)
    repris = list(autre.criteres.all())
    for critere in repris:
        critere.pk, critere.programmation = None, programmation
    Critere.objects.bulk_create(repris)
    pas.avancer(fait=f"Grille reprise de {autre} : {accorder(len(repris), 'critère')}")
    return len(repris)


@acte(Page[Critere](form=CritereForm, retour="#grille"))
def corriger_critere(critere: Critere, *, par: Compte, **champs: Any) -> None:
    avant = critere.intitule
    avancer(critere, "corriger_critere", par=par, champs=champs, fait=f"Critère corrigé : {avant}")


@acte(Page[Critere](consequence="Il n’est plus dans la grille.", retour="#grille"))
@transaction.atomic
def retirer_critere(critere: Critere, *, par: Compte) -> None:
    exiger(critere, "retirer_critere", par=par).avancer(fait=f"Critère retiré : {critere}")
    critere.delete()


class EnveloppeForm(_LigneForm):
    objet: Programmation | Enveloppe

    financeur = champ_parmi("Financeur", Partenaire.objects.none())
    axe = champ_parmi("Axe", Axe.objects.none(), requis=False, vide="Tous les axes")
    quartier = champ_parmi("Quartier", Quartier.objects.none(), requis=False, vide="Tous les quartiers")
    montant = ChampMontant("Montant", "En euros, par exemple 120 000.")
    motif = champ_texte("Pourquoi", "Écrit au journal : l’appel est déjà publié.", maximum=500, lignes=2)

    def preparer(self) -> None:
        programmation = self.objet if isinstance(self.objet, Programmation) else self.objet.programmation
        self.choisir("financeur", Partenaire.objects.filter(est_financeur=True, est_actif=True))
        self.choisir("axe", Axe.objects.filter(contrat=programmation.contrat_id))
        self.choisir("quartier", Quartier.objects.order_by("nom"))
        if programmation.etat == EtatProgrammation.PREPAREE:
            del self.fields["motif"]


@acte(
    Page[Programmation](
        form=EnveloppeForm,
        consequence="Ce que donne un financeur cette année : en tout, pour un axe, pour un quartier, ou pour les deux.",
        retour="#enveloppes",
        gabarit="contrat_ville/cadre/encore.html",
        succes="L’enveloppe est ajoutée.",
    )
)
@transaction.atomic
def ecrire_enveloppe(
    programmation: Programmation, *, par: Compte, motif: str = "", **champs: Any
) -> Enveloppe:
    """Add an envelope. Raises ValidationError if the financer has one for the same axe and quartier."""
    pas = exiger(programmation, "ecrire_enveloppe", par=par)
    enveloppe = enregistrer(Enveloppe(programmation=programmation, **champs))
    pas.avancer(fait=f"Enveloppe ajoutée : {_dite(enveloppe)}", motif=motif)
    return enveloppe


@acte(Page[Enveloppe](form=EnveloppeForm, consequence=dire_le_journal, retour="#enveloppes"))
@transaction.atomic
def corriger_enveloppe(enveloppe: Enveloppe, *, par: Compte, motif: str = "", **champs: Any) -> None:
    pas = exiger(enveloppe, "corriger_enveloppe", par=par)
    avant = _dite(enveloppe)
    apres = _dite(Enveloppe(programmation=enveloppe.programmation, **champs))
    pas.avancer(champs=champs, motif=motif, fait=f"Enveloppe corrigée : {avant}, puis {apres}")


RetirerEnveloppeForm = demander_texte(
    "Pourquoi", aide="Écrit au journal de la programmation.", maximum=500, lignes=2
)


@acte(
    Page[Enveloppe](
        form=RetirerEnveloppeForm,
        consequence="Ce financeur n’est plus compté sur cette ligne.",
        retour="#enveloppes",
    )
)
@transaction.atomic
def retirer_enveloppe(enveloppe: Enveloppe, *, par: Compte, motif: str = "") -> None:
    pas = exiger(enveloppe, "retirer_enveloppe", par=par)
    pas.avancer(fait=f"Enveloppe retirée : {_dite(enveloppe)}", motif=motif)
    enveloppe.delete()


def _dite(enveloppe: Enveloppe) -> str:
    return f"{enveloppe}, {montant(enveloppe.montant)}"


class PartenaireForm(_LigneForm):
    objet: Partenaire

    nom = champ_ligne("Nom", maximum=120)
    sigle = champ_ligne("Sigle", "Ce que montrent les tableaux.", maximum=20, requis=False)
    nature = champ_choix("Nature", Partenaire.Nature.choices)
    commune = champ_parmi("Commune", Commune.objects.none(), requis=False, vide="Aucune")
    direction = champ_parmi(
        "Direction",
        Direction.objects.none(),
        ici_plus_tard("Quand c’est un service de la {metropole}."),
        requis=False,
        vide="Aucune",
    )
    courriel = champ_courriel(
        "Courriel", "Où lui demander un avis. Vide : on ne lui en demande pas.", requis=False
    )
    est_financeur = champ_case("Donne des subventions", "Les porteurs peuvent lui en demander.", requis=False)
    sous_poste = champ_choix(
        "Ligne de recette", [], "Celle de ses subventions, dans le budget des projets.", requis=False
    )
    est_actif = champ_case(
        "Actif", "Décoché : on ne lui demande plus rien, ce qu’il a donné reste.", requis=False, initial=True
    )

    def preparer(self) -> None:
        self.choisir("commune", Commune.objects.all())
        self.choisir("direction", Direction.objects.all())
        recettes = [
            (code, p.intitule) for code, p in POSTES.items() if p.sens == RECETTE and code.startswith("74")
        ]
        poste: Any = self.fields["sous_poste"]
        poste.choices = [("", "Non dite"), *recettes]


@acte(
    Page[Partenaire](
        ouvre=True,
        form=PartenaireForm,
        consequence="Il se choisit ensuite dans les budgets, les enveloppes et les demandes d’avis.",
        retour=lambda p, _: p.get_absolute_url() if p.pk else reverse("contrat_ville:partenaires"),
        succes="Le partenaire est ajouté.",
    )
)
def ajouter_partenaire(partenaire: Partenaire, *, par: Compte, **champs: Any) -> Partenaire:
    avancer(partenaire, "ajouter_partenaire", par=par, champs=champs)
    return partenaire


@acte(Page[Partenaire](form=PartenaireForm, consequence="Les projets déjà déposés montrent le nouveau nom."))
def modifier_partenaire(partenaire: Partenaire, *, par: Compte, **champs: Any) -> None:
    """Change a partner. The journal keeps the former name."""
    avant = partenaire.nom
    fait = f"Partenaire modifié : {avant} devient {champs['nom']}" if champs["nom"] != avant else ""
    avancer(partenaire, "modifier_partenaire", par=par, champs=champs, fait=fait)


class TypePieceForm(ActeForm):
    objet: TypePiece

    nom = champ_ligne(
        "Nom", "Tel que l’équipe le lit : « Statuts », « Budget de l’association ».", maximum=120
    )
    aide = champ_ligne("Aide", "Une phrase sous le nom, si besoin.", maximum=300, requis=False)
    natures = champ_cases(
        "Demandée à",
        [(v, majuscule(t)) for v, t in Porteur.Nature.choices],
        "Rien de coché : à tous les porteurs.",
        requis=False,
    )
    est_obligatoire = champ_case(
        "Obligatoire", "Sans elle, le projet ne se dépose pas.", requis=False, initial=True
    )
    est_reservee = champ_case(
        "Réservée à l’instruction",
        "Qui donne un avis par un lien ne la lit pas : coordonnées bancaires, noms de personnes.",
        requis=False,
    )
    est_active = champ_case(
        "Demandée",
        "Décoché : on ne la demande plus, celles qui sont jointes restent.",
        requis=False,
        initial=True,
    )

    def initiales(self) -> Mapping[str, Any]:
        if not self.objet.pk:
            return {}
        lues = {champ: getattr(self.objet, champ) for champ in self.base_fields}
        return {**lues, "natures": self.objet.liste_des_natures}

    def clean_natures(self) -> str:
        return ",".join(self.cleaned_data["natures"])


@acte(
    Page[TypePiece](
        ouvre=True,
        form=TypePieceForm,
        consequence=dire_les_brouillons,
        retour=lambda t, _: t.get_absolute_url() if t.pk else reverse("contrat_ville:types_piece"),
        succes="La pièce est demandée.",
    )
)
@transaction.atomic
def ajouter_type_piece(type_piece: TypePiece, *, par: Compte, **champs: Any) -> TypePiece:
    """Save a new required paper, after the others."""
    dernier = TypePiece.objects.select_for_update().order_by("-ordre").first()
    ordre = dernier.ordre + 1 if dernier is not None else 0
    avancer(
        type_piece,
        "ajouter_type_piece",
        par=par,
        champs={**champs, "code": _code(champs["nom"]), "ordre": ordre},
    )
    return type_piece


def _code(nom: str) -> str:
    """Return a unique code for the paper, which stays the same when it is renamed."""
    code = slugify(nom)[:34] or "piece"
    pris = set(TypePiece.objects.filter(code__startswith=code).values_list("code", flat=True))
    return next(essai for essai in chain([code], (f"{code}-{n}" for n in count(2))) if essai not in pris)


@acte(Page[TypePiece](form=TypePieceForm, consequence=dire_les_brouillons))
def modifier_type_piece(type_piece: TypePiece, *, par: Compte, **champs: Any) -> None:
    """Change a required paper. Files already joined stay; the journal says what changed."""
    fait = _ce_qui_change(type_piece, champs)
    avancer(type_piece, "modifier_type_piece", par=par, champs=champs, fait=fait)


def _ce_qui_change(type_piece: TypePiece, champs: dict[str, Any]) -> str:
    dits = []
    if champs["nom"] != type_piece.nom:
        dits.append(f"{type_piece.nom} devient {champs['nom']}")
    for champ, oui, non in (
        ("est_active", "demandée de nouveau", "plus demandée"),
        ("est_obligatoire", "obligatoire", "facultative"),
        ("est_reservee", "réservée à l’instruction", "lisible par qui donne un avis"),
    ):
        if champs[champ] != getattr(type_piece, champ):
            dits.append(oui if champs[champ] else non)
    if champs["natures"] != type_piece.natures:
        dits.append(f"demandée à {TypePiece(natures=champs['natures']).demandee_a}")
    return f"Pièce demandée : {', '.join(dits)}" if dits else ""
