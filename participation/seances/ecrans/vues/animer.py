"""The facilitator's screen and its one-click acts."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from participation.seances.animation import retour_de
from participation.seances.ecrans import tenue
from participation.seances.ecrans.lectures import SeanceEnCours
from participation.seances.ecrans.tenue import OuvrirForm
from participation.seances.ecrans.vues.gestes import (
    est_a_jour,
    faire,
    rien_de_nouveau,
    trouver_seance,
    version_de,
)
from participation.seances.models import Convie, Parole, Point, Seance, Vote
from participation.seances.points import parole as actes_parole
from participation.seances.points.actes import NoterReleveForm
from participation.seances.points.parole import InscrireParoleForm
from participation.seances.presence import actes as presence
from participation.seances.votes import actes as votes
from participation.seances.votes.actes import OuvrirVoteForm
from participation.seances.votes.cloture import CompterMainsForm
from participation.seances.workflow import Etat
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee, est_un_numero
from participation.socle.workflow import Role


def ecran_animateur(request: RequeteConnectee, pk: int, *, partiel: bool) -> HttpResponse:
    """Return the whole page, or only its regions if `partiel`."""
    # Read the version first: a change during the reading then shows at the next poll.
    version = version_de(pk)
    seance = trouver_seance(request.user, pk)
    en_cours = SeanceEnCours(seance)
    contexte: dict[str, Any] = {
        "version": version,
        "seance": seance,
        "ecran": en_cours,
        "app": seance.instance.app,
        "modes": seance.modes,
    }
    if seance.etat == Etat.CONVOQUEE:
        contexte["form_ouvrir"] = OuvrirForm(seance=seance, quorum=en_cours.quorum)
    if seance.est_en_cours and en_cours.courant is not None:
        contexte["form_releve"] = NoterReleveForm(objet=en_cours.courant)
        contexte["form_parole"] = InscrireParoleForm(objet=seance)
        ouvert = en_cours.vote_ouvert
        if ouvert is None and seance.vote and not en_cours.est_entre_invites:
            contexte["form_vote"] = OuvrirVoteForm(objet=en_cours.courant)
        elif ouvert is not None and ouvert.vote.forme == Vote.Forme.MAIN_LEVEE:
            contexte["form_mains"] = CompterMainsForm(
                vote=ouvert.vote, colleges=votes.attendus_par_college(ouvert.vote, en_cours.situation)
            )
    gabarit = "seances/ecrans/_animer.html" if partiel else "seances/ecrans/animer.html"
    return render(request, gabarit, contexte)


@reserve_a(Role.AGENT)
@require_safe
def animer(request: RequeteConnectee, pk: int) -> HttpResponse:
    return ecran_animateur(request, pk, partiel=False)


@reserve_a(Role.AGENT)
@require_safe
def animer_etat(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Answer a poll: 204 if nothing changed since the version shown, otherwise the regions."""
    if est_a_jour(request, version_de(pk)):
        return rien_de_nouveau()
    return ecran_animateur(request, pk, partiel=True)


def _faire(request: RequeteConnectee, pk: int, agir: Any, succes: str = "") -> HttpResponse:
    return faire(request, agir, retour_de(pk), lambda: ecran_animateur(request, pk, partiel=True), succes)


# Opening
@reserve_a(Role.AGENT)
@require_http_methods(["GET", "HEAD", "POST"])
def ouvrir(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Open the séance. The form and its errors are on the facilitator's screen. Already open: 409."""
    seance = trouver_seance(request.user, pk)
    if request.method != "POST":
        return redirect(retour_de(pk))
    if (refus := seance.refus("ouvrir", request.user)) is not None:
        raise refus
    en_cours = SeanceEnCours(seance)
    form = OuvrirForm(request.POST, seance=seance, quorum=en_cours.quorum)
    if form.is_valid():
        try:
            tenue.ouvrir(seance, par=request.user, **form.cleaned_data)
        except ActeInterdit:
            raise
        except ErreurMetier as erreur:
            form.add_error(None, erreur.message)
        else:
            return redirect(retour_de(pk))
    contexte = {
        "version": version_de(pk),
        "seance": trouver_seance(request.user, pk),
        "ecran": en_cours,
        "app": seance.instance.app,
        "modes": seance.modes,
        "form_ouvrir": form,
        "form": form,
    }
    return render(request, "seances/ecrans/animer.html", contexte)


# Presence
@reserve_a(Role.AGENT)
@require_POST
def noter_presence(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Note one arrival or departure. POST: `arriver` = « 12:salle », or `partir` = « 12 » (Convie number)."""
    seance = trouver_seance(request.user, pk)
    numero, _, mode = request.POST.get("arriver", "").partition(":")
    partir = request.POST.get("partir", "")
    choisi = numero or partir
    if not est_un_numero(choisi):
        raise Http404
    convie = get_object_or_404(Convie.objects.select_related("membre__compte"), seance=seance, pk=int(choisi))
    convie.seance = seance
    if numero:
        return _faire(request, pk, lambda: presence.arriver(convie, mode=mode, par=request.user))
    return _faire(request, pk, lambda: presence.partir(convie, par=request.user))


# Points
def trouver_point(request: RequeteConnectee, pk: int) -> Point:
    point = get_object_or_404(Point.objects.select_related("seance"), pk=pk)
    point.seance = trouver_seance(request.user, point.seance_id)
    return point


# Speech
@reserve_a(Role.AGENT)
@require_POST
def diriger_la_parole(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Run the queue of speakers. POST: `donner` = number of a Parole; `suivant`; `retirer` = Convie number to

    take off the queue; `convie` = Convie number to add.
    """
    seance = trouver_seance(request.user, pk)
    if "suivant" in request.POST:
        return _faire(request, pk, lambda: actes_parole.donner_au_suivant(seance, par=request.user))
    if est_un_numero(request.POST.get("donner")):
        parole = get_object_or_404(
            Parole.objects.select_related("convie__membre__compte"), seance=seance, pk=request.POST["donner"]
        )
        parole.seance = seance
        return _faire(request, pk, lambda: actes_parole.donner_la_parole(parole, par=request.user))
    if est_un_numero(request.POST.get("retirer")):
        convie = _convie(seance, request.POST["retirer"])
        return _faire(request, pk, lambda: actes_parole.retirer_la_parole(convie, par=request.user))
    if est_un_numero(request.POST.get("convie")):
        convie = _convie(seance, request.POST["convie"])
        return _faire(request, pk, lambda: actes_parole.demander_la_parole(convie, par=request.user))

    def choisir() -> None:
        raise ErreurMetier("Choisissez qui demande la parole.")

    return _faire(request, pk, choisir)


def _convie(seance: Seance, pk: str) -> Convie:
    convie = get_object_or_404(
        Convie.objects.select_related("membre__compte", "membre__college"), seance=seance, pk=pk
    )
    convie.seance = seance
    return convie
