"""Erasure of a person from what she registered for. Needs, presence and what was beside stay, without her."""

from django.utils import timezone

from participation.inscriptions.models import evenements
from participation.inscriptions.workflow import VIVANTES, EtatInscription
from participation.socle.actions.oubli import Personne


def oublier(personne: Personne) -> None:
    # The periodic task gives the seats to who waits within minutes.
    for modele in evenements():
        siennes = personne.dans(modele.inscription())
        a_venir = siennes.filter(evenement__debut__gt=timezone.now(), etat__in=sorted(VIVANTES))
        a_venir.update(etat=EtatInscription.ANNULEE, offerte_jusqu_a=None)
        modele.inscription().effacer(list(siennes.values_list("pk", flat=True)))
