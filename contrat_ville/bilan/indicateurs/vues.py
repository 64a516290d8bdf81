"""Pages of the indicators of a programmation, and of the results that a team aims at."""

from dataclasses import replace

from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from contrat_ville.bilan.indicateurs import actes, lectures
from contrat_ville.models import Indicateur, Programmation, Projet
from contrat_ville.trouver import programmation_du_bureau
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.views.dossier import boutons_de
from participation.socle.views.exports import FORMATS, Tableau, donner
from participation.socle.views.pages import Page, pages_de
from participation.socle.views.trouver import par_numero
from participation.socle.workflow import Role

DE_L_EQUIPE: dict[str, Page[Projet]] = pages_de(Projet, actes)


DE_LA_PROGRAMMATION: dict[str, Page[Programmation]] = pages_de(Programmation, actes)
DES_INDICATEURS: dict[str, Page[Indicateur]] = pages_de(Programmation, actes, sur="indicateur")
indicateur = par_numero(Indicateur, "programmation__contrat", "axe")


@reserve_a(Role.AGENT)
@require_safe
def indicateurs_programmation(request: RequeteConnectee, pk: int) -> HttpResponseBase:
    """Indicators by axe; `?export=csv` or `xlsx` exports the same rows."""
    programmation = programmation_du_bureau(request, pk)
    lignes = lectures.tableau(programmation)
    forme = request.GET.get("export", "")
    if forme in FORMATS.keys() - {"json"}:
        return donner(
            request,
            Tableau(
                f"indicateurs-{programmation.annee}",
                lectures.ENTETES,
                lambda: lectures.lignes_du_tableau(lignes),
                len(lignes),
                forme=forme,
                titre=f"Indicateurs {programmation.annee}",
            ),
        )
    return render(
        request,
        "contrat_ville/evaluation/indicateurs.html",
        {
            "programmation": programmation,
            "lignes": [
                replace(ligne, boutons=boutons_de(ligne.indicateur, request.user)) for ligne in lignes
            ],
            "peut_ecrire": programmation.permet("ecrire_indicateur", request.user),
        },
    )
