"""Letters about discriminations."""

from participation.socle.courriels.ecriture import ecrire
from participation.socle.courriels.lettres import adresses_du_service
from remontees.models import Remontee


def signaler_discrimination(remontee: Remontee) -> None:
    """Tell the agents who have the right. The letter has no word of the remontée: mailboxes are shared."""
    ecrire(
        "remontees/signaler_discrimination",
        a=adresses_du_service(remontee),
        dossier=remontee,
        contexte={"remontee": remontee, "lien": remontee.get_absolute_url()},
    )
