"""Erasure of a person: the answers of a profile lead to nobody; a row of paper is emptied with all that it says."""

from django.db.models import TextField
from django.db.models.functions import Cast, Lower

from participation.inclusion.models import CommandeDeBesoin, LignePapier
from participation.inclusion.workflow import EtatLigne
from participation.socle.actions.oubli import NOM_EFFACE, Personne

RESTE = {
    "inclusion.CommandeDeBesoin": "ce qui a été commandé pour une rencontre et son prix, sans le nom ni les mots du prestataire : "
    "l’argent public se justifie"
}


def oublier(personne: Personne) -> None:
    """Empty the rows that hold her address, and her name beside it; one that waited can no longer be retained.

    A provider who asks is taken out of its orders. Who takes her participation back takes the answers of her profile
    away (`oublier_reponses`).
    """
    for adresse in personne.adresses:
        CommandeDeBesoin.objects.filter(courriel__iexact=adresse).update(
            prestataire=NOM_EFFACE, courriel="", mot="", precisions=""
        )
        siennes = LignePapier.objects.annotate(dit=Lower(Cast("valeurs", TextField()))).filter(
            dit__contains=adresse.lower()
        )
        numeros = list(siennes.values_list("pk", flat=True))
        attendent = LignePapier.objects.filter(pk__in=numeros, etat=EtatLigne.A_VOIR)
        attendent.update(etat=EtatLigne.EN_FAUTE, raison="Effacée à la demande de la personne.")
        LignePapier.objects.filter(pk__in=numeros).update(valeurs={})
