"""Detects what identifies a person in a text: the words of a focus group are kept without names."""

from participation.socle.regles.traces import COURRIEL, NOM, TELEPHONE, reperer


def ce_qui_nomme(texte: str) -> str:
    """Return the sentence that says what to remove; empty when nothing is found.

    A first name alone is not detected: the person who takes notes must check.
    """
    for debut, fin, trace in reperer(texte):
        if trace in {TELEPHONE, COURRIEL, NOM}:
            return f"Ce texte contient {trace.quoi} : « {texte[debut:fin]} ». Retirez-le, ce texte se garde sans nom."
    return ""
