"""Filters of the lists of idées and projets de quartier, in the back office and in public."""

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.text import capfirst

from contrat_ville.lectures.inter_quartiers.publics import ETATS_PUBLICS, Filtres
from contrat_ville.models import Idee, ProjetQuartier
from contrat_ville.workflow.inter_quartiers import CanalIdee, EtatIdee, EtatProjetQuartier
from participation.socle.filters import AgentFilter, ParmiFilter
from participation.socle.filters import Filtres as FiltresDeListe
from participation.socle.forms.champs import champ_choix, champ_ligne, champ_parmi
from participation.socle.models import Quartier


class VoixFilter(FiltresDeListe):
    quartier = ParmiFilter(
        label="Quartier",
        queryset=Quartier.objects.select_related("commune"),
        empty_label="Tous",
        method="par_quartier",
    )
    agent = AgentFilter()

    def par_quartier(self, objets: QuerySet[Any], nom: str, quartier: Quartier) -> QuerySet[Any]:
        return objets.filter(quartiers=quartier)


class IdeeFilter(VoixFilter):
    etat = django_filters.ChoiceFilter(
        label="État", choices=[(v, capfirst(t)) for v, t in EtatIdee.choices], empty_label="Tous"
    )
    canal = django_filters.ChoiceFilter(
        label="Reçue", choices=[(v, capfirst(t)) for v, t in CanalIdee.choices], empty_label="Toutes"
    )

    class Meta:
        model = Idee
        fields: tuple[str, ...] = ()


class ProjetQuartierFilter(VoixFilter):
    etat = django_filters.ChoiceFilter(
        label="État", choices=[(v, capfirst(t)) for v, t in EtatProjetQuartier.choices], empty_label="Tous"
    )

    class Meta:
        model = ProjetQuartier
        fields: tuple[str, ...] = ()


class ChercherForm(forms.Form):
    """Search of the public page. Invalid values are ignored."""

    q = champ_ligne("Mots cherchés", maximum=120, requis=False, attributs={"type": "search"})
    quartier = champ_parmi("Quartier", Quartier.objects.select_related("commune"), requis=False, vide="Tous")
    etat = champ_choix("Où en est le projet", ETATS_PUBLICS, requis=False)

    def filtres(self) -> Filtres:
        self.is_valid()
        lu = self.cleaned_data
        return Filtres(
            q=lu.get("q") or "",
            quartier=lu["quartier"].pk if lu.get("quartier") else None,
            etat=lu.get("etat") or "",
        )
