"""The facilitator's acts that ask for a few words: each has its page, and comes back to the screen."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from participation.seances.actions import deroule as actions
from participation.seances.actions import preparation
from participation.seances.forms.deroule import (
    AccueillirForm,
    AjouterPointForm,
    CorrigerPresenceForm,
    MotifForm,
    NoterDesaccordForm,
    PresiderForm,
    SeDeporterForm,
)
from participation.seances.lectures.ecrans import a_accueillir
from participation.seances.lectures.questions import quorum_de
from participation.seances.models import Convie, Point, Presence, Seance
from participation.seances.views.deroule.animer import ecran_animateur, retour_de, trouver_point
from participation.seances.views.deroule.communs import trouver_seance
from participation.seances.views.formulaires import page_formulaire
from participation.seances.workflow import EtatPoint
from participation.socle.erreurs import ErreurMetier
from participation.socle.francais import accorder, pluriel
from participation.socle.http import RequeteConnectee, reserve_a
from participation.socle.models import LigneDeJournal
from participation.socle.views.pages import Page
from participation.socle.workflow import Role


def seance_a_animer(request: RequeteConnectee, pk: int) -> Seance:
    return trouver_seance(request.user, pk)


def dire_la_fin(seance: Seance) -> str:
    restants = Point.objects.filter(seance=seance, etat=EtatPoint.A_TRAITER).count()
    reste = (
        f" {accorder(restants, 'point')} {pluriel(restants, 'reste,restent')} à traiter : "
        f"{pluriel(restants, 'il est reporté,ils sont reportés')}."
        if restants
        else ""
    )
    return f"Les présences se terminent maintenant et plus aucun vote ne peut s’ouvrir.{reste}"


def _apres(seance: Seance, fait: LigneDeJournal | None) -> str:
    """Once it is over, the facilitator's screen has nothing more to say."""
    return seance.get_absolute_url() if fait else retour_de(seance.pk)


def _en_un_clic(action: Callable[..., object]) -> Page[Seance]:
    return Page(
        action,
        en_un_clic=True,
        retour=lambda seance, _: retour_de(seance.pk),
        ecran=lambda request, seance: ecran_animateur(request, seance.pk, partiel=True),
    )


PAGES: dict[str, Page[Seance]] = {
    "suspendre": _en_un_clic(actions.suspendre),
    "reprendre": _en_un_clic(actions.reprendre),
    "lever": Page(actions.lever, consequence=dire_la_fin, succes="La séance est levée.", retour=_apres),
    "reporter": Page(
        actions.reporter,
        consequence=lambda seance: (
            f"{quorum_de(seance).phrase} La séance est reportée ; une seconde convocation peut partir "
            "avec le même ordre du jour."
        ),
        succes="L’absence de quorum est constatée.",
        retour=_apres,
    ),
}


def _page(request: RequeteConnectee, seance: Seance, form: Any, agir: Any, **dits: Any) -> HttpResponse:
    retour = retour_de(seance.pk)
    return page_formulaire(
        request,
        form,
        agir,
        retour=dits.pop("retour", retour),
        fil=["Séance en cours" if seance.est_en_cours else str(seance), retour],
        app=seance.instance.app,
        **dits,
    )


@reserve_a(Role.AGENT)
def presider(request: RequeteConnectee, pk: int) -> HttpResponse:
    seance = trouver_seance(request.user, pk)
    return _page(
        request,
        seance,
        PresiderForm(request.POST or None, seance=seance),
        lambda reponses: actions.presider(seance, par=request.user, **reponses),
        titre="Changer de présidence",
        consequence="Seule une personne présente préside. Le changement est écrit au journal.",
        succes="La présidence a changé.",
    )


@reserve_a(Role.AGENT)
def accueillir(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Somebody who is in office and not on the list."""
    seance = trouver_seance(request.user, pk)
    membres = a_accueillir(seance, Convie.objects.filter(seance=seance))
    form = AccueillirForm(request.POST or None, membres=membres, modes=actions.modes_de(seance))
    return _page(
        request,
        seance,
        form,
        lambda reponses: actions.accueillir(
            seance, reponses["membre"], mode=reponses["mode"], par=request.user
        ),
        titre="Noter une arrivée",
        consequence="Pour une personne qui n’est pas sur la liste : suppléant ou membre nommé depuis la convocation.",
        succes="L’arrivée est notée.",
    )


@reserve_a(Role.AGENT)
def corriger_presence(request: RequeteConnectee, pk: int) -> HttpResponse:
    presence = get_object_or_404(Presence.objects.select_related("convie__membre__compte"), pk=pk)
    seance = presence.seance = trouver_seance(request.user, presence.seance_id)
    return _page(
        request,
        seance,
        CorrigerPresenceForm(request.POST or None, presence=presence),
        lambda reponses: actions.corriger_presence(presence, par=request.user, **reponses),
        titre="Corriger les heures",
        sur_quoi=f"{presence.convie}, {presence.get_mode_display()}",
        consequence="Le journal de la séance garde les heures d’avant et celles d’après.",
        succes="Les heures sont corrigées.",
    )


@reserve_a(Role.AGENT)
def retirer_convie(request: RequeteConnectee, pk: int) -> HttpResponse:
    convie = get_object_or_404(Convie.objects.select_related("membre__compte"), pk=pk)
    seance = convie.seance = trouver_seance(request.user, convie.seance_id)
    return _page(
        request,
        seance,
        MotifForm,
        lambda reponses: actions.retirer_convie(convie, par=request.user, **reponses),
        titre="Noter la fin de son mandat",
        sur_quoi=str(convie),
        consequence="Cette personne n’est plus comptée et ne vote plus à cette séance. Ce qu’elle a déjà voté reste.",
        succes=f"{convie} ne siège plus.",
        est_dangereux=True,
    )


@reserve_a(Role.AGENT)
def ajouter_point(request: RequeteConnectee, pk: int) -> HttpResponse:
    seance = trouver_seance(request.user, pk)
    return _page(
        request,
        seance,
        AjouterPointForm(request.POST or None),
        lambda reponses: preparation.ajouter_point(seance, par=request.user, **reponses),
        titre="Ajouter un point",
        consequence="Il est placé à la fin de l’ordre du jour, et noté comme ajouté après la convocation.",
        succes="Le point est ajouté.",
    )


@reserve_a(Role.AGENT)
def reporter_point(request: RequeteConnectee, pk: int) -> HttpResponse:
    point = trouver_point(request, pk)
    return _page(
        request,
        point.seance,
        MotifForm,
        lambda reponses: actions.reporter_point(point, par=request.user, **reponses),
        titre="Reporter le point",
        sur_quoi=str(point),
        succes="Le point est reporté.",
    )


@reserve_a(Role.AGENT)
def abandonner_point(request: RequeteConnectee, pk: int) -> HttpResponse:
    point = trouver_point(request, pk)
    return _page(
        request,
        point.seance,
        MotifForm,
        lambda reponses: actions.abandonner_point(point, par=request.user, **reponses),
        titre="Retirer le point de l’ordre du jour",
        sur_quoi=str(point),
        succes="Le point est retiré.",
        est_dangereux=True,
    )


@reserve_a(Role.AGENT)
def se_deporter(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Noted by the facilitator; members do it from their phone."""
    point = trouver_point(request, pk)
    return _page(
        request,
        point.seance,
        SeDeporterForm(request.POST or None, seance=point.seance),
        lambda reponses: _deporter(request, point, **reponses),
        titre="Noter un déport",
        sur_quoi=str(point),
        consequence="Cette personne n’est ni comptée ni appelée à voter sur ce point.",
        succes="Le déport est noté.",
    )


def _deporter(request: RequeteConnectee, point: Point, convie: Convie, motif: str) -> None:
    actions.se_deporter(point, convie, par=request.user, motif=motif)


@reserve_a(Role.AGENT)
def noter_desaccord(request: RequeteConnectee, pk: int) -> HttpResponse:
    point = trouver_point(request, pk)

    def agir(reponses: dict[str, Any]) -> None:
        if not point.seance.est_en_cours:
            raise ErreurMetier("La séance n’est pas en cours.")
        actions.noter_desaccord(point, reponses["convie"], par=request.user, texte=reponses["texte"])

    return _page(
        request,
        point.seance,
        NoterDesaccordForm(request.POST or None, seance=point.seance),
        agir,
        titre="Noter un désaccord",
        sur_quoi=str(point),
        consequence="Écrit au procès-verbal sous le nom du membre, à sa demande.",
        succes="Le désaccord est noté.",
    )
