"""Pagination of large tables, without counting all their rows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.core.paginator import Page, Paginator
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.utils.functional import cached_property

from participation.socle.forms.filters import RANG, les_plus_proches
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


@dataclass(frozen=True, slots=True)
class Tri:
    """How a list is sorted: by these fields, the last first or not, then by key."""

    champs: tuple[str, ...]
    descend: bool = False

    def ranger(self, objets: QuerySet[Any]) -> QuerySet[Any]:
        if self.champs in (("titre_simple",), ("clos_le",)) and objets.model is not Dossier:
            # The index of this nature: that of all titles would be read from its beginning.
            objets = objets.filter(nature=objets.model._meta.concrete_model._meta.model_name)
        return objets.order_by(*self.ordres(objets.model))

    def ordres(self, modele: type[Any]) -> list[Any]:
        """Return it as `order_by` takes it: the key comes last, so that the order of the pages is stable."""
        # Backwards to the key too, an index is then walked from its end. Equal ranks are in the order of their keys.
        cle = "-pk" if self.descend and self != PAR_RANG else "pk"
        return [*(_ordre(modele, champ, self.descend) for champ in self.champs), cle]

    def suffit_du_dossier(self, modele: type[Any]) -> bool:
        """Whether the columns of the dossier are enough to sort rows of this model."""
        siennes = {colonne.name for colonne in Dossier._meta.concrete_fields}
        return issubclass(modele, Dossier) and {*self.champs} <= siennes


PAR_RANG = Tri((RANG,), descend=True)


def _ordre(modele: type[Any], champ: str, descend: bool) -> OrderBy:
    """What has no value comes last; where each row has one, it is not said, and an index may be walked backwards."""
    if champ == "clos_le":  # a column of what is closed alone: its index, walked either way
        return F(champ).desc(nulls_last=True) if descend else F(champ).asc(nulls_first=True)
    toujours = {colonne.name for colonne in modele._meta.concrete_fields if not colonne.null} | {RANG}
    sans_vide = True if champ not in toujours else None
    return F(champ).desc(nulls_last=sans_vide) if descend else F(champ).asc(nulls_last=sans_vide)


class PagesBornees(Paginator):  # type: ignore[type-arg]  # no generic at run time
    """Paginator that counts at most `borne` rows and has no page beyond.

    By the rank of a search of `mots`, only the best are shown; `lit_tout` says then that the reader may read nearly
    every dossier. `lire`: see `ParCle`. `est_au_dela`: True if there are more rows.
    """

    def __init__(
        self,
        objets: QuerySet[Any],
        par_page: int,
        borne: int,
        tri: Tri,
        *,
        mots: str = "",
        lit_tout: bool = False,
        lire: "Lire | None" = None,
    ) -> None:
        tries = tri.ranger(objets)
        if tri == PAR_RANG:
            proches, est_au_dela = les_plus_proches(objets, mots, lit_tout=lit_tout)
            cles = list(proches.values_list("pk", flat=True))
            self.combien, borne = len(cles) + est_au_dela, len(cles)
            lus: Any = ParCle(tries, cles, lire)
        else:
            # Read once, as one array: finding what a direction may read is most of the page. In order, when the row
            # read has the columns of the sort: they are not read again, nor all that a row shows, to be sorted.
            suffit = tri.suffit_du_dossier(objets.model)
            en_ordre = suffit and objets.model is Dossier
            siennes, ordres = (tri.champs, tri.ordres(Dossier)) if en_ordre else ((), [])
            lues = objets.order_by().values("pk", *siennes)[: borne + 1]
            trouves = lues.aggregate(cles=ArrayAgg("pk", order_by=ordres))["cles"] or []
            self.combien = len(trouves)
            if en_ordre and len(trouves) <= borne:
                lus = ParCle(tries, trouves, lire)
            elif len(trouves) <= PEU:
                lus = tries.filter(pk__in=trouves)
            elif tri.champs[:1] == ("echeance_le",):
                lus = ParEcheance(tries, descend=tri.descend, lire=lire)
            elif suffit and len(trouves) <= borne:
                # Read alone, along the index of the sort: to find them again may walk every dossier.
                nature = objets.model._meta.concrete_model._meta.model_name
                rangees = Dossier.objects.filter(parmi(trouves), nature=nature).order_by(*tri.ordres(Dossier))
                lus = ParCle(tries, rangees.values_list("pk", flat=True), lire)
            else:
                lus = ParCle(tries, lire=lire)
        self.borne = borne
        super().__init__(lus, par_page)  # sliced like any list

    @cached_property
    def count(self) -> int:
        return min(self.combien, self.borne)

    @property
    def est_au_dela(self) -> bool:
        return self.combien > self.borne


# Reads rows by key, for a page whose keys are found.
Lire = Callable[[list[Any]], Mapping[Any, Any]]


class ParCle:
    """Rows of a queryset, whose keys are found first: joining what a row shows may read whole tables.

    `cles`: those of all the rows in order, if they are known. `lire`: reads the rows of a page without looking again
    for all that may be read.
    """

    def __init__(
        self,
        objets: QuerySet[Any],
        cles: Sequence[Any] | QuerySet[Any] | None = None,
        lire: Lire | None = None,
    ) -> None:
        self.objets = objets
        self.cles = objets.values_list("pk", flat=True) if cles is None else cles
        self.lire = lire or objets.order_by().in_bulk

    def __len__(self) -> int:
        return self.objets.order_by().count() if isinstance(self.cles, QuerySet) else len(self.cles)

    def __getitem__(self, page: slice) -> list[Any]:
        cles = list(self.cles[page])
        lues = self.lire(cles)
        return [lues[pk] for pk in cles if pk in lues]


class ParEcheance:
    """Dossiers sorted like `avec_echeance`: next échéance first (last: `descend`), then, without échéance, by number.

    Only the rows of the page are read: the order comes from the active échéances, not from a subquery on each
    dossier.
    """

    def __init__(self, objets: QuerySet[Any], *, descend: bool = False, lire: Lire | None = None) -> None:
        self.objets = objets.order_by()
        self.lire = lire or self.objets.in_bulk
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
        lues = self.lire(cles)
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
