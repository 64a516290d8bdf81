"""Text of an answer with variables such as « {commune} », replaced once; no other syntax is interpreted."""

import re
import unicodedata
from collections.abc import Mapping

# Names of the variables, with the explanation that agents read.
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
    """Normalise a name: « Référence », « reference » and « REFERENCE » are the same variable."""
    nu = "".join(c for c in unicodedata.normalize("NFD", nom) if not unicodedata.combining(c))
    return " ".join(nu.lower().replace("_", " ").split())


CONNUES = {simple(nom): nom for nom in VARIABLES}


def fautes(texte: str) -> list[str]:
    """Return the errors in the variables of a text, as sentences."""
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
    """Replace all variables in one pass, so that a value is never read as a variable.

    Variables without value become « [à compléter : …] ».
    """

    def valeur(trou: re.Match[str]) -> str:
        nom = CONNUES.get(simple(trou[1]), trou[1])
        return valeurs.get(nom) or f"[à compléter : {nom}]"

    return TROU.sub(valeur, texte)


def a_completer(texte: str) -> str:
    """Return the first « [à compléter : …] » of a text; empty without any."""
    trouve = A_COMPLETER.search(texte)
    return trouve[0] if trouve else ""


def reprendre(modele: str, ecrit: str) -> str:
    """Put the text of a model before what was typed, without repeating either."""
    modele, ecrit = ("\n".join(texte.split("\r\n")).strip() for texte in (modele, ecrit))
    if modele in ecrit:
        return ecrit
    return modele if ecrit in modele else f"{modele}\n\n{ecrit}"
