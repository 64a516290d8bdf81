"""Pages of the acts on a vote: codes, paper ballots, count."""

from django.shortcuts import get_object_or_404

from participation.budgets.models import Budget, Scrutin
from participation.budgets.vote import scrutins
from participation.socle.http.requete import RequeteConnectee
from participation.socle.views.pages import Page, pages


def nouveau_scrutin(request: RequeteConnectee, pk: int) -> Scrutin:
    return scrutins.nouveau_scrutin(get_object_or_404(Budget, pk=pk))


NOUVEAU: dict[str, Page[Scrutin]] = pages(scrutins.preparer_scrutin)
