"""The selection, for the service: the comité, its progress, the ranking, the decision, the list that is settled."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Case, Count, Q, When
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from participation.renouvellement.actions import selection as actions
from participation.renouvellement.forms.selection import ComiteForm, DeciderForm, ProposerForm, TirageForm
from participation.renouvellement.lectures import classement as classements
from participation.renouvellement.lectures.equilibre import dimensions
from participation.renouvellement.models import Candidature, CollegeCampagne, Relecteur
from participation.renouvellement.notifications import contexte_de, lettre_d_arret
from participation.renouvellement.views.communs import campagne_ou_404, page_acte
from participation.renouvellement.workflow import AVANT_ARRET, Choix
from participation.socle.courrier import composer
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.http import RequeteConnectee, reserve_a
from participation.socle.views.actes import acte_depasse, tenter
from participation.socle.workflow import Role

LIGNES = 50
LIBELLES = {Choix.RETENUE: "retenues", Choix.ATTENTE: "en liste d’attente", Choix.NON_RETENUE: "non retenues"}


@reserve_a(Role.AGENT)
def ouvrir_selection(request: RequeteConnectee, pk: int) -> HttpResponse:
    campagne = campagne_ou_404(pk)
    return page_acte(
        request,
        campagne,
        "ouvrir_selection",
        None,
        lambda _: actions.ouvrir_selection(campagne, par=request.user),
        consequence="Les candidatures recevables peuvent être réparties au comité. Plus aucune candidature n’est saisie.",
    )


@reserve_a(Role.AGENT)
def composer_comite(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Who reads, how far each one is; add somebody, give out the candidatures."""
    campagne = campagne_ou_404(pk)
    if campagne.etat not in AVANT_ARRET and request.method == "POST":
        return acte_depasse(
            request, "La liste est arrêtée : le comité ne change plus.", campagne.get_absolute_url()
        )
    form = ComiteForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        fait = tenter(
            request,
            form,
            lambda: actions.composer_comite(campagne, par=request.user, **form.cleaned_data),
            request.path,
        )
        if fait is not None:
            return fait
        if not form.errors:
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
            "modifiable": campagne.etat in AVANT_ARRET,
        },
    )


@require_POST
@reserve_a(Role.AGENT)
def retirer_relecteur(request: RequeteConnectee, pk: int) -> HttpResponse:
    relecteur = get_object_or_404(Relecteur.objects.select_related("campagne", "compte"), pk=pk)
    actions.retirer_relecteur(relecteur, par=request.user)
    messages.success(
        request, f"{relecteur.compte} n’est plus au comité. Répartissez ses lectures à d’autres."
    )
    return redirect("renouvellement:composer_comite", relecteur.campagne_id)


@require_POST
@reserve_a(Role.AGENT)
def repartir_lectures(request: RequeteConnectee, pk: int) -> HttpResponse:
    campagne = campagne_ou_404(pk)
    try:
        nombre = actions.repartir_lectures(campagne, par=request.user)
    except ActeInterdit:
        raise
    except ErreurMetier as refus:
        messages.error(request, refus.message)
    else:
        messages.success(
            request,
            f"{nombre} lectures sont confiées : chaque personne reçoit une lettre."
            if nombre
            else "Toutes les candidatures ont déjà assez de lectures, ou le comité n’a plus personne à qui les confier.",
        )
    return redirect("renouvellement:composer_comite", pk)


def _college(pk: int) -> CollegeCampagne:
    return get_object_or_404(
        CollegeCampagne.objects.select_related("campagne__instance", "college__mandature"), pk=pk
    )


@reserve_a(Role.AGENT)
@require_safe
def classement(request: RequeteConnectee, pk: int) -> HttpResponse:
    """The ranking of a collège, the decisions, and the balance of those who would sit."""
    college = _college(pk)
    campagne = college.campagne
    candidatures = classements.classement(college).select_related("commune", "quartier")
    if college.est_tire:
        place = Case(When(choix=Choix.RETENUE, then=0), When(choix=Choix.ATTENTE, then=1), default=2)
        candidatures = candidatures.order_by(place, "rang_attente", "numero")
    page = Paginator(candidatures, LIGNES).get_page(request.GET.get("page"))
    retenues = college.candidatures.eligibles().filter(choix=Choix.RETENUE)
    comptes = dict(college.candidatures.eligibles().order_by().values_list("choix").annotate(n=Count("pk")))
    return render(
        request,
        "renouvellement/classement.html",
        {
            "campagne": campagne,
            "college": college,
            "page": page,
            "retenues": comptes.get(Choix.RETENUE, 0),
            "attente": comptes.get(Choix.ATTENTE, 0),
            "non_retenues": comptes.get(Choix.NON_RETENUE, 0),
            "sans_decision": comptes.get("", 0),
            "part": min(comptes.get(Choix.RETENUE, 0) / college.sieges, 1),
            "dimensions": dimensions(campagne, retenues, "Personnes retenues"),
            "permis": {acte for acte in campagne.TRANSITIONS if campagne.permet(acte, request.user)},
        },
    )


@reserve_a(Role.AGENT)
def proposer_selection(request: RequeteConnectee, pk: int) -> HttpResponse:
    college = _college(pk)
    return page_acte(
        request,
        college.campagne,
        "proposer_selection",
        ProposerForm,
        lambda reponses: actions.proposer_selection(college, par=request.user, **reponses),
        sujet=f"Collège « {college} », {college.sieges} places",
        consequence="Les premières candidatures du classement prennent les places, les suivantes la liste d’attente. "
        "Ce que vous avez décidé à la main ne change pas. Aucune lettre ne part.",
        retour=reverse("renouvellement:classement", args=[pk]),
    )


@reserve_a(Role.AGENT)
def saisir_tirage(request: RequeteConnectee, pk: int) -> HttpResponse:
    college = _college(pk)
    return page_acte(
        request,
        college.campagne,
        "saisir_tirage",
        TirageForm,
        lambda reponses: actions.saisir_tirage(college, par=request.user, **reponses),
        titre="Saisir le résultat du tirage",
        sujet=f"Collège « {college} », {college.sieges} places",
        consequence="Le tirage se fait aujourd’hui hors de ce site, devant témoins. Recopiez son résultat et la référence "
        "de son procès-verbal. Aucune lettre ne part.",
        retour=reverse("renouvellement:classement", args=[pk]),
    )


@reserve_a(Role.AGENT)
def decider_candidature(request: RequeteConnectee, pk: int) -> HttpResponse:
    candidature = get_object_or_404(
        Candidature.objects.select_related("campagne__instance", "college", "commune", "quartier"), pk=pk
    )
    college, campagne = candidature.college, candidature.campagne
    retenues = college.candidatures.eligibles().filter(choix=Choix.RETENUE)
    form = DeciderForm(
        request.POST or None,
        initial={
            "choix": candidature.choix,
            "rang_attente": candidature.rang_attente,
            "motif": candidature.choix_motif,
        },
    )
    return page_acte(
        request,
        campagne,
        "decider_candidature",
        form,
        lambda reponses: actions.decider_candidature(candidature, par=request.user, **reponses),
        sujet=f"n° {candidature.numero}, {candidature.nom_affiche}, {candidature.commune or 'commune non dite'}",
        consequence=f"{retenues.count()} places prises sur {college.sieges} dans le collège « {college} ». Aucune lettre ne part.",
        succes=f"Décision notée pour la candidature n° {candidature.numero}.",
        gabarit="renouvellement/decider.html",
        contexte={
            "candidature": candidature,
            "college": college,
            "rang": classements.rang_de(candidature),
            "retenues": retenues.exists(),
            "dimensions": dimensions(campagne, retenues, "Personnes retenues"),
        },
        retour=reverse("renouvellement:classement", args=[college.pk]),
    )


@reserve_a(Role.AGENT)
def arreter(request: RequeteConnectee, pk: int) -> HttpResponse:
    """The decisions freeze, the letters leave: how many of each, and what each says."""
    campagne = campagne_ou_404(pk)
    if not request.user.est_agent:
        raise PermissionDenied
    eligibles = campagne.candidatures.eligibles().select_related("college", "campagne__instance")
    lettres = []
    for choix in Choix:
        siennes = eligibles.filter(choix=choix)
        exemple = siennes.exclude(courriel="").order_by("rang_attente", "numero").first()
        texte: tuple[str, str] | None = None
        if exemple is not None:
            exemple.conserver()
            texte = composer(lettre_d_arret(exemple), contexte_de(exemple))
        lettres.append(
            {
                "libelle": LIBELLES[choix],
                "nombre": siennes.count(),
                "par_courriel": siennes.exclude(courriel="").count(),
                "texte": texte,
            }
        )
    empeche = actions.obstacles(campagne) if campagne.permet("arreter", request.user) else []
    places: list[Any] = [
        (c, c.candidatures.eligibles().filter(choix=Choix.RETENUE).count())
        for c in campagne.colleges.all()
        if c.est_ouvert
    ]
    return page_acte(
        request,
        campagne,
        "arreter",
        None,
        lambda _: actions.arreter(campagne, par=request.user),
        consequence="Les décisions ne changent plus, et chaque personne reçoit la sienne par courriel, une seule fois.",
        gabarit="renouvellement/arreter.html",
        contexte={
            "lettres": lettres,
            "empeche": empeche,
            "places": places,
            "sans_courriel": eligibles.filter(courriel="").count(),
        },
    )
