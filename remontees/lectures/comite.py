"""What the comité de suivi should look at: what does not move, what grows, what every service refused."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils import timezone

from participation.seances.models import Point, Seance
from participation.seances.workflow import A_VENIR, EN_COURS, EtatPoint
from participation.socle.francais import accorder
from remontees.models import Attribution, ReglementRemontees, Remontee, Sujet
from remontees.workflow import EN_COURS as REMONTEES_EN_COURS
from remontees.workflow import INSTANCE, PARTS_ATTENDUES, PARTS_VIVANTES, SUJETS_EN_COURS, EtatAttribution

# A sujet grows when a month brought this many times the month before, and at least so many.
CROISSANCE, AU_MOINS = 2, 5
MONTRES = 100


@dataclass(frozen=True, slots=True)
class Candidat:
    """Something that the comité should see, and why, in a few words."""

    dossier: Remontee | Sujet
    raisons: tuple[str, ...]

    @property
    def cle(self) -> str:
        return str(self.dossier.pk)


def seance_de(dossier: Remontee | Sujet, instance: int | None = None) -> Seance | None:
    """The séance to come that has it on its agenda; of any instance when none is given."""
    points = Point.objects.filter(
        dossiers=dossier.pk,
        etat__in=[EtatPoint.A_TRAITER, EtatPoint.EN_COURS],
        seance__etat__in=A_VENIR | EN_COURS,
    )
    if instance is not None:
        points = points.filter(seance__instance=instance)
    point = points.select_related("seance__instance").first()
    return point.seance if point is not None else None


def seances_du_comite() -> Any:
    return Seance.objects.filter(
        instance__cle=INSTANCE, etat__in=A_VENIR, nature__in=Seance.DELIBERANTES
    ).order_by("debut")


def autres_seances() -> Any:
    """Those of the other instances, to come, where something may be carried."""
    return (
        Seance.objects.filter(etat__in=A_VENIR)
        .exclude(instance__cle=INSTANCE)
        .select_related("instance")
        .order_by("debut")
    )


def candidats() -> list[Candidat]:
    """By number of reasons, then the oldest first. What is on an agenda to come is left out. Constant in queries."""
    trouves: dict[int, tuple[Remontee | Sujet, list[str]]] = {}
    for dossiers, raison in _raisons():
        for dossier in dossiers.select_related("direction")[:MONTRES]:
            trouves.setdefault(dossier.pk, (dossier, []))[1].append(raison)
    for sujet, raison in _qui_montent():
        trouves.setdefault(sujet.pk, (sujet, []))[1].append(raison)
    lus = [Candidat(dossier, tuple(raisons)) for dossier, raisons in trouves.values()]
    return sorted(
        lus, key=lambda c: (-len(c.raisons), c.dossier.ouvert_le or c.dossier.cree_le, c.dossier.pk)
    )[:MONTRES]


def combien_de_candidats() -> int:
    """The same, counted in one statement."""
    premiers, *autres = (tous.order_by().values("pk") for tous in (_montent(), *(d for d, _ in _raisons())))
    combien: int = premiers.union(*autres).count()
    return min(combien, MONTRES)


def _inscrits() -> Q:
    points = Point.objects.filter(
        etat__in=[EtatPoint.A_TRAITER, EtatPoint.EN_COURS],
        seance__etat__in=A_VENIR | EN_COURS,
        seance__instance__cle=INSTANCE,
    )
    return Q(liens_points__point__in=points)


def _raisons() -> Any:
    """(rows, reason) of what is stuck, or refused by all."""
    jour = timezone.localdate() - timedelta(days=ReglementRemontees.actuel().escalade_jours)
    siennes = Attribution.objects.filter(dossier=OuterRef("pk"))
    en_retard = siennes.filter(etat__in=sorted(PARTS_ATTENDUES), date_limite__lt=jour)
    refusees = siennes.filter(etat=EtatAttribution.REFUSEE)
    vivantes = siennes.filter(etat__in=sorted(PARTS_VIVANTES))
    for modele, etats in ((Remontee, REMONTEES_EN_COURS), (Sujet, SUJETS_EN_COURS)):
        tous: Any = modele.objects
        en_cours = tous.filter(etat__in=sorted(etats), est_reserve=False).exclude(_inscrits())
        yield en_cours.filter(Exists(en_retard)), "un service ne répond pas"
        yield en_cours.filter(Exists(refusees), ~Exists(vivantes)), "refusée par tous les services"


def _montent() -> Any:
    """Twice as many in a month as in the month before."""
    jour = timezone.localdate()
    mois, avant = jour - timedelta(days=30), jour - timedelta(days=60)
    return (
        Sujet.objects.filter(etat__in=sorted(SUJETS_EN_COURS))
        .exclude(_inscrits())
        .annotate(
            recentes=Count("remontees", filter=Q(remontees__entendue_le__gt=mois)),
            anciennes=Count(
                "remontees", filter=Q(remontees__entendue_le__gt=avant, remontees__entendue_le__lte=mois)
            ),
        )
        .filter(recentes__gte=AU_MOINS, recentes__gt=CROISSANCE * F("anciennes"))
    )


def _qui_montent() -> Any:
    """(sujet, reason)."""
    for sujet in _montent().select_related("direction")[:MONTRES]:
        yield (
            sujet,
            f"monte : {accorder(sujet.recentes, 'remontée')} en un mois, {sujet.anciennes} le mois d’avant",
        )
