"""Data of the pages of one séance: status, agenda with hours, answers, sendings."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Prefetch, Q
from django.utils import timezone

from participation.seances.lectures.proces_verbaux import a_faire
from participation.seances.models import (
    Convie,
    Convocation,
    DemandePoint,
    Membre,
    PieceSeance,
    Point,
    Profil,
    Seance,
)
from participation.seances.workflow import A_VENIR, Etat, EtatPoint, EtatPV
from participation.socle.francais import heure, jour_texte
from participation.socle.models import Compte, Courriel, Document

R = Convie.Reponse
SUITES_DU_PV: dict[str, tuple[str, str]] = {
    EtatPV.BROUILLON: (
        "le procès-verbal s’écrit, puis il est approuvé à la séance suivante.",
        "relisez le procès-verbal, puis soumettez-le aux membres.",
    ),
    EtatPV.SOUMIS: (
        "les membres lisent le procès-verbal ; il est approuvé à la séance suivante.",
        "inscrivez son approbation à l’ordre du jour de la prochaine séance.",
    ),
    EtatPV.APPROUVE: ("le procès-verbal est approuvé, tout est écrit.", ""),
}


@dataclass(frozen=True, slots=True)
class LignePoint:
    """A point with its planned hour, documents and number (0 if postponed or withdrawn).

    The first cannot move up, nor the last down.
    """

    point: Point
    rang: int
    debut: datetime
    pieces: list[PieceSeance]
    est_premier: bool = False
    est_dernier: bool = False


@dataclass(frozen=True, slots=True)
class LigneEnvoi:
    convocation: Convocation
    en_cours: bool
    en_echec: bool
    envoyes: int = 0
    en_attente: int = 0
    en_panne: int = 0
    ouverts: int = 0


@dataclass
class Comptes:
    """Numbers of answers, and the people who have each need."""

    salle: int = 0
    distance: int = 0
    excuses: int = 0
    pouvoirs: int = 0
    sans_reponse: int = 0
    besoins: dict[str, list[str]] = field(default_factory=dict)


def phrases(seance: Seance, compte: Compte | None) -> tuple[str, str]:
    """Return two sentences: what happens next, and what the reader has to do."""
    mots = {
        "limite": jour_texte(seance.date_limite),
        "debut": f"{jour_texte(seance.debut, 'long')} à {heure(seance.debut)}",
    }
    apparence = seance.apparence
    roles = seance.roles_de(compte)
    pour = next((phrase for role, phrase in apparence.pour.items() if role in roles), "")
    suite = apparence.ensuite.format(**mots)
    if seance.etat == Etat.LEVEE and seance.pv is not None:
        # After the end, the next step is that of the procès-verbal.
        suite, pour_agent = SUITES_DU_PV[seance.pv.etat]
        pour = a_faire(seance.pv, pour_agent) if pour else ""
    if (
        seance.etat == Etat.PROGRAMMEE
        and seance.est_deliberante
        and seance.date_limite < timezone.localdate()
    ):
        suite = "les membres sont convoqués hors délai, ou la séance change de jour."
        pour = "convoquez en disant pourquoi, ou modifiez la date." if pour else ""
    return suite, pour.format(**mots)


def pieces_de(seance: Seance, *, avec_seance: bool = False) -> list[PieceSeance]:
    pieces = seance.pieces.filter(retiree_le=None).order_by("deposee_le", "pk")
    if not avec_seance:
        return list(pieces)
    lues = list(pieces.select_related("point"))
    for piece in lues:
        piece.seance = seance
    return lues


def lignes_points(
    seance: Seance, pieces: Sequence[PieceSeance], *, avec_retires: bool = True
) -> list[LignePoint]:
    """Return the agenda with planned hours. Points postponed or withdrawn take no time and no number."""
    points = list(
        seance.points.select_related("direction", "pv_de", "demande")
        .prefetch_related(Prefetch("liens_dossiers"), "liens_dossiers__dossier")
        .order_by("ordre", "pk")
    )
    if not avec_retires:
        points = [point for point in points if point.etat != EtatPoint.RETIRE]
    vivants = [p.pk for p in points if p.etat not in {EtatPoint.RETIRE, EtatPoint.REPORTE}]
    lignes, instant, rang = [], seance.debut, 0
    for point in points:
        vivant = point.pk in vivants
        rang += vivant
        lignes.append(
            LignePoint(
                point=point,
                rang=rang if vivant else 0,
                debut=instant,
                pieces=[piece for piece in pieces if piece.point_id == point.pk],
                est_premier=vivant and point.pk == vivants[0],
                est_dernier=vivant and point.pk == vivants[-1],
            )
        )
        if vivant:
            instant += timedelta(minutes=point.duree)
    return lignes


def demandes_a_inscrire(seance: Seance) -> list[DemandePoint]:
    """Return what members asked for and no agenda has yet, while this one can still take it. Each has `nombre`: of those who support it."""
    if not seance.est_deliberante or seance.etat not in A_VENIR:
        return []
    demandes = DemandePoint.objects.filter(
        instance=seance.instance_id, etat__in=[DemandePoint.Etat.OUVERTE, DemandePoint.Etat.DUE]
    )
    return list(
        demandes.select_related("auteur__compte", "instance", "mandature")
        .annotate(nombre=Count("soutiens"))
        .order_by("-etat", "-creee_le")
    )


def convies_de(seance: Seance) -> list[Convie]:
    """Return the people convened. Each has the extra attribute `dernier`: the Envoi of their last letter."""
    convies = list(
        seance.convies.select_related(
            "membre__compte",
            "membre__college",
            "membre__commune",
            "pouvoir_a__membre__compte",
            "remplace__membre__compte",
        ).prefetch_related("envois__courriel", "pouvoirs_recus__membre__compte")
    )
    for convie in convies:
        convie.seance = seance
        # Extra attributes for the template.
        vars(convie).update(
            dernier=max(convie.envois.all(), key=lambda envoi: (envoi.le, envoi.pk), default=None),
            besoins_dits=besoins_en_mots(convie),
            pouvoir_caduc=convie.pouvoir_a is not None
            and (convie.pouvoir_a.est_absent or convie.pouvoir_a.retire_le is not None),
        )
    return convies


def besoins_en_mots(convie: Convie) -> list[str]:
    return [str(Profil.Besoin(code).label) for code in convie.besoins if code in Profil.Besoin.values]


def compter(convies: Sequence[Convie]) -> Comptes:
    comptes = Comptes()
    for convie in convies:
        if convie.retire_le is not None:
            continue
        comptes.salle += convie.reponse == R.SALLE
        comptes.distance += convie.reponse == R.DISTANCE
        comptes.excuses += convie.est_absent
        comptes.pouvoirs += convie.reponse == R.POUVOIR
        comptes.sans_reponse += convie.reponse == ""
        if not convie.est_absent:
            for besoin in besoins_en_mots(convie):
                comptes.besoins.setdefault(besoin, []).append(str(convie.membre))
    return comptes


def lignes_envois(seance: Seance) -> list[LigneEnvoi]:
    etats = Courriel.Etat
    convocations = seance.convocations.select_related("document", "par").annotate(
        envoyes=Count("envois", filter=Q(envois__courriel__etat=etats.ENVOYE)),
        en_attente=Count("envois", filter=Q(envois__courriel__etat__in=[etats.A_ENVOYER, etats.EN_COURS])),
        en_panne=Count("envois", filter=Q(envois__courriel__etat__in=[etats.ECHEC, etats.REJETE])),
        ouverts=Count("envois", filter=Q(envois__ouvert_le__isnull=False)),
    )
    return [
        LigneEnvoi(
            convocation=convocation,
            en_cours=convocation.envoyee_le is None,
            en_echec=convocation.document is not None
            and convocation.document.etat == Document.Etat.ECHEC
            and convocation.envoyee_le is None,
            **_nombres(convocation),
        )
        for convocation in convocations
    ]


def _nombres(convocation: Any) -> dict[str, int]:
    return {nom: getattr(convocation, nom) for nom in ("envoyes", "en_attente", "en_panne", "ouverts")}


def qui_est_supplee(compte: Compte, seance: Seance) -> str:
    """Return what a substitute who is not convened is told before the séance; "" for others."""
    if seance.etat != Etat.CONVOQUEE or not seance.reglement.avec_suppleants:
        return ""
    sieges = Membre.objects.filter(compte=compte, rang=Membre.Rang.SUPPLEANT).avec_personne()
    siege = sieges.en_fonction(seance.jour.date()).de_l_instance(seance.instance).order_by("pk").first()
    if siege is None:
        return ""
    qui = siege.suppleant_de or "un titulaire de votre collège"
    return (
        f"Vous suppléez {qui}. La convocation vous parvient dès que cette personne dit qu’elle ne vient pas."
    )
