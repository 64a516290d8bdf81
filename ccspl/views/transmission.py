"""After the vote: send, have it acknowledged, note who cites it, give the answers back, close; the sheets."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from ccspl.actions import transmission as actions
from ccspl.forms.transmission import (
    AccuserForm,
    CiterForm,
    CloreForm,
    PromettreSuiteForm,
    RendreAuxMembresForm,
    RepondreForm,
    ResumerForm,
    TransmettreForm,
)
from ccspl.models import Transmission
from ccspl.views.saisines import trouver
from participation.socle.francais import accorder
from participation.socle.http import RequeteConnectee, publique, reserve_a
from participation.socle.liens import LienInvalide
from participation.socle.views.actes import page_acte
from participation.socle.workflow import Role


@reserve_a(Role.AGENT)
def transmettre(request: RequeteConnectee, pk: int) -> HttpResponse:
    avis = trouver(request, pk)
    form = (
        TransmettreForm(request.POST, avis=avis) if request.method == "POST" else TransmettreForm(avis=avis)
    )
    return page_acte(
        request,
        avis,
        "transmettre",
        form,
        lambda reponses: actions.transmettre(avis, par=request.user, **reponses),
        consequence="L’avis est figé et part avec son PDF. Chaque préconisation devient une suite : sa direction reçoit un lien pour répondre.",
    )


@publique
@never_cache
def accuser(request: HttpRequest, jeton: str) -> HttpResponse:
    """Acknowledge without an account: the link says who was written to. A mail scanner that opens it does nothing."""
    try:
        numero = Transmission.LIEN.lire(jeton)
    except LienInvalide as erreur:
        raise Http404 from erreur
    transmission = get_object_or_404(
        Transmission.objects.select_related("avis__service", "avis__document", "direction"), pk=numero
    )
    form = AccuserForm(request.POST or None, initial={"nom": ""})
    if request.method == "POST" and form.is_valid():
        actions.accuser(transmission, nom=form.cleaned_data["nom"])
        return redirect("ccspl:accuser", jeton)
    return render(
        request,
        "ccspl/transmission/accuser.html",
        {"transmission": transmission, "avis": transmission.avis, "form": form},
    )


@reserve_a(Role.AGENT)
def citer(request: RequeteConnectee, pk: int) -> HttpResponse:
    avis = trouver(request, pk)
    form = (
        CiterForm(request.POST)
        if request.method == "POST"
        else CiterForm(initial={"deliberation": avis.deliberation})
    )
    return page_acte(
        request,
        avis,
        "citer",
        form,
        lambda reponses: actions.citer(avis, par=request.user, **reponses),
        consequence="La délibération doit viser l’avis de la commission. Elle est affichée sur la page publique.",
    )


@reserve_a(Role.AGENT)
def resumer(request: RequeteConnectee, pk: int) -> HttpResponse:
    avis = trouver(request, pk)
    form = (
        ResumerForm(request.POST)
        if request.method == "POST"
        else ResumerForm(initial={"synthese": avis.synthese})
    )
    return page_acte(
        request, avis, "resumer", form, lambda reponses: actions.resumer(avis, par=request.user, **reponses)
    )


@reserve_a(Role.AGENT)
def promettre_suite(request: RequeteConnectee, pk: int) -> HttpResponse:
    avis = trouver(request, pk)
    return page_acte(
        request,
        avis,
        "promettre_suite",
        PromettreSuiteForm(request.POST)
        if request.method == "POST"
        else PromettreSuiteForm(initial={"direction": avis.direction_id}),
        lambda reponses: actions.promettre_suite(avis, par=request.user, **reponses),
        consequence="La direction reçoit un lien pour répondre. La suite est publique.",
    )


@reserve_a(Role.AGENT)
def repondre(request: RequeteConnectee, pk: int) -> HttpResponse:
    avis = trouver(request, pk)
    return page_acte(
        request,
        avis,
        "repondre",
        RepondreForm,
        lambda reponses: actions.repondre(avis, par=request.user, **reponses),
        consequence="L’avis devient « répondu » de lui-même quand chaque suite a sa réponse. À faire ici quand rien n’était demandé ligne à ligne.",
    )


@reserve_a(Role.AGENT)
def rendre_aux_membres(request: RequeteConnectee, pk: int) -> HttpResponse:
    avis = trouver(request, pk)
    return page_acte(
        request,
        avis,
        "rendre_aux_membres",
        RendreAuxMembresForm,
        lambda reponses: actions.rendre_aux_membres(avis, par=request.user, **reponses),
        consequence="Un point d’information est ajouté à l’ordre du jour de la séance choisie.",
        succes="Les réponses sont à l’ordre du jour de la séance.",
    )


@reserve_a(Role.AGENT)
def clore(request: RequeteConnectee, pk: int) -> HttpResponse:
    avis = trouver(request, pk)
    en_cours = avis.suites.filter(repondue_le__isnull=False).exclude(
        etat__in=["realisee", "non_suivie", "hors_competence"]
    )
    reste = en_cours.count()
    return page_acte(
        request,
        avis,
        "clore",
        CloreForm,
        lambda reponses: actions.clore(avis, par=request.user, **reponses),
        consequence="Plus rien n’est attendu sur ce dossier."
        + (
            f" {accorder(reste, 'suite promise reste suivie', 'suites promises restent suivies')} dans « Suites »."
            if reste
            else ""
        )
        + ("" if avis.rendu_le else " Les réponses n’ont pas encore été présentées aux membres en séance."),
    )


@require_POST
@reserve_a(Role.AGENT)
def faire_fiche(request: RequeteConnectee, pk: int) -> HttpResponseBase:
    """Make the sheet with today's data; its page says when it is ready."""
    avis = trouver(request, pk)
    actions.faire_fiche(avis, par=request.user)
    messages.success(request, "Le PDF se prépare : il s’affiche ici dès qu’il est prêt.")
    return redirect(f"{reverse('ccspl:dossier', args=[avis.pk])}#documents")
