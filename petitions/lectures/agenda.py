"""Meetings of a pétition as iCalendar files."""

from collections.abc import Callable

from django.urls import reverse

from participation.seances.lectures import ics
from participation.socle.courrier import Piece
from petitions.models import Jalon

# Meetings that people may attend: a note or a panel is none.
NATURES = {
    Jalon.Nature.RENCONTRE: "Rencontre avec les élus",
    Jalon.Nature.CONSEIL: "Débat au conseil métropolitain",
    Jalon.Nature.RESTITUTION: "Réunion publique de restitution",
}


def fichier(jalon: Jalon, *, invite: tuple[str, str] | None = None) -> bytes:
    """Return the ICS file of a meeting.

    Without `invite`, it is published for everybody (PUBLISH). With `invite` (name, address), it is an
    invitation for one person (REQUEST), to join to a letter.
    """
    petition = jalon.petition
    return ics.rendez_vous(
        ics.RendezVous(
            cle=f"petition-{petition.pk}-{jalon.nature}",
            sequence=jalon.sequence,
            ecrit_le=jalon.change_le,
            titre=f"{NATURES[Jalon.Nature(jalon.nature)]} : {petition.titre}",
            jour=jalon.date,
            de=jalon.heure_debut,
            a=jalon.heure_fin,
            lieu=jalon.lieu,
            texte="" if jalon.nature == Jalon.Nature.CONSEIL else jalon.texte,
            page=petition.get_public_url(),
        ),
        "PUBLISH" if invite is None else "REQUEST",
        invite,
    )


def piece_de_chacun(jalon: Jalon) -> Callable[[str], Piece]:
    """Return the function that gives the ICS file for the letter to each petitioner.

    The meeting with the élus is a personal invitation. The other meetings are open to all: one file serves
    every letter.
    """
    nom = f"{jalon.nature}.ics"
    if jalon.nature == Jalon.Nature.RENCONTRE:
        return lambda adresse: (nom, ics.type_mime("REQUEST"), fichier(jalon, invite=(adresse, adresse)))
    la_meme = nom, ics.type_mime("PUBLISH"), fichier(jalon)
    return lambda adresse: la_meme


def adresse_agenda(jalon: Jalon) -> str:
    """Return the path of the ICS file, for pages and for letters sent in large numbers."""
    return reverse("petitions:rendez_vous", args=[jalon.petition_id, jalon.nature])
