"""Forms of the framework of a year: criteria, envelopes, partners, required papers."""

from collections.abc import Mapping
from typing import Any

from contrat_ville.forms.montants import ChampMontant
from contrat_ville.forms.programmations import champ_nombre
from contrat_ville.models import Axe, Critere, Enveloppe, Partenaire, Porteur, Programmation, TypePiece
from contrat_ville.regles.nomenclature import POSTES, RECETTE
from contrat_ville.workflow.etats import Etape, EtatProgrammation
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
from participation.socle.francais import majuscule
from participation.socle.models import Commune, Direction, Quartier


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


class ReprendreGrilleForm(ActeForm):
    objet: Programmation

    autre = champ_parmi(
        "De quelle année", Programmation.objects.none(), "Vous la corrigez ensuite ici.", vide=None
    )

    def preparer(self) -> None:
        ecrites = Programmation.objects.filter(criteres__isnull=False).exclude(pk=self.objet.pk)
        self.choisir("autre", ecrites.distinct())


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


RetirerEnveloppeForm = demander_texte(
    "Pourquoi", aide="Écrit au journal de la programmation.", maximum=500, lignes=2
)


class PartenaireForm(_LigneForm):
    objet: Partenaire

    nom = champ_ligne("Nom", maximum=120)
    sigle = champ_ligne("Sigle", "Ce que montrent les tableaux.", maximum=20, requis=False)
    nature = champ_choix("Nature", Partenaire.Nature.choices)
    commune = champ_parmi("Commune", Commune.objects.none(), requis=False, vide="Aucune")
    direction = champ_parmi(
        "Direction",
        Direction.objects.none(),
        "Quand c’est un service de la Métropole.",
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
