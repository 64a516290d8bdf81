"""An election without candidates, as the screens and the procès-verbal show it."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from participation.seances.models import Convie, Election, Membre, Point, Seance
from participation.seances.presence.lectures import Situation
from participation.seances.workflow import EtatElection


def votants(election: Election, situation: Situation) -> list[Convie]:
    """Return who takes part: those present who have the vote, of the collège that chooses its delegates if there is one.

    Nobody speaks for somebody else: consent is not given by pouvoir.
    """
    return [
        convie
        for convie in situation.convies
        if situation.est_present(convie)
        and situation.a_le_vote(convie)
        and not situation.est_deporte(convie, election.point)
        and election.college_id in {None, convie.membre.college_id}
    ]


def eligibles(election: Election) -> Any:
    """Return the members who may be named, present or not."""
    siens = Membre.objects.filter(
        convocations__seance=election.point.seance_id,
        convocations__retire_le=None,
        rang=Membre.Rang.TITULAIRE,
    )
    if election.college_id is not None:
        siens = siens.filter(college=election.college_id)
    return (
        siens.select_related("compte", "college").order_by("compte__nom", "compte__prenom", "pk").distinct()
    )


@dataclass(frozen=True, slots=True)
class LigneDesignee:
    """Somebody who was named in the last round, by how many, and for what reasons."""

    membre: Membre
    combien: int
    raisons: list[str]


@dataclass(frozen=True, slots=True)
class BlocElection:
    """An election on the screens. Names stay hidden while everybody writes: nobody is influenced."""

    election: Election
    phrase: str
    designees: list[LigneDesignee]
    proposes: list[Membre]
    objections: list[Any]  # rows of Position, lifted or not
    attendus: list[Convie]  # who has not named, or not spoken of the proposal
    accords: int

    @property
    def objections_tenues(self) -> list[Any]:
        return [position for position in self.objections if position.objecte]


def derniere(point: Point) -> Election | None:
    return point.elections.exclude(etat=EtatElection.ANNULEE).select_related("college").order_by("pk").last()


def bloc(election: Election, situation: Situation) -> BlocElection:
    presents = votants(election, situation)
    positions = list(
        election.positions.filter(proposition=election.proposition).select_related("convie__membre__compte")
    )
    if election.etat == EtatElection.DESIGNE:
        faits = set(election.designations.filter(tour=election.tour).values_list("convie", flat=True))
    else:
        faits = {position.convie_id for position in positions}
    cherche = election.etat in {EtatElection.DESIGNE, EtatElection.PROPOSE}
    return BlocElection(
        election,
        _phrase(election, len(faits), len(presents)),
        [] if election.etat == EtatElection.DESIGNE else designees(election),
        election.membres_proposes(),
        [position for position in positions if position.objection],
        [convie for convie in presents if convie.pk not in faits] if cherche else [],
        sum(not position.objecte for position in positions),
    )


def designees(election: Election) -> list[LigneDesignee]:
    """Return who was named in the last round, the most named first."""
    lignes = list(
        election.designations.filter(tour=election.tour).select_related("designe__compte", "designe__college")
    )
    combien = Counter(ligne.designe_id for ligne in lignes)
    membres = {ligne.designe_id: ligne.designe for ligne in lignes}
    return [
        LigneDesignee(
            membres[numero], nombre, [ligne.raison for ligne in lignes if ligne.designe_id == numero]
        )
        for numero, nombre in sorted(combien.items(), key=lambda paire: (-paire[1], str(membres[paire[0]])))
    ]


def _phrase(election: Election, faits: int, presents: int) -> str:
    if election.etat == EtatElection.DESIGNE:
        return (
            f"Tour {election.tour} : {faits} sur {presents} ont désigné. Les noms sont lus ensemble ensuite."
        )
    if election.etat == EtatElection.LUE:
        return f"Tour {election.tour} : les désignations sont lues."
    if election.etat == EtatElection.PROPOSE:
        return f"Proposition {election.proposition} : {faits} sur {presents} se sont prononcés."
    return "Personne n’a d’objection : l’élection est faite."


def pour_le_pv(seance: Seance) -> dict[int, list[dict[str, Any]]]:
    """Return the elections of each point as JSON: rounds, reasons of the proposal, objections, who is elected."""
    faites: dict[int, list[dict[str, Any]]] = {}
    siennes = Election.objects.filter(point__seance=seance, etat=EtatElection.ELUE).select_related("college")
    for election in siennes.order_by("pk"):
        objections = election.positions.exclude(objection="").select_related("convie__membre__compte")
        faites.setdefault(election.point_id, []).append(
            {
                "objet": election.objet,
                "college": str(election.college or ""),
                "tours": election.tour,
                "propositions": election.proposition,
                "raison": election.raison,
                "designes": [[str(ligne.membre), ligne.combien] for ligne in designees(election)],
                "objections": [
                    [str(position.convie), position.objection, position.levee_le is not None]
                    for position in objections
                ],
                "elus": [str(membre) for membre in election.membres_proposes()],
            }
        )
    return faites
