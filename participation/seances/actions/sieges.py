"""Who leaves her seat before a séance or in the middle of it: who was called in her place, who gave her a proxy, who comes next."""

from django.utils import timezone

from participation.seances.actions.reponses import convoquer_suppleant, liberer_suppleants
from participation.seances.models import Convie, Parole, Presence
from participation.seances.notifications import instances as notifications
from participation.seances.workflow import A_VENIR


def laisser_le_siege(convie: Convie) -> list[Convie]:
    """Out of the list, out of the room, out of the queue. Returns who gave her a proxy: told, and asked again.

    Who was called in her place sits for nobody any more, and is told.
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
        notifications.mettre_fin_mandataire(mandant, convie)
    return mandants


def appeler_le_suivant(convie: Convie) -> None:
    """Called herself in the place of another, who leaves gives her turn to the next."""
    if convie.remplace is not None and not convie.est_absent and convie.seance.etat in A_VENIR:
        convoquer_suppleant(convie)
