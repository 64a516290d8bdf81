"""Pages of the monthly summary: subscribe, stop."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from ccspl.models import AbonnementResume
from ccspl.resume import actes
from participation.socle.http.decorateurs import publique, reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.workflow import Role


# The letter of the month ---------------------------------------------------------------------------------------------
@require_POST
def s_abonner_au_resume(request: RequeteConnectee) -> HttpResponse:
    actes.s_abonner_au_resume(request.user)
    messages.success(
        request, "Vous recevrez le résumé au début de chaque mois, quand il y a quelque chose à dire."
    )
    return redirect(f"{reverse('ccspl:tableau_de_bord')}#resume")


@require_POST
@reserve_a(Role.AGENT, Role.ELU)
def arreter_le_resume(request: RequeteConnectee) -> HttpResponse:
    abonnement = AbonnementResume.objects.filter(compte=request.user).first()
    if abonnement is not None:
        actes.arreter_le_resume(abonnement)
    messages.success(request, "Vous ne recevrez plus le résumé du mois.")
    return redirect(f"{reverse('ccspl:tableau_de_bord')}#resume")


@publique
@csrf_exempt  # mail programs post here on their own (RFC 8058)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ne_plus_recevoir_resume(request: HttpRequest, cle: UUID) -> HttpResponse:
    """Page of the link of the letter. GET changes nothing: mail scanners follow links."""
    abonnement = get_object_or_404(AbonnementResume, cle=cle)
    fait = request.method == "POST"
    if fait:
        actes.arreter_le_resume(abonnement)
    reponse = render(request, "ccspl/tableau/ne_plus_recevoir_resume.html", {"fait": fait})
    reponse["X-Robots-Tag"] = "noindex"
    return reponse
