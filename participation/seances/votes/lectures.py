"""Voices of a vote under way: open, given; and demands of a secret ballot."""

from collections import defaultdict
from collections.abc import Collection

from participation.seances.models import DemandeSecret, Emargement, Point, Vote
from participation.seances.presence.lectures import Situation
from participation.seances.regles import combien


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


# Who voted is known. With fewer people than this in a count, the count would reveal each person's vote.
SECRET_AU_MOINS = 3


def pourquoi_sans_secret(point: Point, situation: Situation) -> str:
    """Return why too few people may vote on this point for a secret, or "". A person with pouvoirs counts once."""
    inscrits = situation.votants(point)
    peu = "c’est trop peu pour qu’un bulletin reste secret."
    if len(inscrits) < SECRET_AU_MOINS:
        return f"{_personnes(len(inscrits))} : {peu}"
    if not situation.seance.reglement.vote_par_college:
        return ""
    votants: dict[str, set[int]] = defaultdict(set)
    for cle, voix in inscrits.items():
        for numero in voix:
            convie = situation.par_numero(numero)
            if convie is not None:
                votants[convie.membre.college.nom].add(cle)
    return next(
        (
            f"Le règlement compte par collège, et {_personnes(len(personnes)).lower()} dans le collège « {nom} » : {peu}"
            for nom, personnes in votants.items()
            if len(personnes) < SECRET_AU_MOINS
        ),
        "",
    )


def trop_peu_hors_papier(vote: Vote, situation: Situation, papier: Collection[int]) -> list[set[int]]:
    """Return the voices not given on paper, by count, where fewer than `SECRET_AU_MOINS` people hold them.

    `papier`: Convie numbers of the voices on paper. One count, or one a collège if the rule counts by collège.
    """
    porteurs: dict[int, set[int]] = defaultdict(set)
    numeros: dict[int, set[int]] = defaultdict(set)
    couples = [(p, v) for p, liste in voix_ouvertes(vote, situation).items() for v in liste]
    for porteur, numero in [*couples, *vote.emargements.values_list("par", "convie")]:
        voix = situation.par_numero(numero)
        if voix is not None and numero not in papier:
            compte = voix.membre.college_id if vote.par_college else 0
            porteurs[compte].add(porteur)
            numeros[compte].add(numero)
    return [numeros[compte] for compte, siens in porteurs.items() if len(siens) < SECRET_AU_MOINS]


def _personnes(nombre: int) -> str:
    return "Une seule personne peut voter" if nombre == 1 else f"{nombre} personnes seulement peuvent voter"


def deja_votes(vote: Vote) -> set[int]:
    """Return the Convie numbers of the voices already given."""
    return set(Emargement.objects.filter(vote=vote).values_list("convie", flat=True))
