"""What the acts of the inter-quartiers project are done on, found by its number."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone

from contrat_ville.models import (
    Budget,
    Forum,
    Idee,
    InscriptionForum,
    JalonProjet,
    Phase,
    ProjetQuartier,
    TableForum,
)
from participation.socle.http import RequeteConnectee


def budget_du_bureau(request: RequeteConnectee, pk: int) -> Budget:
    return get_object_or_404(Budget.objects.avec_phases(), pk=pk)


def nouveau_budget(request: RequeteConnectee) -> Budget:
    return Budget()


def phase_du_bureau(request: RequeteConnectee, pk: int) -> Phase:
    return get_object_or_404(Phase.objects.select_related("budget"), pk=pk)


def idee_du_bureau(request: RequeteConnectee, pk: int) -> Idee:
    trouvee: Any = get_object_or_404(
        Idee.objects.visibles_par(request.user).select_related(
            "budget", "projet_quartier", "table__forum", "agent", "direction", "auteur"
        ),
        pk=pk,
    )
    idee: Idee = trouvee
    return idee


def nouvelle_idee(request: RequeteConnectee, pk: int) -> Idee:
    return Idee(budget=budget_du_bureau(request, pk))


def projet_du_bureau(request: RequeteConnectee, pk: int) -> ProjetQuartier:
    trouve: Any = get_object_or_404(
        ProjetQuartier.objects.visibles_par(request.user).select_related(
            "budget", "agent", "direction", "auteur"
        ),
        pk=pk,
    )
    projet: ProjetQuartier = trouve
    return projet


def jalon_du_bureau(request: RequeteConnectee, pk: int) -> JalonProjet:
    return get_object_or_404(JalonProjet.objects.select_related("projet__budget"), pk=pk)


def forum_du_bureau(request: RequeteConnectee, pk: int) -> Forum:
    return get_object_or_404(Forum.objects.select_related("budget"), pk=pk)


def nouveau_forum(request: RequeteConnectee) -> Forum:
    # Its fields are given by the form; a day is needed to be shown at all.
    return Forum(debut=timezone.now(), fin=timezone.now())


def table_du_bureau(request: RequeteConnectee, pk: int) -> TableForum:
    return get_object_or_404(TableForum.objects.select_related("forum__budget"), pk=pk)


def inscription_du_bureau(request: RequeteConnectee, pk: int) -> InscriptionForum:
    return get_object_or_404(InscriptionForum.objects.select_related("forum", "quartier"), pk=pk)


def nouvelle_inscription(request: RequeteConnectee, pk: int) -> InscriptionForum:
    return InscriptionForum(forum=forum_du_bureau(request, pk))
