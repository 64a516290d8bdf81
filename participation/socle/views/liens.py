"""The short link of an SMS: it leads to the page of its letter, which asks again what the link opens."""

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
