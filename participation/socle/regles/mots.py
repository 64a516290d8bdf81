"""Significant words of a text: without accents and without stop words."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

# The same letters as in `titre_simple`; capitals too, which `lower` leaves in a database with the C locale.
ACCENTUEES, NUES = (
    "àâäáãçéèêëîïíôöóûüùúÿñÀÂÄÁÃÇÉÈÊËÎÏÍÔÖÓÛÜÙÚŸÑ’",
    "aaaaaceeeeiiiooouuuuynaaaaaceeeeiiiooouuuuyn'",
)
SANS_ACCENTS = str.maketrans(ACCENTUEES, NUES)

LONGUEUR_RACINE = 6
# Characters compared: long texts say at the beginning what they are about.
COMPARES_MAX = 600
MOTS_VIDES = tuple(
    sorted(
        {
            *[
                "a",
                "afin",
                "ai",
                "aie",
                "aient",
                "ait",
                "alors",
                "apres",
                "as",
                "au",
                "aucun",
                "aussi",
                "autre",
                "autres",
                "aux",
                "avait",
                "avant",
                "avec",
                "avez",
                "avoir",
                "avons",
            ],
            *[
                "beaucoup",
                "bien",
                "bonjour",
                "bonsoir",
                "c",
                "ca",
                "car",
                "ce",
                "ceci",
                "cela",
                "celle",
                "celui",
                "ces",
                "cet",
                "cette",
                "ceux",
                "chez",
                "comme",
                "comment",
                "cordialement",
            ],
            *[
                "d",
                "dans",
                "de",
                "deja",
                "depuis",
                "des",
                "dire",
                "dit",
                "dois",
                "doit",
                "donc",
                "du",
                "elle",
                "elles",
                "en",
                "encore",
                "entre",
                "est",
                "et",
                "etait",
                "etre",
                "eu",
                "eux",
            ],
            *[
                "faire",
                "fait",
                "faut",
                "fois",
                "font",
                "il",
                "ils",
                "j",
                "je",
                "jusque",
                "jour",
                "jours",
                "l",
                "la",
                "le",
                "les",
                "leur",
                "leurs",
                "lui",
                "m",
                "ma",
                "mais",
                "me",
                "meme",
                "merci",
                "mes",
            ],
            *[
                "mme",
                "moi",
                "mois",
                "mon",
                "monsieur",
                "madame",
                "n",
                "ne",
                "ni",
                "non",
                "nos",
                "notre",
                "nous",
                "on",
                "ont",
                "ou",
                "par",
                "parce",
                "pas",
                "peu",
                "peut",
                "plus",
                "pour",
            ],
            *[
                "pourquoi",
                "pouvez",
                "qu",
                "quand",
                "que",
                "quel",
                "quelle",
                "qui",
                "quoi",
                "quelques",
                "rien",
                "s",
                "sa",
                "sans",
                "se",
                "semaine",
                "semaines",
                "sera",
                "ses",
                "si",
                "soit",
            ],
            *[
                "son",
                "sont",
                "sous",
                "sur",
                "t",
                "ta",
                "te",
                "tes",
                "toi",
                "ton",
                "toujours",
                "tous",
                "tout",
                "toute",
                "toutes",
                "tres",
                "trop",
                "tu",
                "un",
                "une",
                "va",
                "vers",
                "voici",
            ],
            *["voila", "vos", "votre", "vous", "y"],
        }
    )
)
_VIDES = frozenset(MOTS_VIDES)


def simple(mot: str) -> str:
    """Return the word in lower case, without accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", mot.lower()) if not unicodedata.combining(c))


def mots_a_comparer(*textes: str) -> str:
    """Return the text whose trigrams are compared: the significant words.

    Each text is cut at COMPARES_MAX characters, so that the next ones count too.
    """
    nus = (simple(mot) for texte in textes for mot in re.findall(r"\w+", texte[:COMPARES_MAX]))
    return " ".join(nu for nu in nus if nu not in _VIDES)


def racine(mot: str) -> str:
    """Return the root common to « lampadaire » and « lampadaires ».

    It is approximate: the words are shown, and an agent judges.
    """
    court = mot[:-1] if len(mot) > 4 and mot[-1] in "sx" else mot
    return court[:LONGUEUR_RACINE]


def mots_lus(texte: str) -> Iterator[tuple[str, str]]:
    """Yield (word as written, root) for each significant word."""
    for mot in re.findall(r"[^\W_]+", texte):
        nu = simple(mot)
        if nu not in _VIDES and (len(nu) > 1 or nu.isdigit()):
            yield mot, racine(nu)


def racines(texte: str) -> list[str]:
    return [trouvee for _, trouvee in mots_lus(texte)]


def mots_communs(texte: str, autre: str) -> list[str]:
    """Return the words of `texte` that `autre` has too, as written in `texte`, in lower case, each once."""
    return mots_de_racines(texte, set(racines(autre)))


def mots_de_racines(texte: str, cherchees: Iterable[str], limite: int = 8) -> list[str]:
    """Return the words of `texte` that have these roots, in the order of the text, in lower case."""
    restent, trouves = set(cherchees), []
    for mot, trouvee in mots_lus(texte):
        if trouvee in restent:
            restent.discard(trouvee)
            trouves.append(mot.lower())
    return trouves[:limite]
