"""Projets that a comité has to examine, its séances, and the projets ranked by their grid."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Prefetch, Q, Sum

from contrat_ville.comites.enveloppes import CompteDesEnveloppes, compte_de, montants_et_restes
from contrat_ville.instruction.dossier import Budget, budget_de, textes_de
from contrat_ville.instruction.lectures import (
    Avis,
    Grille,
    avec_grilles,
    avis_de,
    compte_des_avis,
    demandes_d_avis,
    grille_de,
)
from contrat_ville.models import Critere, Financement, LigneBudget, Programmation, Projet
from contrat_ville.models.manques import A_UN_ORDRE_DU_JOUR
from contrat_ville.workflow import A_DECIDER, A_EXAMINER, PILOTAGE, TECHNIQUE, AvisTechnique, Etat
from participation.seances.models import Convie, PointDossier, Seance
from participation.seances.workflow import A_VENIR, EtatPoint
from participation.socle.francais import jour_texte, montant, nombre
from participation.socle.models import Compte, Demande

COMITES = (TECHNIQUE, PILOTAGE)


@dataclass(frozen=True, slots=True)
class DossierDuComite:
    """What a member reads of a projet before and during the meeting; nothing but its title when they step aside."""

    projet: Projet
    est_deporte: bool
    textes: list[Any] = field(default_factory=list)
    budget: Budget | None = None
    grille: Grille | None = None
    avis: list[Avis] = field(default_factory=list)
    compte_des_avis: str = ""
    montants: list[tuple[Financement, Decimal | None]] = field(default_factory=list)


def lit_les_dossiers(compte: Compte, seance: Seance) -> bool:
    """Whether the account reads the dossiers of this comité: an agent, or a member convened to this séance."""
    if seance.instance.cle not in COMITES:
        return False
    convies = Convie.objects.filter(
        seance=seance, membre__compte=compte, retire_le=None, convoque_le__isnull=False
    )
    return compte.est_agent or convies.exists()


def dossiers_du_comite(seance: Seance, compte: Compte) -> list[DossierDuComite]:
    """Return the projets of the agenda, in its order, as this account may read them."""
    liens = (
        PointDossier.objects.filter(point__seance=seance)
        .exclude(point__etat=EtatPoint.RETIRE)
        .order_by("point__ordre", "point", "ordre", "pk")
    )
    numeros = list(liens.values_list("dossier", flat=True))
    siens: Any = Projet.objects.filter(pk__in=numeros)
    deportes = set(siens.ou_se_deporte(compte).order_by().values_list("pk", flat=True))
    lus = siens.select_related("porte_par", "axe", "objectif", "programmation").prefetch_related(
        "quartiers__commune",
        Prefetch("budget", LigneBudget.objects.select_related("financeur")),
        Prefetch("financements", Financement.objects.avec_financeur()),
        Prefetch("demandes", demandes_d_avis(Demande.objects), to_attr="demandes_d_avis"),
    )
    projets = {projet.pk: projet for projet in avec_grilles(lus)}
    programmations = {projet.programmation_id: projet.programmation for projet in projets.values()}
    regles = {pk: _regles_de(programmation) for pk, programmation in programmations.items()}
    return [
        DossierDuComite(projets[numero], est_deporte=True)
        if numero in deportes
        else _dossier_de(projets[numero], *regles[projets[numero].programmation_id])
        for numero in numeros
        if numero in projets
    ]


def _regles_de(programmation: Programmation) -> tuple[list[Critere], CompteDesEnveloppes]:
    """Return what the projets of the programmation are judged by."""
    return list(programmation.criteres.order_by("-etape", "ordre", "pk")), compte_de(programmation)


def _dossier_de(projet: Any, criteres: list[Critere], enveloppes: CompteDesEnveloppes) -> DossierDuComite:
    avis = avis_de(projet, projet.demandes_d_avis)
    return DossierDuComite(
        projet,
        est_deporte=False,
        textes=textes_de(projet),
        budget=budget_de(projet, projet.budget.all()),
        grille=grille_de(projet, criteres),
        avis=avis,
        compte_des_avis=compte_des_avis(avis),
        montants=montants_et_restes(projet, enveloppes),
    )


def a_inscrire(instance: str) -> Any:
    """Projets that await this comité and are on no agenda, by programmation, then date of deposit.

    A projet put off awaits the comité technique; once it has its opinion, the comité de pilotage too.
    """
    if instance == TECHNIQUE:
        attendus = Q(etat__in=sorted(A_EXAMINER))
    elif instance == PILOTAGE:
        attendus = Q(etat__in=sorted(A_DECIDER)) & (~Q(etat=Etat.AJOURNE) | ~Q(avis_technique=""))
    else:
        attendus = Q(pk__in=[])
    return (
        Projet.objects.filter(attendus)
        .exclude(liens_points__in=PointDossier.objects.filter(A_UN_ORDRE_DU_JOUR))
        .select_related("porte_par", "axe", "programmation")
        .order_by("programmation", "depose_le", "pk")
    )


def seances_de(instances: tuple[str, ...] = COMITES) -> Any:
    """Séances to come of these comités."""
    return (
        Seance.objects.filter(instance__cle__in=instances, etat__in=A_VENIR, nature__in=Seance.DELIBERANTES)
        .select_related("instance")
        .order_by("debut")
    )


def seances_pour(projet: Projet) -> Any:
    """Séances to come of the comités that may examine the projet now."""
    cles = []
    if projet.etat in A_EXAMINER:
        cles.append(TECHNIQUE)
    if projet.etat in A_DECIDER and (projet.etat != Etat.AJOURNE or projet.avis_technique):
        cles.append(PILOTAGE)
    return seances_de(tuple(cles))


@dataclass(frozen=True, slots=True)
class Candidat:
    """A projet, its rank and its mark. The reasons are only written for those that a page shows."""

    projet: Projet
    rang: int
    note: Fraction | None

    @property
    def raisons(self) -> tuple[str, ...]:
        return _raisons(self.projet, self.note)


def candidats(instance: str) -> list[Candidat]:
    """Projets awaiting this comité and on no agenda: best mark first, then date of deposit."""
    return ranger(avec_grilles(a_inscrire(instance).annotate(propose=Sum("financements__propose"))))


def ranger(projets: Iterable[Projet]) -> list[Candidat]:
    """Best mark first, then those without a mark, in the order received."""
    notes = [(projet, grille_de(projet, ()).note) for projet in projets]
    notes.sort(
        key=lambda couple: (couple[1] is None, -(couple[1] or 0))
    )  # stable sort: equal marks keep the order received
    return [Candidat(projet, rang, note) for rang, (projet, note) in enumerate(notes, start=1)]


def _raisons(projet: Projet, note: Fraction | None) -> tuple[str, ...]:
    raisons = [f"note {nombre(round(note))} sur 100" if note is not None else "sans note"]
    if projet.depose_le:
        raisons.append(f"déposé le {jour_texte(projet.depose_le, 'court')}")
    raisons.append(f"demande {montant(projet.montant_demande)}")
    if projet.avis_technique:
        avis = AvisTechnique(projet.avis_technique).label
        propose = getattr(projet, "propose", None)
        dit = f", {montant(propose)} proposés" if propose else ""
        raisons.append(f"avis technique {avis}{dit}")
    if projet.etat == "ajourne":
        raisons.append("ajourné une fois déjà")
    return tuple(raisons)
