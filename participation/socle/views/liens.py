"""Signed links: the row of one, the pages that they open, the short ones of SMS, the page of an unknown one."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from participation.socle.http.decorateurs import publique
from participation.socle.liens import Lien, LienExpire, LienInvalide, adresse_longue
from participation.socle.models import Scelle

M = TypeVar("M", bound=Scelle)
O = TypeVar("O")  # noqa: E741 what the link opens


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


def personnelle(
    trouver: Callable[[Any], O | None], inconnu: Callable[[HttpRequest], HttpResponse]
) -> Callable[[Callable[[HttpRequest, O, Any], HttpResponse]], Callable[..., HttpResponse]]:
    """Decorate a page that a letter's link opens: no account, never cached, never indexed.

    The page is called with what `trouver` returns for the token of the URL, and the token. When that is None,
    `inconnu` answers.
    """

    def decorer(page: Callable[[HttpRequest, O, Any], HttpResponse]) -> Callable[..., HttpResponse]:
        def vue(request: HttpRequest, **adresse: Any) -> HttpResponse:
            (jeton,) = adresse.values()
            objet = trouver(jeton)
            reponse = inconnu(request) if objet is None else page(request, objet, jeton)
            reponse["X-Robots-Tag"] = "noindex"
            return reponse

        vue.__name__, vue.__doc__ = page.__name__, page.__doc__
        return publique(never_cache(require_http_methods(["GET", "HEAD", "POST"])(vue)))  # type: ignore[return-value]

    return decorer


def lien_inconnu(request: HttpRequest, quoi: str, *, app: str = "metropole", sinon: str = "") -> HttpResponse:
    """Page of an unknown signed link (404): it explains how to get the whole link.

    Most often, a mail program has cut the link. `quoi`: « aucune demande ». `sinon`: how to get another one, when
    it is not by answering our letter.
    """
    contexte = {"quoi": quoi, "app": app, "sinon": sinon}
    return render(request, "socle/lien_inconnu.html", contexte, status=404)
