"""Letters to members registered for a visit or a training."""

from datetime import datetime

from django.urls import reverse

from participation.seances.calendrier import ics
from participation.seances.models import Inscription
from participation.socle.courriels.ecriture import ecrire


def dire_l_inscription(inscription: Inscription) -> None:
    """Confirm a place, with the calendar event."""
    _ecrire("inscrire", inscription, avec_agenda=True)


def attendre(inscription: Inscription, rang: int) -> None:
    _ecrire("attendre_inscription", inscription, rang=rang)


def obtenir_place(inscription: Inscription) -> None:
    """Give a place to the first person of the waiting list, with the calendar event."""
    _ecrire("obtenir_place", inscription, avec_agenda=True)


def dire_la_desinscription(inscription: Inscription) -> None:
    _ecrire("desinscrire", inscription)


def deplacer(inscription: Inscription, *, ancien_debut: datetime, motif: str) -> None:
    _ecrire("deplacer_inscription", inscription, avec_agenda=True, ancien_debut=ancien_debut, motif=motif)


def annuler(inscription: Inscription, *, motif: str) -> None:
    """Tell that the visit or training is cancelled, with the cancelled calendar event."""
    _ecrire("annuler_inscription", inscription, avec_agenda=True, motif=motif)


def _ecrire(lettre: str, inscription: Inscription, *, avec_agenda: bool = False, **contexte: object) -> None:
    seance = inscription.seance
    pieces = []
    if avec_agenda:
        evenement = ics.calendrier([seance], seance.titre, avec_lien=True)
        pieces = [("rencontre.ics", ics.type_mime("PUBLISH"), evenement)]
    ecrire(
        f"seances/{lettre}",
        a=[inscription.membre.compte.courriel],
        contexte={
            "inscription": inscription,
            "seance": seance,
            "instance": seance.instance,
            "lien": reverse("seances:inscription", args=[seance.pk]),
            **contexte,
        },
        pieces=pieces,
    )
