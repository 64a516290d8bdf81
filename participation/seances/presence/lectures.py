"""Computing presence, voices and quorum of a séance from its data. Nothing is written.

One reading (`Situation.de`, a few queries for any number of people) gives all of it.

A seat has one voice. Its titulaire holds it if present. Otherwise a substitute who is present, if the
règlement lets substitutes sit. Otherwise the bearer of the titulaire's pouvoir, if present, up to the number
of pouvoirs that the règlement allows: the first given come first. A pouvoir lapses when its giver arrives or
is replaced by a substitute. It cannot be passed on.

A person who steps aside from a point (déport) is not counted on it, bears no pouvoir on it and is not
replaced (CRPA R133-12). The règlement says whether the seat also leaves the base of the quorum
(`deport_hors_base`; L1111-6 CGCT requires it for some deliberations).
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from django.db.models import Count
from django.utils import timezone

from participation.seances.models import College, Convie, Deport, Membre, Point, Presence, Seance
from participation.seances.presence.regles import Corps, Quorum, RegleQuorum, calculer
from participation.seances.workflow import Mode


@dataclass(frozen=True, slots=True)
class Siege:
    """A seat at one instant. `tenant`: who holds its voice, or None; `par_pouvoir`: as bearer of a pouvoir."""

    titulaire: Convie
    tenant: Convie | None = None
    mode: str = ""
    par_pouvoir: bool = False


@dataclass
class Situation:
    """Presence at a séance at one instant. The data that only the quorum needs is read when first asked for."""

    seance: Seance
    convies: list[Convie]
    presences: dict[int, Presence]  # open intervals, by Convie number
    intervalles: dict[int, list[Presence]]  # all intervals in order, by Convie number
    le: datetime | None = None
    deports: dict[int, set[int]] = field(default_factory=dict)  # Convie numbers, by point

    @classmethod
    def de(cls, seance: Seance, le: datetime | None = None, *, avec_noms: bool = True) -> "Situation":
        """Read the situation at `le`: by default now, or just before the end of a closed séance.

        `avec_noms`: also read names and communes, to show them.
        """
        liens = (
            ("membre__compte", "membre__college", "membre__commune") if avec_noms else ("membre__college",)
        )
        convies = list(Convie.objects.filter(seance=seance).select_related(*liens))
        if le is None and seance.levee_le is not None:
            le = seance.levee_le - timedelta(microseconds=1)
        intervalles: dict[int, list[Presence]] = defaultdict(list)
        presences = {}
        for presence in Presence.objects.filter(seance=seance).order_by("arrivee", "pk"):
            intervalles[presence.convie_id].append(presence)
            if presence.est_ouverte(le):
                presences[presence.convie_id] = presence
        deports: dict[int, set[int]] = defaultdict(set)
        for point, convie in Deport.objects.filter(point__seance=seance).values_list("point", "convie"):
            deports[point].add(convie)
        return cls(seance, convies, presences, dict(intervalles), le, dict(deports))

    @cached_property
    def colleges(self) -> list[College]:
        return list(College.objects.filter(mandature=self.seance.mandature_id))

    @cached_property
    def en_exercice(self) -> dict[int, int]:
        """Number of titulaires in office, by collège."""
        return _en_exercice(self.seance, self.convies, self.le)

    # Presence

    def est_retire(self, convie: Convie) -> bool:
        return convie.retire_le is not None

    def est_present(self, convie: Convie) -> bool:
        return convie.pk in self.presences and not self.est_retire(convie)

    def est_deporte(self, convie: Convie, point: Point | None) -> bool:
        return point is not None and convie.pk in self.deports.get(point.pk, set())

    def a_le_vote(self, convie: Convie) -> bool:
        return convie.membre.college.a_le_vote(self.seance.jour.date())

    def par_numero(self, pk: int) -> Convie | None:
        return next((convie for convie in self.convies if convie.pk == pk), None)

    # Seats and voices

    def sieges(self, point: Point | None = None) -> list[Siege]:
        """Return the seats with a titulaire in office, held or not, also those of collèges without the vote."""
        titulaires = [
            c for c in self.convies if c.membre.rang == Membre.Rang.TITULAIRE and not self.est_retire(c)
        ]
        suppleants = self._suppleants()
        tenus: dict[int, Siege] = {}
        for convie in titulaires:
            assis = convie if self.est_present(convie) else None
            if assis is None and self.seance.reglement.avec_suppleants:
                assis = next((s for s in suppleants[convie.pk] if self.est_present(s)), None)
            if assis is not None:
                ecarte = self.est_deporte(assis, point) or self.est_deporte(convie, point)
                tenus[convie.pk] = (
                    Siege(convie) if ecarte else Siege(convie, assis, self.presences[assis.pk].mode)
                )
        assises = {siege.tenant.pk: siege for siege in tenus.values() if siege.tenant is not None}
        portes: dict[int, int] = defaultdict(int)
        for convie in sorted(titulaires, key=_rang_du_pouvoir):
            if convie.pk in tenus or convie.pouvoir_a_id is None or self.est_deporte(convie, point):
                continue
            chez = assises.get(convie.pouvoir_a_id)
            if chez is None or chez.tenant is None or not self._peut_porter(chez.tenant, convie, portes):
                continue
            portes[chez.tenant.pk] += 1
            tenus[convie.pk] = Siege(convie, chez.tenant, chez.mode, par_pouvoir=True)
        return [tenus.get(convie.pk, Siege(convie)) for convie in titulaires]

    def _suppleants(self) -> dict[int, list[Convie]]:
        """Return the substitutes convened, by the titulaire replaced at this séance, or else named for good."""
        par_membre = {convie.membre_id: convie for convie in self.convies}
        trouves: dict[int, list[Convie]] = defaultdict(list)
        for convie in self.convies:
            if convie.membre.rang != Membre.Rang.SUPPLEANT or self.est_retire(convie):
                continue
            supplee = par_membre.get(convie.membre.suppleant_de_id or 0)
            titulaire = convie.remplace_id or (supplee.pk if supplee else None)
            if titulaire is not None:
                trouves[titulaire].append(convie)
        return trouves

    def _peut_porter(self, tenant: Convie, mandant: Convie, portes: dict[int, int]) -> bool:
        reglement = self.seance.reglement
        return (
            self.a_le_vote(tenant)
            and self.a_le_vote(mandant)
            and portes[tenant.pk] < reglement.pouvoirs_par_personne
            and (reglement.pouvoir_entre_colleges or tenant.membre.college_id == mandant.membre.college_id)
        )

    def votants(self, point: Point | None = None) -> dict[int, list[int]]:
        """Return {Convie who may vote: [Convies whose voice they give, their own first]}.

        A substitute votes in their own name.
        """
        voix: dict[int, list[int]] = {}
        tenus = [s for s in self.sieges(point) if s.tenant is not None and self.a_le_vote(s.titulaire)]
        for siege in sorted(tenus, key=lambda s: s.par_pouvoir):
            assert siege.tenant is not None  # noqa: S101 filtered above; said to the type checker
            voix.setdefault(siege.tenant.pk, []).append(
                siege.titulaire.pk if siege.par_pouvoir else siege.tenant.pk
            )
        return voix

    # Quorum

    def quorum(self, point: Point | None = None) -> Quorum:
        return calculer(self.corps(point), regle_de(self.seance))

    def corps(self, point: Point | None = None) -> list[Corps]:
        sieges = self.sieges(point)
        hors_base: dict[int, int] = defaultdict(int)
        if self.seance.reglement.deport_hors_base and point is not None:
            for siege in sieges:
                if self.est_deporte(siege.titulaire, point):
                    hors_base[siege.titulaire.membre.college_id] += 1
        jour = self.seance.jour.date()
        corps = []
        for college in self.colleges:
            tenus = [
                s for s in sieges if s.tenant is not None and s.titulaire.membre.college_id == college.pk
            ]
            en_exercice = self.en_exercice.get(college.pk, 0)
            corps.append(
                Corps(
                    cle=college.pk,
                    nom=college.nom,
                    sieges=max(0, self._prevus(college, en_exercice) - hors_base[college.pk]),
                    en_exercice=max(0, en_exercice - hors_base[college.pk]),
                    presents=sum(not s.par_pouvoir and s.mode == Mode.SALLE for s in tenus),
                    a_distance=sum(not s.par_pouvoir and s.mode == Mode.DISTANCE for s in tenus),
                    pouvoirs=sum(s.par_pouvoir for s in tenus),
                    a_le_vote=college.a_le_vote(jour),
                )
            )
        return corps

    def _prevus(self, college: College, en_exercice: int) -> int:
        """Return the seats planned: all those of the collège for a plenary, else those of members convened."""
        return college.sieges if self.seance.nature == Seance.Nature.PLENIERE else en_exercice


def _rang_du_pouvoir(convie: Convie) -> tuple[bool, datetime, int]:
    """Sort key: the pouvoir given first comes first."""
    return (convie.repondu_le is None, convie.repondu_le or timezone.now(), convie.pk)


def _en_exercice(seance: Seance, convies: list[Convie], le: datetime | None) -> dict[int, int]:
    """Return the number of titulaires in office, by collège, without mandates that ended before `le`."""
    partis = {c.membre_id for c in convies if c.retire_le and (le is None or c.retire_le <= le)}
    if seance.nature != Seance.Nature.PLENIERE:
        compte: dict[int, int] = defaultdict(int)
        for convie in convies:
            if convie.membre.rang == Membre.Rang.TITULAIRE and convie.membre_id not in partis:
                compte[convie.membre.college_id] += 1
        return dict(compte)
    return dict(
        Membre.objects.filter(college__mandature=seance.mandature_id)
        .titulaires()
        .en_fonction(seance.jour.date())
        .exclude(pk__in=partis)
        .order_by()
        .values_list("college")
        .annotate(Count("pk"))
    )


def regle_de(seance: Seance) -> RegleQuorum:
    reglement = seance.reglement
    return RegleQuorum(
        part=reglement.quorum,
        base=reglement.base_quorum,
        par_college=reglement.quorum_par_college,
        distance_compte=reglement.distance_compte,
        pouvoirs_comptent=reglement.pouvoirs_comptent,
        est_exige=not (seance.rang_convocation > 1 and reglement.seconde_sans_quorum),
    )


def quorum_de(seance: Seance, point: Point | None = None) -> Quorum:
    """Return the current quorum under the règlement of the séance; on a point, without its déports."""
    return Situation.de(seance).quorum(point)


def quorum_sans(convie: Convie, point: Point) -> Quorum:
    """Return the quorum on the point if this person stepped aside from it too. Nothing is written."""
    situation = Situation.de(convie.seance)
    situation.deports.setdefault(point.pk, set()).add(convie.pk)
    return situation.quorum(point)


def presents(seance: Seance, le: datetime | None = None) -> list[Convie]:
    """Return the people present now, or at the instant `le`, in the order of the collèges."""
    situation = Situation.de(seance, le)
    return [convie for convie in situation.convies if situation.est_present(convie)]


def votants(seance: Seance, point: Point | None = None) -> dict[int, list[int]]:
    """Return {Convie number: [numbers whose voice they give, their own first]}."""
    return Situation.de(seance).votants(point)


def a_accueillir(seance: Seance, convies: Iterable[Convie]) -> list[Membre]:
    """Return the members in office that day who are not on the list, for instance a substitute."""
    connus = {convie.membre_id for convie in convies}
    return [
        membre
        for membre in Membre.objects.filter(college__mandature=seance.mandature_id)
        .en_fonction(seance.jour.date())
        .select_related("compte", "college", "commune")
        if membre.pk not in connus
    ]
