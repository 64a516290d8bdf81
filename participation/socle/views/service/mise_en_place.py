"""The page of the first days: what must be set before the site serves, in order, and what each holds up."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from participation.socle.http.decorateurs import reserve_au_service
from participation.socle.http.requete import RequeteConnectee
from participation.socle.lectures.mise_en_place import parties, qui_bloquent
from participation.socle.models import Compte
from participation.socle.vitrine import Reglage


@reserve_au_service
@require_safe
def mise_en_place(request: RequeteConnectee) -> HttpResponse:
    lues = parties()
    restants = [un for partie in lues for un in partie.a_faire]
    ouverts = {
        un.url for partie in lues for un in (*partie.a_faire, *partie.faits) if _s_ouvre(un, request.user)
    }
    return render(
        request,
        "socle/mise_en_place.html",
        {
            "parties": lues,
            "bloquants": sum(1 for un in restants if not un.peut_attendre),
            "autres": sum(1 for un in restants if un.peut_attendre),
            "ouverts": ouverts,
        },
    )


def _s_ouvre(un: Reglage, compte: Compte) -> bool:
    return bool(un.url) and (compte.is_staff or not un.aux_tables) and (compte.est_agent or not un.a_un_agent)


def a_regler(compte: Compte) -> list[Reglage]:
    """Return what this account may set and holds something up; nothing once all is set."""
    return [un for un in qui_bloquent() if _s_ouvre(un, compte)]
