"""Voices of a vote under way: open, given; and demands of a secret ballot."""

from collections import defaultdict

from participation.seances.models import DemandeSecret, Emargement, Point, Vote
from participation.seances.presence.lectures import Situation
from participation.seances.regles.parts import combien


def voix_ouvertes(vote: Vote, situation: Situation) -> dict[int, list[int]]:
    """Return the voices of an open vote, given or not: the list made at its opening, without those who left.

    A giver of a pouvoir who arrives gives their own voice. Nobody is added to the list.
    """
    point = vote.point
    permises: dict[int, list[int]] = defaultdict(list)
    for cle, voix in vote.inscrits.items():
        tenant = situation.par_numero(int(cle))
        for numero in voix:
            convie = situation.par_numero(numero)
            if convie is None or situation.est_retire(convie) or situation.est_deporte(convie, point):
                continue
            porteur = convie if situation.est_present(convie) else tenant
            if (
                porteur is not None
                and situation.est_present(porteur)
                and not situation.est_deporte(porteur, point)
            ):
                permises[porteur.pk].append(numero)
    return dict(permises)


def demandes_de_secret(point: Point, situation: Situation) -> tuple[int, int]:
    """Return (voters who asked for a secret ballot on this point, how many must; 0: the facilitator decides)."""
    votent = set(situation.votants(point))
    demandent = set(DemandeSecret.objects.filter(point=point).values_list("convie", flat=True)) & votent
    return len(demandent), combien(situation.seance.reglement.part_secret, len(votent))


def deja_votes(vote: Vote) -> set[int]:
    """Return the Convie numbers of the voices already given."""
    return set(Emargement.objects.filter(vote=vote).values_list("convie", flat=True))
