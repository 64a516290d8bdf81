"""What happened between two days: the figures and meetings of the summary."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Avg, Count, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from ccspl.models import INSTANCE, Avis, Preconisation, ReunionDuConseil
from ccspl.workflow import RENDUS
from participation.seances.models import Inscription, Seance
from participation.seances.workflow import Etat
from participation.socle.calendrier import du_au
from participation.suites.models import reponse_en_retard

AVIS_PAR_REUNION = 10


def prochaines_reunions(avis: QuerySet[Avis], combien: int = 4) -> list[tuple[ReunionDuConseil, list[Avis]]]:
    """Return the next councils and commissions that avis are expected for, with `n` avis, and the first of them."""
    a_venir = ReunionDuConseil.objects.filter(date__gte=timezone.localdate())
    attendus = Q(avis__in=avis.filter(conseil__in=a_venir).order_by().values("pk"))
    reunions = list(
        a_venir.annotate(n=Count("avis", filter=attendus)).filter(n__gt=0).order_by("date", "pk")[:combien]
    )
    par_reunion: dict[int, list[Avis]] = {reunion.pk: [] for reunion in reunions}
    ordre = ("deliberation", "titre")
    rang = Window(RowNumber(), partition_by="conseil", order_by=ordre)
    premiers = avis.filter(conseil__in=reunions).annotate(rang=rang).filter(rang__lte=AVIS_PAR_REUNION)
    for un in premiers.select_related("service").order_by(*ordre):
        par_reunion[un.conseil_id or 0].append(un)
    return [(reunion, par_reunion[reunion.pk]) for reunion in reunions]


NATURES = (Seance.Nature.VISITE, Seance.Nature.FORMATION)


JOURS_A_VENIR = 45


def rencontres(annee: int) -> QuerySet[Any]:
    """Return the visits and trainings of the year, except cancelled ones, with their counts.

    `inscrits`, `attente`, `venus`, `notees`, `moyenne`, `retours`.
    """
    inscrit = Q(inscriptions__etat=Inscription.Etat.INSCRIT)
    return (
        Seance.objects.filter(instance__cle=INSTANCE, nature__in=NATURES, debut__year=annee)
        .exclude(etat=Etat.ANNULEE)
        .annotate(
            inscrits=Count("inscriptions", filter=inscrit),
            attente=Count("inscriptions", filter=Q(inscriptions__etat=Inscription.Etat.ATTENTE)),
            venus=Count("inscriptions", filter=Q(inscriptions__est_venu=True)),
            notees=Count("inscriptions", filter=Q(inscriptions__est_venu__isnull=False)),
            moyenne=Avg("inscriptions__note", filter=inscrit),
            retours=Count("inscriptions", filter=inscrit & Q(inscriptions__note__isnull=False)),
        )
        .order_by("debut", "pk")
    )


@dataclass(frozen=True, slots=True)
class Nouvelles:
    """News of a month. `tardives`: answers due in that month and still missing."""

    debut: date
    fin: date
    adoptes: Sequence[Avis] = ()
    repondues: Sequence[Preconisation] = ()
    tardives: Sequence[Preconisation] = ()
    reunions: Sequence[tuple[ReunionDuConseil, list[Avis]]] = field(default=())

    @property
    def est_vide(self) -> bool:
        """Whether the month brought nothing new. Meetings of the council alone are no news."""
        return not (self.adoptes or self.repondues or self.tardives)


def nouvelles(debut: date, fin: date) -> Nouvelles:
    """Return the news about published avis only, since the letter leaves the back office."""
    publies: Any = Avis.objects.filter(est_publie=True, etat__in=sorted(RENDUS))
    lignes = (
        Preconisation.objects.filter(avis__in=publies.order_by().values("pk"))
        .select_related("avis", "suite__direction")
        .order_by("avis", "numero")
    )
    jour = max(timezone.localdate(), fin)
    return Nouvelles(
        debut,
        fin,
        adoptes=list(
            publies.filter(du_au("adopte_le", debut, fin)).select_related("service").order_by("adopte_le")
        ),
        repondues=list(lignes.filter(du_au("suite__repondue_le", debut, fin))),
        tardives=list(
            lignes.filter(reponse_en_retard(jour, "suite__"), suite__date_limite__range=(debut, fin))
        ),
        reunions=[
            (reunion, avis)
            for reunion, avis in prochaines_reunions(publies)
            if reunion.date <= timezone.localdate() + timedelta(days=JOURS_A_VENIR)
        ],
    )
