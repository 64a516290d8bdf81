"""Statuses of Dauphin and the état they give here.

An unknown status is kept as text; its dossier counts as filed.
"""

from collections.abc import Mapping

from contrat_ville.workflow.etats import Etat
from participation.socle.regles.tableaux import simplifier

# Not filed yet: the dossier will come with a later file.
NON_DEPOSES = frozenset({"en cours de saisie", "en attente d attestation"})
ETATS: Mapping[str, Etat] = {
    "transmise": Etat.DEPOSE,
    "en attente d instruction": Etat.DEPOSE,
    "prise en charge": Etat.DEPOSE,
    "recevable": Etat.INSTRUCTION,
    "non recevable": Etat.IRRECEVABLE,
    "rejetee": Etat.REFUSE,
    "votee": Etat.RETENU,
    "a ete verse": Etat.EN_COURS,
    "a justifier": Etat.BILAN_ATTENDU,
    "justification en cours": Etat.BILAN_ATTENDU,
    "justification a modifier": Etat.BILAN_ATTENDU,
    "justifiee": Etat.EVALUE,
    "cloturee": Etat.CLOS,
}


def etat_de(statut: str) -> Etat:
    return ETATS.get(simplifier(statut), Etat.DEPOSE)


def est_connu(statut: str) -> bool:
    mot = simplifier(statut)
    return not mot or mot in ETATS or mot in NON_DEPOSES


def est_depose(statut: str) -> bool:
    return simplifier(statut) not in NON_DEPOSES
