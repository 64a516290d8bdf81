"""Letters about a saisine."""

from ccspl.avis.lettres import au_demandeur, aux_membres
from ccspl.models import Avis


def saisir(avis: Avis) -> None:
    """Send the receipt to the requester."""
    au_demandeur(avis, "saisir", f"saisir:{avis.pk}", avis.agent.courriel if avis.agent else "")


def ouvrir_redaction(avis: Avis) -> None:
    aux_membres(avis, "ouvrir_redaction")


def abandonner(avis: Avis, *, motif: str, en_cours: bool) -> None:
    """Write to the requester and, if the drafting had begun, to the members."""
    if en_cours:
        aux_membres(avis, "abandonner", motif=motif)
    au_demandeur(avis, "abandonner", motif=motif, lien="")
