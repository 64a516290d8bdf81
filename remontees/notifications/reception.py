"""Receipt of a remontée."""

from participation.socle.calendrier import debut_du_jour
from participation.socle.models import Courriel
from remontees.models import Remontee
from remontees.notifications.communs import adresse_de, ecrire_a_la_personne
from remontees.workflow import Canal

ACCUSE = "remontees/saisir"


def saisir(remontee: Remontee) -> None:
    """Send the receipt, if the person left a way to be told.

    For a remontée by mail, one receipt per address in 24 hours: two automatic mailboxes would answer each
    other for ever.
    """
    if remontee.canal == Canal.COURRIEL and _a_eu_le_sien(adresse_de(remontee)):
        return
    ecrire_a_la_personne(remontee, "saisir", cle=f"remontee:{remontee.pk}:recue")


def _a_eu_le_sien(adresse: str) -> bool:
    siens = Courriel.objects.filter(acte=ACCUSE, destinataires=[adresse], cree_le__gte=debut_du_jour())
    return siens.exists()
