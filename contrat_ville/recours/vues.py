"""Pages of the acts on a recours, and of the reopening of a projet."""

from typing import Any

from django.shortcuts import get_object_or_404

from contrat_ville.models import Projet, Recours
from contrat_ville.porteurs.vues import c_est_dit, et_l_equipe, lettre_vers
from contrat_ville.recours import actes
from contrat_ville.recours.lettres import contexte_du_recours
from contrat_ville.trouver import projet_du_bureau
from participation.socle.collectivite import ici_plus_tard
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import ReglageService
from participation.socle.views.pages import Lettre, Page

AVANT_DE_ROUVRIR = ici_plus_tard(
    "Une décision favorable crée des droits : elle ne se retire, si elle est illégale, que dans les quatre mois qui la suivent ({loi_retrait}). Demandez l’avis du service juridique avant de rouvrir. Les montants accordés sont annulés."
)


def dire_la_reouverture(projet: Projet) -> str:
    if projet.notifie_le is None:
        return f"{AVANT_DE_ROUVRIR} L’équipe ne savait rien de la décision : rien ne lui est écrit."
    return et_l_equipe("rouvrir", "L’équipe reçoit la raison par courriel.", AVANT_DE_ROUVRIR)(projet)


def dire_rouvert(projet: Projet, moyen: str) -> str:
    return c_est_dit("rouvrir", "Le projet est rouvert")(projet, moyen) if moyen else "Le projet est rouvert."


def accuse_du_recours(projet: Projet, reponses: dict[str, Any]) -> Lettre:
    return lettre_vers(projet, "recevoir_recours", **contexte_du_recours(Recours(projet=projet, **reponses)))


def recours_du_bureau(request: RequeteConnectee, pk: int) -> Recours:
    recours = get_object_or_404(Recours, pk=pk)
    # The projet as a `Projet`, which has the table of these acts.
    recours.projet = projet_du_bureau(request, recours.projet_id)
    return recours


def lettre_du_recours(recours: Recours, reponses: dict[str, Any]) -> Lettre:
    lu = {"recu_le": recours.recu_le, **reponses}
    return lettre_vers(recours.projet, "repondre_recours", recours=lu, service=ReglageService.actuel())


def dire_la_reponse(recours: Recours, moyen: str) -> str:
    fait = f"Le recours a sa réponse ({recours.get_issue_display()})"
    return c_est_dit("repondre_recours", fait)(recours.projet, moyen)


DES_RECOURS: dict[str, Page[Recours]] = {
    "repondre_recours": Page(
        actes.repondre_recours,
        actes.RepondreRecoursForm,
        lambda recours: et_l_equipe(
            "repondre_recours",
            "L’équipe du projet reçoit la réponse et sa raison par courriel.",
            "Demandez l’avis du service juridique avant de répondre.",
        )(recours.projet),
        gabarit="contrat_ville/comites/recours.html",
        apercu=lettre_du_recours,
        retour="#decision",
        succes=dire_la_reponse,
    )
}
