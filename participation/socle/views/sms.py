"""Page of the SMS: how many left each month, and what they cost."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from participation.socle.courriels import sms
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.lectures.sms import MOIS_MONTRES, limites_en_mots, mois_des_sms, prix_en_mots
from participation.socle.workflow import Role


@reserve_a(Role.AGENT)
@require_safe
def cout_des_sms(request: RequeteConnectee) -> HttpResponse:
    return render(
        request,
        "socle/sms.html",
        {
            "mois": mois_des_sms(),
            "combien_de_mois": MOIS_MONTRES,
            "limites": limites_en_mots(),
            "prix": prix_en_mots(),
            "eteint": "" if sms.sont_actifs() else f"{sms.ETEINT}.",
        },
    )
