"""The meetings of a pétition as calendars read them."""

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


def piece(jalon: Jalon, adresse: str) -> Piece:
    """For the letter to one petitioner. To meet the élus she is invited; the other meetings are open to all."""
    est_invite = jalon.nature == Jalon.Nature.RENCONTRE
    return (
        f"{jalon.nature}.ics",
        ics.type_mime("REQUEST" if est_invite else "PUBLISH"),
        fichier(jalon, invite=(adresse, adresse) if est_invite else None),
    )


def adresse_agenda(jalon: Jalon) -> str:
    """Path of the file, for a page and for the letters to many."""
    return reverse("petitions:rendez_vous", args=[jalon.petition_id, jalon.nature])
