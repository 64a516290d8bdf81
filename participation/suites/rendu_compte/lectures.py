"""Figures of the public suites, computed by the database with a fixed number of queries."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib.postgres.search import SearchVector
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from participation.socle.collectivite import ici
from participation.socle.forms.filters import cles_trouvees, en_francais
from participation.socle.francais import INSECABLE, majuscule, nombre, pourcentage
from participation.socle.graphiques import Graphique, Serie
from participation.socle.lectures.chiffres import Tenu
from participation.socle.models import Commune, Direction, Document, Dossier, Quartier
from participation.suites.models import Suite, Verdict
from participation.suites.models.suites import CHAMPS_CHERCHES, passee, venue_a_temps
from participation.suites.models.verdicts import VerdictQuerySet
from participation.suites.rendu_compte.comptes import A_PLUSIEURS, compter_par, expressions
from participation.suites.workflow import Degre, Origine


def adresse_publique(dossier: Dossier) -> str:
    """Return the path of the public page of the dossier, or of « Rendu compte » when its app has none."""
    donner = getattr(dossier.enfant, "get_public_url", None)
    return str(donner()) if donner is not None else reverse("suites:rendu_compte")


PAR_AXE = 60  # maximum number of rows of a breakdown, above the number of directions and of communes


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
    degre: str = ""
    verdict: str = ""
    quartier: int | None = None
    theme: str = ""

    def requete(self, **changements: object) -> str:
        """Return the query string of these filters, with `changements` applied."""
        valeurs = {**{champ: getattr(self, champ) for champ in self.__slots__}, **changements}
        return urlencode({cle: valeur for cle, valeur in valeurs.items() if valeur})

    def sans_reponse(self) -> "FiltresDeSuites":
        """Return these filters without what is measured: the base on which shares are computed."""
        return replace(self, reponse="", degre="", verdict="")


@dataclass(frozen=True, slots=True)
class Bilan:
    """`exigibles`: answered, or `date_initiale` past. Shares in whole per cent, delays in days; None without data.

    `totales`: shown to be wholly done. `verdicts`: the last of each person, where the direction says something to compare;
    `accords`: those that say the same.

    `le`: when the kept figures were counted; None when they are those of now.
    """

    total: int = 0
    promises: int = 0
    repondues: int = 0
    exigibles: int = 0
    a_temps: int = 0
    en_retard: int = 0
    totales: int = 0
    engagees: int = 0
    verdicts: int = 0
    accords: int = 0
    mediane: float | None = None
    neuvieme_decile: float | None = None
    le: datetime | None = field(default=None, compare=False)

    @property
    def part_repondue(self) -> int | None:
        return part(self.repondues, self.total)

    @property
    def part_totale(self) -> int | None:
        return part(self.totales, self.total)

    @property
    def part_d_accord(self) -> int | None:
        return part(self.accords, self.verdicts)

    @property
    def part_a_temps(self) -> int | None:
        return part(self.a_temps, self.exigibles)


@dataclass(frozen=True, slots=True)
class LigneBilan:
    """A row of a breakdown: label, figures, and the query strings of the lists behind them."""

    libelle: str
    bilan: Bilan
    requete: str

    @property
    def repondues(self) -> str:
        return f"{self.requete}&reponse=oui"

    @property
    def a_temps(self) -> str:
        return f"{self.requete}&reponse=a_temps"

    @property
    def totales(self) -> str:
        """Of what is totally done: the last `degre` of an address is the one that counts."""
        return f"{self.requete}&degre={Degre.TOTALE}"

    @property
    def juges(self) -> str:
        return f"{self.requete}&verdict=donne"

    @property
    def cellules(self) -> list[tuple[str, str, str]]:
        """Its figures in the order of the columns: what a link says beside its figure, the figure, the query string of its list."""
        b = self.bilan
        accord = f"{_pour_cent(b.part_d_accord)} de {nombre(b.verdicts)}" if b.verdicts else "–"
        return [
            ("", nombre(b.total), ""),
            ("", nombre(b.promises), ""),
            ("avec une réponse", _pour_cent(b.part_repondue), self.repondues if b.repondues else ""),
            ("à temps", _pour_cent(b.part_a_temps), self.a_temps if b.a_temps else ""),
            ("", _jours(b.mediane), ""),
            ("", _jours(b.neuvieme_decile), ""),
            ("totalement mises en œuvre", _pour_cent(b.part_totale), self.totales if b.totales else ""),
            ("verdicts d’accord", accord, self.juges if b.verdicts else ""),
        ]


def _pour_cent(combien: int | None) -> str:
    return "–" if combien is None else pourcentage(combien)


def _jours(combien: float | None) -> str:
    return "–" if combien is None else f"{nombre(combien, 0)}{INSECABLE}j"


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


def selection(filtres: FiltresDeSuites, dites: Q | None = None) -> QuerySet[Suite]:
    """Return the public suites that match the filters. `dites`: what `mots` found, where it is known."""
    suites = Suite.objects.publiques().filter(mots(filtres.q) if dites is None else dites)
    if filtres.instrument:
        suites = suites.filter(dossier__nature=filtres.instrument)
    if filtres.origine:
        suites = suites.filter(promise_le__isnull=filtres.origine != Origine.PROMISE)
    if filtres.theme:
        suites = suites.filter(dossier__theme=filtres.theme)
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
    if filtres.degre:
        suites = suites.filter(degre=filtres.degre)
    if filtres.quartier:
        suites = suites.filter(
            dossier__in=Dossier.quartiers.through.objects.filter(quartier=filtres.quartier).values("dossier")
        )
    if filtres.verdict:
        suites = suites.filter(pk__in=_juges(filtres.verdict).values("suite"))
    if filtres.reponse == "oui":
        suites = suites.repondues()
    elif filtres.reponse == "non":
        suites = suites.filter(repondue_le__isnull=True)
    elif filtres.reponse == "a_temps":
        suites = suites.a_temps()
    elif filtres.reponse == "tard":
        suites = suites.repondues().exclude(venue_a_temps())
    elif filtres.reponse == "attendue":
        suites = suites.filter(passee(timezone.localdate(), "initiale"), repondue_le__isnull=True)
    return suites


def _juges(quoi: str) -> VerdictQuerySet:
    verdicts = Verdict.objects.all()
    if quoi == "desaccord":
        return verdicts.comparables().exclude(jugement=F("dit"))
    return verdicts.d_accord() if quoi == "accord" else verdicts.donnes()


def mots(texte: str) -> Q:
    """Search words in the title and the text of the suite, or in its dossier: looked for once, each by its own index."""
    texte = texte.strip()
    if not texte:
        return Q()
    disent = (
        Suite.objects.filter(est_publiee=True)
        .annotate(cherche=SearchVector(*CHAMPS_CHERCHES, config="french"))
        .filter(cherche=en_francais(texte))
        .order_by()
    )
    dossiers = cles_trouvees(Dossier.objects.filter(est_publie=True), texte)
    return Q(pk__in=list(disent.values_list("pk", flat=True))) | Q(
        dossier__in=[dossier["pk"] for dossier in dossiers]
    )


def bilan(filtres: FiltresDeSuites | None = None, dites: Q | None = None) -> Bilan:
    """Return the figures for these filters, in two queries: those of all the suites, and of a theme, are kept."""
    if filtres is None or filtres == FiltresDeSuites():
        mesures, le = ENSEMBLE.lire()
        return Bilan(**mesures, le=le)
    if filtres == FiltresDeSuites(theme=filtres.theme):
        groupes, le = PAR_AXES.lire()
        for groupe in groupes.get("theme", []):
            if groupe["axe"] == filtres.theme:
                return replace(_bilan(groupe), le=le)
    return Bilan(**_mesurer(filtres, dites))


def _mesurer(filtres: FiltresDeSuites, dites: Q | None = None) -> dict[str, Any]:
    return compter_par(selection(filtres, dites).order_by())[""][""]


def chiffres(filtres: FiltresDeSuites) -> tuple[Bilan, list[Axe]]:
    """Return the figures of all that the filters keep, and by instrument, origin, degree, theme, direction, commune, quartier
    and year.

    Those of all the suites, and of the themes most followed, are kept; with another filter, a fixed number of queries.
    """
    if filtres == FiltresDeSuites(theme=filtres.theme):
        return bilan(filtres), _axes(_par_axes(filtres.theme).lire().valeur, filtres)
    groupes = _compter(filtres)
    return _bilan(groupes["ensemble"][0]), _axes(groupes, filtres)


def _axes(groupes: Mapping[str, list[dict[str, Any]]], filtres: FiltresDeSuites) -> list[Axe]:
    natures = {nature: majuscule(mot) for nature, mot in Dossier.libelles_natures().items()}
    origines = {"demandee": "Demandé par une voix", "promise": ici("Promis par la {metropole}")}
    directions = dict(Direction.objects.values_list("pk", "nom"))
    communes = dict(Commune.objects.values_list("pk", "nom"))
    quartiers = dict(Quartier.objects.values_list("pk", "nom"))
    dits: list[tuple[str, str, str, Mapping[Any, str] | None]] = [
        ("instrument", "Par instrument", "Instrument", natures),
        ("origine", "Demandé ou promis", "Origine", origines),
        ("degre", "Ce qui est montré", "Mise en œuvre", {d.value: majuscule(d.label) for d in Degre}),
        ("theme", "Par thème", "Thème", None),
        ("direction", "Par direction", "Direction", directions),
        ("commune", "Par commune", "Commune", communes),
        ("quartier", "Par quartier", "Quartier", quartiers),
        ("annee", "Par année de la demande ou de la promesse", "Année", None),
    ]
    # A figure kept by a former version may lack an axis.
    return [_axe(*mots, groupes.get(mots[0], []), filtres) for mots in dits]


def a_son_rapport(annee: int) -> bool:
    """Whether the report of the whole year was asked for, not of one instrument alone."""
    siens = Document.objects.filter(nature=RAPPORT, donnees__annee=annee)
    return siens.exclude(donnees__has_key="instrument").exists()


def bilans_par(cle: str, annee: int | None = None) -> dict[Any, Bilan]:
    """Return the figures of each value of one breakdown (« instrument », « commune »): kept ones, or those of a year."""
    groupes = (
        _compter(FiltresDeSuites(annee=annee), cle)[cle] if annee else PAR_AXES.lire().valeur.get(cle, [])
    )
    return {groupe["axe"]: _bilan(groupe) for groupe in groupes if groupe["axe"] is not None}


def _bilan(groupe: Mapping[str, Any]) -> Bilan:
    """Return the figures of a row of a breakdown."""
    return Bilan(**{mesure: n for mesure, n in groupe.items() if mesure != "axe"})


def _compter(filtres: FiltresDeSuites, *cles: str) -> dict[str, list[dict[str, Any]]]:
    """Return the figures of each row of each breakdown, or of those named, with its value as `axe`; of all, as « ensemble »."""
    comptes = compter_par(selection(filtres).order_by(), *(cles or (*expressions(), *A_PLUSIEURS)))
    comptes["ensemble"] = comptes.pop("")
    return {cle: [{"axe": axe, **mesures} for axe, mesures in lus.items()] for cle, lus in comptes.items()}


def _par_axes(theme: str = "") -> Tenu:
    return Tenu(f"suites.par_axes {theme}"[:100].strip(), lambda: _compter(FiltresDeSuites(theme=theme)))


PAR_AXES = _par_axes()
ENSEMBLE = Tenu("suites.ensemble", lambda: _mesurer(FiltresDeSuites()))
THEMES_TENUS = 12


def tenus() -> list[Tenu]:
    """Return what is kept: the figures of all, and of the themes most followed. Those of another theme are short to count."""
    themes = sorted(PAR_AXES.lire().valeur.get("theme", []), key=lambda ligne: -ligne["total"])
    courts = [ligne["axe"] for ligne in themes if ligne["axe"] and len(ligne["axe"]) < 80]
    return [ENSEMBLE, PAR_AXES, *map(_par_axes, courts[:THEMES_TENUS])]


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
        if valeur is None or valeur == "":
            continue
        if getattr(filtres, cle) and cle in {"commune", "quartier"} and valeur != getattr(filtres, cle):
            continue
        nom = str(noms.get(valeur, valeur)) if noms is not None else str(valeur)
        lignes.append(LigneBilan(nom, _bilan(groupe), filtres.requete(**{cle: valeur})))
    if cle == "annee":
        lignes.sort(key=lambda ligne: ligne.libelle)
    elif cle == "degre" and noms is not None:
        rangs = list(noms.values())
        lignes.sort(key=lambda ligne: rangs.index(ligne.libelle))
    else:
        lignes.sort(key=lambda ligne: (-ligne.bilan.total, ligne.libelle))
    lignes = lignes[:PAR_AXE]
    return Axe(cle, titre, colonne, lignes, _graphique(titre, colonne, lignes))


@dataclass(frozen=True, slots=True)
class Comparaison:
    """One measure, of two years: « Part à temps », its values, and where each list is. None without data."""

    libelle: str
    unite: str
    avant: float | None
    apres: float | None
    liste_avant: str
    liste_apres: str

    @property
    def ecart(self) -> float | None:
        return None if self.avant is None or self.apres is None else self.apres - self.avant


def comparer_annees(axe: Axe) -> tuple[str, str, list[Comparaison]] | None:
    """Compare the last two years of the breakdown by year; None before there are two."""
    if len(axe.lignes) < 2:
        return None
    avant, apres = axe.lignes[-2:]
    mesures: list[tuple[str, str, Callable[[Bilan], float | None], Callable[[LigneBilan], str]]] = [
        ("Demandées ou promises", "", lambda b: b.total, lambda ligne: ligne.requete),
        ("Ont reçu une réponse", "%", lambda b: b.part_repondue, lambda ligne: ligne.repondues),
        ("Réponse à temps", "%", lambda b: b.part_a_temps, lambda ligne: ligne.a_temps),
        ("Délai, une fois sur deux", "jours", lambda b: b.mediane, lambda ligne: ligne.repondues),
        ("Mise en œuvre totale", "%", lambda b: b.part_totale, lambda ligne: ligne.totales),
        ("Qui a demandé est d’accord", "%", lambda b: b.part_d_accord, lambda ligne: ligne.juges),
    ]
    lues = [
        Comparaison(libelle, unite, lire(avant.bilan), lire(apres.bilan), liste(avant), liste(apres))
        for libelle, unite, lire, liste in mesures
    ]
    return avant.libelle, apres.libelle, lues


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


@dataclass(frozen=True, slots=True)
class Suivis:
    """What the public suites are about: the choices of the search."""

    natures: Sequence[str]
    themes: Sequence[str]
    directions: Sequence[int]
    annees: Sequence[int]  # the last one first


def suivis() -> Suivis:
    """Return what is followed, from the figures kept of all the suites."""
    groupes = PAR_AXES.lire().valeur
    natures, themes, directions, annees = (
        {groupe["axe"] for groupe in groupes.get(axe, [])} - {None, ""}
        for axe in ("instrument", "theme", "direction", "annee")
    )
    return Suivis(
        [nature for nature in Dossier.natures() if nature in natures],
        sorted(themes),
        sorted(directions),
        sorted(annees, reverse=True),
    )


RAPPORT = "suites/rapport"  # nature of the document


def rapports_publics() -> list[Document]:
    """Return the reports that anybody may open, the last year first, that of all before those of an instrument; of one made
    twice, the last one made."""
    prets = Document.objects.filter(nature=RAPPORT, est_public=True, etat=Document.Etat.PRET)
    derniers = {
        (-document.donnees["annee"], document.titre): document for document in prets.order_by("cree_le", "pk")
    }
    return [derniers[cle] for cle in sorted(derniers)]
