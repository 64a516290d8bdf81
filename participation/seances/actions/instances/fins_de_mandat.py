"""Letters before the end of a mandate, to the members and to the service."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils import timezone

from participation.seances.models import Instance, Membre
from participation.seances.notifications import instances as notifications
from participation.socle.calendrier import ajouter_mois
from participation.socle.retenue import due_le


@transaction.atomic
def annoncer_fins_de_mandat(jour: date | None = None) -> int:
    """Write to members whose mandate ends, and to the service. Return the number of members.

    The règlement sets the steps (for example 6, 3 and 1 months before). Each step is announced once for each
    end (key of the letter). A missed step is not made up for: only the nearest one is announced.
    """
    jour = jour or timezone.localdate()
    combien = 0
    for instance in Instance.objects.filter(est_active=True):
        reglement = instance.reglement_du(jour)
        if reglement is None or not reglement.annonces_fin:
            continue
        finissants = (
            Membre.objects.de_l_instance(instance)
            .en_fonction(jour)
            .filter(au__isnull=False, au__lte=ajouter_mois(jour, max(reglement.annonces_fin)), motif_fin="")
            .avec_personne()
            .order_by("au", "pk")
        )
        par_etape: dict[tuple[date, int], list[Membre]] = {}
        for membre in finissants:
            mois = etape_atteinte(membre, reglement.annonces_fin, jour)
            if mois is not None and membre.au is not None:
                par_etape.setdefault((membre.au, mois), []).append(membre)
        for (fin, mois), membres in par_etape.items():
            with due_le(ajouter_mois(fin, -mois)):
                nouveaux = [
                    membre for membre in membres if notifications.annoncer_fin_de_mandat(membre, mois)
                ]
                if nouveaux:
                    notifications.annoncer_fins_au_service(instance, fin, mois, nouveaux, jour)
            combien += len(nouveaux)
    return combien


def etape_atteinte(membre: Membre, mois_avant: Iterable[int], jour: date) -> int | None:
    """Return the nearest step reached, in months, or None. None if the mandate had not begun at that step."""
    if membre.au is None:
        return None
    for mois in sorted(mois_avant):
        annonce = ajouter_mois(membre.au, -mois)
        if annonce <= jour:
            return mois if annonce >= membre.du else None
    return None
