"""What the pages of a member show and say."""

from participation.seances.models import Membre


def dire_la_lettre(membre: Membre) -> str:
    boite = membre.compte.boite
    return f"La lettre part à {boite}." if boite else "Cette personne n’a pas de courriel : prévenez-la."


def suppleants_de(membre: Membre) -> list[Membre]:
    return [s for s in membre.suppleants.select_related("compte") if s.est_en_fonction()]
