"""The context of every page: menus, accessibility mention, how to reach the service."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from participation.socle.bd.cache import une_minute
from participation.socle.http.decorateurs import ROLES_BUREAU
from participation.socle.http.menus import menu_bureau, menu_public
from participation.socle.models import AuditAccessibilite, Compte, ReglageService
from participation.socle.templatetags.langues import Edition


def cadre(request: HttpRequest) -> dict[str, Any]:
    """Context of every page: menus and facts of the footer, each computed only if the page shows it.

    Nothing here may read the session of a public page, so that caches can keep it.
    """
    return {
        "menu_public": SimpleLazyObject(lambda: menu_public(request.path)),
        "menu_bureau": SimpleLazyObject(lambda: _menu_bureau(request)),
        "est_connecte": SimpleLazyObject(lambda: _est_connecte(request)),
        "mention_accessibilite": SimpleLazyObject(_mention_accessibilite),
        "joindre_le_service": SimpleLazyObject(_joindre_le_service),
        "adresse_canonique": SimpleLazyObject(lambda: _adresse_canonique(request)),
    }


def _adresse_canonique(request: HttpRequest) -> str:
    """A page that is only in French has one address for search engines."""
    edition, site = Edition(request), str(settings.SITE_URL)
    return site + (edition.chemin if edition.est_traduite else edition.en_francais)


def _est_connecte(request: HttpRequest) -> bool:
    """Whether somebody is signed in.

    Always false on a public page, whose session is not read.
    """
    trouvee = request.resolver_match
    return (
        trouvee is not None
        and getattr(trouvee.func, "login_required", True)
        and request.user.is_authenticated
    )


def _menu_bureau(request: HttpRequest) -> list[dict[str, Any]]:
    compte = request.user
    if not isinstance(compte, Compte) or not (compte.is_staff or compte.roles & set(ROLES_BUREAU)):
        return []
    espace = request.resolver_match.namespace if request.resolver_match else ""
    return menu_bureau(compte, request.path, espace)


def _mention_accessibilite() -> str:
    """Return the level shown in the footer of every public page: « partiellement conforme »."""

    def lire() -> str:
        audit = AuditAccessibilite.objects.first()
        return audit.mention if audit else "non conforme"

    return une_minute("mention_accessibilite", lire)


def _joindre_le_service() -> dict[str, str]:
    """Return the email, phone and postal address of the service, shown in the footer of every public page."""

    def lire() -> dict[str, str]:
        lu = ReglageService.actuel()
        return {"courriel": lu.contact, "telephone": lu.telephone, "adresse": lu.adresse_postale}

    return une_minute("joindre_le_service", lire)
