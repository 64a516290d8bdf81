"""Erasure of a person from the cadres: what she noted stays, without her."""

from participation.cadres.models import Evaluateur
from participation.socle.actions.oubli import Personne

RESTE = {"cadres.Evaluateur.qualite": "la qualité de qui a évalué une démarche, sans son nom"}


def oublier(personne: Personne) -> None:
    for boite in {personne.courriel, personne.boite} - {""}:
        Evaluateur.objects.filter(courriel__iexact=boite).update(nom="", qualite="", courriel="", remarque="")
