"""Columns of a file from Dauphin: the fields they may hold, and the names by which they are recognised.

The State does not publish the format of its exports: each column is guessed, shown, corrected by an agent,
and remembered.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from contrat_ville.regles.nomenclature import POSTES
from participation.socle.regles import tableaux

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
