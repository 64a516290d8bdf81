"""Who came: by collège over a period, member by member over the mandature; and who the members are, as they say it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

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
from participation.socle.francais import INSECABLE, accorder
from participation.socle.graphiques import Graphique, Serie

Rang = Membre.Rang


def seances_tenues(debut: date, fin: date) -> QuerySet[Seance]:
    """Those where the commission deliberated, both days included."""
    return Seance.objects.filter(
        instance__cle=INSTANCE,
        etat=Etat.LEVEE,
        nature__in=Seance.DELIBERANTES,
        debut__date__gte=debut,
        debut__date__lte=fin,
    )


def _presents(convies: QuerySet[Convie]) -> QuerySet[Convie]:
    """Adds `est_la` (came), `est_supplee` (did not come, her substitute did)."""
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


def presence_par_college(debut: date, fin: date) -> tuple[int, list[PresenceCollege]]:
    """(number of séances, share of the seats of titulaires that were held, by themselves or by their substitute)."""
    seances = seances_tenues(debut, fin)
    lignes = (
        _presents(
            Convie.objects.filter(
                seance__in=seances.values("pk"), retire_le=None, membre__rang=Rang.TITULAIRE
            )
        )
        .order_by()
        .values("membre__college__nom", "membre__college__ordre")
        .annotate(attendus=Count("pk"), presents=Count("pk", filter=Q(est_la=True) | Q(est_supplee=True)))
        .order_by("membre__college__ordre", "membre__college__nom")
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
    """What the séances of the mandature say of a member. `de_suite`: absences since she last came, or was last called."""

    membre: Membre
    convocations: int = 0
    presences: int = 0
    excusees: int = 0
    sans_excuse: int = 0
    de_suite: int = 0
    de_suite_sans_excuse: int = 0
    derniere_venue: date | None = None
    appel: PriseDeNouvelles | None = None
    venues: int = 0  # to visits and trainings
    seuil: int = 0
    _arretee: bool = field(default=False, repr=False)

    @property
    def a_appeler(self) -> bool:
        return bool(self.seuil) and self.de_suite >= self.seuil

    @property
    def part(self) -> int | None:
        return round(100 * self.presences / self.convocations) if self.convocations else None

    def compter(self, convie: Convie) -> None:
        """To be given the most recent séance first."""
        jour = convie.seance.jour.date()
        self.convocations += 1
        if convie.est_la:  # type: ignore[attr-defined]
            self.presences += 1
            self.derniere_venue = self.derniere_venue or jour
            self._arretee = True
            return
        excusee = convie.est_absent or convie.est_supplee  # type: ignore[attr-defined]
        self.excusees += excusee
        self.sans_excuse += not excusee
        if self.appel is not None and jour <= self.appel.date:
            self._arretee = True
        if not self._arretee:
            self.de_suite += 1
            self.de_suite_sans_excuse += not excusee


def assiduites() -> list[Assiduite]:
    """Every member in office, by collège: five queries whatever their number."""
    membres = list(
        Membre.objects.filter(college__mandature__instance__cle=INSTANCE)
        .en_fonction()
        .select_related("compte", "college", "commune")
        .order_by("college__ordre", "rang", "compte__nom", "compte__prenom", "pk")
    )
    reglement = ReglementInstance.objects.filter(instance__cle=INSTANCE).en_vigueur()
    suivis = {
        membre.pk: Assiduite(membre, seuil=reglement.absences_a_signaler if reglement else 0)
        for membre in membres
    }
    for appel in PriseDeNouvelles.objects.filter(membre__in=membres).order_by("date", "pk"):
        suivis[appel.membre_id].appel = appel
    convies = _presents(
        Convie.objects.filter(
            membre__in=membres,
            seance__instance__cle=INSTANCE,
            seance__etat=Etat.LEVEE,
            seance__nature__in=Seance.DELIBERANTES,
            retire_le=None,
        )
    )
    for convie in convies.select_related("seance").order_by("-seance__debut", "pk"):
        suivis[convie.membre_id].compter(convie)
    venues = (
        Inscription.objects.filter(membre__in=membres, est_venu=True)
        .order_by()
        .values_list("membre")
        .annotate(n=Count("pk"))
    )
    for membre, combien in venues:
        suivis[membre].venues = combien
    return [suivis[membre.pk] for membre in membres]


# Visits and trainings ------------------------------------------------------------------------------------------------


def seances_de(membre: Membre) -> list[Convie]:
    """What she was convened to and was held, the latest first, with `est_la` and `est_supplee`."""
    return list(
        _presents(
            Convie.objects.filter(
                membre=membre, seance__etat=Etat.LEVEE, seance__nature__in=Seance.DELIBERANTES, retire_le=None
            )
        )
        .select_related("seance")
        .order_by("-seance__debut")
    )


# Who they are, as they say it ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Part:
    """`nombre` None: too small to be shown."""

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


def cacher(nombres: Mapping[str, int], secret: int) -> dict[str, int | None]:
    """Numbers under `secret` become None; when one alone is hidden, the total would give it back: the next smallest goes too."""
    caches = {cle for cle, n in nombres.items() if 0 < n < secret}
    restants = sorted((n, cle) for cle, n in nombres.items() if n >= secret)
    somme = sum(nombres[cle] for cle in caches)
    while caches and restants and (len(caches) == 1 or somme < secret):
        n, cle = restants.pop(0)
        caches.add(cle)
        somme += n
    return {cle: None if cle in caches else n for cle, n in nombres.items()}


def diversite() -> Diversite:
    """Members in office, by what they chose to say of themselves. Only sums leave this function."""
    membres = Membre.objects.filter(college__mandature__instance__cle=INSTANCE).en_fonction().order_by()
    secret = ReglementCommission.actuel().secret_statistique
    total = membres.count()

    def parts(champ: str, choix: Sequence[tuple[str, str]]) -> list[Part]:
        comptes: dict[str, int] = defaultdict(int)
        for code, n in membres.values_list(f"compte__profil__{champ}").annotate(n=Count("pk")):
            comptes[code or ""] += n
        montres = cacher(comptes, secret)
        libelles = [*choix, ("", "non dit")]
        return [Part(str(libelle), montres.get(code, 0)) for code, libelle in libelles if comptes.get(code)]

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
