"""Vote on the projets of a budget of the quartiers: the scrutin, its codes, ballots and counts."""

from contrat_ville.models.vote.bulletins import NUL, BulletinPapier, BulletinVote
from contrat_ville.models.vote.codes import LOT_MAX, AdresseServie, Code, LotDeCodes
from contrat_ville.models.vote.depouillements import Depouillement, Derogation
from contrat_ville.models.vote.scrutins import EntreeScrutin, Incompatibilite, ProjetAuVote, Scrutin
