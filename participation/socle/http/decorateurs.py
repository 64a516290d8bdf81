"""Decorators of views: who may open a page, how long it may be kept, what it may do."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_cache_control

from participation.socle.http.politique import PERMISSIONS_AVEC_POSITION
from participation.socle.http.requete import Vue
from participation.socle.models import Compte
from participation.socle.workflow import Role

# Roles with access to the back office; the members of an instance, for their dossiers.
ROLES_BUREAU = (Role.AGENT, Role.AGENT_DIRECTION, Role.AGENT_COMMUNE, Role.ACCUEIL, Role.ELU, Role.MEMBRE)


def reserve_a(*roles: str) -> Callable[[Vue], Vue]:
    """Answer 403 unless the signed-in person holds one of these roles today."""

    def decorer(vue: Vue) -> Vue:
        @wraps(vue)
        def gardee(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not isinstance(request.user, Compte) or not request.user.roles & set(roles):
                raise PermissionDenied
            return vue(request, *args, **kwargs)

        gardee.roles = frozenset(roles)  # type: ignore[attr-defined]
        return gardee

    return decorer


def reserve_au_service(vue: Vue) -> Vue:
    """Answer 403 unless the signed-in person is an agent of the service, or keeps the reference tables."""

    @wraps(vue)
    def gardee(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not isinstance(request.user, Compte) or not (request.user.est_agent or request.user.is_staff):
            raise PermissionDenied
        return vue(request, *args, **kwargs)

    return gardee


def publique(vue: Vue) -> Vue:
    """Open the view to everybody, without an account."""
    return login_not_required(vue)


def traduite(vue: Vue) -> Vue:
    """Say that the sentences of this public page are translated; else a page in another language says that it is not.

    Outermost, where the view is decorated: `tests/site/test_langues.py` reads every view that has it.
    """
    vue.est_traduite = True  # type: ignore[attr-defined]
    return vue


def gardable(secondes: int) -> Callable[[Vue], Vue]:
    """Let caches keep a public page for so many seconds, and serve it while they fetch a newer one.

    Only for pages without cookies.
    """

    def decorer(vue: Vue) -> Vue:
        @wraps(vue)
        def gardee(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            reponse = vue(request, *args, **kwargs)
            if reponse.status_code == 200 and not reponse.has_header("Cache-Control"):
                patch_cache_control(
                    reponse, public=True, max_age=secondes, stale_while_revalidate=10 * secondes
                )
            return reponse

        return gardee

    return decorer


def demande_la_position(vue: Vue) -> Vue:
    """Allow this page to ask the device for its position: other pages may not."""

    @wraps(vue)
    def situee(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        reponse = vue(request, *args, **kwargs)
        reponse["Permissions-Policy"] = PERMISSIONS_AVEC_POSITION
        return reponse

    return situee


def partageable(vue: Vue) -> Vue:
    """Let the pages of any other site read this answer (CORS): it is open data."""

    @wraps(vue)
    def partagee(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        reponse = vue(request, *args, **kwargs)
        reponse["Access-Control-Allow-Origin"] = "*"
        return reponse

    return partagee
