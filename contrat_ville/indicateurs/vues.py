"""Pages of the indicators of a programmation, and of the results that a team aims at."""

from dataclasses import replace
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from contrat_ville.indicateurs import actes, lectures
from contrat_ville.indicateurs.actes import IndicateurForm, PrevoirForm
from contrat_ville.models import Indicateur, Programmation, Projet
from contrat_ville.trouver import programmation_du_bureau
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.views.dossier import boutons_de
from participation.socle.views.exports import FORMATS, Tableau, donner
from participation.socle.views.pages import Page
from participation.socle.views.trouver import par_numero
from participation.socle.workflow import Role

DE_L_EQUIPE: dict[str, Page[Projet]] = {
    "prevoir_indicateurs": Page(
        actes.prevoir_indicateurs,
        PrevoirForm,
        "Dites ce que vous visez, à peu près. Le bilan vous demandera ce qui s’est fait. Laissez vide ce que vous ne savez pas encore.",
        est_publique=True,
        retour=lambda p, _: f"{p.get_porteur_url()}#indicateurs",
        succes="Ce que vous visez est enregistré.",
    )
}


def _aux_indicateurs(objet: Programmation | Indicateur, fait: Any = None) -> str:
    programmation = objet.programmation if isinstance(objet, Indicateur) else objet
    return reverse("contrat_ville:indicateurs_programmation", args=[programmation.pk])


DE_LA_PROGRAMMATION: dict[str, Page[Programmation]] = {
    "ecrire_indicateur": Page(
        actes.ecrire_indicateur,
        IndicateurForm,
        "Chaque équipe de cet axe dit ce qu’elle vise, puis son bilan dit ce qui s’est fait.",
        retour=_aux_indicateurs,
        gabarit="contrat_ville/encore.html",
        succes="L’indicateur est ajouté.",
    )
}
DES_INDICATEURS: dict[str, Page[Indicateur]] = {
    "corriger_indicateur": Page(
        actes.corriger_indicateur,
        IndicateurForm,
        "Ce que des équipes ont déjà répondu reste.",
        retour=_aux_indicateurs,
    ),
    "retirer_indicateur": Page(
        actes.retirer_indicateur, consequence="Il n’est plus demandé à personne.", retour=_aux_indicateurs
    ),
}
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
