"""Texts as people send them: removal of unsafe characters, files in JSON, and fields of a refused form to give back."""

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any, NoReturn

from django.utils.choices import flatten_choices
from django.utils.text import capfirst

# Control characters (but tab and line ends) break XML. Invisible characters that reverse the order of letters
# make a title read as something else.
INVISIBLES = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")


PHRASE_MIN = 20


# Hidden fields that our pages put in forms, and nobody typed.
MECANIQUES = re.compile(r"^(initial-|next$|cle$|vu$|version$|montre$)|_FORMS$")


def sans_controle(texte: str) -> str:
    return INVISIBLES.sub("", texte)


def lire_json(octets: bytes) -> Any:
    """Return what a file from outside says. Raises ValueError for all that is no JSON, a thousand open lists too."""
    try:
        return json.loads(octets, parse_constant=_aucune_constante)
    except RecursionError as erreur:
        raise ValueError from erreur


def _aucune_constante(nom: str) -> NoReturn:
    raise ValueError(nom)  # NaN, Infinity: no number of ours, and not in JSON


def nettoyer(ligne: Any, champs: Iterable[str]) -> None:
    """Take out of these texts of a row what `sans_controle` takes out."""
    for champ in champs:
        setattr(ligne, champ, sans_controle(getattr(ligne, champ)))


def envoyes(requete: Any) -> list[tuple[str, str]]:
    """Return every (name, value) of a refused form, to be sent again as it is.

    Empty when the form has a password: no page shows one.
    """
    if any("password" in nom for nom in requete.POST):
        return []
    return [
        (nom, valeur)
        for nom, valeurs in requete.POST.lists()
        if nom != "csrfmiddlewaretoken"
        for valeur in valeurs
    ]


def a_rendre(requete: Any) -> dict[str, Any]:
    """Return what `erreurs/_rendu.html` and `_renvoyer.html` give back of a refused form.

    `fichiers`: (field, file names), which no page can give back: the person chooses them again.
    """
    fichiers = [(nom, [str(fichier.name) for fichier in siens]) for nom, siens in requete.FILES.lists()]
    return {
        "ecrits": phrases(requete),
        "gardes": gardes(requete),
        "champs": envoyes(requete),
        "fichiers": fichiers,
    }


def gardes(requete: Any) -> list[tuple[str, str]]:
    """Return the (label, value) pairs that will be sent again, for the person to read first.

    The label is that of the field on the page of an act, else the name of the field.
    """
    page = getattr(getattr(requete.resolver_match, "func", None), "page", None)
    champs: Mapping[str, Any] = getattr(getattr(page, "form", None), "base_fields", {})
    return [
        (_libelle(nom, champs.get(nom)), _dite(valeur, champs.get(nom)))
        for nom, valeur in envoyes(requete)
        if valeur.strip() and not MECANIQUES.search(nom)
    ]


def _libelle(nom: str, champ: Any) -> str:
    return str((champ and champ.label) or capfirst(re.sub(r"[_-]+", " ", nom)))


def _dite(valeur: str, champ: Any) -> str:
    """Return the words of a value.

    A choice is translated only if its labels are in the code: the person is not signed in, so no row is read.
    """
    choix = getattr(champ, "choices", None)
    if hasattr(champ, "queryset"):
        return "choix gardé"
    if isinstance(choix, list):
        return str(dict(flatten_choices(choix)).get(valeur, valeur))
    return "oui" if valeur == "on" else valeur


def phrases(requete: Any) -> list[str]:
    """Return what the person wrote in a refused form: sentences, not keys nor choices."""
    textes = [valeur.strip() for nom, valeur in envoyes(requete) if not MECANIQUES.search(nom)]
    return [texte for texte in textes if len(texte) >= PHRASE_MIN and " " in texte]


CHIFFRE = re.compile(r"\d")
SEUL_UN_LIEN = re.compile(r"https?://\S+")
# A calendar file is joined to a mail, never to a sheet of paper.
PHRASE = re.compile(r"[^.\n]+(?:\. ?)?")
AGENDA_JOINT = re.compile(r"\bjoint"), re.compile(r"\bagenda\b")


def _sans_agenda_joint(phrase: re.Match[str]) -> str:
    dite = phrase[0]
    return "" if "." in dite and all(mot.search(dite) for mot in AGENDA_JOINT) else dite


def sans_liens(texte: str) -> str:
    """Return the text of a mail as it is printed: nobody types the address of a signed link.

    Lines that are an address are left out, and so is the line that led to it, unless it holds a date or a number, which
    the person needs; so are the sentences about a joined calendar file.
    """
    paragraphes = []
    for paragraphe in texte.split("\n\n"):
        gardees: list[str] = []
        for ligne in PHRASE.sub(_sans_agenda_joint, paragraphe).split("\n"):
            if not SEUL_UN_LIEN.fullmatch(ligne.strip()):
                gardees.append(ligne)
            elif gardees and gardees[-1].rstrip().endswith(":"):
                menait = gardees.pop().rstrip(" \N{NO-BREAK SPACE}:")
                if CHIFFRE.search(menait):
                    gardees.append(f"{menait}.")
        if any(ligne.strip() for ligne in gardees):
            paragraphes.append("\n".join(gardees))
    return "\n\n".join(paragraphes)


def code_tape(saisi: str) -> str:
    """Return a typed code in capitals, without what parts it nor the invisible marks of a letter; the digits of any keyboard as ours."""
    return "".join(str(unicodedata.decimal(lettre, lettre)) for lettre in saisi.upper() if lettre.isalnum())
