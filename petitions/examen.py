"""What a pétition lacks before its deposit and before the decision of the comité, in sentences."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from participation.socle.francais import accorder, majuscule
from petitions.workflow import Appreciation

REMPLI, NON_REMPLI = Appreciation.REMPLI, Appreciation.NON_REMPLI


SEUIL_A_DECIDER = "Un seuil attend votre décision : confirmez-le, ou ne le retenez pas, avant de clore."


DEPASSEE = "depassee"  # the author has changed the text since every opinion
PARTAGE = "partage"  # people do not say the same, and the comité has not decided
Avis = tuple[str, datetime]  # an appréciation, and when it was given


def etat_du_critere(avis: Iterable[Avis], comite: Avis | None, change_le: datetime | None) -> str:
    """Return what is held of a criterion: the opinion of the comité, else that of all who gave one, else PARTAGE.

    An opinion older than the text (`change_le`) counts no more; DEPASSEE when all are. "" without any.
    """
    dits = [*avis, *([comite] if comite else [])]
    if comite is not None and (change_le is None or comite[1] >= change_le):
        return comite[0]
    actuels = {appreciation for appreciation, le in dits if change_le is None or le >= change_le}
    if not actuels:
        return DEPASSEE if dits else ""
    return actuels.pop() if len(actuels) == 1 else PARTAGE


COULEURS = {
    Appreciation.REMPLI: "succes",
    Appreciation.A_REFORMULER: "attention",
    Appreciation.NON_REMPLI: "erreur",
    PARTAGE: "attention",
    DEPASSEE: "attention",
}
LIBELLES = {
    **{valeur: majuscule(libelle) for valeur, libelle in Appreciation.choices},
    PARTAGE: "Avis partagés",
    DEPASSEE: "À revoir : le texte a changé",
}


@dataclass(frozen=True, slots=True)
class AvisDit:
    """What somebody says of a criterion; `ancien`: said of a text that has changed since, it counts no more."""

    examen: Any  # an ExamenCritere
    ancien: bool
    est_deporte: bool


@dataclass(frozen=True, slots=True)
class LigneExamen:
    """A criterion, what is held of it, what each person says, and what the comité says."""

    critere: Any
    etat: str
    avis: Sequence[AvisDit]
    comite: Any  # an AvisDuComite, or None
    comite_ancien: bool

    def raisons(self, appreciation: str) -> list[str]:
        """Return the reasons of this appréciation: the comité's if it has spoken, else those of its members."""
        if self.comite is not None and not self.comite_ancien:
            return [self.comite.motif] if self.comite.appreciation == appreciation else []
        return [
            dit.examen.motif
            for dit in self.avis
            if dit.examen.appreciation == appreciation and not dit.ancien and not dit.est_deporte
        ]

    @property
    def couleur(self) -> str:
        return COULEURS.get(self.etat, "neutre")

    @property
    def libelle(self) -> str:
        return LIBELLES.get(self.etat, "À examiner")


def manques_de_la_grille(acte: str, grille: Iterable[tuple[str, str, str]]) -> list[str]:
    """Return the sentences that say why the grid does not allow this decision, and what would.

    `grille`: (criterion, its état as `etat_du_critere` says it, the word for it).
    """
    lues = list(grille)
    if acte == "declarer_recevable":
        return [_ce_qui_empeche(critere, etat, mot) for critere, etat, mot in lues if etat != REMPLI]
    if acte == "declarer_irrecevable" and all(etat != NON_REMPLI for _, etat, _ in lues):
        partages = [critere for critere, etat, _ in lues if etat == PARTAGE]
        if partages:
            return [_partage(critere) for critere in partages]
        return ["Aucun critère n’est noté « non rempli » dans la grille d’examen."]
    return []


def _ce_qui_empeche(critere: str, etat: str, mot: str) -> str:
    if etat == PARTAGE:
        return _partage(critere)
    if etat == DEPASSEE:
        return (
            f"Le texte a changé depuis l’examen du critère « {critere} » : enregistrez de nouveau la grille."
        )
    if etat:
        return f"Le critère « {critere} » est noté « {mot} »."
    return f"Le critère « {critere} » n’est pas examiné."


def _partage(critere: str) -> str:
    return f"Les avis diffèrent sur le critère « {critere} » : seul l’avis du comité les départage. Notez-le par « Arrêter l’avis du comité »."


def suites_a_realiser(combien: int) -> str:
    if combien == 1:
        return "Une suite est encore à réaliser : dites ce qu’elle est devenue avant de clore."
    return f"{combien} suites sont encore à réaliser : dites ce qu’elles sont devenues avant de clore."


def manques_de_copetitionnaires(confirmes: int, requis: int) -> list[tuple[str, str]]:
    reste = requis - confirmes
    phrase = f"Il manque {accorder(reste, 'co-pétitionnaire confirmé')} sur {requis}."
    return [("copetitionnaires", phrase)] if reste > 0 else []
