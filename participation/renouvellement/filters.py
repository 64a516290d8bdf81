"""Filters of the candidatures of a campaign."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet

from participation.renouvellement.models import Candidature, CollegeCampagne
from participation.renouvellement.workflow import Choix, Eligibilite, EtatCandidature
from participation.seances.models import Profil
from participation.socle.filters import Filtres, ParmiFilter
from participation.socle.francais import majuscule
from participation.socle.models import Commune


class CandidatureFilter(Filtres):
    college = django_filters.ModelChoiceFilter(
        label="Collège", queryset=CollegeCampagne.objects.none(), empty_label="Tous"
    )
    eligibilite = django_filters.ChoiceFilter(
        label="Recevabilité",
        choices=[(e.value, majuscule(e.label)) for e in Eligibilite],
        empty_label="Toutes",
    )
    choix = django_filters.ChoiceFilter(
        label="Décision", choices=[(c.value, majuscule(c.label)) for c in Choix], empty_label="Toutes"
    )
    commune = ParmiFilter(label="Commune", queryset=Commune.objects.all(), empty_label="Toutes")
    etat = django_filters.ChoiceFilter(
        label="État", choices=[(e.value, majuscule(e.label)) for e in EtatCandidature], empty_label="Tous"
    )
    age = django_filters.ChoiceFilter(label="Âge", choices=Profil.Age.choices, empty_label="Tous")
    sans_courriel = django_filters.ChoiceFilter(
        label="Courriel", choices=[("oui", "Sans adresse")], empty_label="Tous", method="par_courriel"
    )

    class Meta:
        model = Candidature
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        campagne = self.request.resolver_match.kwargs["pk"]
        self.filters["college"].queryset = CollegeCampagne.objects.filter(campagne=campagne)
        self.filters["q"].label = "Nom, numéro ou adresse"

    def chercher(self, objets: QuerySet[Any], nom: str, mots: str) -> QuerySet[Any]:
        for mot in mots.split()[:6]:
            cherche = (
                Q(nom__icontains=mot)
                | Q(prenom__icontains=mot)
                | Q(organisme__icontains=mot)
                | Q(courriel__icontains=mot)
            )
            if mot.isascii() and mot.isdigit() and len(mot) < 10:
                cherche |= Q(numero=int(mot))
            objets = objets.filter(cherche)
        return objets

    def par_courriel(self, objets: QuerySet[Any], nom: str, valeur: str) -> QuerySet[Any]:
        return objets.filter(courriel="") if valeur == "oui" else objets
