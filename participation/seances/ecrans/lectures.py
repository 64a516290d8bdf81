"""All that a screen shows of a séance, in a number of queries that does not grow with people or votes."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import Prefetch
from django.utils import timezone

from participation.seances.ecrans.blocs import (
    MODES,
    REPONSES,
    BlocCollege,
    BlocVote,
    LigneDossier,
    LignePapier,
    LigneParole,
    LignePersonne,
    PointALEcran,
    dossiers_de,
    horloge,
    pour_cent,
    sous_point,
)
from participation.seances.ecrans.votes import bloc_vote, lignes_papier
from participation.seances.models import (
    Convie,
    Deport,
    Desaccord,
    Invite,
    Parole,
    PieceSeance,
    Point,
    PointDossier,
    ProcesVerbal,
    Seance,
    Vote,
)
from participation.seances.presence.lectures import Siege, Situation
from participation.seances.presence.regles import Quorum
from participation.seances.votes.elections import lectures as elections
from participation.seances.votes.elections.lectures import BlocElection
from participation.seances.votes.lectures import (
    deja_votes,
    demandes_de_secret,
    pourquoi_sans_secret,
    voix_ouvertes,
)
from participation.seances.workflow import Etat, EtatPoint, EtatPV, EtatVote, Mode
from participation.socle.francais import accorder, heure, minuscule
from participation.socle.models import Dossier

# SQL written by hand: 60 phones run it 20 times a second, and composing it would take longer than its answer.
# A change of the current point's dossiers, or of the procès-verbal that it approves, gives a new version too.
DU_POINT = """
    (SELECT concat(max(extract(epoch FROM d.modifie_le)), '.', max(a.version))
     FROM seances_point p
     LEFT JOIN seances_pointdossier l ON l.point_id = p.id
     LEFT JOIN socle_dossier d ON d.id = l.dossier_id
     LEFT JOIN seances_seance a ON a.id = p.pv_de_id
     WHERE p.id = s.point_courant_id)"""


ANIMEE = f"""
    SELECT s.version, (
        SELECT count(*) FROM seances_emargement e
        JOIN seances_vote v ON v.id = e.vote_id JOIN seances_point p ON p.id = v.point_id
        WHERE p.seance_id = s.id AND v.etat = %s), {DU_POINT},
        (SELECT md5(p.releve) FROM seances_point p WHERE p.id = s.point_courant_id)
    FROM seances_seance s WHERE s.id = %s"""  # noqa: S608 two constants


# For a person with two seats in this séance, take the one still held.
PLACE = f"""
    SELECT c.id, s.version, (
        SELECT count(*) FROM seances_emargement e JOIN seances_vote v ON v.id = e.vote_id
        WHERE e.par_id = c.id AND v.etat = %s), {DU_POINT}
    FROM seances_convie c
    JOIN seances_membre m ON m.id = c.membre_id
    JOIN seances_seance s ON s.id = c.seance_id
    WHERE c.seance_id = %s AND m.compte_id = %s AND s.nature = ANY(%s)
    ORDER BY c.retire_le NULLS FIRST, c.id LIMIT 1"""  # noqa: S608 two constants


def version_animee(pk: int) -> str | None:
    """Return the version polled by the facilitator's and projected screens: ballots change it too."""
    with connection.cursor() as curseur:
        curseur.execute(ANIMEE, [EtatVote.OUVERT, pk])
        lu = curseur.fetchone()
    return "-".join(str(part or 0) for part in lu) if lu else None


@dataclass
class SeanceEnCours:
    """A séance under way: each piece of data is read once, when first asked for."""

    seance: Seance
    situation: Situation = field(init=False)

    def __post_init__(self) -> None:
        self.situation = Situation.de(self.seance)

    # Agenda

    @cached_property
    def points(self) -> list[Point]:
        liens = PointDossier.objects.select_related(
            *[f"dossier__{nature}" for nature in Dossier.natures()], "dossier"
        )
        return list(
            Point.objects.filter(seance=self.seance).prefetch_related(
                Prefetch("liens_dossiers", queryset=liens),
                Prefetch("votes", queryset=Vote.objects.exclude(etat=EtatVote.ANNULE)),
            )
        )

    @cached_property
    def courant(self) -> Point | None:
        point = next((p for p in self.points if p.pk == self.seance.point_courant_id), None)
        if point is not None:
            point.seance = self.seance
        return point

    @cached_property
    def ordre(self) -> list[PointALEcran]:
        lignes, numero = [], 0
        for point in self.points:
            numero += point.etat != EtatPoint.RETIRE
            lignes.append(
                PointALEcran(point, numero, point.pk == self.seance.point_courant_id, sous_point(point))
            )
        return lignes

    @property
    def numero(self) -> int:
        return next((ligne.numero for ligne in self.ordre if ligne.est_courant), 0)

    @property
    def combien(self) -> int:
        return sum(point.etat != EtatPoint.RETIRE for point in self.points)

    @cached_property
    def suivant(self) -> Point | None:
        apres = self.courant.ordre if self.courant is not None else -1
        restants = [p for p in self.points if p.etat == EtatPoint.A_TRAITER]
        return next((p for p in restants if p.ordre > apres), restants[0] if restants else None)

    @property
    def secondes(self) -> int:
        """Seconds spent on the current point, by the server's clock."""
        if self.courant is None:
            return 0
        court = self.courant.repris_le
        return self.courant.secondes + (
            max(0, int((timezone.now() - court).total_seconds())) if court is not None else 0
        )

    @property
    def minuteur(self) -> str:
        return horloge(self.secondes)

    @property
    def est_depasse(self) -> bool:
        return self.courant is not None and self.secondes > 60 * self.courant.duree

    @cached_property
    def voix_ouvertes(self) -> dict[int, list[int]]:
        """Voices of the current point's open vote, by Convie number: the same for all screens of a version."""
        votes = self.courant.votes.all() if self.courant is not None else ()
        ouvert = next((vote for vote in votes if vote.etat == EtatVote.OUVERT), None)
        if ouvert is None:
            return {}
        assert self.courant is not None  # noqa: S101 its vote is open
        ouvert.point = self.courant
        return voix_ouvertes(ouvert, self.situation)

    @property
    def voix_attendues(self) -> set[int]:
        """Convie numbers of the voices that may be given, by themselves or by another person."""
        return {voix for liste in self.voix_ouvertes.values() for voix in liste}

    # Quorum and presence

    @cached_property
    def quorum(self) -> Quorum:
        return self.situation.quorum(self.courant)

    @property
    def quorum_atteint_a_l_ouverture(self) -> bool:
        """Whether the quorum was reached at the opening of the séance: if it is not now, it was lost."""
        ouverture = self.seance.journal.filter(acte="ouvrir").values_list("details", flat=True).last()
        return bool((ouverture or {}).get("quorum", {}).get("est_atteint"))

    @property
    def carence(self) -> dict[str, Any]:
        """The quorum found missing when the séance was put off, as frozen then; {} otherwise."""
        if self.seance.etat != Etat.REPORTEE:
            return {}
        constat = self.seance.journal.filter(acte="reporter").values_list("details", flat=True).first()
        return dict((constat or {}).get("quorum", {}))

    @property
    def pv_a_approuver(self) -> ProcesVerbal | None:
        """The submitted procès-verbal that the current point is to approve, or None."""
        if self.courant is None or self.courant.pv_de_id is None:
            return None
        return ProcesVerbal.objects.filter(seance=self.courant.pv_de_id, etat=EtatPV.SOUMIS).first()

    @property
    def phrase_quorum(self) -> str:
        """« Quorum atteint : 29 sur 24 nécessaires. »"""
        phrase = self.quorum.phrase
        if self.est_entre_invites:
            return self.phrase_invites
        if not self.quorum.est_exige:
            return phrase
        suite = minuscule(phrase)
        return f"Quorum {suite}" if self.quorum.est_atteint else f"Quorum : {suite}"

    @cached_property
    def sieges(self) -> list[Siege]:
        return self.situation.sieges(self.courant)

    @property
    def phrase_presence(self) -> str:
        """« 18 en salle, 9 à distance, 2 pouvoirs. », for the seats that vote."""
        tenus = [s for s in self.sieges if s.tenant is not None and self.situation.a_le_vote(s.titulaire)]
        salle = sum(not s.par_pouvoir and s.mode == Mode.SALLE for s in tenus)
        distance = sum(not s.par_pouvoir and s.mode == Mode.DISTANCE for s in tenus)
        pouvoirs = sum(s.par_pouvoir for s in tenus)
        dits = [f"{salle} en salle"]
        if distance or self.seance.tenue != Seance.Tenue.SALLE:
            dits.append(f"{distance} à distance")
        if pouvoirs:
            dits.append(accorder(pouvoirs, "pouvoir"))
        return f"{', '.join(dits)}."

    @property
    def part_atteinte(self) -> str:
        return pour_cent(self.quorum.atteint, self.quorum.base)

    @property
    def part_requise(self) -> str:
        return pour_cent(self.quorum.requis, self.quorum.base)

    @cached_property
    def colleges(self) -> list[BlocCollege]:
        par_college: dict[int, list[Convie]] = defaultdict(list)
        for convie in self.situation.convies:
            par_college[convie.membre.college_id].append(convie)
        tenus = Counter(s.titulaire.membre.college_id for s in self.sieges if s.tenant is not None)
        return [
            BlocCollege(
                college.nom,
                tenus[college.pk],
                self.situation.en_exercice.get(college.pk, 0),
                [self._personne(convie) for convie in par_college[college.pk]],
                college.a_le_vote(self.seance.jour.date()),
            )
            for college in self.situation.colleges
            if par_college[college.pk]
        ]

    @cached_property
    def invites(self) -> list[Invite]:
        """People heard without a seat: no voice, not in the quorum."""
        return list(Invite.objects.filter(seance=self.seance, retire_le__isnull=True).select_related("point"))

    @property
    def est_entre_invites(self) -> bool:
        """Whether nobody has a seat (a network): no president, no quorum, no vote."""
        return not self.situation.colleges and bool(self.invites)

    @property
    def phrase_invites(self) -> str:
        """« 3 personnes présentes sur 8 invitées. »"""
        venues = accorder(
            sum(invite.est_venu is True for invite in self.invites),
            "personne présente",
            "personnes présentes",
        )
        return f"{venues} sur {accorder(len(self.invites), 'invitée')}."

    def _personne(self, convie: Convie) -> LignePersonne:
        situation, membre = self.situation, convie.membre
        dits = [membre.qualite] if membre.qualite else []
        if convie.pouvoir_a_id and not situation.est_present(convie):
            a_qui = situation.par_numero(convie.pouvoir_a_id)
            dits.append(f"pouvoir à {a_qui}")
            porte = any(s.titulaire.pk == convie.pk and s.par_pouvoir for s in self.sieges)
            if not porte and not situation.est_retire(convie):
                dits.append("non porté")
        if situation.est_deporte(convie, self.courant):
            dits.append("se déporte sur ce point")
        presence = situation.presences.get(convie.pk)
        if situation.est_retire(convie):
            libelle, icone, mode = "Ne siège plus", "croix", ""
        elif presence is not None:
            mode = presence.mode
            libelle, icone = MODES[Mode(mode)]
        elif passes := situation.intervalles.get(convie.pk):
            mode, libelle, icone = "", f"Départ à {heure(passes[-1].depart)}", "vide"
        else:
            mode = ""
            libelle, icone = (
                REPONSES[Convie.Reponse(convie.reponse)] if convie.reponse else ("Sans réponse", "vide")
            )
        return LignePersonne(
            convie,
            ", ".join(dits),
            mode,
            libelle,
            icone,
            situation.intervalles.get(convie.pk, []),
            situation.est_retire(convie),
        )

    # Votes

    @cached_property
    def votes(self) -> list[BlocVote]:
        """Votes of the current point, the open one last."""
        if self.courant is None:
            return []
        return [
            bloc_vote(self.situation, vote, self.courant, self.voix_attendues)
            for vote in self.courant.votes.all()
        ]

    @cached_property
    def deroule(self) -> list[tuple[Point, list[BlocVote]]]:
        """Each point with its votes, for a séance that is over."""
        for point in self.points:
            point.seance = self.seance
        return [
            (point, [bloc_vote(self.situation, vote, point, set()) for vote in point.votes.all()])
            for point in self.points
        ]

    @property
    def vote(self) -> BlocVote | None:
        """The open vote of the current point, or its last closed vote."""
        return self.votes[-1] if self.votes else None

    @cached_property
    def vote_annulable(self) -> bool:
        return self.vote is not None and self.vote.vote.refus("annuler_vote", None) is None

    @property
    def vote_ouvert(self) -> BlocVote | None:
        return self.vote if self.vote is not None and self.vote.est_ouvert else None

    @cached_property
    def papier(self) -> list[LignePapier]:
        """The two tellers of the open vote, while they count the paper ballots."""
        return lignes_papier(self.vote_ouvert.vote, self.situation) if self.vote_ouvert is not None else []

    @cached_property
    def election(self) -> BlocElection | None:
        """The election without candidates of the current point, under way or done."""
        derniere = elections.derniere(self.courant) if self.courant is not None else None
        if derniere is None or self.courant is None:
            return None
        derniere.point = self.courant
        return elections.bloc(derniere, self.situation)

    @cached_property
    def secret_demande(self) -> tuple[int, int]:
        """(members who ask for a secret ballot on the current point, members required)."""
        return demandes_de_secret(self.courant, self.situation) if self.courant is not None else (0, 0)

    @cached_property
    def attendus(self) -> list[Convie]:
        """People whose voice is still expected in the open vote."""
        ouvert = self.vote_ouvert
        if ouvert is None or ouvert.vote.forme == Vote.Forme.MAIN_LEVEE:
            return []
        manquent = self.voix_attendues - deja_votes(ouvert.vote)
        return [convie for convie in self.situation.convies if convie.pk in manquent]

    @cached_property
    def tardives(self) -> list[Convie]:
        """People whose voice came after the last vote of the current point was closed: it is not counted."""
        if self.vote is None or self.vote.est_ouvert:
            return []
        lignes = self.seance.journal.filter(acte="noter_voix_tardive", details__vote=self.vote.vote.pk)
        numeros = {details["voix"] for details in lignes.values_list("details", flat=True)}
        return [convie for convie in self.situation.convies if convie.pk in numeros]

    @cached_property
    def sans_secret(self) -> str:
        """Why no secret ballot is possible on the current point, or ""."""
        return pourquoi_sans_secret(self.courant, self.situation) if self.courant is not None else ""

    # Speech

    @cached_property
    def paroles(self) -> list[LigneParole]:
        lignes = []
        for parole in Parole.objects.filter(
            seance=self.seance, fin__isnull=True, retiree_le__isnull=True
        ).select_related("convie__membre__compte"):
            presence = self.situation.presences.get(parole.convie_id)
            mode, icone = MODES[Mode(presence.mode)] if presence is not None else ("Hors séance", "vide")
            depuis = int((timezone.now() - parole.debut).total_seconds()) if parole.debut else 0
            lignes.append(LigneParole(parole, mode, icone, depuis))
        return sorted(lignes, key=lambda ligne: ligne.parole.debut is None)

    @property
    def orateur(self) -> LigneParole | None:
        return self.paroles[0] if self.paroles and self.paroles[0].parole.debut else None

    @property
    def en_attente(self) -> list[LigneParole]:
        return [ligne for ligne in self.paroles if ligne.parole.debut is None]

    @cached_property
    def temps_de_parole(self) -> list[tuple[str, str]]:
        """(person, time spoken) over the whole séance, the longest first."""
        durees: dict[str, timedelta] = defaultdict(timedelta)
        for parole in Parole.objects.filter(
            seance=self.seance, debut__isnull=False, fin__isnull=False
        ).select_related("convie__membre__compte"):
            assert parole.debut is not None  # noqa: S101 filtered
            assert parole.fin is not None  # noqa: S101 filtered
            durees[str(parole.convie)] += parole.fin - parole.debut
        return [
            (nom, horloge(int(duree.total_seconds())))
            for nom, duree in sorted(durees.items(), key=lambda couple: couple[1], reverse=True)
        ]

    # Current point

    @cached_property
    def deports(self) -> list[Deport]:
        if self.courant is None:
            return []
        return list(
            Deport.objects.filter(point=self.courant).select_related("convie__membre__compte").order_by("pk")
        )

    @cached_property
    def desaccords(self) -> list[Desaccord]:
        if self.courant is None:
            return []
        return list(Desaccord.objects.filter(point=self.courant).select_related("convie__membre__compte"))

    @cached_property
    def pieces(self) -> list[PieceSeance]:
        if self.courant is None:
            return []
        return list(PieceSeance.objects.filter(point=self.courant, retiree_le__isnull=True))

    @cached_property
    def dossiers(self) -> list[LigneDossier]:
        return dossiers_de(self.courant) if self.courant is not None else []

    @property
    def dossiers_en_salle(self) -> list[LigneDossier]:
        """Those that the room sees: none behind closed doors."""
        return [] if self.courant is None or self.courant.est_confidentiel else self.dossiers

    @property
    def annonce_en_salle(self) -> str:
        """The same for the room, where a closed-door point has no title."""
        if self.courant is not None and self.courant.est_confidentiel:
            return f"Point {self.numero}, à huis clos. {self.phrase_quorum}"
        return self.annonce

    @property
    def annonce(self) -> str:
        """The sentence read aloud by a screen reader when something changes."""
        if self.seance.etat not in {Etat.CONVOQUEE, Etat.OUVERTE}:
            return f"La séance est {self.seance.get_etat_display()}."
        dits = []
        if self.courant is not None:
            dits.append(f"Point {self.numero} : {self.courant}.")
        if self.vote is not None:
            dits.append(self.vote.phrase)
        dits.append(self.phrase_quorum)
        return " ".join(dits)
