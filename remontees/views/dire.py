"""Public pages to tell the metropolis something, without account, in three steps."""

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from participation.socle import limites
from participation.socle.http import gardable, publique
from participation.socle.models import ReglageService
from participation.socle.views.ensuite import Ensuite
from remontees.actions.reception import deposer
from remontees.forms.dire import DireForm, SuivreForm
from remontees.lectures.referentiel import categorie_du_code, themes
from remontees.lectures.sujets_proches import sujets_proches
from remontees.models import Categorie, Organisme, Reception
from remontees.workflow import Canal

AUTRE = "autre-chose"
ETAPES = ("Quoi et où", "Déjà connu ?", "C’est reçu")
TROP = (
    "Beaucoup de messages arrivent depuis votre réseau, ou pour cette adresse. "
    "Votre texte est toujours là : envoyez-le de nouveau dans une heure, ou appelez-nous."
)


@publique
@gardable(60)
@require_safe
def dire(request: HttpRequest) -> HttpResponse:
    """Choice of the category, by links: the advice before writing depends on it, even without script."""
    return render(request, "remontees/dire/dire.html", {"themes": themes(), "autre": AUTRE})


@publique
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def dire_sur(request: HttpRequest, code: str) -> HttpResponse:
    """Both form steps at one URL. The second carries the answers of the first; nothing is saved between."""
    categorie = categorie_du_code(code)
    if categorie is None and code != AUTRE:
        raise Http404
    page = {"categorie": categorie, "code": code, "etapes_dire": ETAPES, **_avant_d_ecrire(categorie)}
    form = DireForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or "revenir" in request.POST or not form.is_valid():
        if "revenir" in request.POST:
            form = DireForm(initial={nom: request.POST.get(nom, "") for nom in form.fields})
        statut = 422 if form.is_bound and form.errors else 200
        return render(request, "remontees/dire/quoi.html", {**page, "form": form}, status=statut)
    dit = form.cleaned_data
    numero = categorie.pk if categorie else None
    proches = sujets_proches(dit["verbatim"], categorie=numero, commune=dit["commune"])
    envoi = "envoyer" in request.POST
    suite = SuivreForm(request.POST, request.FILES, proches=proches) if envoi else SuivreForm(proches=proches)
    statut = 200
    if suite.is_valid():
        cle = suite.cle_d_envoi(dit, {"code": code})
        recue = Ensuite(reverse("remontees:recue", args=[cle]))
        if suite.est_piege:
            return recue
        if limites.tenter_aussi_sans_boite(request, "dire", suite.cleaned_data["courriel"]):
            deposer(suite.charge(dit, numero), cle=cle, photo=suite.cleaned_data["photo"])
            return recue
        suite.add_error(None, TROP)
        statut = 429
    elif suite.is_bound:
        statut = 422
    return render(
        request,
        "remontees/dire/connu.html",
        {
            **page,
            "dit": form,
            "form": suite,
            "proches": proches,
            "choisi": suite["sujet"].value() if proches else "",
        },
        status=statut,
    )


def _avant_d_ecrire(categorie: Categorie | None) -> dict[str, Any]:
    """Return the advice shown before writing: other competent body, online procedure."""
    organisme = categorie.organisme if categorie else None
    est_ailleurs = categorie is not None and not categorie.est_metropolitaine
    return {
        "est_ailleurs": est_ailleurs,
        "est_de_la_mairie": est_ailleurs
        and (organisme is None or organisme.nature == Organisme.Nature.COMMUNE),
        "organisme": organisme,
        "service": ReglageService.actuel(),
    }


@publique
@never_cache
@require_safe
def recue(request: HttpRequest, cle: uuid.UUID) -> HttpResponseBase:
    """Receipt, at a URL that only the person has.

    The page is the same whether the remontée exists or not yet. Only the channel of the site: keys of other
    channels are known to others or can be computed.
    """
    recues = Reception.objects.filter(remontee__canal=Canal.SITE).select_related("remontee")
    reception = recues.filter(pk=cle).first()
    reponse = render(
        request,
        "remontees/dire/recue.html",
        {"remontee": reception.remontee if reception else None, "etapes_dire": ETAPES},
    )
    reponse["X-Robots-Tag"] = "noindex"
    return reponse
