"""An identity of another service (ProConnect, FranceConnect): tied to an account, untied, and left with it."""

from allauth.socialaccount.models import SocialAccount
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from participation.socle.http import oidc
from participation.socle.http.requete import RequeteConnectee


@require_http_methods(["GET", "HEAD", "POST"])
def relier_identite(request: RequeteConnectee) -> HttpResponse:
    """Tie the identity that this browser has just proved to the account that it has just proved too."""
    connexion = oidc.a_relier(request)
    if connexion is None:
        messages.info(request, "Rien n’attend d’être relié : recommencez la connexion si besoin.")
        return redirect("socle:mon_compte")
    service = oidc.nom_du_fournisseur(connexion.account.provider)
    if request.method != "POST":
        return render(request, "socle/comptes/relier_identite.html", {"service": service})
    del request.session[oidc.CLE_A_RELIER]
    if "refuser" in request.POST:
        messages.info(request, f"Votre compte n’est pas relié à {service}.")
    elif oidc.relier(request, request.user, connexion):
        messages.success(request, f"C’est fait : {service} vous connecte maintenant à ce compte.")
    else:
        messages.error(request, f"Cette identité {service} est déjà reliée à un compte. Rien n’a été changé.")
    return redirect("socle:accueil_compte")


@require_http_methods(["GET", "HEAD", "POST"])
def delier_identite(request: RequeteConnectee, pk: int) -> HttpResponse:
    identite = get_object_or_404(SocialAccount, pk=pk, user=request.user)
    service = oidc.nom_du_fournisseur(identite.provider)
    if request.method != "POST":
        return render(request, "socle/comptes/delier_identite.html", {"service": service})
    oidc.delier(request.user, identite)
    messages.success(request, f"{service} ne vous connecte plus à ce compte.")
    return redirect("socle:mon_compte")


def au_revoir(request: HttpRequest, ailleurs: str, *, service: str, fait: str) -> HttpResponse:
    """Say that the session here is over, and lead to the end of the other one.

    A page and not a redirection: the content policy would stop a form that leads elsewhere.
    """
    return render(
        request, "socle/comptes/au_revoir.html", {"ailleurs": ailleurs, "service": service, "fait": fait}
    )
