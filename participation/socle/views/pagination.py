"""Pagination of large tables, without counting all their rows."""

from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.core.paginator import Page, Paginator
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.utils.functional import cached_property

from participation.socle.forms.filters import les_plus_proches
from participation.socle.models import Dossier, Echeance, parmi

# Up to PEU rows, find the keys first and sort after. The planner guesses badly how many rows match the words
# searched: it would walk the whole index of the sort for a few rows. Beyond, walking this index finds a page
# fast enough.
PEU = 1000


def page_courte(objets: QuerySet[Any], par_page: int, numero: str | None) -> Page[Any]:
    """Return a page of a queryset that is nearly always short. Nothing is counted when one page is enough."""
    premiers = list(objets[: par_page + 1])
    page = Paginator(objets if len(premiers) > par_page else premiers, par_page).get_page(numero)
    if page.number == 1:
        page.object_list = premiers[:par_page]
    return page


class PagesBornees(Paginator):  # type: ignore[type-arg]  # no generic at run time
    """Paginator that counts at most `borne` rows and has no page beyond.

    `mots`: the rows are sorted by their rank in the search of these words, of which only the best are shown; `lit_tout`
    says then that the reader may read nearly every dossier. `comptes`: the same rows, without what the sort asks.
    `est_au_dela`: True if there are more rows.
    """

    def __init__(
        self,
        objets: QuerySet[Any],
        par_page: int,
        borne: int,
        *,
        comptes: QuerySet[Any] | None = None,
        mots: str = "",
        lit_tout: bool = False,
    ) -> None:
        if mots:
            proches, est_au_dela = les_plus_proches(objets, mots, lit_tout=lit_tout)
            cles = list(proches.values_list("pk", flat=True))
            self.combien, borne = len(cles) + est_au_dela, len(cles)
            lus: Any = ParCle(objets, cles)
        else:
            # Read once, as one array: finding what a direction may read is most of the page. In order, when the row
            # read has the columns of the sort: they are not read again, nor all that a row shows, to be sorted.
            base = objets if comptes is None else comptes
            lit_le_dossier = objets.model is Dossier or base.query.alias_refcount.get(Dossier._meta.db_table)
            siennes = _colonnes_du_tri(objets) if lit_le_dossier else set()
            lues = base.order_by().values("pk", *siennes)[: borne + 1]
            ordres: Any = objets.query.order_by if siennes else ()
            trouves = lues.aggregate(cles=ArrayAgg("pk", order_by=ordres))["cles"] or []
            self.combien = len(trouves)
            if siennes and len(trouves) <= borne:
                lus = ParCle(objets, trouves)
            elif len(trouves) <= PEU:
                lus = objets.filter(pk__in=trouves)
            elif (ordre := _ordre_des_echeances(objets)) is not None:
                lus = ParEcheance(objets, descend=ordre.descending)
            else:
                lus = ParCle(objets, self._rangees(objets, trouves) if len(trouves) <= borne else None)
        self.borne = borne
        super().__init__(lus, par_page)  # sliced like any list

    @staticmethod
    def _rangees(objets: QuerySet[Any], trouvees: Sequence[int]) -> list[int] | None:
        """Return all these keys in the order of columns of the dossier, read alone; None in another order.

        To find them again, or a page of them, may walk the titles of every dossier.
        """
        if not _colonnes_du_tri(objets):
            return None
        rangees = Dossier.objects.filter(parmi(trouvees)).order_by(*objets.query.order_by)
        return list(rangees.values_list("pk", flat=True))

    @cached_property
    def count(self) -> int:
        return min(self.combien, self.borne)

    @property
    def est_au_dela(self) -> bool:
        return self.combien > self.borne


def _colonnes_du_tri(objets: QuerySet[Any]) -> set[str]:
    """Return the columns of the dossier by which the rows are sorted, but the key; none if others sort them."""
    ordres: Any = objets.query.order_by
    champs = {o.lstrip("-") if isinstance(o, str) else o.expression.name for o in ordres} - {"pk"}
    siennes = {champ.name for champ in Dossier._meta.concrete_fields}
    return champs if issubclass(objets.model, Dossier) and champs <= siennes else set()


def _ordre_des_echeances(objets: QuerySet[Any]) -> OrderBy | None:
    """Return the first order of the rows, if it is by next échéance."""
    premier: Any = objets.query.order_by[0] if objets.query.order_by else None
    return premier if isinstance(premier, OrderBy) and premier.expression == F("echeance_le") else None


class ParCle:
    """Rows of a queryset, whose keys are found first: joining what a row shows may read whole tables.

    `cles`: those of all the rows in order, if they are known.
    """

    def __init__(self, objets: QuerySet[Any], cles: Sequence[Any] | None = None) -> None:
        self.objets = objets
        self.cles = objets.values_list("pk", flat=True) if cles is None else cles

    def __len__(self) -> int:
        return self.objets.order_by().count() if isinstance(self.cles, QuerySet) else len(self.cles)

    def __getitem__(self, page: slice) -> list[Any]:
        cles = list(self.cles[page])
        lues = self.objets.order_by().in_bulk(cles)
        return [lues[pk] for pk in cles if pk in lues]


class ParEcheance:
    """Dossiers sorted like `avec_echeance`: next échéance first (last: `descend`), then, without échéance, by number.

    Only the rows of the page are read: the order comes from the active échéances, not from a subquery on each
    dossier.
    """

    def __init__(self, objets: QuerySet[Any], *, descend: bool = False) -> None:
        self.objets = objets.order_by()
        self.actives = Echeance.objects.actives().order_by()
        self.sens = "-" if descend else ""

    def __getitem__(self, page: slice) -> list[Any]:
        debut, fin = page.start or 0, page.stop
        dues = self._dues(fin)
        cles = dues[debut:fin]
        if len(dues) < fin:
            sans = self.objets.exclude(Exists(self.actives.filter(dossier=OuterRef("pk"))))
            sans = sans.order_by(f"{self.sens}pk").values_list("pk", flat=True)
            cles += sans[max(0, debut - len(dues)) : fin - len(dues)]
        lues = self.objets.in_bulk(cles)
        return [lues[pk] for pk in cles if pk in lues]

    def _dues(self, combien: int) -> list[int]:
        """Return the first keys, each at its earliest date, read along the index of the dates."""
        plus_tot = Q(date_limite__lt=OuterRef("date_limite")) | Q(
            date_limite=OuterRef("date_limite"), pk__lt=OuterRef("pk")
        )
        prochaines = self.actives.filter(dossier__in=self.objets.values("pk")).exclude(
            Exists(self.actives.filter(plus_tot, dossier=OuterRef("dossier")))
        )
        rangees = prochaines.order_by(f"{self.sens}date_limite", f"{self.sens}dossier")
        return list(rangees.values_list("dossier", flat=True)[:combien])
