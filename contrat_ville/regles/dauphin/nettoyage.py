"""Parses the cells of a file from Dauphin: corrects them when that is safe, else leaves a remark."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from stdnum.fr import siret as siret_francais

from contrat_ville.regles.budget import MontantInvalide, montant_de
from contrat_ville.regles.nomenclature import DEPENSE, POSTES, RECETTE, Sens
from participation.socle.francais import minuscule
from participation.socle.regles.tableaux import jour_de, simplifier

CODE = re.compile(r"(DA)?(\d{1,8})(-\d*)?")
CHIFFRES_DU_CODE = 8
SIRET, SIREN = 14, 9
# « 7,78E+13 » has lost digits: the SIRET cannot be rebuilt.
EXPOSANT = re.compile(r"\A\d+([.,]\d+)?[eE]\+?\d+")
EXERCICES = range(2015, 2101)
PLURIANNUELLE = {"pluriannuelle", "pluriannuel", "plusieurs annees", "oui", "triennal", "triennale"}
RENOUVELLEMENT = {"renouvellement", "reconduction", "oui", "suite", "renouvele"}
ENTRE_DEUX_JOURS = re.compile(r"(?<!\s)(?:\s+(?:-|–|au|à|/)\s+|\s*/\s*(?=\d{4}-\d{2}-\d{2}))")


class CelluleIllisible(ValueError):
    """The row cannot be imported. The message is shown."""


def code_de(texte: str) -> tuple[str, str]:
    """Return (reference of the action, remark). Raises CelluleIllisible.

    « 00012345-1 » keeps its zeros; « DA » and a final « - » are removed, so that an action has one reference.
    """
    nu = texte.replace(" ", "").replace("\u00a0", "").upper().removesuffix(".0")
    trouve = CODE.fullmatch(nu)
    if trouve is None:
        raise CelluleIllisible(
            f"La référence « {texte[:40]} » n’est pas celle d’une action : huit chiffres, par exemple 00012345-1."
        )
    chiffres = trouve[2].zfill(CHIFFRES_DU_CODE)
    suite = "" if trouve[3] in (None, "-") else trouve[3]
    remarque = (
        f"Référence « {texte[:40]} » complétée par des zéros : {chiffres}{suite}."
        if len(trouve[2]) < CHIFFRES_DU_CODE
        else ""
    )
    return chiffres + suite, remarque


def dossier_de(code: str) -> str:
    """Return the dossier reference, shared by several actions."""
    return code.partition("-")[0]


def exercice_de(texte: str, par_defaut: int | None) -> int:
    """Return the year. Raises CelluleIllisible."""
    if not texte.strip():
        if par_defaut is None:
            raise CelluleIllisible("L’exercice n’est pas dit.")
        return par_defaut
    if (trouve := re.search(r"(?<!\d)(\d{4})(?!\d)", texte)) and int(trouve[1]) in EXERCICES:
        return int(trouve[1])
    raise CelluleIllisible(f"L’exercice « {texte[:20]} » n’est pas une année.")


def siret_de(texte: str) -> tuple[str, str]:
    """Return (SIRET or "", remark). Without a valid SIRET, the porteur is recognised by name."""
    nu = re.sub(r"[^\dA-Za-z,.+]", "", texte).removesuffix(".0")
    if not nu:
        return "", ""
    if EXPOSANT.fullmatch(nu):
        return (
            "",
            f"SIRET perdu par un tableur : « {texte[:20]} ». Dans le fichier, mettez la colonne en texte.",
        )
    chiffres = re.sub(r"\D", "", nu)
    remarque = ""
    # Spreadsheets drop leading zeros: add them back only if the check digit is then right.
    if SIREN < len(chiffres) < SIRET and siret_francais.is_valid(chiffres.zfill(SIRET)):
        remarque = f"SIRET « {chiffres} » complété par ses zéros : {chiffres.zfill(SIRET)}."
        chiffres = chiffres.zfill(SIRET)
    if len(chiffres) == SIREN:
        return "", f"SIREN {chiffres} sans le numéro d’établissement : le SIRET a quatorze chiffres."
    if len(chiffres) != SIRET:
        return "", f"SIRET incomplet : « {texte[:20]} »."
    if not siret_francais.is_valid(chiffres):
        return "", f"SIRET faux : « {chiffres} » (la clé ne correspond pas)."
    return chiffres, remarque


def rna_de(texte: str) -> tuple[str, str]:
    nu = texte.replace(" ", "").upper()
    if not nu or re.fullmatch(r"W\d{9}", nu):
        return nu, ""
    return "", f"Numéro RNA « {texte[:20]} » : il s’écrit W suivi de neuf chiffres."


def jours_de(valeurs: Mapping[str, str]) -> tuple[date | None, date | None, list[str]]:
    """Return (first day, last day, remarks).

    If both are missing, use the days sometimes written in `periode`.
    """
    textes = [valeurs.get("date_debut", ""), valeurs.get("date_fin", "")]
    periode = ENTRE_DEUX_JOURS.split(valeurs.get("periode", "").strip())
    if not any(textes) and len(periode) == 2 and any(c.isdigit() for c in periode[0]):
        textes = periode
    jours: list[date | None] = []
    remarques: list[str] = []
    for texte in textes:
        try:
            jours.append(jour_de(texte.strip()))
        except ValueError:
            jours.append(None)
            remarques.append(f"Date illisible, laissée vide : « {texte[:20]} ».")
    debut, fin = jours
    if debut and fin and fin < debut:
        return debut, None, [*remarques, "La fin précède le début : la fin est laissée vide."]
    return debut, fin, remarques


def est_pluriannuel(periode: str) -> bool:
    return simplifier(periode) in PLURIANNUELLE


def est_renouvellement(frequence: str) -> bool:
    return simplifier(frequence) in RENOUVELLEMENT


def somme_de(texte: str, quoi: str) -> Decimal | None:
    """Return the sum; None when empty. Raises CelluleIllisible, whose message starts with `quoi`."""
    if not texte.strip():
        return None
    try:
        return montant_de(texte)
    except MontantInvalide as erreur:
        raise CelluleIllisible(f"{quoi} « {texte.strip()[:30]} » : {minuscule(erreur)}") from erreur


def entier_de(texte: str) -> int | None:
    """Return the number of people; None for texts such as « environ 120 » or « 30 à 40 »."""
    nu = re.sub(r"[\s\u00a0\u202f]", "", texte).removesuffix(".0")
    return int(nu) if re.fullmatch(r"[0-9]{1,7}", nu) and int(nu) <= 1_000_000 else None


_PAR_LIBELLE: dict[tuple[str, Sens], str] = {}
for _code, _poste in POSTES.items():
    for _mots in (_poste.libelle, _poste.libelle_dauphin, _poste.intitule):
        # Sub-accounts come after their head account: the most precise wins.
        _PAR_LIBELLE[simplifier(_mots), _poste.sens] = _code


def sens_de(texte: str) -> Sens | None:
    mot = simplifier(texte)
    if mot.startswith(("depense", "charge", "emploi")):
        return DEPENSE
    return RECETTE if mot.startswith(("recette", "produit", "ressource")) else None


def poste_de(texte: str, sens: Sens | None) -> str | None:
    """Return the account found by its code, its label or its first three or two digits; None if unknown."""
    propre = texte.strip()
    codes = {code.lower(): code for code in POSTES}
    premier = re.split(r"[\s.:–-]", propre, maxsplit=1)[0].lower()
    for essai in (propre.lower(), premier):
        if essai in codes:
            return codes[essai]
    mots = simplifier(propre)
    for cote in (sens,) if sens else (DEPENSE, RECETTE):
        if code := _PAR_LIBELLE.get((mots, cote)):
            return code
    if re.fullmatch(r"[0-9]{1,9}", premier):
        return next((premier[:n] for n in (3, 2) if premier[:n] in POSTES), None)
    return None
