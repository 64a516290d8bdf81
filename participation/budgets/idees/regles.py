"""Title for a text: its first sentence, cut between words."""

TITRE_MAX = 90


def titre_de(texte: str) -> str:
    phrase = " ".join(texte.split())
    for fin in (". ", " ! ", " ? ", "… "):
        debut, trouve, _ = phrase.partition(fin)
        if trouve and len(debut) >= 10:
            phrase = debut
    phrase = phrase.rstrip(".")
    if len(phrase) <= TITRE_MAX:
        return phrase
    return f"{phrase[: TITRE_MAX - 1].rsplit(' ', 1)[0]}…"
