"""The queue of decisions that their teams do not know of yet: letters prepared and sent in lots, the oldest first."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponseBase
from django.utils import timezone

from contrat_ville.actions import notification
from contrat_ville.filters import ProjetFilter
from contrat_ville.models import Projet
from contrat_ville.workflow.comites import A_NOTIFIER
from participation.socle.calendrier import jours_entre
from participation.socle.erreurs import ErreurMetier
from participation.socle.francais import accorder
from participation.socle.http import RequeteConnectee, reserve_a
from participation.socle.models import Compte
from participation.socle.views.listes import Colonne, Liste, colonne_etat, colonne_titre, page_liste
from participation.socle.views.lots import ActeDeLot
from participation.socle.workflow import Role


@reserve_a(Role.AGENT)
def a_notifier(request: RequeteConnectee) -> HttpResponseBase:
    return page_liste(
        request,
        Liste(
            cle="contrat_ville:a_notifier",
            titre="Décisions à notifier",
            objets=Projet.objects.filter(etat__in=sorted(A_NOTIFIER), notifie_le__isnull=True)
            .select_related("porte_par", "agent")
            .prefetch_related("lettres"),
            filtres=ProjetFilter,
            colonnes=[
                colonne_titre("Projet"),
                colonne_etat("etat"),
                Colonne("porteur", "Porteur", lambda p: p.porte_par, tri="porte_par__nom"),
                Colonne("lettre", "Lettre", dire_la_lettre),
                Colonne("decide_le", "Décidé depuis", dire_l_age, tri="decide_le"),
            ],
            tri="decide_le",
            singulier="décision",
            pluriel="décisions",
            app="contrat_ville",
            chapeau="Décidées, et pas encore dites à l’équipe du projet. La plus ancienne d’abord.",
            vide="Chaque décision est notifiée.",
            lots=[
                _lot("preparer_lettre", "Préparer les lettres", notification.preparer_lettre, request.user),
                _lot("notifier", "Notifier", notification.notifier, request.user),
            ],
        ),
    )


def dire_la_lettre(projet: Projet) -> str:
    lettre = next((lettre for lettre in projet.lettres.all() if lettre.annulee_le is None), None)
    if lettre is None:
        return "à préparer"
    return "signée, à envoyer" if lettre.signee else "à signer"


def dire_l_age(projet: Projet) -> str:
    if projet.decide_le is None:
        return ""
    return accorder(jours_entre(projet.decide_le, timezone.now()), "jour")


def _lot(cle: str, libelle: str, acte: Callable[..., Any], compte: Compte) -> ActeDeLot:
    def agir(projets: Any, reponses: dict[str, Any]) -> tuple[int, list[tuple[Projet, str]]]:
        faits, refuses = 0, []
        for projet in projets:
            try:
                acte(projet, par=compte)
                faits += 1
            except ErreurMetier as refus:
                refuses.append((projet, refus.message))
        return faits, refuses

    return ActeDeLot(cle, libelle, agir)
