"""Rows and sentences of the screens."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from participation.seances.models import ComptePapier, Convie, Parole, Point, PointDossier, Presence, Vote
from participation.seances.regles import VoixComptees, est_a_egalite
from participation.seances.workflow import EtatPoint, EtatVote, Mode
from participation.socle.francais import accorder, majuscule, pluriel
from participation.socle.models import Dossier
from participation.socle.workflow import FaitAvantVote

MODES = {Mode.SALLE: ("En salle", "salle"), Mode.DISTANCE: ("À distance", "video")}


# Label and icon for a person who is not present, from their answer.
REPONSES = {
    Convie.Reponse.EXCUSE: ("S’excuse", "vide"),
    Convie.Reponse.POUVOIR: ("Pouvoir", "main"),
    Convie.Reponse.SALLE: ("Vient en salle", "horloge"),
    Convie.Reponse.DISTANCE: ("Vient à distance", "horloge"),
}


@dataclass(frozen=True, slots=True)
class PointALEcran:
    point: Point
    numero: int
    est_courant: bool
    sous: str

    @property
    def classe(self) -> str:
        return "courant" if self.est_courant else "traite" if self.point.est_clos else ""


@dataclass(frozen=True, slots=True)
class LignePersonne:
    convie: Convie
    sous: str
    mode: str  # of the open interval, "" when the person is not present
    libelle: str
    icone: str
    intervalles: list[Presence]
    est_retire: bool = False

    @property
    def dernier(self) -> Presence:
        return self.intervalles[-1]


@dataclass(frozen=True, slots=True)
class BlocCollege:
    nom: str
    tenus: int  # seats held, in person or by pouvoir
    sieges: int
    personnes: list[LignePersonne]
    a_le_vote: bool


@dataclass(frozen=True, slots=True)
class LigneVote:
    nom: str
    pour: int
    contre: int
    abstention: int
    nppv: int
    attendus: int

    @property
    def total(self) -> int:
        return self.pour + self.contre + self.abstention + self.nppv

    @property
    def restants(self) -> int:
        return max(0, self.attendus - self.total)


@dataclass(frozen=True, slots=True)
class SegmentDeVote:
    """A segment of the bar of votes, in percent."""

    classe: str
    x: str
    largeur: str


@dataclass(frozen=True, slots=True)
class BlocVote:
    vote: Vote
    lignes: list[LigneVote]  # empty while a secret ballot is open
    ensemble: LigneVote
    recus: int
    attendus: int
    phrase: str
    regle: str
    quorum: str  # the sentence kept at the opening of the vote
    segments: list[SegmentDeVote]
    raison: str = ""  # why it was rejected, when the counts do not say it
    lectures: str = ""  # for a closed vote: the result on each base of majority

    @property
    def est_ouvert(self) -> bool:
        return self.vote.etat == EtatVote.OUVERT

    @property
    def est_egalite(self) -> bool:
        """Whether the vote is tied: undecided before a casting vote, not adopted without one."""
        return (
            self.se_lit
            and not self.vote.a_l_egalite
            and not self.est_adopte
            and (not self.est_ouvert or self.recus >= self.attendus)
            and sont_egales(self.vote, self.ensemble)
        )

    @property
    def est_adopte(self) -> bool:
        return self.vote.resultat == Vote.Resultat.ADOPTE

    @property
    def se_lit(self) -> bool:
        """Whether the counts may be shown."""
        return bool(self.lignes)


@dataclass(frozen=True, slots=True)
class VoixAVoter:
    """A voice that the member gives on their phone: their own, or one by pouvoir. `sens`: the choice, or ""."""

    convie: Convie
    est_la_sienne: bool
    est_donnee: bool
    sens: str = ""


@dataclass(frozen=True, slots=True)
class LignePapier:
    """One of the two tellers. `precedent`: their former count in words, when the two counts differed."""

    compte: ComptePapier
    precedent: str = ""

    @property
    def est_donne(self) -> bool:
        return self.compte.compte is not None


@dataclass(frozen=True, slots=True)
class LigneDossier:
    lien: PointDossier
    dossier: Dossier
    gabarits: list[str]
    decisions: list[tuple[str, Any]]
    faits: Sequence[FaitAvantVote] = ()  # to know before the vote; () once decided


@dataclass(frozen=True, slots=True)
class LigneParole:
    parole: Parole
    mode: str
    icone: str
    parle_depuis: int = 0  # seconds


def horloge(secondes: int) -> str:
    """Return « 12:40 » or « 1:02:05 »."""
    heures, reste = divmod(max(0, secondes), 3600)
    minutes, secondes = divmod(reste, 60)
    return f"{heures}:{minutes:02d}:{secondes:02d}" if heures else f"{minutes:02d}:{secondes:02d}"


def pour_cent(nombre: int, sur: int) -> str:
    return f"{min(100.0, 100 * nombre / sur) if sur else 0:.1f}%"


def sont_egales(vote: Vote, ensemble: LigneVote) -> bool:
    comptees = VoixComptees(
        ensemble.pour, ensemble.contre, ensemble.abstention, ensemble.nppv, ensemble.attendus
    )
    return est_a_egalite(comptees, vote.majorite, vote.base_majorite)


def phrase_vote(vote: Vote, ensemble: LigneVote, recus: int, attendus: int) -> str:
    if vote.etat == EtatVote.CLOS:
        resultat = majuscule(vote.get_resultat_display())
        exacts = [f"{ensemble.pour} pour", f"{ensemble.contre} contre"]
        if ensemble.abstention:
            exacts.append(accorder(ensemble.abstention, "abstention"))
        if ensemble.nppv:
            exacts.append(f"{ensemble.nppv} ne {pluriel(ensemble.nppv, 'prend,prennent')} pas part")
        egalite = " Égalité, tranchée par la voix de la présidence." if vote.a_l_egalite else ""
        if not vote.a_l_egalite and sont_egales(vote, ensemble):
            resultat = "Égalité, rien n’est adopté"
        return f"{resultat} : {', '.join(exacts)}.{egalite}"
    if recus >= attendus and sont_egales(vote, ensemble):
        tranche = " La voix de la présidence l’emporte." if vote.voix_preponderante else ""
        return f"Égalité : {ensemble.pour} pour, {ensemble.contre} contre.{tranche}"
    if vote.forme == Vote.Forme.MAIN_LEVEE:
        return f"Vote à main levée : {accorder(attendus, 'voix attendue')}." + (
            f" {accorder(recus, 'comptée')}." if recus else ""
        )
    mot = "bulletin" if vote.forme == Vote.Forme.SECRET else "vote"
    return f"{accorder(recus, f'{mot} reçu')} sur {attendus}."


def segments_de(ensemble: LigneVote) -> list[SegmentDeVote]:
    total = max(ensemble.attendus, ensemble.total)
    segments: list[SegmentDeVote] = []
    x = 0.0
    if not total:
        return segments
    valeurs: Sequence[int] = (ensemble.pour, ensemble.contre, ensemble.abstention, ensemble.nppv)
    for rang, valeur in enumerate(valeurs, start=1):
        if valeur:
            largeur = 100 * valeur / total
            segments.append(SegmentDeVote(f"p{rang}", f"{x:.2f}%", f"{max(0.5, largeur - 0.4):.2f}%"))
            x += largeur
    return segments


def sous_point(point: Point) -> str:
    """Return the line under the title: the result of the point, or its duration."""
    votes = list(point.votes.all())
    if any(vote.etat == EtatVote.OUVERT for vote in votes):
        return "vote ouvert"
    if point.etat in {EtatPoint.REPORTE, EtatPoint.RETIRE}:
        return str(point.get_etat_display())
    dits = []
    if votes:
        dits.append(str(votes[-1].get_resultat_display()))
    decides = [lien for lien in point.liens_dossiers.all() if lien.decision]
    if len(decides) == 1:
        dits.append(decides[0].libelle_decision.lower())
    elif decides:
        dits.append(f"{len(decides)} décisions")
    if point.etat == EtatPoint.TRAITE:
        minutes = round(point.secondes / 60)
        dits.append(f"traité en {accorder(minutes, 'minute')}" if minutes else "traité")
    elif not dits:
        commence = point.commence_le is not None and point.etat == EtatPoint.A_TRAITER
        dits.append("commencé, reste à traiter" if commence else accorder(point.duree, "minute"))
    if point.est_confidentiel:
        dits.append("à huis clos")
    if point.est_tardif:
        dits.append("ajouté après la convocation")
    return ", ".join(dits)


def quorum_d_alors(vote: Vote) -> str:
    """Return the quorum at the opening of the vote, in a sentence."""
    garde = vote.quorum
    if not garde:
        return ""
    if not garde.get("est_exige", True):
        return str(garde.get("phrase", ""))
    return f"Quorum à l’ouverture : {garde['atteint']} sur {accorder(garde['requis'], 'nécessaire')}."


def dossiers_de(point: Point) -> list[LigneDossier]:
    return [
        LigneDossier(
            lien,
            lien.dossier.enfant,
            [g for g in (lien.dossier.enfant.GABARIT_SEANCE, "seances/ecrans/_dossier.html") if g],
            []
            if lien.decision
            else list(lien.dossier.enfant.decisions_en(point.seance.instance.cle).items()),
            () if lien.decision else lien.dossier.enfant.faits_avant_vote(point.seance.instance.cle),
        )
        for lien in point.liens_dossiers.all()
    ]
