"""Projets and programmations by number, as the visitor may see them."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404

from contrat_ville.models import Programmation, Projet
from participation.socle.http.decorateurs import ROLES_BUREAU
from participation.socle.http.requete import RequeteConnectee
from participation.socle.views.trouver import par_numero


def projet_du_bureau(request: RequeteConnectee, pk: int) -> Projet:
    """Return the projet for the back office. 404 for the other accounts: the team has its own pages."""
    if request.user.roles.isdisjoint(ROLES_BUREAU):
        raise Http404
    trouve: Any = get_object_or_404(
        Projet.objects.visibles_par(request.user).select_related(
            "programmation", "porte_par", "axe", "objectif", "agent", "direction", "auteur"
        ),
        pk=pk,
    )
    projet: Projet = trouve
    return projet


def projet_de_l_equipe(request: RequeteConnectee, pk: int) -> Projet:
    """Return the projet for its team; 404 for any other account."""
    trouve: Any = get_object_or_404(
        Projet.objects.de_l_equipe(request.user).select_related(
            "programmation", "porte_par", "axe", "objectif", "agent"
        ),
        pk=pk,
    )
    projet: Projet = trouve
    return projet


programmation_du_bureau = par_numero(Programmation, "contrat")
