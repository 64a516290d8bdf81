"""The mailbox behind an address of mail, however it is written. Pure: no database, no request."""

import unicodedata

# Providers that ignore dots in the local part; names under which one provider gives the same mailbox.
SANS_POINT = frozenset({"gmail.com", "proton.me"})
MEME_BOITE = {
    "googlemail.com": "gmail.com",
    "protonmail.com": "proton.me",
    "protonmail.ch": "proton.me",
    "pm.me": "proton.me",
    "me.com": "icloud.com",
    "mac.com": "icloud.com",
    "ya.ru": "yandex.ru",
}


def canoniser(courriel: str) -> str:
    """The mailbox behind an address: case, +tag, and the dots and aliases that its provider ignores."""
    boite, _, hote = unicodedata.normalize("NFKC", courriel).strip().lower().rpartition("@")
    try:
        hote = hote.rstrip(".").encode("idna").decode()
    except UnicodeError:
        hote = hote.rstrip(".")
    hote = MEME_BOITE.get(hote, hote)
    # Quotes and backslashes of RFC 5322 name the same mailbox.
    boite = boite.replace('"', "").replace("\\", "") or boite
    boite = boite.partition("+")[0] or boite
    if hote in SANS_POINT:
        boite = boite.replace(".", "") or boite
    return f"{boite}@{hote}"[:254]
