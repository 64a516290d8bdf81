"""The text of a mail, line by line: what its author wrote, what it quotes, whether it only says thanks.

Each line is looked at a bounded number of times, on a bounded length: the cost grows as the text does, whatever
the text.
"""

LIGNE_LUE = 400  # characters of a line that may tell that a quotation begins


LIGNES_D_UN_ENTETE = 3  # a mail program folds « Le … a écrit : » over so many lines


DEBUTS = ("le ", "on ", "el ", "il ", "am ", "em ", "no dia ")


ECRITS = (" a écrit", " a ecrit", " wrote", " escribió", " escribio", " ha scritto", " schrieb", " escreveu")


APRES_ECRIT = 60


ORIGINES = (
    "message d'origine",
    "message initial",
    "message transféré",
    "message transfere",
    "original message",
    "forwarded message",
    "mensaje original",
    "messaggio originale",
    "ursprüngliche nachricht",
    "mensagem original",
)


DE = frozenset({"de", "from", "von", "da", "expéditeur"})


SUITES = frozenset(
    [
        "envoyé",
        "date",
        "sent",
        "à",
        "a",
        "to",
        "objet",
        "subject",
        "cc",
        "gesendet",
        "an",
        "betreff",
        "datum",
        "enviado",
        "para",
        "asunto",
        "fecha",
        "inviato",
        "oggetto",
        "data",
        "assunto",
    ]
)


ACCORDS = frozenset({"ok", "d'accord", "parfait", "super", "bravo", "reçu", "recu"})


SALUTS = frozenset({"bonjour", "bonsoir", "cordialement", "madame", "monsieur"})


DEUX_MOTS = frozenset(
    {
        ("bien", "reçu"),
        ("bien", "recu"),
        ("très", "bien"),
        ("tres", "bien"),
        ("c'est", "parfait"),
        ("un", "grand"),
        ("très", "grand"),
    }
)


MERCI_MAX, LIGNES_DE_MERCI = 160, 3


def separer(texte: str) -> tuple[str, str]:
    """Return (own text, quoted text). When the own text would be empty, everything is own text."""
    lignes = texte.split("\n")
    coupe = next((n for n in range(len(lignes)) if _commence_une_citation(lignes, n)), len(lignes))
    siennes: list[str] = []
    citees: list[str] = []
    for ligne in lignes[:coupe]:
        (citees if ligne.lstrip().startswith(">") else siennes).append(ligne)
    dit = "\n".join(siennes).strip()
    if not dit:
        return texte.strip(), ""
    return dit, "\n".join([*citees, *lignes[coupe:]]).strip()


def _commence_une_citation(lignes: list[str], n: int) -> bool:
    brute = lignes[n][:LIGNE_LUE]
    nue = brute.lstrip(" \t>*").rstrip()
    if not nue:
        return False
    if nue.startswith("--"):
        return nue.strip("- ").lower().replace("’", "'").startswith(ORIGINES)
    if nue.startswith("_" * 10):
        return not nue.strip("_ \t")
    if _etiquette(nue) in DE:
        suivantes = (ligne[:LIGNE_LUE] for ligne in lignes[n + 1 : n + 3])
        return any(_etiquette(ligne) in SUITES for ligne in suivantes)
    return nue.lower().startswith(DEBUTS) and _quelqu_un_a_ecrit(lignes[n : n + LIGNES_D_UN_ENTETE])


def _etiquette(ligne: str) -> str:
    """Return the word before the first colon: « De : », « *Envoyé :* »; empty without it."""
    mot, deux_points, _ = ligne[:40].partition(":")
    return mot.strip(" \t>*\xa0").lower() if deux_points else ""


def _quelqu_un_a_ecrit(lignes: list[str]) -> bool:
    """Whether « Le jeu. 26 nov. 2026 à 10:12, X <x@y> a écrit : » stands on these lines or the first of them."""
    dit = ""
    for ligne in lignes:
        morceau = " ".join(ligne[:LIGNE_LUE].lstrip(" \t>").split())
        dit = f"{dit} {morceau}".lower()
        if not dit.endswith(":"):
            continue
        ou = max(dit.rfind(ecrit) for ecrit in ECRITS)
        return ou >= 0 and len(dit) - ou <= APRES_ECRIT and any(c.isdigit() for c in dit[:ou])
    return False


def est_un_simple_merci(texte: str) -> bool:
    """Whether the text only says thanks (« Merci beaucoup », « Bien reçu »): nothing to reopen."""
    if len(texte) > 10 * MERCI_MAX:
        return False
    lignes = [mots for ligne in texte.splitlines() if (mots := _mots(ligne)) and not _est_une_formule(mots)]
    tous = [mot for mots in lignes for mot in mots]
    if not lignes or len(lignes) > LIGNES_DE_MERCI or len(" ".join(tous)) > MERCI_MAX or "mais" in tous:
        return False
    return "?" not in texte and _remercie(lignes[0])


def _mots(ligne: str) -> list[str]:
    return [mot for brut in ligne.lower().replace("’", "'").split() if (mot := brut.strip(",.!;:"))]


def _est_une_formule(mots: list[str]) -> bool:
    return mots in (["bien", "à", "vous"], ["bien", "a", "vous"]) or all(mot in SALUTS for mot in mots)


def _remercie(mots: list[str]) -> bool:
    """Whether the line agrees or thanks: words of agreement, then « merci » or nothing."""
    reste, d_accord = list(mots), False
    while reste:
        if reste[0] == "merci":
            return True
        if reste[0] in ACCORDS or tuple(reste[:2]) in DEUX_MOTS:
            d_accord, reste = True, reste[1 if reste[0] in ACCORDS else 2 :]
        elif reste[0] in SALUTS or reste[0] == "un":
            reste = reste[1:]
        else:
            return False
    return d_accord
