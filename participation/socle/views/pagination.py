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
            objets = objets.filter(nature=_nature(objets.model))
        return objets.order_by(*self.ordres(objets.model))

    def ordres(self, modele: type[Any]) -> list[Any]:
        """Return it as `order_by` takes it: the key comes last, so that the order of the pages is stable."""
        # Backwards to the key too, an index is then walked from its end. Equal ranks are in the order of their keys.
        cle = "-pk" if self.descend and self != PAR_RANG else "pk"
        return [*(_ordre(modele, champ, self.descend) for champ in self.champs), cle]

    @property
    def est_par_echeance(self) -> bool:
        return self.champs == ("echeance_le",)

    def est_de(self, modele: type[Any]) -> bool:
        """Whether it goes by columns of this table itself."""
        return {*self.champs} <= {colonne.name for colonne in modele._meta.local_concrete_fields}

    def seul(self, objets: QuerySet[Any]) -> QuerySet[Any]:
        """Return all the rows of which these are some, with no more than what sorts them."""
        if self.est_par_echeance:
            return Dossier.objects.all()
        premiers, modele = {champ.partition("__")[0] for champ in self.champs}, objets.model
        du_dossier = {colonne.name for colonne in Dossier._meta.concrete_fields}
        if modele is not Dossier and issubclass(modele, Dossier) and premiers <= du_dossier:
            return Dossier.objects.filter(nature=_nature(modele))
        return objets if premiers & {*objets.query.annotations} else modele._default_manager.all()


def _nature(modele: Any) -> str:
    return str(modele._meta.concrete_model._meta.model_name)


PAR_RANG = Tri((RANG,), descend=True)


def _ordre(modele: type[Any], champ: str, descend: bool) -> OrderBy:
    """What has no value comes last; where each row has one, it is not said, and an index may be walked backwards."""
    if champ == "clos_le":  # a column of what is closed alone: its index, walked either way
        return F(champ).desc(nulls_last=True) if descend else F(champ).asc(nulls_first=True)
    toujours = {colonne.name for colonne in modele._meta.concrete_fields if not colonne.null} | {RANG}
    sans_vide = True if champ not in toujours else None
    return F(champ).desc(nulls_last=sans_vide) if descend else F(champ).asc(nulls_last=sans_vide)


# Reads rows by key, for a page whose keys are found.
Lire = Callable[[list[Any]], Mapping[Any, Any]]


class PagesBornees(Paginator):  # type: ignore[type-arg]  # no generic at run time
    """Paginator that counts at most `borne` rows and has no page beyond.

    The keys of the rows are found first; when they are all known, they are sorted alone. Else the index of the sort is
    walked. By the rank of a search of `mots`, only the best are shown. `lire`: see `ParCle`. `est_au_dela`: True if there
    are more rows.
    """

    def __init__(
        self,
        objets: QuerySet[Any],
        par_page: int,
        borne: int,
        tri: Tri,
        *,
        mots: str = "",
        lire: Lire | None = None,
    ) -> None:
        lus: Any
        if tri == PAR_RANG:
            proches, est_au_dela = les_plus_proches(objets, mots)
            cles = list(proches.values_list("pk", flat=True))
            self.combien, borne, lus = len(cles) + est_au_dela, len(cles), ParCle(objets, cles, lire)
        else:
            self.combien, lus = _rangees(objets, borne, tri, lire)
        self.borne = borne
        super().__init__(lus, par_page)  # sliced like any list

    @cached_property
    def count(self) -> int:
        return min(self.combien, self.borne)

    @property
    def est_au_dela(self) -> bool:
        return self.combien > self.borne


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

    def __init__(self, objets: QuerySet[Any], lire: Lire | None = None, *, descend: bool = False) -> None:
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


def _rangees(
    objets: QuerySet[Any], borne: int, tri: Tri, lire: Lire | None
) -> tuple[int, ParCle | ParEcheance]:
    """Return how many rows there are, `borne` + 1 at most, and all of them in order."""
    en_ordre = tri.est_de(objets.model)
    champs, ordres = (tri.champs, tri.ordres(objets.model)) if en_ordre else ((), [])
    trouves = objets.order_by().values("pk", *champs)[: borne + 1]
    # As one array: finding what a direction may read is most of the page. In order, where that reads nothing more.
    cles = trouves.aggregate(cles=ArrayAgg("pk", order_by=ordres))["cles"] or []
    a_ranger = objets
    if len(cles) <= borne:
        if en_ordre:
            return len(cles), ParCle(objets, cles, lire)
        a_ranger = tri.seul(objets).filter(parmi(cles))
    if tri.est_par_echeance:
        return len(cles), ParEcheance(a_ranger, lire or objets.order_by().in_bulk, descend=tri.descend)
    return len(cles), ParCle(objets, tri.ranger(a_ranger).values_list("pk", flat=True), lire)
