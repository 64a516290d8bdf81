"""Receipt of a remontée."""

from remontees.models import Remontee
from remontees.notifications.communs import ecrire_a_la_personne


def saisir(remontee: Remontee) -> None:
    """Send the receipt, if the person left a way to be told."""
    ecrire_a_la_personne(remontee, "saisir", cle=f"remontee:{remontee.pk}:recue")
