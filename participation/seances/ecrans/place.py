"""Where a member stands in a séance under way: her place, the voices that she may cast."""

from dataclasses import dataclass

from django.db import connection

from participation.seances.ecrans.blocs import VoixAVoter
from participation.seances.ecrans.lectures import PLACE, SeanceEnCours
from participation.seances.models import Bulletin, Convie, Seance, Vote
from participation.seances.votes.lectures import deja_votes
from participation.seances.workflow import EtatVote
from participation.socle.models import Compte


@dataclass(frozen=True, slots=True)
class PlaceDuMembre:
    """The place of a member in a séance, for the polling of their phone.

    `convie`: Convie number. `recus`: ballots this person gave in open votes. `du_point`: last change of the
    dossiers of the current point.
    """

    convie: int
    version: int
    recus: int
    du_point: str | None

    @property
    def marque(self) -> str:
        """The version that the member's phone polls: ballots of others do not change it."""
        return f"{self.version}-{self.recus}-{self.du_point or 0}"


def place_du_membre(seance: int, compte: Compte) -> PlaceDuMembre | None:
    """Return None if the person is not convened, or if the séance is a visit or a training."""
    with connection.cursor() as curseur:
        curseur.execute(PLACE, [EtatVote.OUVERT, seance, compte.pk, list(Seance.DELIBERANTES)])
        lu = curseur.fetchone()
    return PlaceDuMembre(*lu) if lu else None


def voix_du_membre(en_cours: SeanceEnCours, convie: Convie) -> list[VoixAVoter]:
    """Return the voices this member may give in the open vote: their own, then those given by pouvoir."""
    ouvert = en_cours.vote_ouvert
    if ouvert is None or ouvert.vote.forme == Vote.Forme.MAIN_LEVEE:
        return []
    permises = en_cours.voix_ouvertes.get(convie.pk, [])
    donnees = deja_votes(ouvert.vote)
    sens: dict[int | None, str] = {}
    if ouvert.vote.forme == Vote.Forme.NOMINATIF:
        sens = {
            b.convie_id: str(b.get_sens_display())
            for b in Bulletin.objects.filter(vote=ouvert.vote, convie__in=permises)
        }
    voix = []
    for numero in permises:
        sienne = en_cours.situation.par_numero(numero)
        if sienne is not None:
            voix.append(VoixAVoter(sienne, numero == convie.pk, numero in donnees, sens.get(numero, "")))
    return voix
