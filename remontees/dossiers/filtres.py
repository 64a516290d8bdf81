"""Filters of the lists of remontées and sujets."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.text import capfirst

from participation.socle.forms.filters import (
    AgentFilter,
    EcheanceFilter,
    Filtres,
    OuvertsFilter,
    ParmiField,
    ParmiFilter,
)
from participation.socle.models import Commune, Compte, Direction, Quartier
from remontees.models import Attribution, Categorie, Remontee, Sujet
from remontees.tri.lectures import PAR_CLE
from remontees.workflow import Canal, Etat, EtatSujet


class ChampCategorie(ParmiField):
    def label_from_instance(self, obj: Any) -> str:
        chemin: str = obj.chemin
        return chemin


class CategorieFilter(ParmiFilter):
    """Filter by category, grouped by theme; each label includes the theme."""

    field_class = ChampCategorie


def qui_attendent(objets: QuerySet[Any], compte: Compte) -> QuerySet[Any]:
    """Return those that await this reader: an act of the participation service, or the part of their service."""
    if compte.est_agent:
        return objets.filter(etat__in=[Etat.NOUVELLE, Etat.A_REPONDRE])
    return objets.filter(pk__in=Attribution.attendues_du_compte(compte).order_by().values("dossier"))


class TraiteFilter(Filtres):
    """Filters common to remontées and sujets."""

    attend = django_filters.ChoiceFilter(
        label="Attend", choices=[("oui", "Un geste de votre part")], empty_label="Tout", method="par_attente"
    )

    ouverts = OuvertsFilter()
    categorie = CategorieFilter(
        label="Catégorie", queryset=Categorie.objects.par_theme(), empty_label="Toutes"
    )
    commune = ParmiFilter(
        label="Commune", queryset=Commune.objects.all(), empty_label="Toutes", null_label="Sans commune"
    )
    quartier = ParmiFilter(
        label="Quartier",
        queryset=Quartier.objects.select_related("commune"),
        field_name="quartiers",
        empty_label="Tous",
    )
    service = ParmiFilter(
        label="Donnée à",
        queryset=Direction.objects.filter(est_active=True),
        empty_label="Tous les services",
        method="par_service",
    )
    echeance = EcheanceFilter()
    agent = AgentFilter()

    def par_attente(self, objets: QuerySet[Any], nom: str, choix: str) -> QuerySet[Any]:
        return qui_attendent(objets, self.request.user)

    def par_service(self, objets: QuerySet[Any], nom: str, direction: Direction) -> QuerySet[Any]:
        return objets.filter(Exists(Attribution.objects.filter(dossier=OuterRef("pk"), direction=direction)))


class RemonteeFilter(TraiteFilter):
    ETATS_CLOS = frozenset({Etat.ECARTEE, Etat.CLOSE})
    ETATS_SANS_ECHEANCE = frozenset({Etat.GROUPEE})

    etat = django_filters.ChoiceFilter(
        label="État", choices=[(v, capfirst(t)) for v, t in Etat.choices], empty_label="Tous"
    )
    canal = django_filters.ChoiceFilter(
        label="Canal", choices=[(v, capfirst(t)) for v, t in Canal.choices], empty_label="Tous"
    )
    drapeau = django_filters.ChoiceFilter(
        label="Signalée comme",
        choices=(
            ("est_urgente", "Urgente"),
            ("est_contestation", "Contestation"),
            ("est_individuelle", "Affaire individuelle"),
            ("est_discrimination", "Discrimination"),
        ),
        empty_label="Toutes",
        method="par_drapeau",
    )
    # Set by the links above the list.
    question = django_filters.CharFilter(method="par_question", widget=forms.HiddenInput)

    def par_drapeau(self, objets: QuerySet[Any], nom: str, champ: str) -> QuerySet[Any]:
        return objets.filter(**{champ: True})

    def par_question(self, objets: QuerySet[Any], nom: str, cle: str) -> QuerySet[Any]:
        return PAR_CLE[cle].filtrer(objets) if cle in PAR_CLE else objets

    class Meta:
        model = Remontee
        fields: list[str] = []


class SujetFilter(TraiteFilter):
    ETATS_CLOS = frozenset({EtatSujet.CLOS})

    etat = django_filters.ChoiceFilter(
        label="État", choices=[(v, capfirst(t)) for v, t in EtatSujet.choices], empty_label="Tous"
    )

    class Meta:
        model = Sujet
        fields: list[str] = []
