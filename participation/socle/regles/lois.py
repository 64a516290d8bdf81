"""The articles of law that letters and pages cite: what each is cited for, and what it was when the site was written."""

from typing import NamedTuple

from participation.socle.francais import de


class Loi(NamedTuple):
    """`texte`: with its article, « le code des relations entre le public et l’administration »."""

    quoi: str
    articles: str
    texte: str


CRPA = "le code des relations entre le public et l’administration"
CGCT = "le code général des collectivités territoriales"
LOIS = {
    "accuse": Loi("l’accusé de réception d’une demande", "L112-3 et R112-5", CRPA),
    "transmission": Loi("la transmission à l’autorité compétente", "L114-2", CRPA),
    "signature": Loi("qui signe une décision : prénom, nom et qualité", "L212-1", CRPA),
    "silence": Loi("le silence gardé sur un recours", "L231-4", CRPA),
    "retrait": Loi("le retrait d’une décision favorable", "L242-1", CRPA),
    "ccspl": Loi("la commission consultative des services publics locaux", "L1413-1", CGCT),
    "reglement_eau": Loi("l’avis sur le règlement d’un service d’eau", "L2224-12", CGCT),
    "exprimes": Loi("la majorité comptée sur les voix exprimées", "L2121-20", CGCT),
    "presents": Loi("la majorité comptée sur les présents ou représentés", "R133-11", CRPA),
    "elimination": Loi("le visa des archives avant d’éliminer", "L212-2", "le code du patrimoine"),
}


def citer(articles: str, texte: str) -> str:
    """« article L114-2 du code… », « articles L112-3 et R112-5 du code… »."""
    mot = "articles" if " et " in articles or "," in articles else "article"
    return f"{mot} {articles} {de(texte)}"


# While no row of the table is read: the pages of a breakdown.
AU_DEPART = tuple((cle, citer(loi.articles, loi.texte)) for cle, loi in LOIS.items())
