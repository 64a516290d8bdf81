"""Avis of the commission over a period, and answers of the Métropole."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from statistics import median
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, DateField, Min, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import TruncQuarter
from django.utils import timezone

from ccspl.models import Avis, Preconisation, ServiceSuivi
from ccspl.workflow import RENDUS, Etat
from participation.socle.calendrier import du_au
from participation.socle.francais import INSECABLE, majuscule
from participation.socle.models import Combien, Direction
from participation.suites.models import reponse_en_retard
from participation.suites.rendu_compte.comptes import jours_de_reponse
from participation.suites.workflow import Etat as EtatSuite

TRIMESTRES, DERNIERS = 8, 8


SUIVIES = (EtatSuite.SUIVIE, EtatSuite.A_L_ARRET, EtatSuite.REALISEE)


NON_SUIVIES = (EtatSuite.NON_SUIVIE, EtatSuite.ABANDONNEE, EtatSuite.SANS_OBJET)


REFUSEES = (*NON_SUIVIES, EtatSuite.HORS_COMPETENCE)


# Counts of préconisations: fields of BilanDePreconisations.
COMPTES = ("suivies", "en_partie", "non_suivies", "hors_competence", "a_l_etude", "sans_reponse", "en_retard")


EN_ATTENTE = (EtatSuite.RECUE, EtatSuite.A_L_ETUDE)


@dataclass(frozen=True, slots=True)
class BilanDePreconisations:
    """Counts of the préconisations of a service or of a direction, by result."""

    cle: int
    libelle: str
    suivies: int
    en_partie: int
    non_suivies: int
    hors_competence: int
    a_l_etude: int
    sans_reponse: int
    en_retard: int
    delai: int | None = None

    @property
    def en_attente(self) -> int:
        return self.a_l_etude + self.sans_reponse

    @property
    def total(self) -> int:
        return self.suivies + self.en_partie + self.non_suivies + self.hors_competence + self.en_attente


@dataclass(frozen=True, slots=True)
class Trimestre:
    debut: date
    fin: date
    jours: int | None
    reponses: int

    @property
    def libelle(self) -> str:
        """« T1 25 », then « T2 », « T3 », « T4 »: the year is given once."""
        rang = (self.debut.month + 2) // 3
        return f"T{rang}{INSECABLE}{self.debut:%y}" if rang == 1 else f"T{rang}"


@dataclass(frozen=True, slots=True)
class Mesures:
    debut: date
    fin: date
    derniers: Sequence[int]
    rendus: int
    auto_saisines: int
    par_service: Sequence[BilanDePreconisations] = ()
    par_direction: Sequence[BilanDePreconisations] = ()
    par_etat: Sequence[tuple[str, str, int]] = ()
    par_sens: Sequence[tuple[str, str, int]] = ()
    en_retard: int = 0
    plus_ancien_retard: int = 0
    total: BilanDePreconisations = field(
        default_factory=lambda: BilanDePreconisations(0, "", 0, 0, 0, 0, 0, 0, 0)
    )
    trimestres: Sequence[Trimestre] = ()

    @property
    def preconisations(self) -> int:
        return self.total.total

    @property
    def services(self) -> int:
        return len(self.par_service)

    @property
    def part_suivie(self) -> int | None:
        """Percentage of préconisations followed, wholly or in part."""
        if not self.preconisations:
            return None
        return round(100 * (self.total.suivies + self.total.en_partie) / self.preconisations)


def rendus(avis: QuerySet[Avis], debut: date, fin: date) -> QuerySet[Avis]:
    return avis.filter(du_au("adopte_le", debut, fin), etat__in=sorted(RENDUS))


def mesurer(avis: QuerySet[Avis], debut: date, fin: date, jour: date | None = None) -> Mesures:
    """Return the figures of the avis adopted from `debut` to `fin` (both included) among `avis`.

    Late answers are those of `jour` (today by default), whatever the period.
    """
    jour = jour or timezone.localdate()
    faits = rendus(avis, debut, fin)
    sens, saisines = Counter[str](), Counter[str]()
    for dit, saisine, n in faits.order_by().values_list("sens", "saisine").annotate(n=Count("pk")):
        sens[dit] += n
        saisines[saisine] += n
    lignes = _lire(avis, debut, fin, jour)
    siennes = [ligne for ligne in lignes if ligne["est_de_la_periode"]]
    par_service = _bilans(siennes, "avis__service", ServiceSuivi)
    retards = Preconisation.objects.filter(
        reponse_en_retard(jour, "suite__"), avis__in=avis.order_by().values("pk")
    )
    retard = retards.aggregate(n=Count("pk"), depuis=Min("suite__date_limite"))
    saisis = dict(
        avis.filter(date_saisine__gte=debut, date_saisine__lte=fin)
        .order_by()
        .values_list("etat")
        .annotate(n=Count("pk"))
    )
    return Mesures(
        debut,
        fin,
        derniers=list(faits.order_by("-adopte_le", "-pk").values_list("pk", flat=True)[:DERNIERS]),
        rendus=sens.total(),
        auto_saisines=saisines[Avis.Saisine.AUTO],
        par_service=par_service,
        par_direction=_bilans(siennes, "suite__direction", Direction),
        par_etat=[(e.value, str(e.label), saisis[e.value]) for e in Etat if saisis.get(e.value)],
        par_sens=[(s, str(libelle), sens[s]) for s, libelle in _sens() if sens.get(s)],
        en_retard=retard["n"],
        plus_ancien_retard=(jour - retard["depuis"]).days if retard["depuis"] else 0,
        total=_somme(par_service),
        trimestres=_delais(lignes, fin),
    )


def _sens() -> list[tuple[str, Any]]:
    champ: Any = Avis._meta.get_field("sens")
    return list(champ.flatchoices)


def _comptes(jour: date) -> dict[str, Count]:
    def combien(*etats: str) -> Count:
        return Count("pk", filter=Q(suite__etat__in=etats))

    return {
        "suivies": combien(*SUIVIES),
        "en_partie": combien(EtatSuite.SUIVIE_EN_PARTIE),
        "non_suivies": combien(*NON_SUIVIES),
        "hors_competence": combien(EtatSuite.HORS_COMPETENCE),
        "a_l_etude": combien(EtatSuite.A_L_ETUDE),
        "sans_reponse": Count("pk", filter=Q(suite__isnull=True) | Q(suite__etat=EtatSuite.RECUE)),
        "en_retard": Count("pk", filter=reponse_en_retard(jour, "suite__")),
    }


def _de_la_periode(debut: date, fin: date) -> Q:
    return Q(du_au("avis__adopte_le", debut, fin), avis__etat__in=sorted(RENDUS))


def bilan(debut: date, fin: date) -> BilanDePreconisations:
    """Return the counts of the préconisations of all the avis adopted from `debut` to `fin`, for who needs no more."""
    siennes = Preconisation.objects.filter(_de_la_periode(debut, fin)).order_by()
    return BilanDePreconisations(0, "Ensemble", **siennes.aggregate(**_comptes(timezone.localdate())))


def _lire(avis: QuerySet[Avis], debut: date, fin: date, jour: date) -> list[dict[str, Any]]:
    """Return the counts and the answers of each service and direction, of the period and of the quarters of `fin`.

    In one statement: each figure would read all the préconisations again.
    """
    repondue = Q(suite__repondue_le__isnull=False)
    de_la_periode = _de_la_periode(debut, fin)
    premier, apres = _trimestre(fin, 1 - TRIMESTRES), _trimestre(fin, 1)
    return list(
        Preconisation.objects.filter(
            de_la_periode | du_au("suite__repondue_le", premier, apres - timedelta(days=1)),
            avis__in=avis.order_by().values("pk"),
        )
        .order_by()
        .annotate(
            est_de_la_periode=de_la_periode,
            trimestre=TruncQuarter("suite__repondue_le", output_field=DateField()),
        )
        .values("est_de_la_periode", "avis__service", "suite__direction", "trimestre")
        .annotate(
            **_comptes(jour), jours=ArrayAgg(jours_de_reponse("suite__"), filter=repondue, default=Value([]))
        )
    )


def _bilans(
    lignes: list[dict[str, Any]], par: str, de_qui: type[ServiceSuivi | Direction]
) -> list[BilanDePreconisations]:
    """Return the sums by service or by direction, largest first."""
    noms = dict(de_qui._default_manager.values_list("pk", "nom"))
    reunis: dict[tuple[str, int], Counter[str]] = defaultdict(Counter)
    jours: dict[int, list[int]] = defaultdict(list)
    for ligne in lignes:
        if (cle := ligne[par]) is not None:
            reunis[noms[cle], cle].update({nom: ligne[nom] for nom in COMPTES})
            jours[cle] += ligne["jours"]
    bilans = [
        BilanDePreconisations(cle, libelle, **sommes, delai=_mediane(jours[cle]))
        for (libelle, cle), sommes in sorted(reunis.items())
    ]
    return sorted(bilans, key=lambda bilan: -bilan.total)


def _somme(bilans: Sequence[BilanDePreconisations]) -> BilanDePreconisations:
    return BilanDePreconisations(0, "Ensemble", *(sum(getattr(b, nom) for b in bilans) for nom in COMPTES))


def _mediane(jours: Sequence[int]) -> int | None:
    return max(0, round(median(jours))) if jours else None


def _delais(lignes: list[dict[str, Any]], fin: date) -> list[Trimestre]:
    """Return the median number of days to the first answer, by quarter of the answer.

    The eight quarters that end with that of `fin`; the first ones are left out if they have no answer.
    """
    jours: dict[date, list[int]] = defaultdict(list)
    for ligne in lignes:
        if (trimestre := ligne["trimestre"]) is not None:
            jours[trimestre] += ligne["jours"]
    resultat = [
        Trimestre(
            _trimestre(fin, i),
            _trimestre(fin, i + 1) - timedelta(days=1),
            _mediane(siens := jours[_trimestre(fin, i)]),
            len(siens),
        )
        for i in range(1 - TRIMESTRES, 1)
    ]
    while resultat and resultat[0].jours is None:
        resultat.pop(0)
    return resultat


def _trimestre(jour: date, decalage: int) -> date:
    """Return the first day of the quarter of `jour`, shifted by `decalage` quarters."""
    rang = jour.year * 4 + (jour.month - 1) // 3 + decalage
    return date(rang // 4, 3 * (rang % 4) + 1, 1)


# List of avis and état of their answers
# ------------------------------------------------------------------------------
def avec_suites(avis: QuerySet[Avis]) -> QuerySet[Avis]:
    """Annotate the counts of préconisations and answers.

    `n_lignes`, `n_suivies`, `n_realisees`, `n_repondues`, `n_retards`, and `attendue_le`.
    """
    siennes = Preconisation.objects.filter(avis=OuterRef("pk"))
    en_attente = siennes.filter(suite__etat__in=EN_ATTENTE).order_by("suite__date_limite")
    return avis.annotate(
        n_lignes=Combien(siennes),
        n_suivies=Combien(siennes.filter(suite__etat__in=SUIVIES)),
        n_realisees=Combien(siennes.filter(suite__etat=EtatSuite.REALISEE)),
        n_repondues=Combien(siennes.filter(suite__isnull=False).exclude(suite__etat__in=EN_ATTENTE)),
        n_retards=Combien(siennes.filter(reponse_en_retard(timezone.localdate(), "suite__"))),
        attendue_le=Subquery(en_attente.values("suite__date_limite")[:1]),
    )


@dataclass(frozen=True, slots=True)
class Reponse:
    """État of the answers to an avis: label, colour, icon, and date if any."""

    texte: str
    couleur: str
    icone: str
    le: date | None = None


def reponse_de(avis: Any) -> Reponse:
    """Return the état of the answers. `avis` must come from `avec_suites`."""
    if avis.etat not in RENDUS:
        return Reponse(majuscule(avis.get_etat_display()), "neutre", "document")
    if avis.n_retards:
        return Reponse("Réponse en retard", "erreur", "horloge")
    if not avis.n_lignes:
        return Reponse("Sans préconisation", "neutre", "coche")
    if avis.n_realisees == avis.n_lignes:
        return Reponse("Suivi et réalisé", "succes", "coche")
    if avis.n_repondues == avis.n_lignes:
        return Reponse("Réponse reçue", "succes", "coche")
    if avis.n_repondues:
        return Reponse("Réponse partielle", "attention", "alerte")
    if avis.attendue_le:
        return Reponse("Réponse attendue le", "info", "horloge", avis.attendue_le)
    return Reponse("À transmettre", "attention", "alerte")


def derniers(avis: QuerySet[Avis], mesures: Mesures) -> list[Avis]:
    lus = avec_suites(avis.filter(pk__in=mesures.derniers)).select_related("service", "conseil")
    return list(lus.order_by("-adopte_le", "-pk"))
