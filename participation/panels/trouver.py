"""Panels and their parts by number, as the visitor may see them."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404

from participation.panels.models import (
    Commande,
    Equipier,
    Inscription,
    Marche,
    PageInscription,
    Panel,
    PartDeCommune,
    Recommandation,
)
from participation.socle.http.requete import RequeteConnectee
from participation.socle.views.trouver import par_numero

trouver_panel = par_numero(
    Panel, "tirage", "instance", "comite", "reglement", "origine", "agent", "auteur", "direction"
)
trouver_marche = par_numero(Marche, "agent", "auteur", "direction")
trouver_commande = par_numero(Commande, "marche", "panel", "lot")
trouver_equipier = par_numero(Equipier, "panel", "compte")
trouver_page = par_numero(PageInscription, "panel__tirage")
trouver_inscription = par_numero(Inscription, "panel__tirage", "panel__reglement", "volontaire", "page")
trouver_recommandation = par_numero(Recommandation, "panel", "direction", "suite")


def part_du_lien(jeton: str) -> PartDeCommune | None:
    return PartDeCommune.LIEN.trouver(jeton, PartDeCommune.objects.defer("tires"))


def panel_a_appeler(request: RequeteConnectee, pk: int) -> Panel:
    """Return a panel for an agent, or for who calls for it; it does not exist for others."""
    panel: Any = get_object_or_404(Panel.objects.select_related("tirage", "reglement"), pk=pk)
    if not panel.roles_de(request.user) & panel.acte("noter_appel").par:
        raise Http404
    trouve: Panel = panel
    return trouve
