"""Paper ballots to enter. The first entry is hidden until both are made."""

from dataclasses import dataclass

from contrat_ville.models.vote import NUL, BulletinPapier, Scrutin
from contrat_ville.regles.bulletin import lire
from participation.socle.francais import accorder, enumerer
from participation.socle.models import Compte


@dataclass(frozen=True, slots=True)
class PapierVu:
    papier: BulletinPapier
    etat: str
    couleur: str
    premier: str = ""
    second: str = ""


@dataclass(frozen=True, slots=True)
class Papiers:
    """`a_finir`: ballots that still need an entry or a decision. The others are only counted."""

    a_finir: list[PapierVu]
    accordes: int
    tranches: int

    @property
    def total(self) -> int:
        return len(self.a_finir) + self.accordes + self.tranches


def deux_saisies(papier: BulletinPapier) -> list[tuple[str, str]]:
    """(author, choices) of both entries, for the agent who decides with the paper."""
    titres = {ligne.numero: ligne.titre for ligne in papier.scrutin.projets.all()}
    return [
        (f"Première saisie, par {papier.premier_par}", en_mots(papier.premier, titres)),
        (f"Seconde saisie, par {papier.second_par}", en_mots(papier.second or "", titres)),
    ]


def papiers_a_voir(scrutin: Scrutin, compte: Compte) -> Papiers:
    titres = {ligne.numero: ligne.titre for ligne in scrutin.projets.all()}
    a_finir, accordes, tranches = [], 0, 0
    for papier in scrutin.papiers.all():
        if papier.retenu is not None:
            accordes += papier.tranche_par_id is None
            tranches += papier.tranche_par_id is not None
        elif papier.differe:
            a_finir.append(
                PapierVu(
                    papier,
                    "les deux saisies diffèrent",
                    "attention",
                    en_mots(papier.premier, titres),
                    en_mots(papier.second or "", titres),
                )
            )
        else:
            mot = (
                "vous l’avez saisi, une autre personne doit le saisir"
                if papier.premier_par_id == compte.pk
                else "à saisir une seconde fois"
            )
            a_finir.append(PapierVu(papier, mot, "info"))
    return Papiers(a_finir, accordes, tranches)


def en_mots(choix: str, titres: dict[int, str]) -> str:
    """« Bancs (2 points), Jeux (1 point) »; « blanc »; « nul »."""
    if choix == NUL:
        return "nul"
    lus = lire(choix)
    if not lus:
        return "blanc"
    if all(points == 1 for points in lus.values()):
        return enumerer(f"{n}. {titres.get(n, '')}" for n in lus)
    return enumerer(f"{n}. {titres.get(n, '')} ({accorder(p, 'point')})" for n, p in lus.items())
