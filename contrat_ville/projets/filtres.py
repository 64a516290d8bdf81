"""Filters of the list of projets."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, QuerySet

from contrat_ville.models import Axe, Financement, Partenaire, Politique, Porteur, Programmation, Projet
from contrat_ville.models.evaluation import DEPOSES, SORTS, SOUTENUS, EtatBilan, Sort, de_ce_bilan
from contrat_ville.workflow.etats import Etat
from participation.socle.collectivite import ici_plus_tard
from participation.socle.forms.filters import AgentFilter, EcheanceFilter, Filtres, OuvertsFilter, ParmiFilter
from participation.socle.francais import majuscule
from participation.socle.models import Commune, Demande, Quartier


class ProjetFilter(Filtres):
    programmation = ParmiFilter(
        label="Programmation", queryset=Programmation.objects.all(), empty_label="Toutes"
    )
    etat = django_filters.ChoiceFilter(
        label="État",
        choices=[(e.value, majuscule(e.label)) for e in Etat if e != Etat.BROUILLON],
        empty_label="Tous",
    )
    sort = django_filters.ChoiceFilter(
        label="Décision",
        choices=[
            ("deposes", "Tous ceux qui sont déposés"),
            *((s.value, majuscule(s.label)) for s in Sort),
            ("soutenus", "Soutenus, décision notifiée"),
        ],
        empty_label="Toutes",
        method="par_sort",
    )
    axe = ParmiFilter(label="Axe", queryset=Axe.objects.all(), empty_label="Tous", null_label="Sans axe")
    quartier = ParmiFilter(
        label="Quartier",
        queryset=Quartier.objects.select_related("commune"),
        field_name="quartiers",
        empty_label="Tous",
        null_label="Sans quartier",
    )
    financeur = ParmiFilter(
        label="Financeur",
        queryset=Partenaire.objects.filter(est_financeur=True),
        field_name="financements__financeur",
        empty_label="Tous",
    )
    bilan = django_filters.ChoiceFilter(
        label="Bilan",
        choices=[(e.value, majuscule(e.label)) for e in EtatBilan],
        empty_label="Tous",
        method="par_bilan",
    )
    politique = ParmiFilter(
        label=ici_plus_tard("Politique {metropolitaine}"),
        queryset=Politique.objects.all(),
        field_name="politiques",
        empty_label="Toutes",
    )
    aussi = django_filters.ChoiceFilter(
        label="Compte comme",
        choices=[("est_culture", "Culture"), ("est_participation", "Participation citoyenne")],
        empty_label="Tous",
        method="par_aussi",
    )
    ouverts = OuvertsFilter(label="Dossier")
    avis = django_filters.ChoiceFilter(
        label="Avis",
        choices=(("attendus", "Il en manque"), ("rendus", "Tous rendus"), ("aucun", "Aucun demandé")),
        empty_label="Tous",
        method="par_avis",
    )
    echeance = EcheanceFilter()
    agent = AgentFilter()
    # Hidden filters, used by the links of the figures of the evaluation.
    porteur = django_filters.ChoiceFilter(
        field_name="porte_par__nature", choices=Porteur.Nature.choices, widget=forms.HiddenInput
    )
    commune = ParmiFilter(queryset=Commune.objects.all(), method="par_commune", widget=forms.HiddenInput)
    verse = django_filters.ChoiceFilter(
        choices=[("oui", "oui")], method="par_versement", widget=forms.HiddenInput
    )

    bilan_a_demander = django_filters.ChoiceFilter(
        choices=[("oui", "oui")], method="par_demande", widget=forms.HiddenInput
    )

    class Meta:
        model = Projet
        fields: list[str] = []

    def par_aussi(self, projets: QuerySet[Any], nom: str, valeur: str) -> QuerySet[Any]:
        return projets.filter(**{valeur: True})

    def par_demande(self, projets: QuerySet[Any], nom: str, valeur: str) -> QuerySet[Any]:
        return projets.filter(pk__in=Projet.objects.bilan_a_demander().values("pk"))

    def par_sort(self, projets: QuerySet[Any], nom: str, valeur: str) -> QuerySet[Any]:
        return projets.filter(SOUTENUS if valeur == "soutenus" else SORTS.get(valeur, DEPOSES))

    def par_bilan(self, projets: QuerySet[Any], nom: str, valeur: str) -> QuerySet[Any]:
        return projets.filter(de_ce_bilan(valeur))

    def par_commune(self, projets: QuerySet[Any], nom: str, commune: Commune) -> QuerySet[Any]:
        """Projets with a quartier in this commune.

        A subquery, so that a projet with two quartiers is listed once.
        """
        siens = Quartier.objects.filter(commune=commune, dossiers=OuterRef("pk"))
        return projets.filter(Exists(siens))

    def par_versement(self, projets: QuerySet[Any], nom: str, valeur: str) -> QuerySet[Any]:
        verses = Financement.objects.filter(projet=OuterRef("pk"), verse__gt=0)
        if financeur := self.form.cleaned_data.get("financeur"):
            verses = verses.filter(financeur=financeur)
        return projets.filter(Exists(verses))

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
