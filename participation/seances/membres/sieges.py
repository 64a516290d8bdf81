"""Seats: what leaving one does to substitutes, pouvoirs and the séance."""

from django.utils import timezone

from participation.seances.convocation.reponses import convoquer_suppleant, liberer_suppleants
from participation.seances.membres import lettres
from participation.seances.models import Convie, Parole, Presence
from participation.seances.workflow import A_VENIR


def laisser_le_siege(convie: Convie) -> list[Convie]:
    """Take a member off the list: presence and speech end, and their substitute leaves too, with a letter.

    Returns the members who had given this person a pouvoir: they become excused and get a letter.
    """
    maintenant = timezone.now()
    convie.retire_le = maintenant
    convie.save(update_fields=["retire_le"])
    liberer_suppleants(convie, cause="mandat")
    sortis = [convie.pk, *convie.remplacants.values_list("pk", flat=True)]
    Presence.objects.filter(convie__in=sortis, depart__isnull=True).update(depart=maintenant)
    paroles = Parole.objects.filter(convie__in=sortis, fin__isnull=True, retiree_le__isnull=True)
    paroles.filter(debut__isnull=False).update(fin=maintenant)
    paroles.filter(debut__isnull=True).update(retiree_le=maintenant)
    mandants = list(convie.pouvoirs_recus.filter(retire_le__isnull=True).select_related("membre__compte"))
    for mandant in mandants:
        mandant.reponse, mandant.pouvoir_a = Convie.Reponse.EXCUSE, None
        mandant.save(update_fields=["reponse", "pouvoir_a"])
        lettres.mettre_fin_mandataire(mandant, convie)
    return mandants


def appeler_le_suivant(convie: Convie) -> None:
    """Convene the next substitute when the person who leaves was a substitute."""
    if convie.remplace is not None and not convie.est_absent and convie.seance.etat in A_VENIR:
        convoquer_suppleant(convie)
