"""Version of a published pétition, used as a cache key: a change shows at once, without clearing the
cache."""

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404
from django.utils import timezone

from petitions.models import Petition


@dataclass(frozen=True, slots=True)
class Version:
    """Version of a published pétition, read in one query."""

    pk: int
    slug: str
    modifie_le: datetime
    compte_le: datetime | None

    @property
    def le(self) -> datetime:
        """Last change of the page. At least the last midnight, because the page shows remaining days."""
        minuit = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
        return max(self.modifie_le, self.compte_le or self.modifie_le, minuit)

    @property
    def cle(self) -> str:
        compte = self.compte_le.timestamp() if self.compte_le else 0
        return f"petition:{self.pk}:{self.modifie_le.timestamp()}:{compte}:{timezone.localdate()}"


def version_de(pk: int) -> Version:
    """Return the version of the page; raises Http404 when the pétition is not published."""
    lignes = Petition.objects.publiees().filter(pk=pk).order_by()
    ligne = lignes.values_list("pk", "slug", "modifie_le", "decompte__compte_le").first()
    if ligne is None:
        raise Http404
    return Version(*ligne)
