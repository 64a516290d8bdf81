"""Columns of a file from Dauphin, and the cleaning of its cells."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from stdnum.fr import siret as siret_francais

from contrat_ville.regles import DEPENSE, POSTES, RECETTE, Sens
from participation.socle.francais import minuscule
from participation.socle.regles import tableaux
from participation.socle.regles.montants import MontantInvalide, montant_de
from participation.socle.regles.tableaux import jour_de, simplifier

DU_PROJET, DU_PORTEUR, DE_LA_LIGNE = "Le dossier", "Le porteur", "Le budget et les financeurs"


# A column can be an account, « poste:604 »: each of its amounts is a line of the budget.
PREFIXE_POSTE = "poste:"


@dataclass(frozen=True, slots=True)
class Champ:
    """A field. `libelle` is also the column name in our own export, so that it can be imported again."""

    libelle: str
    groupe: str
    synonymes: tuple[str, ...] = ()
    aide: str = ""


CHAMPS: Mapping[str, Champ] = {
    "code": Champ(
        "Référence administrative",
        DU_PROJET,
        ("referenceAdministrative", "code action", "code de l’action", "numéro d’action", "n° action", "numéro Dauphin"),
        "Huit chiffres, puis le numéro de l’action : 00012345-1. Avec l’année, c’est ce qui reconnaît un dossier.",
    ),
    "reference": Champ("Référence du dossier", DU_PROJET, ("reference", "code dossier", "codeDossier", "n° dossier", "numéro de dossier")),
    "exercice": Champ("Exercice", DU_PROJET, ("exerciceBudgetaire", "exercice budgétaire", "année", "millésime")),
    "statut": Champ("Statut", DU_PROJET, ("statut du dossier", "état", "statut de la demande", "status")),
    "date_demande": Champ("Date de la demande", DU_PROJET, ("dateDemande", "date de dépôt", "déposé le")),
    "intitule": Champ("Intitulé", DU_PROJET, ("intituleProjet", "intitulé du projet", "intitulé de l’action", "titre", "nom du projet", "action")),
    "objet": Champ("Objet", DU_PROJET, ("objet de la demande", "résumé")),
    "description": Champ("Description", DU_PROJET, ("description du projet", "description de l’action", "contenu")),
    "objectifs": Champ("Objectifs", DU_PROJET, ("objectifs du projet", "objectif")),
    "publics": Champ("Publics", DU_PROJET, ("publics visés", "bénéficiaires", "public bénéficiaire")),
    "nombre_beneficiaires": Champ("Nombre de bénéficiaires", DU_PROJET, ("nb bénéficiaires", "nombre de personnes")),
    "thematique": Champ("Thématique", DU_PROJET, ("thème", "axe", "pilier", "thématiques")),
    "quartiers": Champ("Quartiers", DU_PROJET, ("localisations", "localisation", "qpv", "quartier", "territoires", "quartier prioritaire")),
    "nature": Champ("Nature de la demande", DU_PROJET, ("nature",)),
    "periode": Champ("Période", DU_PROJET, ("periode", "annuel ou pluriannuel")),
    "frequence": Champ("Fréquence", DU_PROJET, ("frequence", "renouvellement", "première demande")),
    "date_debut": Champ("Date de début", DU_PROJET, ("periodeRealisation.dateDebut", "dateDebut", "début", "début de réalisation")),
    "date_fin": Champ("Date de fin", DU_PROJET, ("periodeRealisation.dateFin", "dateFin", "fin", "fin de réalisation")),
    "moyens_humains": Champ("Moyens humains", DU_PROJET, ("moyensHumains", "moyensHumains.description")),
    "porteur": Champ("Porteur", DU_PORTEUR, ("raison sociale", "raisonSociale", "demandeur", "structure", "nom du porteur", "organisme", "association", "bénéficiaire")),
    "sigle": Champ("Sigle", DU_PORTEUR, ("sigle du porteur",)),
    "siret": Champ("SIRET", DU_PORTEUR, ("n° siret", "numéro siret", "siret du porteur", "siret siren", "identifiant siret")),
    "rna": Champ("RNA", DU_PORTEUR, ("n° rna", "numéro rna", "waldec")),
    "famille": Champ("Famille juridique", DU_PORTEUR, ("famille", "forme juridique", "type de porteur", "statut juridique")),
    "adresse": Champ("Adresse", DU_PORTEUR, ("adresse du porteur", "voie", "rue")),
    "code_postal": Champ("Code postal", DU_PORTEUR, ("cp", "codePostal")),
    "ville": Champ("Ville", DU_PORTEUR, ("commune", "commune du porteur", "localité")),
    "courriel": Champ("Courriel", DU_PORTEUR, ("email", "e-mail", "mail", "adresse électronique", "courriel du porteur")),
    "telephone": Champ("Téléphone", DU_PORTEUR, ("tel", "tél", "téléphone du porteur")),
    "representant": Champ("Représentant", DU_PORTEUR, ("représentant légal", "représentants", "nom du représentant")),
    "sens": Champ("Sens", DE_LA_LIGNE, ("dépense ou recette", "type de ligne", "charge ou produit"), "« dépense » ou « recette » ; le compte le dit d’ordinaire."),
    "poste": Champ("Poste", DE_LA_LIGNE, ("compte", "code poste", "poste budgétaire", "sous-poste", "nature de la dépense", "code du poste")),
    "libelle_ligne": Champ("Libellé de la ligne", DE_LA_LIGNE, ("libellé", "libellé du poste", "détail", "commentaire de la ligne")),
    "montant": Champ("Montant", DE_LA_LIGNE, ("montant de la ligne", "montant prévu", "montant prévisionnel", "somme")),
    "rang": Champ("Rang de la ligne", DE_LA_LIGNE, ("rang", "n° de ligne", "ordre")),
    "financeur": Champ("Financeur", DE_LA_LIGNE, ("financeur.title", "nom du financeur", "organisme financeur")),
    "type_financeur": Champ("Type de financeur", DE_LA_LIGNE, ("typeFinanceur",)),
    "statut_financeur": Champ("Statut chez le financeur", DE_LA_LIGNE, ("statut de la ligne", "statut financeur", "statut du financement")),
    "demande": Champ("Montant demandé", DE_LA_LIGNE, ("montantDemande", "montant sollicité", "subvention demandée")),
    "propose": Champ("Montant proposé", DE_LA_LIGNE, ("montantPropose", "avisRecevabilite.montantPropose")),
    "accorde": Champ("Montant voté", DE_LA_LIGNE, ("montantVote", "montant accordé", "montant attribué", "subvention accordée")),
    "date_decision": Champ("Date de décision", DE_LA_LIGNE, ("dateDecision", "date du vote")),
    "verse": Champ("Montant versé", DE_LA_LIGNE, ("montantVerse", "montant payé", "paiement", "versement")),
    "ej": Champ("Engagement juridique", DE_LA_LIGNE, ("ej", "n° ej", "numéro ej", "numéro d’engagement juridique")),
}  # fmt: skip
SYNONYMES = {nom: (nom, champ.libelle, *champ.synonymes) for nom, champ in CHAMPS.items()}
LIGNE = frozenset(nom for nom, champ in CHAMPS.items() if champ.groupe == DE_LA_LIGNE)


def deviner(entetes: Sequence[str]) -> dict[str, str]:
    """Return {field: column}. A column that is an account is recognised by its code or its label."""
    relies = tableaux.deviner(entetes, SYNONYMES)
    libres = [entete for entete in entetes if entete not in relies.values()]
    return relies | {
        PREFIXE_POSTE + code: colonne
        for code, colonne in tableaux.deviner(libres, _noms_des_postes()).items()
    }


def _noms_des_postes() -> dict[str, tuple[str, ...]]:
    """Return the names of each account.

    The label alone is not enough for a sub-account: « Autres charges de gestion courante » is both 65 and
    65x.
    """
    noms: dict[str, tuple[str, ...]] = {}
    for code, poste in POSTES.items():
        mots = (code, poste.intitule, poste.libelle_dauphin, f"{code} {poste.libelle_dauphin}")
        noms[code] = (
            mots if poste.parent is None or re.fullmatch(r"[0-9]{1,9}", code) else (*mots[:1], *mots[3:])
        )
    return noms


def manques(relies: Mapping[str, str]) -> list[str]:
    """Return, in sentences, what must be corrected in the mapping before the file is read."""
    phrases = []
    if "code" not in relies and "reference" not in relies:
        phrases.append("Dites quelle colonne tient la référence administrative.")
    if len(set(relies.values())) < len(relies):
        doubles = sorted({c for c in relies.values() if list(relies.values()).count(c) > 1})
        phrases.append(f"Une colonne est choisie deux fois : {', '.join(doubles)}.")
    return phrases


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
