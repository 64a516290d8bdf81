"""What is told of a remontée that leaves the common road."""

from participation.socle.courrier import ecrire
from participation.socle.notifications import adresses_du_service
from remontees.models import Remontee


def signaler_discrimination(remontee: Remontee) -> None:
    """To those who have the right to read it. Nothing of what was said is in the letter: mailboxes are shared."""
    ecrire(
        "remontees/signaler_discrimination",
        a=adresses_du_service(remontee),
        dossier=remontee,
        contexte={"remontee": remontee, "lien": remontee.get_absolute_url()},
    )
