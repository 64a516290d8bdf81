"""Statistics for agents: unusual growth, counts by week and channel, places least heard."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Func, IntegerField, Q, Value
from django.utils import timezone

from participation.socle.lectures.periode import des_douze_mois
from participation.socle.models import Commune, Quartier
from remontees.comite.signaux.regles import Cellule, Signal, signaux
from remontees.models import Categorie, ReglementRemontees, Remontee
from remontees.sujets.lectures import VOIX
from remontees.workflow import Canal

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


def signaux_faibles(jour: date | None = None) -> tuple[list[SignalLu], int]:
    """Return the unusual category × commune cells of the last seven days, and the number of cells tested.

    Each is compared with its twelve weeks before.
    """
    jour = jour or timezone.localdate()
    debut = jour - timedelta(days=7 * (SEMAINES + 1) - 1)
    semaine = jour - timedelta(days=6)
    lignes = (
        Remontee.objects.filter(
            entendue_le__range=(debut, jour), categorie__isnull=False, est_discrimination=False
        )
        .order_by()
        .values("categorie", "commune")
        .annotate(
            recentes=Count("pk", filter=Q(entendue_le__gte=semaine)),
            passees=Count("pk", filter=Q(entendue_le__lt=semaine)),
        )
    )
    cellules = [Cellule((c["categorie"], c["commune"]), c["recentes"], c["passees"]) for c in lignes]
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


def chaleur(par: str, jour: date | None = None) -> tuple[list[date], list[Chaleur]]:
    """Return (first day of each week, rows), by « theme » or by « canal », in at most two queries."""
    jour = jour or timezone.localdate()
    champ = {"theme": "categorie__parent", "canal": "canal"}[par]
    lignes = (
        Remontee.objects.filter(
            entendue_le__range=(jour - timedelta(days=7 * SEMAINES - 1), jour), est_discrimination=False
        )
        .order_by()
        .values(cle=F(champ), semaine=_semaine(jour))
        .annotate(n=Count("pk"))
    )
    comptes: dict[Any, Counter[int]] = {}
    for ligne in lignes:
        comptes.setdefault(ligne["cle"], Counter())[ligne["semaine"]] += ligne["n"]
    noms: dict[Any, str] = (
        {c.value: str(c.label) for c in Canal}
        if par == "canal"
        else dict(Categorie.objects.filter(parent=None).values_list("pk", "nom"))
    )
    debuts = [jour - timedelta(days=7 * (s + 1) - 1) for s in range(SEMAINES - 1, -1, -1)]
    lues = [
        Chaleur(noms.get(cle, "Sans catégorie"), [semaines[s] for s in range(SEMAINES - 1, -1, -1)])
        for cle, semaines in comptes.items()
    ]
    return debuts, sorted(lues, key=lambda c: (-c.total, c.libelle))


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
