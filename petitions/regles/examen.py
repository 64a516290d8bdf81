"""What a pétition lacks before its deposit, and before the comité's decision: answers in, sentences out."""

from collections.abc import Iterable

from participation.socle.francais import accorder

REMPLI, NON_REMPLI = "rempli", "non_rempli"


def manques_de_la_grille(acte: str, grille: Iterable[tuple[str, str, str]]) -> list[str]:
    """Why the grid does not allow this decision. `grille`: (criterion, appréciation, its word); both empty: not examined."""
    if acte == "declarer_recevable":
        return [
            f"Le critère « {critere} » est noté « {mot} »."
            if appreciation
            else f"Le critère « {critere} » n’est pas examiné."
            for critere, appreciation, mot in grille
            if appreciation != REMPLI
        ]
    if acte == "declarer_irrecevable" and all(appreciation != NON_REMPLI for _, appreciation, _ in grille):
        return ["Aucun critère n’est noté « non rempli » dans la grille d’examen."]
    return []


def manques_de_copetitionnaires(confirmes: int, requis: int) -> list[tuple[str, str]]:
    reste = requis - confirmes
    phrase = f"Il manque {accorder(reste, 'co-pétitionnaire confirmé')} sur {requis}."
    return [("copetitionnaires", phrase)] if reste > 0 else []
