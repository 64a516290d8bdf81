"""Engagements, propositions, answers and their parts by number, as the visitor may see them."""

from typing import Any

from django.http import Http404

from participation.engagements.models import (
    EngagementPris,
    Etude,
    Indicateur,
    LigneDeReponse,
    Proposition,
    Remarque,
    ReponseArgumentee,
    Tache,
    TempsFort,
)
from participation.socle.http.requete import RequeteConnectee
from participation.socle.views.trouver import par_numero, par_numero_visible

engagement_du_bureau = par_numero_visible(EngagementPris, "principe", "direction", "agent")
indicateur_du_bureau = par_numero(Indicateur, "engagement")
proposition_du_bureau = par_numero_visible(Proposition, "collectif", "direction", "agent", "suite")
reponse_du_bureau = par_numero_visible(ReponseArgumentee, "collectif", "elu", "agent")
ligne_du_bureau = par_numero(LigneDeReponse, "reponse", "proposition")
temps_fort_du_bureau = par_numero_visible(TempsFort, "collectif", "reunion", "agent")
etude_du_bureau = par_numero_visible(Etude, "instance", "piece", "agent")
tache_du_bureau = par_numero(Tache, "temps_fort__reunion")
remarque_du_bureau = par_numero(Remarque, "temps_fort__reunion", "proposition")


def dossier_suivi(request: RequeteConnectee, pk: int) -> Any:
    """Return the engagement, the proposition or the étude of this number; raises Http404."""
    modeles: list[Any] = [EngagementPris, Proposition, Etude]
    for modele in modeles:
        trouve = modele.objects.visibles_par(request.user).filter(pk=pk).first()
        if trouve is not None:
            return trouve
    raise Http404
