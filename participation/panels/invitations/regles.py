"""A row of a table of addresses: what the envelope says, or why it cannot be posted."""

from collections.abc import Mapping

# What is read → the headings that say it, the first one being asked for by name.
COLONNES: dict[str, tuple[str, ...]] = {
    "adresse": ("adresse", "adresse postale", "adresse complete", "voie", "rue", "adresse 1"),
    "nom": ("nom", "nom complet", "destinataire", "nom et prénom"),
    "prenom": ("prénom",),
    "complement": ("complément", "complément d’adresse", "bâtiment", "adresse 2"),
    "code_postal": ("code postal", "cp"),
    "commune": ("commune", "ville"),
    "strate": ("strate", "secteur", "quartier"),
}
LIGNES_MAX = 400


def lire_ligne(valeurs: Mapping[str, str]) -> tuple[str, str]:
    """Return (address without the person, lines of the envelope). Raises ValueError, a sentence."""
    rue = valeurs.get("adresse", "")
    if not rue:
        raise ValueError("pas d’adresse")
    code, commune = valeurs.get("code_postal", ""), valeurs.get("commune", "")
    if code and not (code.isascii() and code.isdigit() and len(code) == 5):
        raise ValueError("le code postal n’a pas cinq chiffres")
    ville = " ".join(filter(None, (code, commune)))
    lieu = [ligne for ligne in (valeurs.get("complement", ""), rue, ville) if ligne]
    qui = " ".join(filter(None, (valeurs.get("prenom", ""), valeurs.get("nom", ""))))
    lignes = "\n".join([*([qui] if qui else []), *lieu])
    if len(lignes) > LIGNES_MAX:
        raise ValueError("l’adresse est trop longue")
    return " ".join(filter(None, (rue, ville))), lignes
