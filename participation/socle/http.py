"""HTTP that no view should repeat: who is asking, what an act's refusal looks like, what frames every page."""

from collections.abc import Callable
from functools import lru_cache, partial, wraps
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any, TypeGuard

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponsePermanentRedirect
from django.middleware.common import CommonMiddleware
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.functional import SimpleLazyObject
from psycopg2.errors import DeadlockDetected

from participation.socle.actions.comptes import exiger_second_facteur
from participation.socle.cache import une_minute
from participation.socle.erreurs import ActeInterdit, RoleInsuffisant
from participation.socle.menus import menu_bureau, menu_public
from participation.socle.models import AuditAccessibilite, Compte, ReglageService
from participation.socle.pile import au_large
from participation.socle.politique import PERMISSIONS_AVEC_POSITION
from participation.socle.textes import a_rendre, phrases
from participation.socle.workflow import Role

Vue = Callable[..., HttpResponseBase]
# Who has a place in the back office: every professional role, and the members of an instance for their dossiers.
ROLES_BUREAU = (Role.AGENT, Role.AGENT_DIRECTION, Role.AGENT_COMMUNE, Role.ACCUEIL, Role.ELU, Role.MEMBRE)
CROISES = "Quelqu’un agissait ici au même moment. Rien n’a été enregistré : recommencez."


class RequeteConnectee(HttpRequest):
    """A request whose visitor is signed in (the default: LoginRequiredMiddleware)."""

    user: Compte


def reserve_a(*roles: str) -> Callable[[Vue], Vue]:
    """403 unless the signed-in person holds one of these roles today."""

    def decorer(vue: Vue) -> Vue:
        @wraps(vue)
        def gardee(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not isinstance(request.user, Compte) or not request.user.roles & set(roles):
                raise PermissionDenied
            return vue(request, *args, **kwargs)

        gardee.roles = frozenset(roles)  # type: ignore[attr-defined]
        return gardee

    return decorer


def publique(vue: Vue) -> Vue:
    """Open to all, without an account."""
    return login_not_required(vue)


@lru_cache(maxsize=8)
def _reseaux(adresses: tuple[str, ...]) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(adresse, strict=False) for adresse in adresses)


def _adresse(texte: str) -> IPv4Address | IPv6Address | None:
    """The address written so by a proxy; IPv6-mapped IPv4 is the same client as the plain IPv4."""
    try:
        lue = ip_address(texte.strip())
    except ValueError:
        return None
    return getattr(lue, "ipv4_mapped", None) or lue


def adresse_client(request: HttpRequest) -> str:
    """The address that asks. X-Forwarded-For is only believed from settings.TRUSTED_PROXIES, from right to left.

    Each trusted proxy names whom it heard from; the first name that is not a trusted proxy is the client. Anything
    unreadable gives REMOTE_ADDR back: a header that a client forges never chooses its own address.
    """
    directe = str(request.META.get("REMOTE_ADDR", ""))
    proxys = _reseaux(tuple(settings.TRUSTED_PROXIES))
    adresse = _adresse(directe)
    if adresse is None or not any(adresse in reseau for reseau in proxys):
        return str(adresse or directe)
    for nom in reversed(str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",")):
        nommee = _adresse(nom)
        if nommee is None or not any(nommee in reseau for reseau in proxys):
            return str(nommee or adresse)
    return str(adresse)


def au_large_middleware(get_response: Vue) -> Vue:
    """Each request has room for all its calls (see `pile`)."""
    return partial(au_large, get_response)


class RedirectionFidele(HttpResponsePermanentRedirect):
    """308: what was sent to the old address is sent again to the new one."""

    def __init__(self, redirect_to: str) -> None:
        super().__init__(redirect_to, preserve_request=True)


class AdressesMiddleware(CommonMiddleware):
    """An address written without its last slash leads to the one that has it."""

    response_redirect_class = RedirectionFidele


class ConnexionRequiseMiddleware(LoginRequiredMiddleware):
    """Django's own, asking the view before the visitor: a public page never reads the session, so that caches may keep it."""

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
        """What was written is given back with the way to sign in: nothing typed is lost with a session."""
        if request.method != "POST" or "text/html" not in request.headers.get("Accept", ""):
            return refus
        rendu = a_rendre(request)
        if not rendu["fichiers"] and not any(valeur for _, valeur in rendu["champs"]):
            return refus
        return render(request, "session_finie.html", {**rendu, "refus": refus}, status=403)

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """What is behind the door is for one person: no cache on the way keeps it, whatever its own settings."""
        trouvee = request.resolver_match
        if trouvee is None or not getattr(trouvee.func, "login_required", True):
            return response
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_cache=True)
        return response


class SecondFacteurMiddleware:
    """Who works in the back office adds a second factor in time; past the day, only the pages to add one are left."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view_func: Vue, view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        nom = request.resolver_match.url_name or "" if request.resolver_match else ""
        if nom.startswith("mfa_") or nom in {"account_logout", "account_reauthenticate"}:
            return None
        if not getattr(view_func, "login_required", True):
            # Read only if the view asks who is there: a public page stays off the session.
            visiteur = request.user
            request.user = SimpleLazyObject(  # type: ignore[assignment]
                lambda: AnonymousUser() if second_facteur_en_retard(request, visiteur) else visiteur
            )
            return None
        if second_facteur_en_retard(request, request.user):
            return redirect("mfa_index")
        return None


def second_facteur_en_retard(request: HttpRequest, visiteur: object) -> bool:
    """Whether the visitor owed a second factor by now. During the grace period, tells the page until when."""
    if not isinstance(visiteur, Compte) or not visiteur.doit_un_second_facteur:
        return False
    if settings.OIDC_VAUT_SECOND_FACTEUR and any(
        preuve.get("method") == "socialaccount" for preuve in get_authentication_records(request, visiteur)
    ):
        return False
    if is_mfa_enabled(visiteur, [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]):
        return False
    exige_le = exiger_second_facteur(visiteur)
    request.second_facteur_exige_le = exige_le  # type: ignore[attr-defined]
    return timezone.localdate() >= exige_le


def dire_connecte(reponse: HttpResponse, duree: int | None) -> None:
    """To the scripts of public pages, that never see the session; for `duree` seconds, or as long as the browser is open."""
    reponse.set_cookie(
        "connecte", "1", max_age=duree, secure=settings.SESSION_COOKIE_SECURE, httponly=False, samesite="Lax"
    )


def dire_deconnecte(reponse: HttpResponseBase) -> None:
    """The contrary, wherever a session is found to be over: no page offers the way out to who is not in."""
    reponse.delete_cookie("connecte", samesite="Lax")


class ErreursMetierMiddleware:
    """An act refused by the table is a page, never a crash: 409 when somebody acted before, 403 without the role."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, ActeInterdit):
            return render(
                request, "409.html", {"message": exception.message, "saisies": phrases(request)}, status=409
            )
        if isinstance(exception, RoleInsuffisant):
            return render(request, "403.html", {"message": exception.message}, status=403)
        if isinstance(exception, OperationalError) and isinstance(exception.__cause__, DeadlockDetected):
            # The database undid the whole act: nothing of it stays, and it can be done again.
            return render(request, "409.html", {"message": CROISES, "saisies": phrases(request)}, status=409)
        return None


def gardable(secondes: int) -> Callable[[Vue], Vue]:
    """Let caches keep a public page for so long, and give it again while they fetch a newer one. For pages without cookie."""

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
    """A page whose button asks the device where one stands: the others may not."""

    @wraps(vue)
    def situee(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        reponse = vue(request, *args, **kwargs)
        reponse["Permissions-Policy"] = PERMISSIONS_AVEC_POSITION
        return reponse

    return situee


def partageable(vue: Vue) -> Vue:
    """Open data: the pages of any other site may read it (CORS)."""

    @wraps(vue)
    def partagee(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        reponse = vue(request, *args, **kwargs)
        reponse["Access-Control-Allow-Origin"] = "*"
        return reponse

    return partagee


def cadre(request: HttpRequest) -> dict[str, Any]:
    """Context of every page: menus and the footer's mention, each made only if the page shows it.

    Nothing here may touch the session of a public page, so that caches may keep it.
    """
    return {
        "menu_public": SimpleLazyObject(lambda: menu_public(request.path)),
        "menu_bureau": SimpleLazyObject(lambda: _menu_bureau(request)),
        "est_connecte": SimpleLazyObject(lambda: _est_connecte(request)),
        "mention_accessibilite": SimpleLazyObject(_mention_accessibilite),
        "joindre_le_service": SimpleLazyObject(_joindre_le_service),
        "adresse_canonique": settings.SITE_URL + request.path,
    }


def _est_connecte(request: HttpRequest) -> bool:
    """Whether somebody is signed in, asked behind the door only: a public page does not look."""
    trouvee = request.resolver_match
    return (
        trouvee is not None
        and getattr(trouvee.func, "login_required", True)
        and request.user.is_authenticated
    )


def _menu_bureau(request: HttpRequest) -> list[dict[str, Any]]:
    compte = request.user
    if not isinstance(compte, Compte) or not compte.roles & set(ROLES_BUREAU):
        return []
    espace = request.resolver_match.namespace if request.resolver_match else ""
    return menu_bureau(compte, request.path, espace)


def _mention_accessibilite() -> str:
    """« partiellement conforme »: it stands at the foot of every public page."""

    def lire() -> str:
        audit = AuditAccessibilite.objects.first()
        return audit.mention if audit else "non conforme"

    return une_minute("mention_accessibilite", lire)


def _joindre_le_service() -> dict[str, str]:
    """The mail, the telephone and the address of the service: they too stand at the foot of every public page."""

    def lire() -> dict[str, str]:
        lu = ReglageService.actuel()
        return {"courriel": lu.contact, "telephone": lu.telephone, "adresse": lu.adresse_postale}

    return une_minute("joindre_le_service", lire)


class PlafondEnvoi(FileUploadHandler):
    """Refuses at its first bytes a form heavier than any that we ask for: the disk is not filled to say no at the end."""

    LECTURE_MAX = 8  # times the limit: what is read and thrown away so that the browser hears the answer

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


def est_un_numero(valeur: str | None) -> TypeGuard[str]:
    """The number of a row, as an address or a form gives it: « ² » and four thousand nines are digits too, and no number."""
    return valeur is not None and valeur.isascii() and valeur.isdigit() and len(valeur) < 19
