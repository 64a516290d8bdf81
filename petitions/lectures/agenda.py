"""The meetings of a pétition as calendars read them."""

from collections.abc import Callable

from django.urls import reverse

from participation.seances.lectures import ics
from participation.socle.courrier import Piece
from petitions.models import Jalon

# What people may come to. A note or a panel is no meeting of theirs.
NATURES = {
    Jalon.Nature.RENCONTRE: "Rencontre avec les élus",
    Jalon.Nature.CONSEIL: "Débat au conseil métropolitain",
    Jalon.Nature.RESTITUTION: "Réunion publique de restitution",
}


def fichier(jalon: Jalon, *, invite: tuple[str, str] | None = None) -> bytes:
    """What a page gives is published; what a letter holds for one person (`invite`: name, address) is an invitation."""
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
    """For the letter to each petitioner. To meet the élus she is invited by name; the other meetings are open to all: one file."""
    nom = f"{jalon.nature}.ics"
    if jalon.nature == Jalon.Nature.RENCONTRE:
        return lambda adresse: (nom, ics.type_mime("REQUEST"), fichier(jalon, invite=(adresse, adresse)))
    la_meme = nom, ics.type_mime("PUBLISH"), fichier(jalon)
    return lambda adresse: la_meme


def adresse_agenda(jalon: Jalon) -> str:
    """Path of the file, for a page and for the letters to many."""
    return reverse("petitions:rendez_vous", args=[jalon.petition_id, jalon.nature])
