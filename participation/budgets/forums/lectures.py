"""A forum: public figures, what was said at each table."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Prefetch

from participation.budgets.models import Forum, Idee, ReglementInterQuartiers
from participation.budgets.workflow.budget import IDEES_PUBLIQUES
from participation.socle.francais import accorder_ou_taire
from participation.socle.regles.petits_nombres import tus


@dataclass(frozen=True, slots=True)
class BilanPublic:
    """Public figures once the forum is held. Small numbers are not published."""

    presentes: str
    par_quartier: list[tuple[str, str]]
    idees: int
    plus_petit: int


def bilan_public(forum: Forum) -> BilanPublic:
    plus_petit = ReglementInterQuartiers.actuel().secret_statistique
    presentes = forum.inscriptions.filter(presente_le__isnull=False)
    nombres = dict(
        presentes.filter(quartier__isnull=False)
        .order_by("quartier__nom")
        .values_list("quartier__nom")
        .annotate(n=Count("pk"))
    )
    caches = tus(nombres, plus_petit)
    return BilanPublic(
        presentes=accorder_ou_taire(presentes.count(), plus_petit, "personne"),
        par_quartier=[
            (
                nom,
                "non publié"
                if nom in caches and n >= plus_petit
                else accorder_ou_taire(n, plus_petit, "personne"),
            )
            for nom, n in nombres.items()
        ],
        idees=Idee.objects.filter(table__forum=forum, etat__in=sorted(IDEES_PUBLIQUES)).count(),
        plus_petit=plus_petit,
    )


def recolte(forum: Forum, *, publique: bool) -> Any:
    """Tables with their idées and notes. `publique`: published idées only."""
    siennes = Idee.objects.select_related("projet_quartier").order_by("pk")
    if publique:
        siennes = siennes.filter(etat__in=sorted(IDEES_PUBLIQUES), est_publie=True)
    return forum.tables.prefetch_related(
        Prefetch("idees", queryset=siennes, to_attr="recoltees"), "notes"
    ).annotate(combien_de_notes=Count("notes"))
