"""Texts as people send them, without what no page, feed nor PDF can hold."""

import re
from typing import Any

# Control characters (but tab and line ends) break XML; the invisible ones that turn the order of letters round
# make a title say what it does not.
INVISIBLES = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
PHRASE_MIN = 20


def sans_controle(texte: str) -> str:
    return INVISIBLES.sub("", texte)


def envoyes(requete: Any) -> list[tuple[str, str]]:
    """Every field of a form that was refused, to be sent again as it is. Nothing when one is a password: no page shows it."""
    if any("password" in nom for nom in requete.POST):
        return []
    return [
        (nom, valeur)
        for nom, valeurs in requete.POST.lists()
        if nom != "csrfmiddlewaretoken"
        for valeur in valeurs
    ]


def a_rendre(requete: Any) -> dict[str, Any]:
    """What `composants/rendu.html` and `renvoyer.html` give back of a form that was refused. `fichiers`: (field, names of its files),
    that no page gives back: they are to be chosen again."""
    fichiers = [(nom, [str(fichier.name) for fichier in siens]) for nom, siens in requete.FILES.lists()]
    return {"ecrits": phrases(requete), "champs": envoyes(requete), "fichiers": fichiers}


def phrases(requete: Any) -> list[str]:
    """What somebody wrote in a form that was refused: what has words, not keys nor choices. To be given back."""
    textes = [valeur.strip() for nom, valeur in envoyes(requete) if not nom.startswith("initial-")]
    return [texte for texte in textes if len(texte) >= PHRASE_MIN and " " in texte]
