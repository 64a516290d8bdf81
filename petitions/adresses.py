"""When two addresses, or two names, are the same person: pure functions, no database."""

import re
import unicodedata

# Hosts that ignore dots in the local part, and hosts that deliver « name+tag » to « name ».
SANS_POINTS = frozenset({"gmail.com"})
AVEC_ETIQUETTE = frozenset(
    {
        "gmail.com",
        "outlook.com",
        "outlook.fr",
        "hotmail.com",
        "hotmail.fr",
        "live.fr",
        "live.com",
        "icloud.com",
        "me.com",
        "proton.me",
        "protonmail.com",
        "pm.me",
        "fastmail.com",
        "mailo.com",
        "free.fr",
    }
)
MEMES_DOMAINES = {"googlemail.com": "gmail.com", "protonmail.com": "proton.me", "pm.me": "proton.me"}


def canoniser(courriel: str) -> str:
    """The address under which one mailbox is known: `Alma.Roux+velo@Gmail.com` is `almaroux@gmail.com`."""
    local, _, domaine = unicodedata.normalize("NFKC", courriel).strip().lower().rpartition("@")
    domaine = MEMES_DOMAINES.get(domaine, domaine)
    if domaine in AVEC_ETIQUETTE:
        local = local.partition("+")[0] or local
    if domaine in SANS_POINTS:
        local = local.replace(".", "") or local
    return f"{local}@{domaine}"


def nom_canonique(prenom: str, nom: str) -> str:
    """First and last name without accent, case or punctuation: two ways to write one name are equal."""
    decompose = unicodedata.normalize("NFKD", f"{prenom} {nom}")
    lettres = "".join(c for c in decompose if not unicodedata.combining(c)).casefold()
    return " ".join(re.findall(r"\w+", lettres))[:160]
