"""Erasure of a person from the renewals: their candidatures, and their data as a substitute."""

from typing import Any

from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from participation.renouvellement.effacement import effacer_lignes
from participation.renouvellement.models import Campagne, Candidature, Lecture
from participation.renouvellement.workflow import EtatCampagne, EtatCandidature
from participation.socle.actions.oubli import JOURNAL, Personne
from participation.socle.models import Courrier

GARDE = {"renouvellement.EntreeCampagne": JOURNAL}


def lignes(personne: Personne) -> dict[type[Model], Q]:
    """The marks and comments of those who read her candidature, and the letters on paper about it."""
    siennes = list(personne.dans(Candidature).values_list("pk", flat=True))
    return {Lecture: Q(candidature__in=siennes), Courrier: Q(document__donnees__candidature__in=siennes)}


def finies() -> QuerySet[Any, Any]:
    """Calls that ended, and of which no candidature has time left."""
    jour = timezone.localdate()
    restent = Candidature.objects.filter(
        Q(conserver_jusqu_au__gte=jour) | Q(vivier_jusqu_au__gte=jour), effacee_le=None
    )
    trouvees: QuerySet[Any, Any] = Campagne.objects.filter(
        etat__in=[EtatCampagne.INSTALLEE, EtatCampagne.ABANDONNEE], cloture__lt=jour
    ).exclude(pk__in=restent.values("campagne"))
    return trouvees


def tient(campagne: Campagne) -> dict[str, QuerySet[Any, Any]]:
    return {"candidatures": campagne.candidatures.filter(effacee_le=None)}


def oublier_la_demarche(campagne: Campagne) -> None:
    """Erase all candidatures, those of the members too: their seats are acts of the instance."""
    effacer_lignes(list(campagne.candidatures.values_list("pk", flat=True)))


def oublier(personne: Personne) -> None:
    """Erase at once, at the request of the person, without bordereau.

    Candidatures of people who are not members are withdrawn.
    """
    siennes = personne.dans(Candidature)
    personne.adresses.update(c.lower() for c in siennes.values_list("courriel", flat=True) if c)
    siennes.filter(membre__isnull=True).exclude(etat=EtatCandidature.RETIREE).update(
        etat=EtatCandidature.RETIREE, retiree_le=timezone.now()
    )
    effacer_lignes(list(siennes.values_list("pk", flat=True)))
    Candidature.objects.filter(personne.a_une_adresse("suppleant_courriel")).update(
        suppleant_prenom="", suppleant_nom="", suppleant_courriel="", suppleant_adresse=""
    )
