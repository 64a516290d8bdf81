"""Pages of the monthly summary: subscribe, stop."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from ccspl.models import AbonnementResume
from ccspl.resume import actes
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.views.abonnements import ArretDesLettres
from participation.socle.workflow import Role


# The letter of the month ---------------------------------------------------------------------------------------------
@require_POST
def abonnement_au_resume(request: RequeteConnectee) -> HttpResponse:
    actes.s_abonner_au_resume(request.user)
    messages.success(
        request, "Vous recevrez le résumé au début de chaque mois, quand il y a quelque chose à dire."
    )
    return redirect(f"{reverse('ccspl:tableau_de_bord')}#resume")


@require_POST
@reserve_a(Role.AGENT, Role.ELU)
def arret_du_resume(request: RequeteConnectee) -> HttpResponse:
    abonnement = AbonnementResume.objects.filter(compte=request.user).first()
    if abonnement is not None:
        actes.arreter_le_resume(abonnement)
    messages.success(request, "Vous ne recevrez plus le résumé du mois.")
    return redirect(f"{reverse('ccspl:tableau_de_bord')}#resume")


ARRETER = ArretDesLettres[AbonnementResume](
    trouver=lambda cle: AbonnementResume.objects.select_related("compte").filter(cle=cle).first(),
    adresse=lambda abonnement: abonnement.compte.courriel,
    arreter=actes.arreter_le_resume,
    est_arretee=lambda abonnement: abonnement.arrete_le is not None,
    gabarit="ccspl/tableau/ne_plus_recevoir_resume.html",
)
