"""What the contrat supports, in figures, for its public page."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from contrat_ville.models import Financement, Projet
from participation.socle.graphiques import Graphique, Serie

MONTRES = 6


@dataclass(frozen=True, slots=True)
class Soutien:
    """The published projets of the last year that has some. `derniers`: the last ones announced."""

    annee: int
    combien: int
    accorde: Decimal
    communes: int
    derniers: Sequence[Projet]
    financeurs: Graphique
    quartiers: Graphique


def soutien() -> Soutien | None:
    """Return None while no projet is published. Three queries, and those of what is prefetched."""
    dernier = Projet.objects.soutenus_en_public().values_list("programmation__annee", flat=True).first()
    if dernier is None:
        return None
    projets: list[Any] = list(
        Projet.objects.soutenus_en_public()
        .filter(programmation__annee=dernier)
        .select_related("programmation", "porte_par")
        .prefetch_related("quartiers__commune")
    )
    sommes = list(
        Financement.objects.filter(projet__in=projets, accorde__gt=0)
        .values("financeur__nom")
        .annotate(somme=Sum("accorde"))
        .order_by("-somme", "financeur__nom")
        .values_list("financeur__nom", "somme")
    )
    quartiers = Counter(quartier.nom for projet in projets for quartier in projet.quartiers.all())
    ranges = sorted(quartiers.items(), key=lambda paire: (-paire[1], paire[0]))
    return Soutien(
        annee=dernier,
        combien=len(projets),
        accorde=sum((somme for _, somme in sommes), Decimal(0)),
        communes=len({q.commune_id for projet in projets for q in projet.quartiers.all()}),
        derniers=projets[:MONTRES],
        financeurs=Graphique(
            titre="Qui finance",
            identifiant="t-financeurs",
            description="Sommes accordées à ces projets par chaque partenaire.",
            colonne="Partenaire",
            categories=[nom for nom, _ in sommes],
            series=[Serie("Accordé", [float(somme) for _, somme in sommes])],
            unite="€",
        ),
        quartiers=Graphique(
            titre="Où se passent les projets",
            identifiant="t-quartiers",
            description="Nombre de projets dans chaque quartier. Un projet peut en toucher plusieurs.",
            colonne="Quartier",
            categories=[nom for nom, _ in ranges],
            series=[Serie("Projets", [n for _, n in ranges])],
        ),
    )
