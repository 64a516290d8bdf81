"""Signals for agents: unusual growth beside a bound made from past weeks, counts by week and channel, places least heard."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Func, IntegerField, Q, Value
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.lectures.chiffres import des_douze_mois
from participation.socle.models import Commune, Quartier
from participation.socle.workflow import Role
from remontees.models import Categorie, ReglementRemontees, Remontee
from remontees.sujets.lectures import VOIX
from remontees.workflow import Canal

TAUX = 0.05  # chance of a false alarm in a quiet week, all cells together


AU_MOINS = 3  # below this count, never a signal


@dataclass(frozen=True, slots=True)
class Cellule:
    """A category in a place: count of the last week, and total of the weeks before."""

    cle: tuple[object, ...]
    recentes: int
    passees: int


@dataclass(frozen=True, slots=True)
class Signal:
    cle: tuple[object, ...]
    recentes: int
    attendues: float  # weekly mean of the past weeks
    chance: float  # probability of this count or more in a quiet week


def chance_d_autant(recentes: int, passees: int, semaines: int) -> float:
    """Return the probability of `recentes` or more in one week, after `passees` in `semaines` weeks."""
    if recentes <= 0:
        return 1.0
    taille, p = passees + 0.5, semaines / (semaines + 1)
    moins, terme = 0.0, p**taille
    for k in range(recentes):
        moins += terme
        terme *= (taille + k) / (k + 1) * (1 - p)
    return max(0.0, 1.0 - moins) if moins < 1 - 1e-9 else _queue(recentes, taille, p)


def _queue(depuis: int, taille: float, p: float) -> float:
    """Sum the tail directly: one minus a sum close to one loses all precision."""
    log = (
        math.lgamma(taille + depuis) - math.lgamma(depuis + 1) - math.lgamma(taille)
        + taille * math.log(p) + depuis * math.log(1 - p)
    )  # fmt: skip
    terme, total = math.exp(log), 0.0
    for k in range(depuis, depuis + 1000):
        total += terme
        terme *= (taille + k) / (k + 1) * (1 - p)
        if terme < total * 1e-12:
            break
    return total


def signaux(cellules: Iterable[Cellule], *, semaines: int, taux: float = TAUX) -> list[Signal]:
    """Return the cells that are unusual, the least likely first."""
    lues = list(cellules)
    seuil = taux / max(1, len(lues))
    trouves = [
        Signal(c.cle, c.recentes, c.passees / semaines, chance)
        for c in lues
        if c.recentes >= AU_MOINS and (chance := chance_d_autant(c.recentes, c.passees, semaines)) < seuil
    ]
    return sorted(trouves, key=lambda s: (s.chance, -s.recentes))


SEMAINES = 12


@dataclass(frozen=True, slots=True)
class SignalLu:
    """`commune`: None for what was said without one."""

    categorie: Categorie
    commune: Commune | None
    signal: Signal

    @property
    def requete(self) -> str:
        commune = self.commune.pk if self.commune else "null"  # as the filters of the list write it
        return f"categorie={self.categorie.pk}&commune={commune}"


def _semaine(jour: date) -> Func:
    """Return the number of whole weeks before `jour`: 0 is the last seven days."""
    return Func(
        Value(jour),
        F("entendue_le"),
        template="((%(expressions)s) / 7)",
        arg_joiner=" - ",
        output_field=IntegerField(),
    )


def signaux_faibles() -> tuple[list[SignalLu], int]:
    """Return the unusual category × commune cells of the last seven days, and the number of cells tested.

    Each is compared with its twelve weeks before.
    """
    jour = timezone.localdate()
    debut = jour - timedelta(days=7 * (SEMAINES + 1) - 1)
    semaine = jour - timedelta(days=6)
    lignes = (
        Remontee.objects.filter(
            entendue_le__range=(debut, jour), categorie__isnull=False, est_discrimination=False
        )
        .order_by()
        .values("categorie", "commune")
        .annotate(toutes=Count("*"), recentes=Count("pk", filter=Q(entendue_le__gte=semaine)))
    )
    cellules = [
        Cellule((c["categorie"], c["commune"]), c["recentes"], c["toutes"] - c["recentes"]) for c in lignes
    ]
    trouves = signaux(cellules, semaines=SEMAINES)
    categories = Categorie.objects.select_related("parent").in_bulk([s.cle[0] for s in trouves])
    communes = Commune.objects.in_bulk([s.cle[1] for s in trouves if s.cle[1]])
    return [SignalLu(categories[s.cle[0]], communes.get(s.cle[1]), s) for s in trouves], len(cellules)


@dataclass(frozen=True, slots=True)
class Chaleur:
    """One row of the table: counts by week, the oldest first."""

    libelle: str
    semaines: list[int]

    @property
    def total(self) -> int:
        return sum(self.semaines)


def chaleurs() -> tuple[list[date], list[Chaleur], list[Chaleur]]:
    """Return (first day of each week, rows by theme, rows by canal)."""
    jour = timezone.localdate()
    lignes = (
        Remontee.objects.filter(
            entendue_le__range=(jour - timedelta(days=7 * SEMAINES - 1), jour), est_discrimination=False
        )
        .order_by()
        .values("canal", "categorie__parent", semaine=_semaine(jour))
        .annotate(n=Count("*"))
    )
    par_theme: defaultdict[int | None, Counter[int]] = defaultdict(Counter)
    par_canal: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for ligne in lignes:
        par_theme[ligne["categorie__parent"]][ligne["semaine"]] += ligne["n"]
        par_canal[ligne["canal"]][ligne["semaine"]] += ligne["n"]
    themes = dict(Categorie.objects.filter(parent=None).values_list("pk", "nom"))
    debuts = [jour - timedelta(days=7 * (s + 1) - 1) for s in range(SEMAINES - 1, -1, -1)]
    return debuts, _rangees(par_theme, themes), _rangees(par_canal, dict(Canal.choices))


def _rangees(comptes: Mapping[Any, Counter[int]], noms: Mapping[Any, Any]) -> list[Chaleur]:
    lues = [
        Chaleur(str(noms.get(cle, "Sans catégorie")), [semaines[s] for s in range(SEMAINES - 1, -1, -1)])
        for cle, semaines in comptes.items()
    ]
    return sorted(lues, key=lambda c: (-c.total, c.libelle))


@dataclass(frozen=True, slots=True)
class PeuEntendu:
    """A place and its remontées per 1,000 inhabitants in a year; None when the count is too small."""

    nom: str
    population: int
    combien: int | None
    pour_mille: float | None


def peu_entendus() -> tuple[list[PeuEntendu], list[PeuEntendu]]:
    """Return (communes, quartiers), least heard first, over twelve months. Small counts are hidden."""
    secret = ReglementRemontees.actuel().secret_statistique
    par_commune: dict[str, int] = VOIX.lire().valeur
    dites = Remontee.objects.filter(
        des_douze_mois("entendue_le", est_un_jour=True), quartier__isnull=False, est_discrimination=False
    )
    par_quartier = dict(dites.order_by().values_list("quartier").annotate(n=Count("pk")))
    communes = [_peu(str(c), c.population, par_commune.get(c.pk, 0), secret) for c in Commune.objects.all()]
    quartiers = [
        _peu(str(q), q.population or 0, par_quartier.get(q.pk, 0), secret)
        for q in Quartier.objects.select_related("commune")
    ]
    return _du_moins_entendu(communes), _du_moins_entendu(quartiers)


def _peu(nom: str, population: int, combien: int, secret: int) -> PeuEntendu:
    cache = 0 < combien < secret
    taux = 1000 * combien / population if population else None
    return PeuEntendu(nom, population, None if cache else combien, None if cache else taux)


def _du_moins_entendu(lieux: list[PeuEntendu]) -> list[PeuEntendu]:
    return sorted(
        lieux, key=lambda lieu: (lieu.pour_mille if lieu.pour_mille is not None else -0.5, lieu.nom)
    )


PEU_ENTENDUS = 12


@reserve_a(Role.AGENT)
@require_safe
def page_des_signaux(request: RequeteConnectee) -> HttpResponse:
    """Unusual growth, counts by week, places least heard."""
    trouves, regardees = signaux_faibles()
    semaines, themes, canaux = chaleurs()
    communes, quartiers = peu_entendus()
    return render(
        request,
        "remontees/comite/signaux.html",
        {
            "signaux": trouves,
            "regardees": regardees,
            "taux": round(TAUX * 100),
            "semaines_passees": SEMAINES,
            "semaines": semaines,
            "tables": [("Par thème", themes), ("Par canal", canaux)],
            "lieux": [
                ("Communes", communes[:PEU_ENTENDUS]),
                ("Quartiers prioritaires", quartiers[:PEU_ENTENDUS]),
            ],
            "secret": ReglementRemontees.actuel().secret_statistique,
        },
    )
