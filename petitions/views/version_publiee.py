"""Which version of a published pétition its public pages show: a change shows at once, and nothing has to be emptied."""

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404
from django.utils import timezone

from petitions.models import Petition


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
        return f"petition:{self.pk}:{self.modifie_le.timestamp()}:{compte}:{timezone.localdate()}"


def version_de(pk: int) -> Version:
    """Raises Http404 when there is no such published pétition."""
    lignes = Petition.objects.publiees().filter(pk=pk).order_by()
    ligne = lignes.values_list("pk", "slug", "modifie_le", "decompte__compte_le").first()
    if ligne is None:
        raise Http404
    return Version(*ligne)
