"""What the list of projets is filtered by."""

from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, QuerySet

from contrat_ville.models import Axe, Politique, Programmation, Projet
from contrat_ville.workflow.etats import Etat
from participation.socle.filters import AgentFilter, EcheanceFilter, Filtres
from participation.socle.francais import majuscule
from participation.socle.models import Demande, Quartier


class ProjetFilter(Filtres):
    programmation = django_filters.ModelChoiceFilter(
        label="Programmation", queryset=Programmation.objects.all(), empty_label="Toutes"
    )
    etat = django_filters.ChoiceFilter(
        label="État",
        choices=[(e.value, majuscule(e.label)) for e in Etat if e != Etat.BROUILLON],
        empty_label="Tous",
    )
    axe = django_filters.ModelChoiceFilter(label="Axe", queryset=Axe.objects.all(), empty_label="Tous")
    quartier = django_filters.ModelChoiceFilter(
        label="Quartier",
        queryset=Quartier.objects.select_related("commune"),
        field_name="quartiers",
        empty_label="Tous",
    )
    politique = django_filters.ModelChoiceFilter(
        label="Politique métropolitaine",
        queryset=Politique.objects.all(),
        field_name="politiques",
        empty_label="Toutes",
    )
    ouverts = django_filters.ChoiceFilter(
        label="Suivi",
        choices=(("oui", "En cours"), ("non", "Clos")),
        empty_label="Tous",
        method="par_ouverture",
    )
    avis = django_filters.ChoiceFilter(
        label="Avis",
        choices=(("attendus", "Il en manque"), ("rendus", "Tous rendus"), ("aucun", "Aucun demandé")),
        empty_label="Tous",
        method="par_avis",
    )
    echeance = EcheanceFilter()
    agent = AgentFilter()

    class Meta:
        model = Projet
        fields: list[str] = []

    def par_avis(self, projets: QuerySet[Any], nom: str, valeur: str) -> QuerySet[Any]:
        demandes = Demande.objects.filter(
            dossier=OuterRef("pk"), nature=Demande.Nature.AVIS, annulee_le__isnull=True
        )
        attendus = Exists(demandes.filter(repondue_le__isnull=True))
        if valeur == "attendus":
            return projets.filter(attendus)
        return (
            projets.filter(Exists(demandes), ~attendus)
            if valeur == "rendus"
            else projets.filter(~Exists(demandes))
        )

    def par_ouverture(self, projets: QuerySet[Any], nom: str, valeur: str) -> QuerySet[Any]:
        return projets.filter(clos_le__isnull=valeur == "oui")
