"""What the facilitator acts on, by number; a point added and notes typed during the séance."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from participation.seances.animation import en_animant
from participation.seances.ecrans.vues.animer import trouver_point
from participation.seances.ecrans.vues.gestes import trouver_seance
from participation.seances.models import ComptePapier, Convie, Deport, Election, Presence, Seance, Vote
from participation.seances.ordre_du_jour import actes as ordre_du_jour
from participation.seances.points import actes as points
from participation.seances.points.actes import AjouterPointForm, NoterReleveForm
from participation.socle.erreurs import ErreurMetier
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.regles.versions import TexteDepasse, empreinte
from participation.socle.views.pages import est_partiel, lier, page_acte
from participation.socle.workflow import Role


def seance_a_animer(request: RequeteConnectee, pk: int) -> Seance:
    return trouver_seance(request.user, pk)


EN_SEANCE = en_animant(
    action=ordre_du_jour.ajouter_point,
    form=AjouterPointForm,
    consequence="Il est placé à la fin de l’ordre du jour, et noté comme ajouté après la convocation.",
    succes="Le point est ajouté.",
)


NOTES = en_animant(action=points.noter_releve, form=NoterReleveForm)


def presence_animee(request: RequeteConnectee, pk: int) -> Presence:
    presence = get_object_or_404(Presence.objects.select_related("convie__membre__compte"), pk=pk)
    presence.seance = trouver_seance(request.user, presence.seance_id)
    return presence


def convie_anime(request: RequeteConnectee, pk: int) -> Convie:
    convie = get_object_or_404(Convie.objects.select_related("membre__compte"), pk=pk)
    convie.seance = trouver_seance(request.user, convie.seance_id)
    return convie


def deport_anime(request: RequeteConnectee, pk: int) -> Deport:
    deport = get_object_or_404(Deport.objects.select_related("point", "convie__membre__compte"), pk=pk)
    deport.point.seance = trouver_seance(request.user, deport.point.seance_id)
    return deport


def vote_anime(request: RequeteConnectee, pk: int) -> Vote:
    vote = get_object_or_404(Vote.objects.select_related("point"), pk=pk)
    vote.point.seance = trouver_seance(request.user, vote.point.seance_id)
    return vote


def election_animee(request: RequeteConnectee, pk: int) -> Election:
    election = get_object_or_404(Election.objects.select_related("point"), pk=pk)
    election.point.seance = trouver_seance(request.user, election.point.seance_id)
    return election


def compte_anime(request: RequeteConnectee, pk: int) -> ComptePapier:
    """Return the count to an agent only: tellers have their own page."""
    if not request.user.est_agent:
        raise PermissionDenied
    compte = get_object_or_404(
        ComptePapier.objects.select_related("vote__point", "convie__membre__compte"), pk=pk
    )
    compte.vote.point.seance = trouver_seance(request.user, compte.vote.point.seance_id)
    return compte


@reserve_a(Role.AGENT)
@require_http_methods(["GET", "HEAD", "POST"])
def ajouter_point(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Add a point during the séance, with a short form. The full form is the page used before the séance."""
    return page_acte(request, trouver_seance(request.user, pk), "ajouter_point", EN_SEANCE)


@reserve_a(Role.AGENT)
@require_http_methods(["GET", "HEAD", "POST"])
def noter_releve(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Save the notes during typing (JSON to our script) or with the button.

    If another window saved meanwhile, the page shows both texts.
    """
    point = trouver_point(request, pk)
    if not est_partiel(request):
        return page_acte(request, point, "noter_releve", NOTES)
    form = lier(request, NoterReleveForm, point)
    dit = ""
    if form.is_valid():
        try:
            points.noter_releve(point, par=request.user, **form.cleaned_data)
        except TexteDepasse:
            dit = (
                "Ces notes ont changé dans une autre fenêtre. Votre texte reste ici : "
                "« Enregistrer les notes » montre les deux."
            )
        except ErreurMetier as erreur:
            dit = erreur.message
        else:
            return JsonResponse(
                {"vu": empreinte(point, NoterReleveForm.SURVEILLES), "dit": "Notes enregistrées."}
            )
    return JsonResponse({"dit": dit}, status=409)
