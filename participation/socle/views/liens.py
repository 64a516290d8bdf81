"""Short links of SMS, which redirect to the page of the letter; page of an unknown link."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from participation.socle.http import publique
from participation.socle.liens import LienExpire, LienInvalide, adresse_longue


@publique
@never_cache
@require_safe
def lien_court(request: HttpRequest, jeton: str) -> HttpResponse:
    try:
        return redirect(adresse_longue(jeton))
    except LienExpire:
        return render(request, "socle/lien_expire.html", status=410)
    except LienInvalide as erreur:
        raise Http404 from erreur


def lien_inconnu(request: HttpRequest, quoi: str) -> HttpResponse:
    """Page of an unknown signed link (404): it explains how to get the whole link.

    Most often, a mail program has cut the link. `quoi`: « aucune demande ».
    """
    return render(request, "socle/lien_inconnu.html", {"quoi": quoi}, status=404)
