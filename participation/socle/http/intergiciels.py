"""Middlewares, and the limit of what may be sent."""

from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler
from django.db import OperationalError
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotAllowed,
    HttpResponsePermanentRedirect,
)
from django.middleware.common import CommonMiddleware
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.deprecation import MiddlewareMixin
from django.utils.functional import SimpleLazyObject
from psycopg2.errors import DeadlockDetected

from participation.socle.actions.comptes import exiger_second_facteur
from participation.socle.erreurs import ActeInterdit, RoleInsuffisant
from participation.socle.http.oidc import est_second_facteur
from participation.socle.http.protocole import erreur_json, page_d_erreur, veut_du_json
from participation.socle.http.requete import Vue
from participation.socle.models import Compte
from participation.socle.regles.textes import a_rendre

CROISES = "Quelqu’un agissait ici au même moment. Rien n’a été enregistré : recommencez."


class RedirectionFidele(HttpResponsePermanentRedirect):
    """Permanent redirection (308): a POST to the old URL is sent again to the new one."""

    def __init__(self, redirect_to: str) -> None:
        super().__init__(redirect_to, preserve_request=True)


class AdressesMiddleware(CommonMiddleware):
    """Redirect a URL without its final slash to the one that has it."""

    response_redirect_class = RedirectionFidele


class ConnexionRequiseMiddleware(LoginRequiredMiddleware):
    """Require sign-in, unless the view is public: the session is then not read, so that caches can keep it."""

    def process_view(
        self, request: HttpRequest, view_func: Vue, view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        if not getattr(view_func, "login_required", True):
            return None
        refus = super().process_view(request, view_func, view_args, view_kwargs)
        if refus is None:
            return None
        reponse = self._rendre(request, refus)
        if "connecte" in request.COOKIES:
            dire_deconnecte(reponse)
        return reponse

    @staticmethod
    def _rendre(request: HttpRequest, refus: HttpResponseBase) -> HttpResponseBase:
        """Return the refusal, with what was written if it was a form: an expired session loses nothing."""
        if request.method != "POST" or "text/html" not in request.headers.get("Accept", ""):
            return refus
        rendu = a_rendre(request)
        if not rendu["fichiers"] and not any(valeur for _, valeur in rendu["champs"]):
            return refus
        return render(request, "erreurs/session_finie.html", {**rendu, "refus": refus}, status=403)

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Forbid shared caches to keep a page that needs an account."""
        trouvee = request.resolver_match
        if trouvee is None or not getattr(trouvee.func, "login_required", True):
            return response
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_cache=True)
        return response


FACTEURS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


ADRESSE = "account_email"  # where codes go: for an agent, as much as a factor
IDENTITE = "relier_identite"  # another service then opens the account, and may say a second factor


AJOUTS = frozenset({"mfa_activate_totp", "mfa_add_webauthn", ADRESSE, IDENTITE})


# Ways to sign in that prove the mailbox, or go through the service that holds it.
PAR_LA_BOITE = frozenset({"code", "password_reset", "socialaccount"})


class SecondFacteurMiddleware(MiddlewareMixin):
    """Require a second factor from those who work in the back office.

    After the grace period, only the pages to add one can be reached.
    """

    def process_view(
        self, request: HttpRequest, view_func: Vue, view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        nom = request.resolver_match.url_name or "" if request.resolver_match else ""
        if nom in AJOUTS and premier_facteur_sans_boite(request, nom):
            return redirect("socle:prouver_ma_boite")
        if nom.startswith("mfa_") or nom in {
            "account_logout",
            "account_reauthenticate",
            "prouver_ma_boite",
            IDENTITE,
        }:
            return None
        if not getattr(view_func, "login_required", True):
            # Checked only if the view uses `request.user`: a public page does not read the session.
            visiteur = request.user
            request.user = SimpleLazyObject(  # type: ignore[assignment]
                lambda: AnonymousUser() if second_facteur_en_retard(request, visiteur) else visiteur
            )
            return None
        if second_facteur_en_retard(request, request.user):
            return redirect("mfa_index")
        return None


def premier_facteur_sans_boite(request: HttpRequest, nom: str) -> bool:
    """Whether the account has no second factor yet, and this session proved nothing but a password.

    Who stole the password could otherwise add a factor of their own, then enter.
    """
    compte = request.user
    if not isinstance(compte, Compte) or is_mfa_enabled(compte, FACTEURS):
        return False
    if nom == ADRESSE and not compte.doit_un_second_facteur:
        return False
    return not any(
        preuve.get("method") in PAR_LA_BOITE for preuve in get_authentication_records(request, compte)
    )


SECOND_FACTEUR_DIT = "second_facteur_dit_le"  # key of the session


def second_facteur_en_retard(request: HttpRequest, visiteur: object) -> bool:
    """Whether the second factor is required and missing.

    Also sets `request.second_facteur_exige_le`, the day from which it is required, for the first page of the day.
    """
    if not isinstance(visiteur, Compte) or not visiteur.doit_un_second_facteur:
        return False
    if is_mfa_enabled(visiteur, FACTEURS) or est_second_facteur(request):
        return False
    exige_le = exiger_second_facteur(visiteur)
    if _se_dit_aujourd_hui(request):
        request.second_facteur_exige_le = exige_le  # type: ignore[attr-defined]
    return timezone.localdate() >= exige_le


def _se_dit_aujourd_hui(request: HttpRequest) -> bool:
    """Whether this page says that the second factor is owed: the first page of the day, not each."""
    if request.method != "GET" or not request.accepts("text/html") or "HX-Request" in request.headers:
        return False
    jour = timezone.localdate().isoformat()
    if request.session.get(SECOND_FACTEUR_DIT) == jour:
        return False
    request.session[SECOND_FACTEUR_DIT] = jour
    return True


def dire_connecte(reponse: HttpResponse, duree: int | None) -> None:
    """Set a cookie that tells the scripts of public pages that somebody is signed in.

    Public pages never read the session. `duree` in seconds; None: until the browser closes.
    """
    reponse.set_cookie(
        "connecte", "1", max_age=duree, secure=settings.SESSION_COOKIE_SECURE, httponly=False, samesite="Lax"
    )


def dire_deconnecte(reponse: HttpResponseBase) -> None:
    """Remove the cookie of `dire_connecte`, wherever a session is found to be over."""
    reponse.delete_cookie("connecte", samesite="Lax")


class ErreursMetierMiddleware(MiddlewareMixin):
    """Turn errors of acts into pages: 409 when somebody acted before, 403 without the role, 405 for a bare refusal."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if not isinstance(response, HttpResponseNotAllowed) or request.method == "OPTIONS":
            return response
        dite = (
            erreur_json("Cette adresse ne prend pas cette méthode.", 405)
            if veut_du_json(request)
            else page_d_erreur(request, 405)
        )
        dite["Allow"] = response["Allow"]
        return dite

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, ActeInterdit):
            return page_d_erreur(request, 409, message=exception.message)
        if isinstance(exception, RoleInsuffisant):
            return page_d_erreur(request, 403, message=exception.message)
        if isinstance(exception, OperationalError) and isinstance(exception.__cause__, DeadlockDetected):
            # The database rolled back the whole act: nothing of it remains, and it can be done again.
            return page_d_erreur(request, 409, message=CROISES)
        return None


class PlafondEnvoi(FileUploadHandler):
    """Refuse a form heavier than the limits from its first bytes, before it fills the disk."""

    LECTURE_MAX = 8  # times the limit: bytes read and dropped so that the browser receives the answer

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803 (Django)
        content_length: int,
        boundary: Any,
        encoding: Any = None,
    ) -> None:
        maximum = settings.PIECE_TAILLE_MAX * settings.PIECES_PAR_ENVOI + settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if content_length <= maximum:
            return
        reste = min(content_length, maximum * self.LECTURE_MAX)
        while reste > 0 and (lu := input_data.read(min(reste, 65536))):
            reste -= len(lu)
        raise RequestDataTooBig("This form is heavier than PIECE_TAILLE_MAX allows.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
