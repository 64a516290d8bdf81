"""Pages of a table without end: nobody counts a million rows to show the first twenty-five."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.functional import cached_property

from participation.socle.models import Echeance

# Up to here the rows are found first and sorted after: the planner, who guesses how many words match, would walk the index of the
# sort from end to end for a handful. Beyond, walking it gives a page soon enough.
PEU = 1000


def page_courte(objets: QuerySet[Any], par_page: int, numero: str | None) -> Page[Any]:
    """A page of what is nearly always short: then nothing is counted."""
    premiers = list(objets[: par_page + 1])
    return Paginator(objets if len(premiers) > par_page else premiers, par_page).get_page(numero)


class PagesBornees(Paginator):  # type: ignore[type-arg]  # no generic at run time
    """Counts `borne` rows and no more, and has no page beyond: `est_au_dela` says that there are."""

    def __init__(
        self, objets: QuerySet[Any], par_page: int, borne: int, *, par_echeance: bool = False
    ) -> None:
        trouves = list(objets.order_by().values_list("pk", flat=True)[: PEU + 1])
        if len(trouves) > PEU:
            self.combien = objets.order_by()[: borne + 1].count()
            if par_echeance:
                objets = ParEcheance(objets)  # type: ignore[assignment]  # sliced like any list
        else:
            self.combien = len(trouves)
            objets = objets.filter(pk__in=trouves)
        self.borne = borne
        super().__init__(objets, par_page)

    @cached_property
    def count(self) -> int:
        return min(self.combien, self.borne)

    @property
    def est_au_dela(self) -> bool:
        return self.combien > self.borne


class ParEcheance:
    """Dossiers, what is due first then the rest by number: as `avec_echeance` sorts them, without asking each row its échéance.

    What is due is a part of all: it is walked from the échéances, and only the rows of the page are read.
    """

    def __init__(self, objets: QuerySet[Any]) -> None:
        self.objets = objets.order_by()
        self.actives = Echeance.objects.actives().order_by()

    def __getitem__(self, page: slice) -> list[Any]:
        debut, fin = page.start or 0, page.stop
        dues = self._dues(fin)
        cles = dues[debut:fin]
        if len(dues) < fin:
            sans = self.objets.exclude(Exists(self.actives.filter(dossier=OuterRef("pk")))).order_by("pk")
            cles += sans.values_list("pk", flat=True)[max(0, debut - len(dues)) : fin - len(dues)]
        lues = self.objets.in_bulk(cles)
        return [lues[pk] for pk in cles if pk in lues]

    def _dues(self, combien: int) -> list[int]:
        """The first keys, each at its earliest date: read in the order of the index, until there are enough."""
        lues = self.actives.filter(dossier__in=self.objets.values("pk")).order_by("date_limite", "dossier")
        cles: dict[int, None] = {}
        deja, lot = 0, combien + combien // 4
        while len(cles) < combien:
            prises = list(lues.values_list("dossier", flat=True)[deja : deja + lot])
            cles |= dict.fromkeys(prises)
            deja += len(prises)
            if len(prises) < lot:
                break
        return list(cles)[:combien]
