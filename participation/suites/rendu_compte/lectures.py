"""Figures of the public suites, computed by the database with a fixed number of queries."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib.postgres.search import SearchQuery
from django.db.models import Aggregate, Case, Count, F, FloatField, Func, Q, QuerySet, Value, When
from django.db.models.functions import ExtractYear, TruncDate
from django.urls import reverse
from django.utils import timezone

from participation.socle.cache import une_minute
from participation.socle.collectivite import ici
from participation.socle.francais import majuscule
from participation.socle.graphiques import Graphique, Serie
from participation.socle.lectures.chiffres import Tenu
from participation.socle.models import Commune, Direction, Dossier
from participation.suites.models import Suite
from participation.suites.workflow import Origine


def adresse_publique(dossier: Dossier) -> str:
    """Return the path of the public page of the dossier, or of « Rendu compte » when its app has none."""
    donner = getattr(dossier.enfant, "get_public_url", None)
    return str(donner()) if donner is not None else reverse("suites:rendu_compte")


PAR_AXE = 60  # maximum number of rows of a breakdown, above the number of directions and of communes


class Centile(Aggregate):
    """PostgreSQL `percentile_cont`: the value below which the share `part` (0 to 1) of the rows lies, interpolated."""

    function = "percentile_cont"
    name = "Centile"
    output_field = FloatField()

    def __init__(self, expression: Any, part: float, **options: Any) -> None:
        # `part` is a constant of the code, never user input: it may be written in the SQL.
        super().__init__(
            expression, template=f"%(function)s({part:g}) WITHIN GROUP (ORDER BY %(expressions)s)", **options
        )


@dataclass(frozen=True, slots=True)
class FiltresDeSuites:
    """Filters of the public page. An empty filter keeps everything."""

    q: str = ""
    instrument: str = ""
    origine: str = ""
    direction: int | None = None
    commune: str = ""
    annee: int | None = None
    etat: str = ""
    reponse: str = ""

    def requete(self, **changements: object) -> str:
        """Return the query string of these filters, with `changements` applied."""
        valeurs = {**asdict(self), **changements}
        return urlencode({cle: valeur for cle, valeur in valeurs.items() if valeur})

    def sans_reponse(self) -> "FiltresDeSuites":
        """Return these filters without `reponse`: the base on which shares are computed."""
        return replace(self, reponse="")


@dataclass(frozen=True, slots=True)
class Bilan:
    """`exigibles`: answered, or `date_initiale` past. Shares in whole per cent, delays in days; None without data.

    `le`: when the kept figures were counted; None when they are those of now.
    """

    total: int = 0
    promises: int = 0
    repondues: int = 0
    exigibles: int = 0
    a_temps: int = 0
    en_retard: int = 0
    mediane: float | None = None
    neuvieme_decile: float | None = None
    le: datetime | None = field(default=None, compare=False)

    @property
    def part_repondue(self) -> int | None:
        return part(self.repondues, self.total)

    @property
    def part_a_temps(self) -> int | None:
        return part(self.a_temps, self.exigibles)


@dataclass(frozen=True, slots=True)
class LigneBilan:
    """A row of a breakdown: label, figures, and the query strings of the lists behind them."""

    libelle: str
    bilan: Bilan
    requete: str
    repondues: str
    a_temps: str


@dataclass(frozen=True, slots=True)
class Axe:
    cle: str
    titre: str
    colonne: str
    lignes: Sequence[LigneBilan]
    graphique: Graphique


def part(combien: int, sur: int) -> int | None:
    """Return a whole per cent: 100 only for all, 0 only for none. None when `sur` is 0."""
    if not sur:
        return None
    arrondi = round(100 * combien / sur)
    if 0 < combien < sur:
        return min(max(arrondi, 1), 99)
    return arrondi


def selection(filtres: FiltresDeSuites) -> QuerySet[Suite]:
    """Return the public suites that match the filters."""
    suites = Suite.objects.publiques()
    if filtres.q.strip():
        suites = suites.filter(mots(filtres.q.strip()))
    if filtres.instrument:
        suites = suites.filter(dossier__nature=filtres.instrument)
    if filtres.origine:
        suites = suites.filter(promise_le__isnull=filtres.origine != Origine.PROMISE)
    if filtres.direction:
        suites = suites.filter(direction=filtres.direction)
    if filtres.commune:
        suites = suites.filter(
            dossier__in=Dossier.communes.through.objects.filter(commune=filtres.commune).values("dossier")
        )
    if filtres.annee:
        suites = suites.filter(creee_le__year=filtres.annee)
    if filtres.etat:
        suites = suites.filter(etat=filtres.etat)
    if filtres.reponse == "oui":
        suites = suites.repondues()
    elif filtres.reponse == "non":
        suites = suites.filter(repondue_le__isnull=True)
    elif filtres.reponse == "a_temps":
        suites = suites.a_temps()
    elif filtres.reponse == "tard":
        suites = suites.repondues().filter(
            date_initiale__lt=TruncDate("repondue_le", tzinfo=timezone.get_current_timezone())
        )
    elif filtres.reponse == "attendue":
        suites = suites.filter(repondue_le__isnull=True, date_initiale__lt=timezone.localdate())
    return suites


def mots(texte: str) -> Q:
    """Search words in the title and the text of the suite, or in its dossier."""
    requete = SearchQuery(texte, config="french", search_type="websearch")
    return (
        Q(dossier__recherche=requete)
        | Q(dossier__reference__iexact=texte)
        | Q(intitule__icontains=texte)
        | Q(texte_public__icontains=texte)
    )


def jours_de_reponse(prefixe: str = "") -> Func:
    """Calendar days in Paris from creation to first answer, in SQL. `prefixe`: lookup prefix to the suite."""
    zone = timezone.get_current_timezone()
    return Func(
        TruncDate(f"{prefixe}repondue_le", tzinfo=zone),
        TruncDate(f"{prefixe}creee_le", tzinfo=zone),
        template="(%(expressions)s)",
        arg_joiner=" - ",
        output_field=FloatField(),
    )


def _mesures() -> dict[str, Any]:
    zone = timezone.get_current_timezone()
    jours = jours_de_reponse()
    repondue = Q(repondue_le__isnull=False)
    jour = timezone.localdate()
    return {
        "total": Count("pk"),
        "promises": Count("pk", filter=Q(promise_le__isnull=False)),
        "repondues": Count("pk", filter=repondue),
        "exigibles": Count("pk", filter=repondue | Q(date_initiale__lt=jour)),
        "a_temps": Count("pk", filter=repondue & Q(date_initiale__gte=TruncDate("repondue_le", tzinfo=zone))),
        "en_retard": Count("pk", filter=~repondue & Q(date_initiale__lt=jour)),
        "mediane": Centile(jours, 0.5),
        "neuvieme_decile": Centile(jours, 0.9),
    }


def bilan(filtres: FiltresDeSuites | None = None) -> Bilan:
    """Return the figures for these filters, in one query: those of all the suites are kept."""
    if filtres is None or filtres == FiltresDeSuites():
        mesures, le = ENSEMBLE.lire()
        return Bilan(**mesures, le=le)
    return Bilan(**_mesurer(filtres))


def _mesurer(filtres: FiltresDeSuites) -> dict[str, Any]:
    mesures: dict[str, Any] = selection(filtres).order_by().aggregate(**_mesures())
    return mesures


def axes(filtres: FiltresDeSuites) -> list[Axe]:
    """Return the figures by instrument, origin, direction, commune and year.

    Those of all the suites are kept; with a filter, seven queries.
    """
    groupes = PAR_AXES.lire().valeur if filtres == FiltresDeSuites() else _compter(filtres)
    natures = {nature: majuscule(mot) for nature, mot in Dossier.libelles_natures().items()}
    origines = {"demandee": "Demandé par une voix", "promise": ici("Promis par la {metropole}")}
    directions = dict(Direction.objects.values_list("pk", "nom"))
    communes = dict(Commune.objects.values_list("pk", "nom"))
    dits: list[tuple[str, str, str, Mapping[Any, str] | None]] = [
        ("instrument", "Par instrument", "Instrument", natures),
        ("origine", "Demandé ou promis", "Origine", origines),
        ("direction", "Par direction", "Direction", directions),
        ("commune", "Par commune", "Commune", communes),
        ("annee", "Par année de la demande ou de la promesse", "Année", None),
    ]
    return [_axe(*mots, groupes[mots[0]], filtres) for mots in dits]


def _compter(filtres: FiltresDeSuites) -> dict[str, list[dict[str, Any]]]:
    """Return the figures of each row of each breakdown, with its value as `axe`."""
    suites = selection(filtres).order_by()
    promise = Case(When(promise_le__isnull=True, then=Value("demandee")), default=Value("promise"))
    expressions = {
        "instrument": F("dossier__nature"),
        "origine": promise,
        "direction": F("direction"),
        "commune": F("dossier__communes"),
        "annee": ExtractYear("creee_le", tzinfo=timezone.get_current_timezone()),
    }
    return {
        cle: list(suites.annotate(axe=expression).values("axe").annotate(**_mesures()))
        for cle, expression in expressions.items()
    }


PAR_AXES = Tenu("suites.par_axes", lambda: _compter(FiltresDeSuites()))


ENSEMBLE = Tenu("suites.ensemble", lambda: _mesurer(FiltresDeSuites()))


def _axe(
    cle: str,
    titre: str,
    colonne: str,
    noms: Mapping[Any, str] | None,
    groupes: Sequence[Mapping[str, Any]],
    filtres: FiltresDeSuites,
) -> Axe:
    lignes = []
    for groupe in groupes:
        valeur = groupe["axe"]
        if valeur is None:
            continue
        if filtres.commune and cle == "commune" and valeur != filtres.commune:
            continue
        nom = str(noms.get(valeur, valeur)) if noms is not None else str(valeur)
        lignes.append(
            LigneBilan(
                nom,
                Bilan(**{mesure: n for mesure, n in groupe.items() if mesure != "axe"}),
                filtres.requete(**{cle: valeur}),
                filtres.requete(**{cle: valeur, "reponse": "oui"}),
                filtres.requete(**{cle: valeur, "reponse": "a_temps"}),
            )
        )
    if noms is None:
        lignes.sort(key=lambda ligne: ligne.libelle)
    else:
        lignes.sort(key=lambda ligne: (-ligne.bilan.total, ligne.libelle))
    lignes = lignes[:PAR_AXE]
    return Axe(cle, titre, colonne, lignes, _graphique(titre, colonne, lignes))


def _graphique(titre: str, colonne: str, lignes: Sequence[LigneBilan]) -> Graphique:
    return Graphique(
        titre,
        [ligne.libelle for ligne in lignes],
        [
            Serie("Réponse à temps", [float(ligne.bilan.a_temps) for ligne in lignes], ton=1),
            Serie(
                "Réponse plus tard",
                [float(ligne.bilan.repondues - ligne.bilan.a_temps) for ligne in lignes],
                ton=3,
            ),
            Serie(
                "Sans réponse", [float(ligne.bilan.total - ligne.bilan.repondues) for ligne in lignes], ton=4
            ),
        ],
        colonne=colonne,
        liens=[f"?{ligne.requete}" for ligne in lignes],
    )


def natures_suivies() -> list[str]:
    """Return the instruments that have public suites. Cached for one minute, like the two functions below."""

    def lire() -> set[str]:
        return set(Suite.objects.publiques().order_by().values_list("dossier__nature", flat=True).distinct())

    presentes = une_minute("suites.natures", lire)
    return [nature for nature in Dossier.natures() if nature in presentes]


def annees_suivies() -> list[int]:
    def lire() -> list[int]:
        dates = Suite.objects.publiques().order_by().dates("creee_le", "year", order="DESC")
        return [jour.year for jour in dates]

    return une_minute("suites.annees", lire)


def directions_suivies() -> list[int]:
    """Return the keys of the directions that have public suites."""

    def lire() -> list[int]:
        return list(Suite.objects.publiques().order_by().values_list("direction", flat=True).distinct())

    return une_minute("suites.directions", lire)
