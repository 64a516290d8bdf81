"""Presence by collège over a period and by member over the mandature; diversity of the members."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from ccspl.models import INSTANCE, PriseDeNouvelles, ReglementCommission
from participation.seances.models import (
    Convie,
    Inscription,
    Membre,
    Presence,
    Profil,
    ReglementInstance,
    Seance,
)
from participation.seances.workflow import Etat
from participation.socle.calendrier import du_au
from participation.socle.francais import INSECABLE, accorder
from participation.socle.graphiques import Graphique, Serie
from participation.socle.regles.petits_nombres import tus

Rang = Membre.Rang


# Two years of monthly séances: nobody is absent longer without a call.
SEANCES_REGARDEES = 24


def seances_tenues(debut: date, fin: date) -> QuerySet[Seance]:
    """Return the séances held where the commission deliberated, both days included."""
    return Seance.objects.filter(
        du_au("debut", debut, fin), instance__cle=INSTANCE, etat=Etat.LEVEE, nature__in=Seance.DELIBERANTES
    )


def _presents(convies: QuerySet[Convie]) -> QuerySet[Convie]:
    """Annotate `est_la` (came) and `est_supplee` (absent, but their substitute came)."""
    return convies.annotate(
        est_la=Exists(Presence.objects.filter(convie=OuterRef("pk"))),
        est_supplee=Exists(Presence.objects.filter(convie__remplace=OuterRef("pk"))),
    )


@dataclass(frozen=True, slots=True)
class PresenceCollege:
    nom: str
    attendus: int
    presents: int

    @property
    def part(self) -> int:
        return round(100 * self.presents / self.attendus) if self.attendus else 0


def sieges_tenus(seances: QuerySet[Seance], *par: str) -> Any:
    """Count the seats of titulaires in these séances (`attendus`), and those held (`presents`), by the values of `par`.

    A seat is held once, by its titulaire or by their substitute.
    """
    sieges = Convie.objects.filter(
        seance__in=seances.values("pk"), retire_le=None, membre__rang=Rang.TITULAIRE
    )
    # Sets, each read once: not the two questions of `_presents` on every seat.
    venus = Presence.objects.filter(seance__in=seances.values("pk"))
    supplees = venus.exclude(convie__remplace=None).values("convie__remplace")
    tenus = Q(pk__in=venus.values("convie")) | Q(pk__in=supplees)
    return sieges.order_by().values(*par).annotate(attendus=Count("pk"), presents=Count("pk", filter=tenus))


def presence_par_college(debut: date, fin: date) -> tuple[int, list[PresenceCollege]]:
    """Return (number of séances, presence by collège): seats of titulaires held, by them or by their
    substitute."""
    seances = seances_tenues(debut, fin)
    lignes = sieges_tenus(seances, "membre__college__nom", "membre__college__ordre").order_by(
        "membre__college__ordre", "membre__college__nom"
    )
    return seances.count(), [
        PresenceCollege(ligne["membre__college__nom"], ligne["attendus"], ligne["presents"])
        for ligne in lignes
    ]


def graphique_presence(seances: int, colleges: Sequence[PresenceCollege]) -> Graphique:
    return Graphique(
        "Présence en séance",
        [c.nom for c in colleges],
        [Serie("Part des sièges tenus", [float(c.part) for c in colleges])],
        colonne="Collège",
        unite="%",
        maximum=100,
        description=f"Part des sièges tenus, en salle ou à distance, par le titulaire ou son suppléant, sur {accorder(seances, 'séance', espace=INSECABLE)}.",
        identifiant="t-presence",
    )


# Member by member ----------------------------------------------------------------------------------------------------
@dataclass(slots=True)
class Assiduite:
    """Presence of a member in the séances. `de_suite`: absences since the last presence or the last call."""

    membre: Membre
    convocations: int = 0
    presences: int = 0
    excusees: int = 0
    sans_excuse: int = 0
    de_suite: int = 0
    de_suite_sans_excuse: int = 0
    derniere_venue: date | None = None
    appel: PriseDeNouvelles | None = None
    venues: int = 0  # presences at visits and trainings
    seuil: int = 0

    @property
    def a_appeler(self) -> bool:
        return bool(self.seuil) and self.de_suite >= self.seuil


def assiduites(*, sur: int | None = None) -> list[Assiduite]:
    """Return the presence of every member in office, by collège, in five queries with one row by member.

    `sur`: look only at this number of last séances, which is enough to know who to call.
    """
    suivis = _comptees(sur)
    for appel in PriseDeNouvelles.objects.filter(membre__in=suivis).order_by("date", "pk"):
        suivis[appel.membre_id].appel = appel
    venues = (
        Inscription.objects.filter(membre__in=suivis, est_venu=True)
        .order_by()
        .values_list("membre")
        .annotate(n=Count("pk"))
    )
    for membre, combien in venues:
        suivis[membre].venues = combien
    return list(suivis.values())


def en_fonction() -> Any:
    return Membre.objects.filter(college__mandature__instance__cle=INSTANCE).en_fonction()


def _comptees(sur: int | None) -> dict[int, Assiduite]:
    """Return the presence by key of member, in the order of collèges."""
    membres = (
        en_fonction()
        .select_related("compte", "college", "commune")
        .order_by("college__ordre", "rang", "compte__nom", "compte__prenom", "pk")
    )
    reglement = ReglementInstance.objects.filter(instance__cle=INSTANCE).en_vigueur()
    suivis = {
        membre.pk: Assiduite(membre, seuil=reglement.absences_a_signaler if reglement else 0)
        for membre in membres
    }
    for membre, *comptes, vue in _comptes_de_presence(list(suivis), sur):
        suivi = suivis[membre]
        suivi.convocations, suivi.presences, suivi.excusees, suivi.sans_excuse = comptes[:4]
        suivi.de_suite, suivi.de_suite_sans_excuse = comptes[4:]
        suivi.derniere_venue = vue
    return suivis


def a_appeler() -> list[Assiduite]:
    """Return the members absent too many times in a row, from the last SEANCES_REGARDEES séances."""
    return [suivi for suivi in _comptees(SEANCES_REGARDEES).values() if suivi.a_appeler]


# A series of absences ends with a presence or with a call. `venus` reads the presences of the selected
# séances only: with a subquery for each convocation, the planner reads every presence of the mandature, four
# times.
COMPTES_DE_PRESENCE = """
WITH tenues AS (
    SELECT s.id, s.debut, (s.debut AT TIME ZONE %(zone)s)::date AS jour
    FROM seances_seance s JOIN seances_instance i ON i.id = s.instance_id
    WHERE i.cle = %(instance)s AND s.etat = %(levee)s AND s.nature = ANY(%(natures)s)
    ORDER BY s.debut DESC, s.id DESC LIMIT %(sur)s
), venus AS MATERIALIZED (
    SELECT DISTINCT p.convie_id FROM tenues t JOIN seances_presence p ON p.seance_id = t.id
), supplees AS (
    SELECT DISTINCT r.remplace_id FROM venus v JOIN seances_convie r ON r.id = v.convie_id WHERE r.remplace_id IS NOT NULL
), convocations AS (
    SELECT c.membre_id, t.debut, t.jour, v.convie_id IS NOT NULL AS est_la,
        c.reponse = ANY(%(absents)s) OR r.remplace_id IS NOT NULL AS est_excusee
    FROM tenues t JOIN seances_convie c ON c.seance_id = t.id
        LEFT JOIN venus v ON v.convie_id = c.id LEFT JOIN supplees r ON r.remplace_id = c.id
    WHERE c.retire_le IS NULL AND c.membre_id = ANY(%(membres)s)
), situees AS (
    SELECT c.*, NOT est_la AND jour > COALESCE(a.le, '-infinity')
        AND debut > COALESCE(MAX(debut) FILTER (WHERE est_la) OVER (PARTITION BY membre_id), '-infinity') AS est_de_suite
    FROM convocations c LEFT JOIN (
        SELECT membre_id, MAX(date) AS le FROM ccspl_prisedenouvelles GROUP BY membre_id
    ) a USING (membre_id)
)
SELECT membre_id, COUNT(*), COUNT(*) FILTER (WHERE est_la),
    COUNT(*) FILTER (WHERE NOT est_la AND est_excusee), COUNT(*) FILTER (WHERE NOT est_la AND NOT est_excusee),
    COUNT(*) FILTER (WHERE est_de_suite), COUNT(*) FILTER (WHERE est_de_suite AND NOT est_excusee),
    MAX(jour) FILTER (WHERE est_la)
FROM situees GROUP BY membre_id"""


def _comptes_de_presence(membres: list[int], sur: int | None) -> list[tuple[Any, ...]]:
    with connection.cursor() as curseur:
        curseur.execute(
            COMPTES_DE_PRESENCE,
            {
                "zone": settings.TIME_ZONE,
                "instance": INSTANCE,
                "levee": Etat.LEVEE,
                "natures": list(Seance.DELIBERANTES),
                "absents": [Convie.Reponse.EXCUSE, Convie.Reponse.POUVOIR],
                "membres": membres,
                "sur": sur,
            },
        )
        return list(curseur.fetchall())


# Visits and trainings ------------------------------------------------------------------------------------------------
def seances_de(membre: Membre) -> list[Convie]:
    """Return the séances held to which the member was convened, latest first, with `est_la` and
    `est_supplee`."""
    return list(
        _presents(
            Convie.objects.filter(
                membre=membre, seance__etat=Etat.LEVEE, seance__nature__in=Seance.DELIBERANTES, retire_le=None
            )
        )
        .select_related("seance")
        .order_by("-seance__debut")
    )


# Diversity, as declared by the members
# -------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Part:
    """One part of a breakdown. `nombre` None: too small to be shown."""

    libelle: str
    nombre: int | None


@dataclass(frozen=True, slots=True)
class Diversite:
    membres: int
    genres: Sequence[Part] = ()
    ages: Sequence[Part] = ()
    communes: int = 0
    des_quartiers: int | None = 0
    secret: int = 0

    @property
    def des_nombres_caches(self) -> bool:
        return any(part.nombre is None for part in [*self.genres, *self.ages]) or self.des_quartiers is None


def diversite() -> Diversite:
    """Return the breakdown of members in office by what they declared. Only totals leave this function."""
    membres = Membre.objects.filter(college__mandature__instance__cle=INSTANCE).en_fonction().order_by()
    secret = ReglementCommission.actuel().secret_statistique
    total = membres.count()

    def parts(champ: str, choix: Sequence[tuple[str, str]]) -> list[Part]:
        comptes: dict[str, int] = defaultdict(int)
        for code, n in membres.values_list(f"compte__profil__{champ}").annotate(n=Count("pk")):
            comptes[code or ""] += n
        caches = tus(comptes, secret)
        libelles = [*choix, ("", "non dit")]
        return [
            Part(str(libelle), None if code in caches else comptes[code])
            for code, libelle in libelles
            if comptes.get(code)
        ]

    quartiers = membres.filter(quartier__isnull=False).count()
    autres = total - quartiers
    return Diversite(
        total,
        genres=parts("genre", Profil.Genre.choices),
        ages=parts("age", Profil.Age.choices),
        communes=membres.filter(commune__isnull=False).values("commune").distinct().count(),
        des_quartiers=None if 0 < quartiers < secret or 0 < autres < secret else quartiers,
        secret=secret,
    )
