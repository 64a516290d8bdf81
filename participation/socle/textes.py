"""Texts as people send them, without what no page, feed nor PDF can hold."""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.choices import flatten_choices

# Control characters (but tab and line ends) break XML; the invisible ones that turn the order of letters round
# make a title say what it does not.
INVISIBLES = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
PHRASE_MIN = 20
# What the pages of ours put in their forms, which nobody wrote.
MECANIQUES = re.compile(r"^(initial-|next$|cle$|vu$|version$|montre$)|_FORMS$")


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
    return {
        "ecrits": phrases(requete),
        "gardes": gardes(requete),
        "champs": envoyes(requete),
        "fichiers": fichiers,
    }


def gardes(requete: Any) -> list[tuple[str, str]]:
    """What will be sent again, to be read first: each field by its label where the page is that of an act, else by its name."""
    page = getattr(getattr(requete.resolver_match, "func", None), "page", None)
    champs: Mapping[str, Any] = getattr(getattr(page, "form", None), "base_fields", {})
    return [
        (_libelle(nom, champs.get(nom)), _dite(valeur, champs.get(nom)))
        for nom, valeur in envoyes(requete)
        if valeur.strip() and not MECANIQUES.search(nom)
    ]


def _libelle(nom: str, champ: Any) -> str:
    return str((champ and champ.label) or re.sub(r"[_-]+", " ", nom).capitalize())


def _dite(valeur: str, champ: Any) -> str:
    """A choice by its words when they are written in the code: nobody is signed in, no row is read for them."""
    choix = getattr(champ, "choices", None)
    if hasattr(champ, "queryset"):
        return "choix gardé"
    if isinstance(choix, list):
        return str(dict(flatten_choices(choix)).get(valeur, valeur))
    return "oui" if valeur == "on" else valeur


def phrases(requete: Any) -> list[str]:
    """What somebody wrote in a form that was refused: what has words, not keys nor choices. To be given back."""
    textes = [valeur.strip() for nom, valeur in envoyes(requete) if not nom.startswith("initial-")]
    return [texte for texte in textes if len(texte) >= PHRASE_MIN and " " in texte]
