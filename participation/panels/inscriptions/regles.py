"""What a registration page says in French, to be put in other languages by a person; how long a page stayed open."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.core import signing
from django.utils import timezone

from participation.socle.regles.tableaux import simplifier

SEL = "panels.page"

PRENOM, NOM, TELEPHONE = "Prénom", "Nom", "Téléphone"
COURRIEL, ADRESSE = "Adresse de courriel", "Adresse postale"
ADRESSE_AIDE = "Celle de la lettre, si vous en avez reçu une."
ELIGIBLE = "Remplissez-vous les conditions écrites plus haut ?"
DISPONIBLE = "Pouvez-vous venir à toutes les séances ?"
NOUVELLES = "Je veux recevoir des nouvelles du panel, même si je ne suis pas tiré au sort"
OUI, NON, CHOISIR = "Oui", "Non", "Choisissez"
REPONDEZ = "Répondez à cette question."
JOINDRE = (
    "Donnez un téléphone, une adresse de courriel ou une adresse postale : nous devons pouvoir vous joindre."
)
TROP_VITE = "Relisez vos réponses, puis envoyez-les de nouveau."
TROP_TARD = "Cette page est restée ouverte longtemps. Vos réponses sont là : relisez-les, puis envoyez-les de nouveau."
ENVOYER = "M’inscrire"
TELEPHONER = "Vous préférez vous inscrire par téléphone ? Appelez-nous :"
RECUE = "Votre inscription est reçue"
# What becomes of her answers: each word stands before a sentence of the register of treatments.
DONNEES, POURQUOI, DUREE, QUI_VOIT = "Vos données", "Pourquoi", "Combien de temps", "Qui les voit"
DROITS = "Vos droits"
SUITE = "Un tirage au sort choisit parmi les inscrits. Si vous êtes tiré, nous vous appelons."

MOTS = (
    PRENOM, NOM, TELEPHONE, COURRIEL, ADRESSE, ADRESSE_AIDE, ELIGIBLE, DISPONIBLE, NOUVELLES, OUI, NON, CHOISIR,
    REPONDEZ, JOINDRE, TROP_VITE, TROP_TARD, ENVOYER, TELEPHONER, RECUE, SUITE,
    DONNEES, POURQUOI, DUREE, QUI_VOIT, DROITS,
)  # fmt: skip
ENTRE = " = "


def mots_de(categories: Mapping[str, Iterable[str]], phrases: Iterable[str] = ()) -> list[str]:
    """Return all that the page says: its own words, these sentences, then each category and its values."""
    siens = [mot for categorie, valeurs in categories.items() for mot in (categorie, *valeurs)]
    return list(dict.fromkeys([*MOTS, *phrases, *siens]))


def ecrire(traductions: Mapping[str, str], mots: Iterable[str]) -> str:
    return "\n".join(f"{mot}{ENTRE}{traductions.get(mot, '')}".rstrip() for mot in mots)


def lire(texte: str, mots: Iterable[str]) -> dict[str, str]:
    """Return French → translation, one a line. Raises ValueError, a sentence, for a line that is not one of `mots`."""
    connus, lues = set(mots), {}
    for numero, brute in enumerate(texte.splitlines(), 1):
        if not brute.strip():
            continue
        francais, egal, traduit = (morceau.strip() for morceau in brute.partition("="))
        if not egal or francais not in connus:
            raise ValueError(f"Ligne {numero} : gardez le français à gauche du signe « = », sans le changer.")
        if traduit:
            lues[francais] = traduit[:500]
    return lues


def jeton_de(panel: int) -> str:
    """Return what a page carries, to know how long it stayed open."""
    return signing.TimestampSigner(salt=SEL, sep=".").sign(f"{panel}_{timezone.localdate():%Y-%m-%d}")


def defaut_du_jeton(jeton: str, panel: int, *, secondes: int, jours: int) -> str:
    """Return why the page is sent too soon (a program) or too late (a page left open); "" when it is neither.

    `jours`: calendar days, in Paris.
    """
    signataire = signing.TimestampSigner(salt=SEL, sep=".")
    try:
        numero, _, jour = signataire.unsign(jeton).partition("_")
    except signing.BadSignature:
        return TROP_TARD
    if numero != str(panel) or not jour:
        return TROP_TARD
    if (timezone.localdate() - date.fromisoformat(jour)).days > jours:
        return TROP_TARD
    try:
        signataire.unsign(jeton, max_age=secondes)
    except signing.SignatureExpired:
        return ""
    return TROP_VITE if secondes else ""


def comparer(premiere: Mapping[str, Any], seconde: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return (key, what the first entry says) for each answer that differs. Case, accents, spaces are no difference."""
    return [
        (cle, _dire(premiere.get(cle)))
        for cle, valeur in seconde.items()
        if _simple(premiere.get(cle)) != _simple(valeur)
    ]


def _simple(valeur: object) -> object:
    return simplifier(valeur) if isinstance(valeur, str) else valeur


def _dire(valeur: object) -> str:
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    return f"« {valeur} »" if valeur else "rien"
