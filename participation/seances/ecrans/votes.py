"""A vote as the screens show it: ballots received, counts, result."""

from collections import Counter, defaultdict

from participation.seances.ecrans.blocs import (
    BlocVote,
    LignePapier,
    LigneVote,
    phrase_vote,
    quorum_d_alors,
    segments_de,
)
from participation.seances.models import Bulletin, Point, VoixCollege, Vote
from participation.seances.presence.lectures import Situation
from participation.seances.votes.lectures import deja_votes
from participation.seances.workflow import EtatVote, Sens
from participation.socle.francais import enumerer


def bloc_vote(situation: Situation, vote: Vote, point: Point, attendues: set[int]) -> BlocVote:
    """Return the data of a vote. `attendues`: Convie numbers whose voice may be given now, if it is open."""
    vote.point = point
    ouvert = vote.etat == EtatVote.OUVERT
    lignes: list[LigneVote] = []
    lectures = raison = ""
    if ouvert and vote.forme != Vote.Forme.MAIN_LEVEE:
        faits = deja_votes(vote)
        numeros = attendues | faits
        recus, attendus = len(faits), len(numeros)
        if vote.forme == Vote.Forme.NOMINATIF:
            lignes = _en_cours(situation, vote, numeros)
    else:
        voix = list(VoixCollege.objects.filter(vote=vote).select_related("college"))
        lignes = [
            LigneVote(str(v.college or "Ensemble"), v.pour, v.contre, v.abstention, v.nppv, v.attendus)
            for v in voix
        ]
        lectures, raison = vote.lectures(voix), vote.raison_du_rejet(voix)
        recus = sum(ligne.total for ligne in lignes)
        attendus = sum(ligne.attendus for ligne in lignes)
        if ouvert and not lignes:
            attendus = len(attendues)
    ensemble = LigneVote(
        "Ensemble",
        sum(ligne.pour for ligne in lignes),
        sum(ligne.contre for ligne in lignes),
        sum(ligne.abstention for ligne in lignes),
        sum(ligne.nppv for ligne in lignes),
        attendus,
    )
    return BlocVote(
        vote,
        lignes,
        ensemble,
        recus,
        attendus,
        " ".join(filter(None, [phrase_vote(vote, ensemble, recus, attendus), raison])),
        vote.regle,
        quorum_d_alors(vote),
        segments_de(ensemble) if lignes else [],
        raison,
        lectures,
    )


def _en_cours(situation: Situation, vote: Vote, numeros: set[int]) -> list[LigneVote]:
    sens: dict[int, Counter[str]] = defaultdict(Counter)
    for college, valeur in Bulletin.objects.filter(vote=vote).values_list("college", "sens"):
        sens[college or 0][valeur] += 1
    attendus = Counter(c.membre.college_id for c in situation.convies if c.pk in numeros)
    return [
        LigneVote(
            c.nom,
            sens[c.pk][Sens.POUR],
            sens[c.pk][Sens.CONTRE],
            sens[c.pk][Sens.ABSTENTION],
            sens[c.pk][Sens.NPPV],
            attendus[c.pk],
        )
        for c in situation.colleges
        if attendus[c.pk]
    ]


def lignes_papier(vote: Vote, situation: Situation) -> list[LignePapier]:
    """Return the two tellers while paper ballots wait to be counted. Counts stay hidden until both are given."""
    if not vote.sur_papier:
        return []
    noms = {str(college.pk): f"{college.nom} : " for college in situation.colleges}
    return [
        LignePapier(
            compte,
            " ; ".join(noms.get(cle, "") + _en_mots(voix) for cle, voix in (compte.precedent or {}).items()),
        )
        for compte in vote.comptes_papier.select_related("convie__membre__compte")
    ]


def _en_mots(voix: list[int]) -> str:
    return enumerer(f"{nombre} {sens.label}" for nombre, sens in zip(voix, Sens, strict=True) if nombre)
