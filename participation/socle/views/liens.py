"""Signed links: the row of one, the short ones of SMS, the page of an unknown one."""

from typing import TypeVar

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from participation.socle.http import publique
from participation.socle.liens import Lien, LienExpire, LienInvalide, adresse_longue
from participation.socle.models import Scelle

M = TypeVar("M", bound=Scelle)


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


def du_lien_ou_404(lien: Lien, jeton: str, objets: QuerySet[M]) -> M:
    """Return the row that a signed link opens, among these."""
    objet = lien.trouver(jeton, objets)
    if objet is None:
        raise Http404
    return objet


def lien_inconnu(request: HttpRequest, quoi: str) -> HttpResponse:
    """Page of an unknown signed link (404): it explains how to get the whole link.

    Most often, a mail program has cut the link. `quoi`: « aucune demande ».
    """
    return render(request, "socle/lien_inconnu.html", {"quoi": quoi}, status=404)
