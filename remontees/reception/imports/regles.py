"""Rules of an imported table of posts: columns, row checks, keys. Bytes in, no database."""

import re
import uuid
from collections.abc import Mapping, Sequence
from datetime import date

from participation.socle.regles import tableaux
from participation.socle.regles.tableaux import jour_de
from remontees.reception.regles import VERBATIM_MAX

ESPACE_DES_CLES = uuid.UUID("0b8f1c57-6f3b-5b57-8a53-9a2f7f3a1e42")


# Fields of a row with their labels; below, the column names that are recognised for each.
CHAMPS: Mapping[str, str] = {
    "verbatim": "Texte du message",
    "source": "Adresse du message",
    "entendue_le": "Date",
    "titre": "Titre",
    "commune": "Commune",
    "lieu": "Lieu",
    "categorie": "Catégorie",
    "nom": "Nom ou pseudonyme",
}


SYNONYMES: Mapping[str, frozenset[str]] = {
    "verbatim": frozenset(
        [
            "verbatim",
            "texte",
            "message",
            "contenu",
            "text",
            "content",
            "commentaire",
            "comment",
            "post",
            "body",
            "description",
            "publication",
        ]
    ),
    "source": frozenset(
        ["source", "url", "lien", "link", "permalink", "permalien", "adresse", "adresse du message"]
    ),
    "entendue_le": frozenset(
        [
            "entendue le",
            "date",
            "jour",
            "created at",
            "created_at",
            "published",
            "date de publication",
            "timestamp",
        ]
    ),
    "titre": frozenset(["titre", "title", "objet", "sujet"]),
    "commune": frozenset(["commune", "ville", "city", "insee"]),
    "lieu": frozenset(["lieu", "rue", "place", "location", "endroit"]),
    "categorie": frozenset(["categorie", "category", "theme", "thematique"]),
    "nom": frozenset(["nom", "auteur", "author", "pseudo", "user", "username", "utilisateur", "name"]),
}


def deviner(entetes: Sequence[str]) -> dict[str, str]:
    """Return field → column; each column is used once. A field always knows the column of its own name."""
    connus = {champ: {*noms, CHAMPS[champ]} for champ, noms in SYNONYMES.items()}
    return tableaux.deviner(entetes, connus)


def reproche(valeurs: Mapping[str, str], jour: date) -> str:
    """Return why a row is refused, as a sentence; empty when it is valid."""
    texte = valeurs.get("verbatim", "")
    if not texte:
        return "Le texte du message est vide."
    if len(texte) > VERBATIM_MAX:
        return f"Le texte dépasse {VERBATIM_MAX} caractères."
    source = valeurs.get("source", "")
    if source and not re.fullmatch(r"https?://\S{3,490}", source):
        return f"L’adresse du message doit commencer par https:// : « {source[:80]} »."
    try:
        le = jour_de(valeurs.get("entendue_le", ""))
    except ValueError:
        return f"La date ne se lit pas : « {valeurs['entendue_le'][:40]} ». Écrivez-la 26/11/2026."
    if le is not None and le > jour:
        return f"La date est à venir : « {valeurs['entendue_le'][:40]} »."
    return ""


def cle_de(valeurs: Mapping[str, str]) -> uuid.UUID:
    """Return the key of a post: from its URL, or from all its values when it has none."""
    if source := valeurs.get("source"):
        return uuid.uuid5(ESPACE_DES_CLES, source)
    return uuid.uuid5(ESPACE_DES_CLES, "\x1f".join(f"{champ}={valeurs[champ]}" for champ in sorted(valeurs)))
