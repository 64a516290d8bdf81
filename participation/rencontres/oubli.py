"""Erasure of a person from the rencontres: who registered, who animates. Needs and presence stay, without her."""

from django.utils import timezone

from participation.rencontres.models import Animateur, AuteurDeNote, Inscription
from participation.rencontres.workflow import VIVANTES, EtatInscription
from participation.socle.actions.oubli import JOURNAL, Personne

GARDE = {"rencontres.EntreeFormat": JOURNAL}


def oublier(personne: Personne) -> None:
    # The periodic task offers the seats to who waits within minutes.
    siennes = Inscription.objects.filter(courriel__iexact=personne.courriel)
    a_venir = siennes.filter(rencontre__debut__gt=timezone.now(), etat__in=sorted(VIVANTES))
    a_venir.update(etat=EtatInscription.ANNULEE, offerte_jusqu_a=None)
    Inscription.effacer(list(siennes.values_list("pk", flat=True)))
    auteurs = AuteurDeNote.objects.filter(courriel__iexact=personne.courriel)
    AuteurDeNote.effacer(list(auteurs.values_list("pk", flat=True)))
    Animateur.objects.filter(courriel__iexact=personne.courriel).delete()
