"""What makes a draw verifiable: fixed texts and SHA-256, no secret of the operator. No database, no clock.

`donnees/verifier.py` and `static/js/verifier_tirage.js` read the same texts again, and share no line with this file. The scheme is
that of ICANN OCTO-41 and of R. Rivest's tickets, with a commitment for each person (docs/verifier_un_tirage.md).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from hashlib import sha256

# Of what a seed is made, by its source: known to all at a time said in advance, chosen by nobody.
SOURCES: Mapping[str, re.Pattern[str]] = {
    "boules": re.compile(r"boules:[0-9]{4}-[0-9]{2}-[0-9]{2}:[0-9](-[0-9]){9,79}"),
    "loto": re.compile(r"loto:[0-9]{4}-[0-9]{2}-[0-9]{2}:[0-9]{2}(-[0-9]{2}){4}[+][0-9]{2}"),
    "drand": re.compile(r"drand:quicknet:[0-9]{1,12}:[0-9a-f]{64}"),
}
EXEMPLES: Mapping[str, str] = {
    "boules": "boules:2027-03-12:4-0-9-1-1-7-3-8-2-6",
    "loto": "loto:2027-03-13:04-17-23-31-45+08",
    "drand": "drand:quicknet:20791007:" + "5f" * 32,
}


def empreinte(texte: str) -> str:
    """Return the SHA-256 of a text, in hexadecimal."""
    return sha256(texte.encode()).hexdigest()


def engagement(nonce: str, numero: str, foyer: str, profil: Sequence[tuple[str, str]]) -> str:
    """Return what is published of a person before the draw: it says nothing of her, and binds who published it."""
    dit = "|".join(f"{categorie}={valeur}" for categorie, valeur in profil)
    return empreinte(f"engagement-v1|{nonce}|{numero}|{foyer}|{dit}")


def liste_publique(engagements: Mapping[str, str]) -> str:
    """Return the frozen list as it is published: one line a person, by number."""
    return _lignes(
        ["numero;engagement", *(f"{numero};{engagements[numero]}" for numero in sorted(engagements))]
    )


def portefeuille_public(panels: Iterable[Sequence[str]]) -> str:
    """Return the portfolio as it is published: one line a panel, from 000."""
    return _lignes(["panel;numeros", *(f"{rang:03};{' '.join(panel)}" for rang, panel in enumerate(panels))])


def _lignes(lignes: Iterable[str]) -> str:
    return "".join(f"{ligne}\n" for ligne in lignes)


def defaut_de_la_source(nature: str, texte: str, jour: date) -> str:
    """Return why this is not the text of a seed, as a sentence, or ""."""
    if not SOURCES[nature].fullmatch(texte):
        return f"Écrivez-la exactement sous cette forme : {EXEMPLES[nature]}."
    if nature != "drand" and texte.split(":")[1] != jour.isoformat():
        return f"La date de ce texte n’est pas celle de l’annonce : {jour.isoformat()}."
    return ""


def graine(empreinte_de_la_liste: str, source: str, regle: str = "") -> str:
    """Return the seed: nobody could know it when the list and the rule were frozen, and it fits no others.

    `regle`: its published text, or "" for a draw frozen before the rule was bound.
    """
    if not regle:
        return empreinte(f"graine-v1|{empreinte_de_la_liste}|{source}")
    return empreinte(f"graine-v2|{empreinte_de_la_liste}|{empreinte(regle)}|{source}")


SCELLE = '"empreinte": "{}"'


def sceller(manifeste: str) -> str:
    """Return this published file with its own fingerprint: that of the file where it is written as zeros."""
    vide = SCELLE.format("0" * 64)
    return manifeste.replace(vide, SCELLE.format(empreinte(manifeste)), 1)


def billet(graine: str, usage: str, numero: str) -> str:
    """Return the ticket of a person for one use (« foyer », « remplacement »): the smallest comes first."""
    return empreinte(f"billet-v1|{graine}|{usage}|{numero}")


def par_billet(graine: str, usage: str, numeros: Iterable[str]) -> list[str]:
    return sorted(numeros, key=lambda numero: billet(graine, usage, numero))


def un_par_foyer(graine: str, foyers: Mapping[str, str]) -> list[str]:
    """Return who may be drawn when one person a household may: the first by ticket. `foyers`: by number; "" is alone."""
    pris: set[str] = set()
    gardes = []
    for numero in par_billet(graine, "foyer", foyers):
        if not foyers[numero] or foyers[numero] not in pris:
            pris.add(foyers[numero])
            gardes.append(numero)
    return sorted(gardes)
