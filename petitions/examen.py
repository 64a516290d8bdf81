"""What a pétition lacks before its deposit and before the decision of the comité, in sentences."""

from collections.abc import Iterable
from datetime import datetime

from participation.socle.francais import accorder

REMPLI, NON_REMPLI = "rempli", "non_rempli"


SEUIL_A_DECIDER = "Un seuil attend votre décision : confirmez-le, ou ne le retenez pas, avant de clore."


DEPASSEE = "depassee"  # the author has changed the text since the examination


def grille_du_jour(
    derniers: Iterable[tuple[str, tuple[str, str, datetime] | None]], change_le: datetime | None
) -> list[tuple[str, str, str]]:
    """Return (criterion, appréciation, label) for each criterion.

    `derniers`: each criterion with its last examination (appréciation, label, instant), or None. `change_le`:
    when the text last changed; an older examination gets the appréciation DEPASSEE.
    """
    grille = []
    for critere, dit in derniers:
        appreciation, mot, le = dit or ("", "", None)
        est_depassee = le is not None and change_le is not None and le < change_le
        grille.append((critere, DEPASSEE if est_depassee else appreciation, mot))
    return grille


def manques_de_la_grille(acte: str, grille: Iterable[tuple[str, str, str]]) -> list[str]:
    """Return the sentences that say why the grid does not allow this decision.

    `grille`: (criterion, appréciation or DEPASSEE, label); the last two are empty when the criterion is not
    examined.
    """
    if acte == "declarer_recevable":
        return [
            _ce_qui_empeche(critere, appreciation, mot)
            for critere, appreciation, mot in grille
            if appreciation != REMPLI
        ]
    if acte == "declarer_irrecevable" and all(appreciation != NON_REMPLI for _, appreciation, _ in grille):
        return ["Aucun critère n’est noté « non rempli » dans la grille d’examen."]
    return []


def _ce_qui_empeche(critere: str, appreciation: str, mot: str) -> str:
    if appreciation == DEPASSEE:
        return (
            f"Le texte a changé depuis l’examen du critère « {critere} » : enregistrez de nouveau la grille."
        )
    if appreciation:
        return f"Le critère « {critere} » est noté « {mot} »."
    return f"Le critère « {critere} » n’est pas examiné."


def suites_a_realiser(combien: int) -> str:
    if combien == 1:
        return "Une suite est encore à réaliser : dites ce qu’elle est devenue avant de clore."
    return f"{combien} suites sont encore à réaliser : dites ce qu’elles sont devenues avant de clore."


def manques_de_copetitionnaires(confirmes: int, requis: int) -> list[tuple[str, str]]:
    reste = requis - confirmes
    phrase = f"Il manque {accorder(reste, 'co-pétitionnaire confirmé')} sur {requis}."
    return [("copetitionnaires", phrase)] if reste > 0 else []
