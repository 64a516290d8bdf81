"""The text of an answer with its gaps: « {commune} » is filled from the dossier, once, and nothing else is obeyed."""

import re
import unicodedata
from collections.abc import Mapping

# What a gap may name, and what an agent reads of it.
VARIABLES: dict[str, str] = {
    "référence": "la référence du dossier",
    "titre": "ce qui a été dit, en une phrase",
    "catégorie": "sa catégorie",
    "commune": "la commune",
    "lieu": "le lieu, aussi précis qu’il est connu",
    "date": "le jour où elle a été dite",
    "service": "le service qui a répondu",
    "réponse du service": "ce que ce service a écrit",
    "démarche": "l’adresse de la démarche en ligne",
    "téléphone": "le téléphone du service participation",
}
TROU = re.compile(r"\{([^{}]*)\}")
A_COMPLETER = re.compile(r"\[à compléter : [^\[\]]*\]")


def simple(nom: str) -> str:
    """« Référence », « reference » and « REFERENCE » name the same gap."""
    nu = "".join(c for c in unicodedata.normalize("NFD", nom) if not unicodedata.combining(c))
    return " ".join(nu.lower().replace("_", " ").split())


CONNUES = {simple(nom): nom for nom in VARIABLES}


def fautes(texte: str) -> list[str]:
    """What is wrong with the gaps of a text, in sentences."""
    inconnues = dict.fromkeys(nom for nom in TROU.findall(texte) if simple(nom) not in CONNUES)
    phrases = [
        f"« {{{nom}}} » n’est pas une variable. Choisissez parmi : {', '.join(VARIABLES)}."
        if nom.strip()
        else "Il manque un nom entre les accolades « {} »."
        for nom in inconnues
    ]
    if "{" in (reste := TROU.sub("", texte)) or "}" in reste:
        phrases.append("Une accolade est seule : une variable s’écrit entre deux, comme {commune}.")
    return phrases


def remplir(texte: str, valeurs: Mapping[str, str]) -> str:
    """Every gap filled at once, so that what a value says is never taken for a gap. What is not known is left to be typed."""

    def valeur(trou: re.Match[str]) -> str:
        nom = CONNUES.get(simple(trou[1]), trou[1])
        return valeurs.get(nom) or f"[à compléter : {nom}]"

    return TROU.sub(valeur, texte)


def a_completer(texte: str) -> str:
    """The first gap that nobody has filled; empty when there is none."""
    trouve = A_COMPLETER.search(texte)
    return trouve[0] if trouve else ""


def reprendre(modele: str, ecrit: str) -> str:
    """The text of a model in the place of what was typed, which stays below unless the model says it already."""
    modele, ecrit = ("\n".join(texte.split("\r\n")).strip() for texte in (modele, ecrit))
    if modele in ecrit:
        return ecrit
    return modele if ecrit in modele else f"{modele}\n\n{ecrit}"
