"""Pages of the comité: its readers for agents; and for a reader, their list and one candidature at a time, nothing else of the campaign."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from participation.renouvellement.candidatures.lectures import reponses_aux_questions
from participation.renouvellement.comite import actes
from participation.renouvellement.comite.actes import ComiteForm, DeportForm, LectureForm
from participation.renouvellement.models import Campagne, Candidature, CollegeCampagne, Lecture, Relecteur
from participation.renouvellement.trouver import trouver_campagne
from participation.renouvellement.workflow import EtatCampagne
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.views.pages import Page, essayer, lier
from participation.socle.workflow import Role


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
        actes.rendre_lecture,
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
        actes.se_deporter_candidature,
        DeportForm,
        "Elle est confiée à quelqu’un d’autre, et vos notes sont retirées. Ce choix ne s’annule pas.",
        est_publique=True,
        bouton="Je me déporte",
        succes="Votre déport est noté : cette candidature est confiée à quelqu’un d’autre.",
        retour=lambda *_: reverse("renouvellement:mes_lectures"),
    ),
}


@reserve_a(Role.AGENT)
@require_http_methods(["GET", "HEAD", "POST"])
def composer_comite(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Page of the comité: readers with their progress, form to add one, assignment."""
    campagne = trouver_campagne(request, pk)
    form = lier(request, ComiteForm, campagne)
    if form.is_valid() and essayer(
        form, lambda: actes.composer_comite(campagne, par=request.user, **form.cleaned_data)
    ):
        messages.success(request, "Cette personne est au comité de sélection.")
        return redirect(request.path)
    relecteurs = campagne.relecteurs.select_related("compte").annotate(
        confiees=Count("lectures", filter=Q(lectures__deportee_le__isnull=True)),
        rendues=Count("lectures", filter=Q(lectures__rendue_le__isnull=False)),
        deports=Count("lectures", filter=Q(lectures__deportee_le__isnull=False)),
    )
    eligibles = campagne.candidatures.eligibles().filter(college__mode=CollegeCampagne.Mode.SELECTION).count()
    return render(
        request,
        "renouvellement/comite.html",
        {
            "campagne": campagne,
            "form": form,
            "relecteurs": relecteurs,
            "eligibles": eligibles,
            "attendues": eligibles * campagne.lectures_par_candidature,
            "confiees": sum(r.confiees for r in relecteurs),
            "rendues": sum(r.rendues for r in relecteurs),
            "actes": campagne.actes_permis_a(request.user),
        },
    )


def dire_repartition(campagne: Campagne, nombre: int) -> str:
    if nombre:
        return f"{nombre} lectures sont confiées : chaque personne reçoit une lettre."
    return "Toutes les candidatures ont déjà assez de lectures, ou le comité n’a plus personne à qui les confier."


def le_comite(campagne: Campagne) -> str:
    return reverse("renouvellement:composer_comite", args=[campagne.pk])


PAGES_DU_COMITE: dict[str, Page[Campagne]] = {
    "repartir_lectures": Page(
        actes.repartir_lectures,
        en_un_clic=True,
        succes=dire_repartition,
        retour=lambda campagne, _: le_comite(campagne),
    )
}


PAGES_DES_RELECTEURS: dict[str, Page[Relecteur]] = {
    "retirer_relecteur": Page(
        actes.retirer_relecteur,
        en_un_clic=True,
        succes=lambda relecteur, _: (
            f"{relecteur.compte} n’est plus au comité. Répartissez ses lectures à d’autres."
        ),
        retour=lambda relecteur, _: le_comite(relecteur.campagne),
    )
}
