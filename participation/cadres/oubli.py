"""Erasure of a person from the cadres: what she noted stays without her, and the words of an organisation without her address."""

from participation.cadres.models import Cahier, Evaluateur
from participation.socle.actions.oubli import ORGANISME, Personne

RESTE = {
    "cadres.Evaluateur.qualite": "la qualité de qui a évalué une démarche, sans son nom",
    "cadres.Cahier": ORGANISME,
}


def oublier(personne: Personne) -> None:
    for boite in personne.adresses | personne.boites:
        Evaluateur.objects.filter(courriel__iexact=boite).update(nom="", qualite="", courriel="", remarque="")
        Cahier.oublier(list(Cahier.objects.filter(courriel__iexact=boite).values_list("pk", flat=True)))
