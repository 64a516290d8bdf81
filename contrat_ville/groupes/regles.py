"""Detects what identifies a person in a text: the words of a focus group are kept without names."""

import re

COURRIEL = re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]+\.\w+")
TELEPHONE = re.compile(r"(?:\+33|\b0)[\s.-]*[1-9](?:[\s.-]*[0-9]{2}){4}\b")
NOMMEE = re.compile(r"\b(?:M\.|Mr|Mme|Mlle|Monsieur|Madame|Mademoiselle)\s+[A-ZÉÈÀÂÎÔÇ][\w’'-]+")
EN_QUESTION = (
    (COURRIEL, "une adresse électronique"),
    (TELEPHONE, "un numéro de téléphone"),
    (NOMMEE, "le nom de quelqu’un"),
)


def ce_qui_nomme(texte: str) -> str:
    """Return the sentence that says what to remove; empty when nothing is found.

    A first name alone is not detected: the person who takes notes must check.
    """
    for motif, quoi in EN_QUESTION:
        if (trouve := motif.search(texte)) is not None:
            return f"Ce texte contient {quoi} : « {trouve.group()} ». Retirez-le, ce texte se garde sans nom."
    return ""
