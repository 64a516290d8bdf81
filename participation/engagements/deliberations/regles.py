"""The SCDL schema « délibérations » 2.1.4: its 17 columns, a row read or refused with its reason, the way back."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from participation.socle.regles.tableaux import jour_venu, simplifier

# Column of the schema → field of `Deliberation`.
COLONNES: Mapping[str, str] = {
    "COLL_NOM": "collectivite",
    "COLL_SIRET": "siret",
    "DELIB_ID": "numero",
    "DELIB_DATE": "date",
    "DELIB_MATIERE_CODE": "matiere_code",
    "DELIB_MATIERE_NOM": "matiere",
    "DELIB_OBJET": "objet",
    "BUDGET_ANNEE": "budget_annee",
    "BUDGET_NOM": "budget_nom",
    "PREF_ID": "prefecture_numero",
    "PREF_DATE": "prefecture_date",
    "VOTE_EFFECTIF": "vote_effectif",
    "VOTE_REEL": "vote_reel",
    "VOTE_POUR": "vote_pour",
    "VOTE_CONTRE": "vote_contre",
    "VOTE_ABSTENTION": "vote_abstention",
    "DELIB_URL": "adresse",
}
OBLIGATOIRES = ("DELIB_ID", "DELIB_DATE", "DELIB_OBJET")
LONGUEURS = {
    "collectivite": 200, "siret": 14, "numero": 120, "matiere_code": 20, "matiere": 200, "objet": 8000,
    "budget_annee": 10, "budget_nom": 200, "prefecture_numero": 120, "adresse": 400,
}  # fmt: skip


def rangs_de(entetes: Sequence[str]) -> dict[str, int]:
    """Return field → rank of its column. The case of the columns does not matter."""
    connues = {simplifier(colonne): champ for colonne, champ in COLONNES.items()}
    return {
        connues[simplifier(entete)]: rang
        for rang, entete in enumerate(entetes)
        if simplifier(entete) in connues
    }


def colonnes_absentes(rangs: Mapping[str, int]) -> list[str]:
    return [colonne for colonne in OBLIGATOIRES if COLONNES[colonne] not in rangs]


def lire_ligne(ligne: Sequence[str], rangs: Mapping[str, int], aujourdhui: date) -> dict[str, Any]:
    """Return the fields of a row. Raises ValueError, a sentence."""
    dits: dict[str, Any] = {}
    for champ, rang in rangs.items():
        texte = ligne[rang].strip() if rang < len(ligne) else ""
        if champ in {"date", "prefecture_date"}:
            dits[champ] = jour_venu(texte, aujourdhui)
        elif champ.startswith("vote_"):
            dits[champ] = _nombre(texte)
        elif len(texte) > LONGUEURS[champ]:
            raise ValueError(f"« {texte[:40]}… » a plus de {LONGUEURS[champ]} caractères.")
        else:
            dits[champ] = texte
    if not dits["numero"]:
        raise ValueError("il manque le numéro de la délibération.")
    if dits["date"] is None:
        raise ValueError("il manque sa date.")
    if not dits["objet"]:
        raise ValueError("il manque son objet.")
    if dits.get("adresse") and not dits["adresse"].startswith(("https://", "http://")):
        raise ValueError(f"« {dits['adresse'][:60]} » n’est pas une adresse.")
    return dits


def _nombre(texte: str) -> int | None:
    if not texte:
        return None
    if not texte.isdecimal() or len(texte) > 6:
        raise ValueError(f"« {texte[:40]} » n’est pas un nombre de voix.")
    return int(texte)
