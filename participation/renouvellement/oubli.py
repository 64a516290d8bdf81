"""Erasure of a person from the renewals: their candidatures, and their data as a substitute."""

from django.db.models import Model, Q
from django.utils import timezone

from participation.renouvellement.effacement.actes import effacer_lignes
from participation.renouvellement.models import Candidature, Lecture
from participation.renouvellement.workflow import EtatCandidature
from participation.socle.actions.oubli import JOURNAL, Personne

GARDE = {"renouvellement.EntreeCampagne": JOURNAL}


def lignes(personne: Personne) -> dict[type[Model], Q]:
    """The marks and comments of those who read her candidature."""
    siennes = Candidature.objects.filter(courriel_canonique=personne.boite)
    return {Lecture: Q(candidature__in=siennes.values("pk"))}


def oublier(personne: Personne) -> None:
    """Erase at once, at the request of the person, without bordereau.

    Candidatures of people who are not members are withdrawn.
    """
    siennes = Candidature.objects.filter(courriel_canonique=personne.boite)
    personne.adresses.update(c.lower() for c in siennes.values_list("courriel", flat=True) if c)
    siennes.filter(membre__isnull=True).exclude(etat=EtatCandidature.RETIREE).update(
        etat=EtatCandidature.RETIREE, retiree_le=timezone.now()
    )
    effacer_lignes(list(siennes.values_list("pk", flat=True)))
    Candidature.objects.filter(Q(suppleant_courriel__iexact=personne.courriel)).update(
        suppleant_prenom="", suppleant_nom="", suppleant_courriel="", suppleant_adresse=""
    )
