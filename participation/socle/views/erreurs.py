"""Error pages: what happened, what was kept, what to do."""

import errno
import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.shortcuts import render
from django.template.loader import render_to_string

from participation.socle.courriels.alertes import alerter
from participation.socle.http.protocole import erreur_json, page_d_erreur, veut_du_json
from participation.socle.regles.textes import a_rendre
from participation.socle.views.liens import LienPerdu, lien_inconnu

PATIENCE = 30  # seconds (Retry-After)
SURES = {"GET", "HEAD", "OPTIONS"}  # requests that send nothing


def requete_incorrecte(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return page_d_erreur(request, 413)
    return _dire(request, 400, "La demande n’a pas été comprise.")


def acces_refuse(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _dire(request, 403, "Cette adresse ne vous est pas ouverte.")


def page_expiree(request: HttpRequest, reason: str = "") -> HttpResponse:
    """CSRF failure: the cookie is missing or has changed.

    Answers typed in a form of this site are shown again, to be sent again. A form sent by another site is not
    shown.
    """
    dite: dict[str, Any] = {}
    if "Origin" in request.headers and not reason.startswith("Origin"):
        with suppress(UnreadablePostError):
            dite = a_rendre(request)
    return render(request, "erreurs/403_csrf.html", {"est_une_erreur": True, **dite}, status=403)


def introuvable(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, LienPerdu) and not veut_du_json(request):
        return lien_inconnu(request, exception.quoi, sinon=exception.sinon)
    return _dire(request, 404, "Rien à cette adresse.")


def _dire(request: HttpRequest, statut: int, phrase: str) -> HttpResponse:
    """Return the page of the error, or its sentence in JSON to a program."""
    return erreur_json(phrase, statut) if veut_du_json(request) else page_d_erreur(request, statut)


def panne(request: HttpRequest) -> HttpResponse:
    """Any other error: 503 if the database fails, 507 if the disk is full, else 500.

    These pages use neither the database, nor the session, nor the manifest of static files.
    """
    erreur = sys.exc_info()[1]
    causes = list(_causes(erreur))
    est_prevenue = erreur is not None and alerter(erreur, ou=_ou(request))
    if any(isinstance(cause, OperationalError | InterfaceError) for cause in causes):
        reponse = _statique("erreurs/503.html", 503, est_prevenue, est_un_envoi=request.method not in SURES)
        reponse["Retry-After"] = str(PATIENCE)
        return reponse
    if any(isinstance(cause, OSError) and cause.errno in {errno.ENOSPC, errno.EDQUOT} for cause in causes):
        return _statique("erreurs/507.html", 507, est_prevenue)
    if veut_du_json(request):
        return erreur_json("Une erreur s’est produite : réessayez plus tard.", 500)
    return _statique("erreurs/500.html", 500, est_prevenue)


def _causes(erreur: BaseException | None) -> Iterator[BaseException]:
    while erreur is not None:
        yield erreur
        erreur = erreur.__cause__ or erreur.__context__


def _ou(request: HttpRequest) -> str:
    """Return the route and not the URL, which may hold a secret or a name."""
    trouvee = request.resolver_match
    return f"{request.method} {trouvee.route if trouvee else 'adresse inconnue'}"


def _statique(gabarit: str, statut: int, est_prevenue: bool, *, est_un_envoi: bool = False) -> HttpResponse:
    contexte = {
        "est_prevenue": est_prevenue,
        "adresse": settings.ADRESSE_POSTALE,
        # The database may have kept it before it stopped answering: neither yes nor no can be said.
        "est_un_envoi": est_un_envoi,
    }
    reponse = HttpResponse(render_to_string(gabarit, contexte), status=statut)
    reponse["Cache-Control"] = "no-store"
    return reponse
