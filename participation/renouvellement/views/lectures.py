"""Who reads for the comité de sélection: her list, one candidature at a time. Nothing else of the campaign is shown."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from participation.renouvellement.actions import selection as actions
from participation.renouvellement.forms.selection import DeportForm, LectureForm
from participation.renouvellement.models import Candidature, Lecture, Relecteur
from participation.renouvellement.views.publiques import reponses_aux_questions
from participation.renouvellement.workflow import EtatCampagne
from participation.socle.http import RequeteConnectee
from participation.socle.models import Compte
from participation.socle.views.actes import tenter


@require_safe
def mes_lectures(request: RequeteConnectee) -> HttpResponse:
    """404 for who is in no comité."""
    siennes = list(
        Relecteur.objects.filter(compte=request.user, est_actif=True).select_related("campagne__instance")
    )
    if not siennes:
        raise Http404
    lignes = [
        (
            relecteur.campagne,
            list(
                relecteur.lectures.filter(
                    deportee_le__isnull=True, candidature__campagne__etat=EtatCampagne.SELECTION
                )
                .select_related("candidature__college", "candidature__commune")
                .order_by("rendue_le", "candidature__numero")
            ),
        )
        for relecteur in siennes
    ]
    return render(
        request,
        "renouvellement/mes_lectures.html",
        {
            "lignes": [
                (campagne, lectures, sum(1 for lecture in lectures if lecture.rendue_le))
                for campagne, lectures in lignes
            ]
        },
    )


def _lecture(compte: Compte, pk: int) -> Lecture:
    """One of hers, while the selection lasts; else it does not exist for her."""
    return get_object_or_404(
        Lecture.objects.select_related(
            "candidature__campagne__instance", "candidature__college", "candidature__commune", "relecteur"
        ),
        pk=pk,
        relecteur__compte=compte,
        relecteur__est_actif=True,
        deportee_le__isnull=True,
        candidature__campagne__etat=EtatCampagne.SELECTION,
    )


def _suivante(lecture: Lecture) -> Lecture | None:
    return (
        lecture.relecteur.lectures.filter(deportee_le__isnull=True, rendue_le__isnull=True)
        .exclude(pk=lecture.pk)
        .first()
    )


def rendre_lecture(request: RequeteConnectee, pk: int) -> HttpResponse:
    """What the person wrote, then the grid."""
    lecture = _lecture(request.user, pk)
    candidature, campagne = lecture.candidature, lecture.candidature.campagne
    form = LectureForm(request.POST if request.method == "POST" else None, campagne=campagne, lecture=lecture)
    if form.is_valid():
        fait = tenter(
            request,
            form,
            lambda: actions.rendre_lecture(
                lecture, par=request.user, notes=form.notes, commentaire=form.cleaned_data["commentaire"]
            ),
            request.path,
        )
        if fait is not None:
            return fait
        if not form.errors:
            messages.success(
                request, f"Vos notes pour la candidature n° {candidature.numero} sont enregistrées."
            )
            autre = _suivante(lecture)
            if autre is None:
                return redirect("renouvellement:mes_lectures")
            return redirect("renouvellement:rendre_lecture", autre.pk)
    return render(
        request,
        "renouvellement/rendre_lecture.html",
        {
            "lecture": lecture,
            "candidature": candidature,
            "numero_dit": str(candidature.numero),
            "campagne": campagne,
            "form": form,
            "reponses_aux_questions": reponses_aux_questions(candidature),
            "disponibilites": [Candidature.Disponibilite(d).label for d in candidature.disponibilites],
        },
    )


def se_deporter_candidature(request: RequeteConnectee, pk: int) -> HttpResponse:
    lecture = _lecture(request.user, pk)
    form = DeportForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        fait = tenter(
            request,
            form,
            lambda: actions.se_deporter_candidature(lecture, par=request.user, **form.cleaned_data),
            request.path,
        )
        if fait is not None:
            return fait
        if not form.errors:
            messages.success(
                request, "Votre déport est noté : cette candidature est confiée à quelqu’un d’autre."
            )
            return redirect("renouvellement:mes_lectures")
    return render(request, "renouvellement/se_deporter.html", {"lecture": lecture, "form": form})
