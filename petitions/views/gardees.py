"""Public pages kept ready: rendered once for each version of what they show, served to all without a cookie.

The key of a page holds the dates of its pétition (its row, and its last count) and the day, read with one query: a change
shows at once, and nothing has to be emptied.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import caches
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag

from petitions.http import la_meme_pour_tous
from petitions.models import Petition

PAGE = "public, max-age=10, stale-while-revalidate=60, stale-if-error=300"
LISTE = "public, max-age=30, stale-while-revalidate=120, stale-if-error=300"
# What the key does not hold (menu, accessibility mention, règlement's words) is never older than this.
DUREE = 600


@dataclass(frozen=True, slots=True)
class Version:
    """The state of a published pétition, as one query sees it."""

    pk: int
    slug: str
    modifie_le: datetime
    compte_le: datetime | None

    @property
    def le(self) -> datetime:
        """Last change of what the page says; it counts the days, so that midnight changes it too."""
        minuit = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
        return max(self.modifie_le, self.compte_le or self.modifie_le, minuit)

    @property
    def cle(self) -> str:
        compte = self.compte_le.timestamp() if self.compte_le else 0
        return f"{self.pk}:{self.modifie_le.timestamp()}:{compte}:{timezone.localdate()}"


def version_de(pk: int) -> Version:
    """Raises Http404 when there is no such published pétition."""
    lignes = Petition.objects.publiees().filter(pk=pk).order_by()
    ligne = lignes.values_list("pk", "slug", "modifie_le", "decompte__compte_le").first()
    if ligne is None:
        raise Http404
    return Version(*ligne)


def page_gardee(
    request: HttpRequest,
    nom: str,
    version: Version,
    rendre: Callable[[], str],
    *,
    content_type: str = "text/html; charset=utf-8",
    fraicheur: str = PAGE,
) -> HttpResponseBase:
    """Answer with the page `nom` of this version, rendered at most once per process; 304 when the reader has it already."""
    cle = f"petition:{nom}:{version.cle}"
    gardee = caches["pages"].get(cle)
    if gardee is None:
        corps = rendre().encode()
        gardee = corps, quote_etag(hashlib.md5(corps, usedforsecurity=False).hexdigest())
        caches["pages"].set(cle, gardee, DUREE)
    corps, etag = gardee
    le = int(version.le.timestamp())
    reponse = la_meme_pour_tous(HttpResponse(corps, content_type=content_type))
    reponse["ETag"], reponse["Last-Modified"], reponse["Cache-Control"] = etag, http_date(le), fraicheur
    return get_conditional_response(request, etag=etag, last_modified=le, response=reponse) or reponse
