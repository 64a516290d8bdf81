"""Propose an idée without an account, in two steps, then follow it by its signed link."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from contrat_ville.actions import idees as actions
from contrat_ville.forms.inter_quartiers.idees import ProposerForm, SeNommerForm
from contrat_ville.lectures.inter_quartiers.semblables import deja_proposees
from contrat_ville.models import AuteurIdee, Budget, Idee
from contrat_ville.views.inter_quartiers.publiques import budget_en_ligne
from contrat_ville.workflow.inter_quartiers import Capacite
from participation.socle import limites
from participation.socle.erreurs import ErreurMetier
from participation.socle.http import demande_la_position, publique
from participation.socle.models import ReglageService
from participation.socle.views.ensuite import Ensuite
from participation.socle.views.liens import du_lien_ou_404

DITS = ("titre", "texte", "lieu", "latitude", "longitude", "cle")
ETAPES = ("Votre idée", "Vous prévenir", "C’est reçu")
TROP = (
    "Beaucoup d’idées arrivent depuis votre réseau, ou pour cette adresse. "
    "Votre texte est toujours là : envoyez-le de nouveau dans une heure, ou appelez-nous."
)


@publique
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@demande_la_position
def proposer_idee(request: HttpRequest, pk: int) -> HttpResponse:
    """Two steps at one URL.

    The second form carries the answers of the first: nothing is stored between them.
    """
    budget = budget_en_ligne(pk)
    page = {"budget": budget, "etapes_idee": ETAPES, "service": ReglageService.actuel()}
    if refus := budget.pourquoi_pas(Capacite.DEPOSER):
        # If the phase ended meanwhile, the text typed is shown again.
        perdu = request.POST.get("texte", "")
        return render(
            request,
            "contrat_ville/inter_quartiers/proposer/ferme.html",
            {**page, "refus": refus, "perdu": perdu},
            status=409 if perdu else 200,
        )
    form = ProposerForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or "revenir" in request.POST or not form.is_valid():
        if "revenir" in request.POST:
            form = ProposerForm(initial=_deja_dit(request))
        statut = 422 if form.is_bound and form.errors else 200
        return render(
            request, "contrat_ville/inter_quartiers/proposer/quoi.html", {**page, "form": form}, status=statut
        )
    dit = form.cleaned_data
    suite = SeNommerForm(request.POST if "envoyer" in request.POST else None)
    statut = 422 if suite.is_bound else 200
    if suite.is_valid():
        cle = form.cle_d_envoi(suite.cleaned_data)
        statut = _recevoir(request, budget, form, suite, cle)
        if not suite.errors:
            return Ensuite(reverse("contrat_ville:idee_recue", args=[cle]))
    contexte = {
        **page,
        "dit": form,
        "form": suite,
        "proches": deja_proposees(budget, f"{dit['titre']} {dit['texte']}"),
        "quartiers_choisis": dit["quartiers"],
    }
    return render(request, "contrat_ville/inter_quartiers/proposer/qui.html", contexte, status=statut)


def _recevoir(
    request: HttpRequest, budget: Budget, form: ProposerForm, suite: SeNommerForm, cle: uuid.UUID
) -> int:
    """Save the idée, unless a program filled in the form.

    Errors are added to `suite`. Returns the HTTP status of the page.
    """
    if suite.est_piege:
        return 200
    if not limites.tenter_aussi_sans_boite(request, "proposer", suite.cleaned_data["courriel"]):
        suite.add_error(None, TROP)
        return 429
    dit: dict[str, Any] = {nom: form.cleaned_data[nom] for nom in ("titre", "texte", "quartiers", "lieu")}
    try:
        actions.deposer_idee(budget, **(dit | form.point()), contact=suite.contact(), cle=cle)
    except ErreurMetier as erreur:  # the phase ended meanwhile
        suite.add_error(None, erreur.message)
        return 409
    return 200


def _deja_dit(request: HttpRequest) -> dict[str, Any]:
    return {
        **{nom: request.POST.get(nom, "") for nom in DITS},
        "quartiers": request.POST.getlist("quartiers"),
    }


@publique
@never_cache
@require_safe
def idee_recue(request: HttpRequest, cle: uuid.UUID) -> HttpResponseBase:
    """Receipt, at a secret URL: it has the link to follow the idée, even without a letter."""
    idee: Any = Idee.objects.select_related("budget").filter(cle=cle).first()
    auteur = idee.auteurs.first() if idee is not None else None
    return _personnelle(
        request,
        "contrat_ville/inter_quartiers/proposer/recue.html",
        {"idee": idee, "a_une_adresse": bool(auteur and auteur.courriel), "etapes_idee": ETAPES},
    )


def _personnelle(request: HttpRequest, gabarit: str, contexte: dict[str, Any]) -> HttpResponse:
    reponse = render(request, gabarit, contexte)
    reponse["X-Robots-Tag"] = "noindex"
    return reponse


@publique
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def suivre_idee(request: HttpRequest, jeton: str) -> HttpResponse:
    """Page of the author, by signed link: the idée and its projet.

    The author can withdraw the idée while it is not part of a projet.
    """
    idees: Any = Idee.objects.select_related("budget", "projet_quartier")
    idee: Idee = du_lien_ou_404(Idee.LIEN, jeton, idees)
    if request.method == "POST":
        actions.retirer_idee(idee, par=None)
        return redirect("contrat_ville:suivre_idee", jeton)
    projet = idee.projet_quartier
    return _personnelle(
        request,
        "contrat_ville/inter_quartiers/proposer/suivre.html",
        {
            "idee": idee,
            "budget": idee.budget,
            "projet": projet,
            "journal": idee.journal.filter(est_publique=True).order_by("le"),
            "journal_du_projet": projet.journal.filter(est_publique=True).order_by("le") if projet else [],
            "peut_retirer": idee.permet("retirer_idee", None),
        },
    )


def _auteur(jeton: str) -> AuteurIdee | None:
    return AuteurIdee.LIEN.trouver(jeton, AuteurIdee.objects.select_related("idee__budget"))


@publique
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirmer_auteur(request: HttpRequest, jeton: str) -> HttpResponse:
    """Confirm the address. A GET confirms nothing: mail scanners follow links.

    The page is the same if the address was erased.
    """
    auteur = _auteur(jeton)
    if auteur is not None and request.method == "POST":
        actions.confirmer_auteur(auteur)
        return redirect("contrat_ville:confirmer_auteur", jeton)
    return _personnelle(request, "contrat_ville/inter_quartiers/proposer/confirmer.html", {"auteur": auteur})


@csrf_exempt
@publique
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def arreter_lettres(request: HttpRequest, jeton: str) -> HttpResponse:
    """Stop the letters. A GET changes nothing; a POST without token does (RFC 8058)."""
    auteur = _auteur(jeton)
    if auteur is not None and request.method == "POST":
        actions.arreter_lettres(auteur)
    return _personnelle(request, "contrat_ville/inter_quartiers/proposer/arreter.html", {"auteur": auteur})
