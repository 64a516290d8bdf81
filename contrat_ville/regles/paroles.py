"""What was said in a group is kept without the name of anybody: what gives somebody away at first sight."""

import re

COURRIEL = re.compile(r"[\w.+-]+@[\w-]+\.\w+")
TELEPHONE = re.compile(r"(?:\+33|\b0)[\s.-]*[1-9](?:[\s.-]*[0-9]{2}){4}\b")
NOMMEE = re.compile(r"\b(?:M\.|Mr|Mme|Mlle|Monsieur|Madame|Mademoiselle)\s+[A-ZÉÈÀÂÎÔÇ][\w’'-]+")
EN_QUESTION = (
    (COURRIEL, "une adresse électronique"),
    (TELEPHONE, "un numéro de téléphone"),
    (NOMMEE, "le nom de quelqu’un"),
)


def ce_qui_nomme(texte: str) -> str:
    """The sentence that says what to take out; empty when nothing is seen. A first name alone is not: who notes reads again."""
    for motif, quoi in EN_QUESTION:
        if (trouve := motif.search(texte)) is not None:
            return f"Ce texte contient {quoi} : « {trouve.group()} ». Retirez-le, ce texte se garde sans nom."
    return ""
