"""Pages of the profile: the questions after an act, who takes part for all, and by démarche for agents."""

from datetime import MAXYEAR, MINYEAR

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_POST, require_safe

from participation.inclusion.profils import actes, lectures
from participation.inclusion.profils.actes import ProfilForm
from participation.socle.erreurs import ErreurMetier
from participation.socle.http.decorateurs import publique, reserve_a, traduite
from participation.socle.http.requete import RequeteConnectee
from participation.socle.workflow import Role


def _ici(adresse: str) -> str:
    """Return this path of the site, or the home page."""
    est_d_ici = adresse.startswith("/") and url_has_allowed_host_and_scheme(adresse, allowed_hosts=None)
    return adresse if est_d_ici else reverse("socle:accueil")


@traduite
@publique
@never_cache
@require_POST
def repondre(request: HttpRequest) -> HttpResponse:
    """Keep the answers of who has just taken part; the form itself stands on the page of the act."""
    jeton, retour = request.POST.get("jeton", ""), _ici(request.POST.get("retour", ""))
    try:
        nature, numero, participation = actes.lire_jeton(jeton)
    except ErreurMetier as refus:
        return render(request, "inclusion/merci.html", {"refus": refus.message, "retour": retour}, status=409)
    form = ProfilForm(request.POST, auto_id="profil_%s")
    if not form.is_valid():
        return render(request, "inclusion/repondre.html", {"form": form, "jeton": jeton, "retour": retour})
    reponses = form.reponses()
    actes.repondre(nature, numero, participation, reponses)
    # No redirection: the page to go back to may have a key in its address, which no other address must hold.
    est_secrete = nature in actes.SECRETES
    dit = {"retour": retour, "est_secrete": est_secrete, "est_vide": not any(reponses.values())}
    return render(request, "inclusion/merci.html", dit)


def _annee(request: HttpRequest) -> tuple[int, list[int]]:
    """Return the year asked, the present one by default, and those offered. Raises Http404."""
    offertes = lectures.annees()
    demandee = request.GET.get("annee", str(offertes[0]))
    if demandee not in map(str, offertes):
        raise Http404
    return int(demandee), offertes


@publique
@cache_control(public=True, max_age=300)
@require_safe
def qui_participe(request: HttpRequest) -> HttpResponse:
    """All démarches of a year together, beside the population."""
    annee, offertes = _annee(request)
    lignes = lectures.lignes(annee)
    comparaisons, le = lectures.comparaisons_de(annee)
    return render(
        request,
        "inclusion/qui_participe.html",
        {
            "annee": annee,
            "annees": offertes,
            "couverture": lectures.couverture(lignes),
            "comparaisons": comparaisons,
            "comptees_le": le,
        },
    )


@reserve_a(Role.AGENT)
@require_safe
def publics(request: RequeteConnectee) -> HttpResponse:
    """The démarches of a year with their coverage, who is missing over all of them, where to go."""
    annee, offertes = _annee(request)
    lignes = lectures.lignes(annee)
    comparaisons, le = lectures.comparaisons_de(annee)
    return render(
        request,
        "inclusion/publics.html",
        {
            "annee": annee,
            "annees": offertes,
            "lignes": lignes,
            "couverture": lectures.couverture(lignes),
            "comparaisons": comparaisons,
            "comptees_le": le,
            "manquants": [(c.titre, groupe) for c in comparaisons for groupe in c.manquants],
        },
    )


@reserve_a(Role.AGENT)
@require_safe
def publics_de(request: RequeteConnectee, annee: int, nature: str, numero: int) -> HttpResponse:
    """One démarche: its coverage, then its groups beside the population."""
    if annee not in range(MINYEAR, MAXYEAR):  # no calendar has it
        raise Http404
    trouvees = (ligne for ligne in lectures.lignes(annee) if _est(ligne, nature, numero))
    ligne = next(trouvees, None)
    if ligne is None:
        raise Http404
    return render(
        request,
        "inclusion/publics_de.html",
        {"ligne": ligne, "annee": annee, "comparaisons": lectures.comparaisons([ligne.demarche])},
    )


def _est(ligne: lectures.Ligne, nature: str, numero: int) -> bool:
    return (ligne.demarche.nature, ligne.demarche.numero) == (nature, numero)
