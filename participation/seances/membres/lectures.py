"""What the pages of a member show and say."""

from datetime import date

from django.utils import timezone

from participation.seances.models import Membre
from participation.socle.francais import jour_texte, periode_texte


def dire_le_siege(membre: Membre, suite: str = "") -> str:
    """Return « Odile Martin siège. », with the day when the mandate is still to come, or over."""
    if membre.au is not None and membre.au < timezone.localdate():
        return f"{membre} a siégé{suite} {periode_texte(membre.du, membre.au)}."
    return f"{membre} siège{suite}{a_partir_du(membre.du)}."


def a_partir_du(jour: date) -> str:
    """Return « à partir du » and the day when it is to come, after a space; "" from this day on."""
    return f" à partir du {jour_texte(jour)}" if jour > timezone.localdate() else ""


def dire_la_lettre(membre: Membre) -> str:
    boite = membre.compte.boite
    return f"La lettre part à {boite}." if boite else "Cette personne n’a pas de courriel : prévenez-la."


def suppleants_de(membre: Membre) -> list[Membre]:
    return [s for s in membre.suppleants.select_related("compte") if s.est_en_fonction()]
