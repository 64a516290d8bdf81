"""Adoption of a scenario: decisions it makes, obstacles, warnings of the règlement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from contrat_ville.lectures.enveloppes import phrases_de_trop
from contrat_ville.lectures.scenarios import A_CHOISIR, lignes_de, parts_du_scenario, projets_du_scenario
from contrat_ville.models import ChoixScenario, Projet, Scenario
from contrat_ville.workflow.etats import Etat
from participation.socle.francais import accorder, enumerer, pluriel

C = ChoixScenario.Choix
CITES = 5  # most projets named in a sentence


@dataclass(frozen=True, slots=True)
class Decision:
    """An act on one projet, with its answers."""

    projet: Projet
    acte: str
    reponses: Mapping[str, Any]


def plan_de(scenario: Scenario, *, technique: bool = False, malgre: str = "") -> list[Decision]:
    """Return the decisions of a scenario, in the order of its list.

    A projet already put off is left out when the scenario puts it off again. `malgre`: the reason to override
    the warnings of the règlement.
    """
    projets = projets_du_scenario(scenario.programmation).filter(etat__in=sorted(A_CHOISIR))
    plan = []
    for ligne in lignes_de(scenario, projets):
        montants = {case.financement.financeur_id: case.montant for case in ligne.cases}
        match ligne.choix:
            case C.RETENU | C.SOUS_RESERVE if technique:
                plan.append(Decision(ligne.projet, "proposer", {"montants": montants, "motif": ligne.motif}))
            case C.RETENU:
                dits = {"motif": ligne.motif, "malgre": malgre}
                plan.append(Decision(ligne.projet, "retenir", {"montants": montants, **dits}))
            case C.SOUS_RESERVE:
                dits = {"reserve": ligne.motif, "malgre": malgre}
                plan.append(Decision(ligne.projet, "retenir_sous_reserve", {"montants": montants, **dits}))
            case C.REFUSE:
                acte = "proposer_refus" if technique else "refuser"
                plan.append(Decision(ligne.projet, acte, {"motif": ligne.motif}))
            case C.AJOURNE if ligne.projet.etat != Etat.AJOURNE:
                plan.append(Decision(ligne.projet, "ajourner", {"motif": ligne.motif}))
    return plan


def empechements_de(scenario: Scenario) -> list[str]:
    """Return, in sentences, why the scenario cannot be adopted.

    A choice, an opinion, an amount or a reason is missing, or an envelope is exceeded.
    """
    projets = projets_du_scenario(scenario.programmation).filter(etat__in=sorted(A_CHOISIR))
    lignes = lignes_de(scenario, projets)
    cas = [
        ("pas encore de décision", [li for li in lignes if not li.choix]),
        (
            "pas encore d’avis du comité technique",
            [li for li in lignes if li.choix and li.choix != C.AJOURNE and not li.projet.avis_technique],
        ),
        (
            "pas de montant accordé",
            [li for li in lignes if li.choix in {C.RETENU, C.SOUS_RESERVE} and not li.total],
        ),
        (
            "pas de raison écrite, ou de réserve",
            [
                li
                for li in lignes
                if li.choix in {C.SOUS_RESERVE, C.REFUSE, C.AJOURNE} and not li.motif.strip()
            ],
        ),
    ]
    phrases = [
        f"{_citer(siennes)} {pluriel(len(siennes), 'n’a,n’ont')} {mots}." for mots, siennes in cas if siennes
    ]
    parts = parts_du_scenario(scenario)
    noms = {f.financeur_id: f.financeur.court for li in lignes for f in (c.financement for c in li.cases)}
    siens = {li.projet.pk for li in lignes}
    trop = phrases_de_trop(scenario.programmation, [p for p in parts if p.projet in siens], noms)
    return phrases + trop


def _citer(lignes: Sequence[Any]) -> str:
    refs = [ligne.projet.nom_court for ligne in lignes[:CITES]]
    if len(lignes) > CITES:
        refs.append(f"{len(lignes) - CITES} autres")
    return f"{accorder(len(lignes), 'projet')} ({enumerer(refs)})" if len(lignes) > 1 else refs[0]


def reproches_de(scenario: Scenario) -> list[str]:
    """Warnings of the règlement about the scenario. They can be overridden with a reason."""
    projets = projets_du_scenario(scenario.programmation).filter(etat__in=sorted(A_CHOISIR))
    return [
        f"{ligne.projet.nom_court} : {phrase}"
        for ligne in lignes_de(scenario, projets)
        for phrase in ligne.phrases
    ]
