"""Actions on a réclamation."""

from participation.socle.actions import avancer
from participation.socle.models import Compte
from tests.appli_essai.models import Reclamation


def traiter(reclamation: Reclamation, *, par: Compte) -> None:
    avancer(reclamation, "traiter", par=par)
