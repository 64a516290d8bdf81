"""Forms of the life of the commission: year, call, document of the library, texts of the report."""

from collections.abc import Mapping, Sequence
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone

from ccspl.models import DocumentBibliotheque
from participation.socle.filters import Filtres
from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.forms.champs import champ_case, champ_choix, champ_jour, champ_ligne, champ_texte
from participation.socle.francais import majuscule

Categorie = DocumentBibliotheque.Categorie
ACCEPTES = "PDF, image, texte ou tableur."


class AnneeForm(forms.Form):
    annee = forms.TypedChoiceField(label="Année", coerce=int, required=False, empty_value=None)

    def __init__(self, data: Any = None, *, annees: Sequence[int], choisie: int) -> None:
        super().__init__(data, initial={"annee": choisie})
        self.par_defaut = choisie
        self.fields["annee"].choices = [(annee, str(annee)) for annee in annees]  # type: ignore[attr-defined]

    def annee_choisie(self) -> int:
        annee = self.cleaned_data.get("annee") if self.is_bound and self.is_valid() else None
        return annee or self.par_defaut


class PrendreDesNouvellesForm(ActeForm):
    date = champ_jour("Quand", initial=timezone.localdate)
    note = champ_texte(
        "Ce qui s’est dit",
        "Lu par les agents du service seulement. N’écrivez rien sur la santé ni sur la vie privée.",
        lignes=4,
        requis=False,
        maximum=1000,
    )


class DireDocumentForm(ActeForm):
    titre = champ_ligne("Titre", maximum=160)
    categorie = champ_choix("Rubrique", [(c.value, majuscule(c.label)) for c in Categorie])
    description = champ_texte(
        "En une phrase", "Ce qu’on y trouve, et à quoi il sert.", lignes=2, requis=False, maximum=400
    )
    est_public = champ_case(
        "Ouvert à tous", "Sinon, seuls les membres de la commission et les agents le lisent.", requis=False
    )


class AjouterDocumentForm(DireDocumentForm):
    fichier = forms.FileField(label="Fichier", help_text=ACCEPTES)
    field_order = ("titre", "categorie", "description", "fichier", "est_public")


class ModifierDocumentForm(DireDocumentForm):
    SURVEILLES = ("titre", "description")

    def initiales(self) -> Mapping[str, Any]:
        return {nom: getattr(self.objet, nom) for nom in self.base_fields}


class RemplacerDocumentForm(ActeForm):
    fichier = forms.FileField(label="Nouveau fichier", help_text=ACCEPTES)
    motif = champ_ligne(
        "Ce qui a changé", "Montré avec le document, dans la liste des versions.", maximum=200
    )


RetirerDocumentForm = demander_texte("Pourquoi le retirer", maximum=200, lignes=1)


class RedigerRapportForm(ActeForm):
    SURVEILLES = ("introduction", "conclusions")

    introduction = champ_texte(
        "Introduction",
        "Le mot de la présidence, ce qui a marqué l’année. Une ligne vide sépare deux paragraphes.",
        lignes=10,
        requis=False,
        maximum=20000,
    )
    conclusions = champ_texte(
        "Conclusions",
        "Ce que la commission retient, ce qu’elle veut faire l’année suivante.",
        lignes=10,
        requis=False,
        maximum=20000,
    )


class BibliothequeFilter(Filtres):
    """Filters for agents, who also see withdrawn documents."""

    categorie = django_filters.ChoiceFilter(label="Rubrique", choices=Categorie.choices, empty_label="Toutes")
    lecteurs = django_filters.ChoiceFilter(
        label="Lu par",
        choices=(("tous", "Tout le monde"), ("membres", "Les membres")),
        empty_label="Tous",
        method="par_lecteurs",
    )
    retires = django_filters.ChoiceFilter(
        label="Montré",
        choices=(("non", "Dans la bibliothèque"), ("oui", "Retiré")),
        empty_label="Tous",
        method="par_retrait",
    )

    class Meta:
        model = DocumentBibliotheque
        fields: list[str] = []

    def chercher(self, documents: QuerySet[Any], nom: str, mots: str) -> QuerySet[Any]:
        return documents.filter(mots_du_document(mots))

    def par_lecteurs(self, documents: QuerySet[Any], nom: str, valeur: str) -> QuerySet[Any]:
        return documents.filter(est_public=valeur == "tous")

    def par_retrait(self, documents: QuerySet[Any], nom: str, valeur: str) -> QuerySet[Any]:
        return documents.filter(retire_le__isnull=valeur == "non")


def mots_du_document(mots: str) -> Q:
    """Condition: each word is in the title or in the description; accents are ignored."""
    condition = Q()
    for mot in mots.split()[:10]:
        condition &= Q(titre__unaccent__icontains=mot) | Q(description__unaccent__icontains=mot)
    return condition


class ChercherDocumentForm(forms.Form):
    """Search form for members and for the public."""

    q = champ_ligne("Mots", maximum=100, requis=False, attributs={"type": "search"})
    rubrique = champ_choix("Rubrique", [("", "Toutes"), *Categorie.choices], requis=False)

    def filtrer(self, documents: QuerySet[DocumentBibliotheque]) -> QuerySet[DocumentBibliotheque]:
        if not self.is_valid():
            return documents
        documents = documents.filter(mots_du_document(self.cleaned_data["q"]))
        rubrique = self.cleaned_data["rubrique"]
        return documents.filter(categorie=rubrique) if rubrique else documents
