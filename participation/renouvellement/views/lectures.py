"""Pages of readers: their list and one candidature at a time, nothing else of the campaign."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from participation.renouvellement.actions import selection as actions
from participation.renouvellement.forms.selection import DeportForm, LectureForm
from participation.renouvellement.models import Candidature, Lecture, Relecteur
from participation.renouvellement.views.publiques import reponses_aux_questions
from participation.renouvellement.workflow import EtatCampagne
from participation.socle.http import RequeteConnectee
from participation.socle.views.pages import Page


@require_safe
def mes_lectures(request: RequeteConnectee) -> HttpResponse:
    """List of the lectures of the reader. Raises Http404 for others."""
    siennes = list(
        Relecteur.objects.filter(compte=request.user, est_actif=True).select_related("campagne__instance")
    )
    if not siennes:
        raise Http404
    lignes = []
    for relecteur in siennes:
        lectures = list(
            relecteur.lectures.actives()
            .filter(candidature__campagne__etat=EtatCampagne.SELECTION)
            .select_related("candidature__college", "candidature__commune")
            .order_by("rendue_le", "candidature__numero")
        )
        lignes.append((relecteur.campagne, lectures, sum(1 for lecture in lectures if lecture.rendue_le)))
    return render(request, "renouvellement/mes_lectures.html", {"lignes": lignes})


def trouver_lecture(request: RequeteConnectee, pk: int) -> Lecture:
    """Return a lecture of the reader, during the selection. Raises Http404 otherwise."""
    return get_object_or_404(
        Lecture.objects.select_related(
            "candidature__campagne__instance", "candidature__college", "candidature__commune", "relecteur"
        ),
        pk=pk,
        relecteur__compte=request.user,
        relecteur__est_actif=True,
        deportee_le__isnull=True,
        candidature__campagne__etat=EtatCampagne.SELECTION,
    )


def ce_qu_elle_a_ecrit(request: RequeteConnectee, lecture: Lecture, form: Any) -> dict[str, Any]:
    candidature = lecture.candidature
    return {
        "lecture": lecture,
        "candidature": candidature,
        "campagne": candidature.campagne,
        "reponses_aux_questions": reponses_aux_questions(candidature),
        "disponibilites": [Candidature.Disponibilite(d).label for d in candidature.disponibilites],
    }


def la_prochaine(lecture: Lecture, _: Any) -> str:
    if lecture.rendue_le is not None and (prochaine := lecture.prochaine) is not None:
        return reverse("renouvellement:rendre_lecture", args=[prochaine.pk])
    return reverse("renouvellement:mes_lectures")


PAGES_DES_LECTURES: dict[str, Page[Lecture]] = {
    "rendre_lecture": Page(
        actions.rendre_lecture,
        LectureForm,
        est_publique=True,
        gabarit="renouvellement/rendre_lecture.html",
        contexte=ce_qu_elle_a_ecrit,
        succes=lambda lecture, _: (
            f"Vos notes pour la candidature n° {lecture.candidature.numero} sont enregistrées."
        ),
        retour=la_prochaine,
    ),
    "se_deporter_candidature": Page(
        actions.se_deporter_candidature,
        DeportForm,
        "Elle est confiée à quelqu’un d’autre, et vos notes sont retirées. Ce choix ne s’annule pas.",
        est_publique=True,
        bouton="Je me déporte",
        succes="Votre déport est noté : cette candidature est confiée à quelqu’un d’autre.",
        retour=lambda *_: reverse("renouvellement:mes_lectures"),
    ),
}
