"""Erasure of a person: the answers of a profile lead to nobody; a row of paper is emptied with all that it says."""

from django.db.models import Model, Q, TextField
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Lower

from participation.inclusion.models import CommandeDeBesoin, LignePapier
from participation.inclusion.workflow import EtatLigne
from participation.socle.actions.oubli import NOM_EFFACE, Personne

RESTE = {
    "inclusion.CommandeDeBesoin": "ce qui a été commandé pour une rencontre et son prix, sans le nom ni les mots du prestataire : "
    "l’argent public se justifie"
}


def lignes(personne: Personne) -> dict[type[Model], Q]:
    """The row of a table of paper that holds her address or her telephone."""
    return {LignePapier: Q(pk__in=_siennes(personne))}


def oublier(personne: Personne) -> None:
    """Empty the rows that hold her address, and her name beside it; one that waited can no longer be retained.

    A provider who asks is taken out of its orders. Who takes her participation back takes the answers of her profile
    away (`oublier_reponses`).
    """
    personne.dans(CommandeDeBesoin).update(prestataire=NOM_EFFACE, courriel="", mot="", precisions="")
    siennes = LignePapier.objects.filter(pk__in=list(_siennes(personne)))
    attendent = siennes.filter(etat=EtatLigne.A_VOIR)
    attendent.update(etat=EtatLigne.EN_FAUTE, raison="Effacée à la demande de la personne.")
    siennes.update(valeurs={})


def _siennes(personne: Personne) -> set[int]:
    dit = LignePapier.objects.annotate(dit=Lower(Cast("valeurs", TextField())))
    papiers = LignePapier.objects.alias(telephone=KT("valeurs__telephone"))
    noms = ("valeurs__prenom", "valeurs__nom")
    trouvees = set(personne.a_son_numero(papiers, "telephone", noms))
    return trouvees.union(
        *(dit.filter(dit__contains=adresse).values_list("pk", flat=True) for adresse in personne.adresses)
    )
