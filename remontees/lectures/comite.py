"""Dossiers that the comité de suivi should look at: blocked, growing, or refused by every service."""

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

# A sujet grows when a month brings over CROISSANCE times the month before, and at least AU_MOINS.
CROISSANCE, AU_MOINS = 2, 5
MONTRES = 100


@dataclass(frozen=True, slots=True)
class Candidat:
    """A dossier to show to the comité, with the reasons in a few words."""

    dossier: Remontee | Sujet
    raisons: tuple[str, ...]

    @property
    def cle(self) -> str:
        return str(self.dossier.pk)


def seance_de(dossier: Remontee | Sujet, instance: int | None = None) -> Seance | None:
    """Return the séance to come or in progress with the dossier on its agenda; of any instance by default."""
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
    """Return the séances to come of the other instances."""
    return (
        Seance.objects.filter(etat__in=A_VENIR)
        .exclude(instance__cle=INSTANCE)
        .select_related("instance")
        .order_by("debut")
    )


def candidats() -> list[Candidat]:
    """Return the dossiers with most reasons first, then the oldest; constant number of queries.

    Those already on an agenda of the comité are left out.
    """
    trouves: dict[int, tuple[Remontee | Sujet, list[str]]] = {}
    for dossiers, raison in _raisons():
        # Found first: joining the table of all dossiers to those in progress would read it whole.
        premiers = list(dossiers.order_by("pk").values_list("pk", flat=True)[:MONTRES])
        for dossier in dossiers.model.objects.filter(pk__in=premiers).select_related("direction"):
            trouves.setdefault(dossier.pk, (dossier, []))[1].append(raison)
    for sujet, raison in _qui_montent():
        trouves.setdefault(sujet.pk, (sujet, []))[1].append(raison)
    lus = [Candidat(dossier, tuple(raisons)) for dossier, raisons in trouves.values()]
    return sorted(
        lus, key=lambda c: (-len(c.raisons), c.dossier.ouvert_le or c.dossier.cree_le, c.dossier.pk)
    )[:MONTRES]


def combien_de_candidats() -> int:
    """Count the rows of `candidats`, in one query. None is counted beyond."""
    premiers, *autres = (
        tous.order_by().values("pk")[:MONTRES]
        for tous in (
            _en_cours().filter(pk__in=_croissances().values("sujet_commun")),
            *(d for d, _ in _raisons()),
        )
    )
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
    """Yield (queryset, reason) for the dossiers that are blocked or refused by all."""
    jour = timezone.localdate() - timedelta(days=ReglementRemontees.actuel().escalade_jours)
    parts = Attribution.objects.order_by().values("dossier")
    en_retard = parts.filter(etat__in=sorted(PARTS_ATTENDUES), date_limite__lt=jour)
    refusees = parts.filter(etat=EtatAttribution.REFUSEE)
    vivantes = Attribution.objects.filter(dossier=OuterRef("pk"), etat__in=sorted(PARTS_VIVANTES))
    for en_cours in (
        Remontee.objects.filter(etat__in=sorted(REMONTEES_EN_COURS), est_discrimination=False),
        Sujet.objects.filter(etat__in=sorted(SUJETS_EN_COURS)),
    ):
        yield en_cours.exclude(_inscrits()).filter(pk__in=en_retard), "un service ne répond pas"
        yield (
            en_cours.exclude(_inscrits()).filter(~Exists(vivantes), pk__in=refusees),
            "refusée par tous les services",
        )


def _croissances() -> Any:
    """Return (sujet_commun, recentes, anciennes) where a month brought more than twice the one before."""
    jour = timezone.localdate()
    mois, avant = jour - timedelta(days=30), jour - timedelta(days=60)
    return (
        Remontee.objects.filter(sujet_commun__isnull=False, entendue_le__gt=avant)
        .order_by()
        .values("sujet_commun")
        .annotate(
            recentes=Count("pk", filter=Q(entendue_le__gt=mois)),
            anciennes=Count("pk", filter=Q(entendue_le__lte=mois)),
        )
        .filter(recentes__gte=AU_MOINS, recentes__gt=CROISSANCE * F("anciennes"))
    )


def _en_cours() -> Any:
    return Sujet.objects.filter(etat__in=sorted(SUJETS_EN_COURS)).exclude(_inscrits())


def _qui_montent() -> Any:
    """Yield (sujet, reason) for the sujets of which people speak more than the month before."""
    nombres = {ligne["sujet_commun"]: ligne for ligne in _croissances()}
    for sujet in _en_cours().filter(pk__in=nombres).select_related("direction")[:MONTRES]:
        siens = nombres[sujet.pk]
        yield (
            sujet,
            f"monte : {accorder(siens['recentes'], 'remontée')} en un mois, {siens['anciennes']} le mois d’avant",
        )
