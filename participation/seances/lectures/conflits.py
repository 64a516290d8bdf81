"""Other séances on the day of a séance, and the number of people expected at both."""

from datetime import date

from participation.seances.models import Seance
from participation.seances.workflow import A_VENIR, EN_COURS
from participation.socle.francais import accorder, heure


def conflits(seance: Seance) -> list[str]:
    """Return one sentence for each other séance of that day with a member in common or of the same instance."""
    jour: date = seance.jour.date()
    siens = {membre.compte_id for membre in seance.membres_a_convoquer()}
    trouves = []
    autres = Seance.objects.avec_instance().filter(debut__date=jour, etat__in=A_VENIR | EN_COURS)
    for autre in autres.exclude(pk=seance.pk).order_by("debut", "pk"):
        communs = len(siens & {membre.compte_id for membre in autre.membres_a_convoquer()})
        if communs or autre.instance_id == seance.instance_id:
            combien = accorder(communs, "membre attendu aux deux", "membres attendus aux deux")
            trouves.append(f"{autre.titre} ({autre.instance.sigle}), à {heure(autre.debut)} : {combien}.")
    return trouves
