"""Figures about the pétitions of a period: counts, delays, reasons for refusal, signatures. A few queries."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from statistics import median, quantiles
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.utils import timezone

from participation.socle.calendrier import ajouter_mois, du_au, jours_entre
from participation.socle.francais import accorder, jour_mois, majuscule
from participation.socle.graphiques import Carte, Graphique, Serie
from participation.socle.lectures.cartes import carte_des_communes
from participation.socle.models import Echeance, Suspension
from petitions.models import DecompteCommune, DecompteJour, Petition, SeuilAtteint
from petitions.workflow import Etat

JOURS_AU_PLUS = 62  # above this number of days, signatures are grouped by week


DECIDEES = frozenset({Etat.IRRECEVABLE, Etat.TRANSMISE})


@dataclass(frozen=True, slots=True)
class Delais:
    """Days from the deposit to the decision, without the days when the clock was stopped."""

    nombre: int = 0
    median: float | None = None
    neuvieme_decile: float | None = None
    dans_le_delai: int = 0

    @property
    def part(self) -> int | None:
        return round(100 * self.dans_le_delai / self.nombre) if self.nombre else None


@dataclass(frozen=True, slots=True)
class Mesures:
    debut: date
    fin: date
    deposees: int
    recevables: int
    refusees: int
    transmises: int
    delais: Delais
    seuils: int
    debats: int
    reponses: int
    signatures: int
    en_retard: int  # not decided, although the delay of the règlement is past
    par_etat: list[tuple[str, str, int]] = field(default_factory=list)
    par_motif: list[tuple[str, str, int]] = field(default_factory=list)
    par_jour: list[tuple[date, int]] = field(default_factory=list)
    par_commune: dict[str, int] = field(default_factory=dict)

    @property
    def phrase_en_retard(self) -> str:
        """Sentence about the late pétitions, which the share of decisions in time leaves out; "" without
        any."""
        if not self.en_retard:
            return ""
        attendent = accorder(
            self.en_retard, "pétition attend encore sa décision", "pétitions attendent encore leur décision"
        )
        return f"{attendent}, délai passé."


def mesurer(debut: date, fin: date) -> Mesures:
    """Return the figures of the pétitions filed from `debut` to `fin`, both included, and the signatures of
    these days."""
    petitions = Petition.objects.filter(du_au("deposee_le", debut, fin)).order_by()
    par_etat = dict(petitions.values_list("etat").annotate(n=Count("pk")))
    motifs = (
        petitions.filter(etat=Etat.IRRECEVABLE)
        .values_list("motif_irrecevabilite__code", "motif_irrecevabilite__libelle")
        .annotate(n=Count("pk"))
    )
    jours = dict(
        DecompteJour.objects.filter(jour__gte=debut, jour__lte=fin)
        .order_by("jour")
        .values_list("jour")
        .annotate(n=Sum("nombre"))
    )
    communes = (
        DecompteCommune.objects.filter(petition__in=petitions.values("pk"), nombre__gt=0)
        .order_by()
        .values_list("commune")
        .annotate(n=Sum("nombre"))
    )
    refusees, transmises = par_etat.get(Etat.IRRECEVABLE, 0), par_etat.get(Etat.TRANSMISE, 0)
    return Mesures(
        debut,
        fin,
        deposees=sum(par_etat.values()),
        recevables=petitions.filter(decidee_le__isnull=False).exclude(etat__in=DECIDEES).count(),
        refusees=refusees,
        transmises=transmises,
        delais=_delais(petitions),
        seuils=SeuilAtteint.objects.filter(
            petition__in=petitions.values("pk"), perdu_le__isnull=True
        ).count(),
        debats=petitions.exclude(issue_debat="").count(),
        reponses=petitions.filter(repondue_le__isnull=False).count(),
        signatures=sum(jours.values()),
        en_retard=Echeance.objects.en_retard()
        .filter(cle="recevabilite", dossier__in=petitions.values("pk"))
        .count(),
        par_etat=[(e.value, str(e.label), par_etat[e.value]) for e in Etat if par_etat.get(e.value)],
        par_motif=sorted(((code, libelle, n) for code, libelle, n in motifs), key=lambda ligne: -ligne[2]),
        par_jour=sorted(jours.items()),
        par_commune=dict(communes),
    )


def petitions_de(debut: date, fin: date) -> QuerySet[Petition]:
    """Return the pétitions filed in the period, oldest first, with what a report shows of each."""
    return (
        Petition.objects.filter(du_au("deposee_le", debut, fin))
        .select_related("decompte", "motif_irrecevabilite")
        .prefetch_related("suites__direction")
        .order_by("deposee_le", "pk")
    )


def _delais(petitions: QuerySet[Petition]) -> Delais:
    decidees: Any = list(
        petitions.filter(decidee_le__isnull=False, deposee_le__isnull=False).values_list(
            "pk", "deposee_le", "decidee_le", "reglement__delai_recevabilite_mois"
        )
    )
    if not decidees:
        return Delais()
    arrets: Counter[int] = Counter()
    pauses = Suspension.objects.filter(dossier__in=[ligne[0] for ligne in decidees], demande__isnull=False)
    for dossier, debut, fin in pauses.values_list("dossier", "debut", "fin"):
        arrets[dossier] += ((fin or timezone.localdate()) - debut).days
    durees, dans_le_delai = [], 0
    for pk, depot, decision, mois in decidees:
        jours = max(0, jours_entre(depot, decision) - arrets[pk])
        durees.append(jours)
        limite = ajouter_mois(timezone.localdate(depot), mois) + timedelta(days=arrets[pk])
        dans_le_delai += timezone.localdate(decision) <= limite
    neuvieme = quantiles(durees, n=10, method="inclusive")[-1] if len(durees) > 1 else float(durees[0])
    return Delais(len(durees), float(median(durees)), neuvieme, dans_le_delai)


def graphique_jours(jours: Sequence[tuple[date, int]], debut: date, fin: date, titre: str) -> Graphique:
    """Return the chart of signatures by day, or by week for a long period.

    Days without signatures are included.
    """
    if not jours:
        return Graphique(titre, [], [Serie("Signatures", [])])
    par_jour = dict(jours)
    debut, fin = max(debut, min(par_jour)), min(fin, max(par_jour))
    pas = 1 if (fin - debut).days < JOURS_AU_PLUS else 7
    if pas == 7:
        debut -= timedelta(days=debut.weekday())
    categories, valeurs = [], []
    jour = debut
    while jour <= fin:
        categories.append(jour_mois(jour))
        valeurs.append(float(sum(par_jour.get(jour + timedelta(days=i), 0) for i in range(pas))))
        jour += timedelta(days=pas)
    return Graphique(
        titre,
        categories,
        [Serie("Signatures", valeurs)],
        colonne="Jour" if pas == 1 else "Semaine du",
        description="Par jour." if pas == 1 else "Par semaine, à partir du lundi.",
    )


def graphique_etats(mesures: Mesures, liens: Sequence[str]) -> Graphique:
    return Graphique(
        "Où elles en sont",
        [majuscule(libelle) for _, libelle, _ in mesures.par_etat],
        [Serie("Pétitions", [float(n) for *_, n in mesures.par_etat])],
        colonne="Étape",
        liens=liens,
    )


def graphique_motifs(mesures: Mesures, liens: Sequence[str]) -> Graphique:
    return Graphique(
        "Pourquoi certaines ne sont pas recevables",
        [libelle for _, libelle, _ in mesures.par_motif],
        [Serie("Pétitions", [float(n) for *_, n in mesures.par_motif])],
        colonne="Motif",
        liens=liens,
    )


def carte_des_signatures(nombres: dict[str, int]) -> Carte:
    return carte_des_communes(nombres, "Signatures par commune", total=sum(nombres.values()))
