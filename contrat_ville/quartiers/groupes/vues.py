"""Focus groups: page of a group, pages of its acts, public synthesis."""

from itertools import groupby
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from contrat_ville.models import GroupeDiscussion, Parole, ParticipantGroupe
from contrat_ville.quartiers.groupes import actes
from contrat_ville.quartiers.vues import trouver_quartier
from participation.budgets.models import ReglementInterQuartiers
from participation.socle.francais import accorder_ou_taire
from participation.socle.http.decorateurs import ROLES_BUREAU, publique, reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.views.dossier import LIGNES_JOURNAL, boutons_de, ou_se_lit, page_dossier
from participation.socle.views.pages import Page, pages, pages_de
from participation.socle.views.trouver import par_numero_visible
from participation.suites.lectures import contexte_des_suites


def nouveau_groupe(request: RequeteConnectee, pk: int) -> GroupeDiscussion:
    # The form gives the other fields. The page needs a date to be shown.
    return GroupeDiscussion(suivi=trouver_quartier(request, pk), date=timezone.localdate())


trouver_groupe = par_numero_visible(
    GroupeDiscussion, "suivi__quartier__commune", "agent", "direction", "auteur"
)


def trouver_participant(request: RequeteConnectee, pk: int) -> ParticipantGroupe:
    participant = get_object_or_404(ParticipantGroupe, pk=pk)
    participant.groupe = trouver_groupe(request, participant.groupe_id)
    return participant


def trouver_parole(request: RequeteConnectee, pk: int) -> Parole:
    parole = get_object_or_404(Parole, pk=pk)
    parole.groupe = trouver_groupe(request, parole.groupe_id)
    return parole


@reserve_a(*ROLES_BUREAU)
@require_safe
def groupe(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Guide, participants, paroles by question, synthesis and suites."""
    trouve = trouver_groupe(request, pk)
    if not trouve.est_suivi_par(request.user):
        return ou_se_lit(trouve)
    participants = list(trouve.participants.all())
    for participant in participants:
        participant.groupe = trouve
    return page_dossier(
        request,
        trouve,
        "contrat_ville/quartiers/groupe.html",
        {
            "groupe": trouve,
            "participants": [(p, boutons_de(p, request.user)) for p in participants],
            "paroles": paroles_par_question(trouve, request),
            "actes": trouve.actes_permis_a(request.user),
            **({} if request.user.est_agent else {"journal": journal_du_referent(request, trouve)}),
            **contexte_des_suites(trouve, request.user),
        },
    )


def journal_du_referent(request: RequeteConnectee, groupe: GroupeDiscussion) -> Any:
    """Journal without the notes of the agents of the service."""
    lignes = groupe.journal.exclude(acte="noter").select_related("par")
    return Paginator(lignes, LIGNES_JOURNAL).get_page(request.GET.get("lignes"))


def paroles_par_question(
    groupe: GroupeDiscussion, request: RequeteConnectee
) -> list[tuple[str, list[tuple[Parole, Any]]]]:
    """Paroles by question, in the order of the guide, then those without a question."""
    rangs = {question[:300]: rang for rang, question in enumerate(groupe.questions)}
    paroles = list(groupe.paroles.select_related("participant"))
    for parole in paroles:
        parole.groupe = groupe
    paroles.sort(key=lambda parole: (rangs.get(parole.question, len(rangs)), parole.question, parole.pk))
    return [
        (question, [(parole, boutons_de(parole, request.user)) for parole in siennes])
        for question, siennes in groupby(paroles, key=lambda parole: parole.question)
    ]


@publique
@require_safe
def groupe_public(request: HttpRequest, reference: str) -> HttpResponse:
    """Public synthesis and progress of its suites. Neither profiles nor paroles."""
    trouve: Any = get_object_or_404(
        GroupeDiscussion.objects.filter(est_publie=True).select_related("suivi__quartier__commune"),
        reference=reference,
    )
    combien, plus_petit = trouve.participants.count(), ReglementInterQuartiers.actuel().secret_statistique
    return render(
        request,
        "contrat_ville/quartiers/groupe_public.html",
        {
            "groupe": trouve,
            "dossier": trouve,
            "personnes": accorder_ou_taire(combien, plus_petit, "personne"),
            "suites": trouve.suites.a_montrer(),
        },
    )


NOUVEAU: dict[str, Page[GroupeDiscussion]] = pages(actes.preparer_groupe)
DU_GROUPE: dict[str, Page[GroupeDiscussion]] = pages(
    actes.modifier_groupe,
    actes.ajouter_participant,
    actes.tenir_groupe,
    actes.noter_parole,
    actes.rediger_synthese,
    actes.publier_synthese,
    actes.clore_groupe,
    actes.annuler_groupe,
)
DES_PARTICIPANTS: dict[str, Page[ParticipantGroupe]] = pages_de(
    GroupeDiscussion, actes, sur="participantgroupe"
)
DES_PAROLES: dict[str, Page[Parole]] = pages_de(GroupeDiscussion, actes, sur="parole")
