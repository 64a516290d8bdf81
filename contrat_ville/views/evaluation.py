"""Evaluation of a programmation and its indicators: figures linked to their lists, charts, exports."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from contrat_ville.actions import indicateurs as actions
from contrat_ville.forms.indicateurs import IndicateurForm, PrevoirForm
from contrat_ville.lectures import evaluation as lectures
from contrat_ville.lectures import indicateurs
from contrat_ville.models import Indicateur, Programmation, Projet
from contrat_ville.models.evaluation import Sort
from contrat_ville.views.actes import programmation_du_bureau
from participation.socle.http import RequeteConnectee, reserve_a
from participation.socle.views.dossier import boutons_de
from participation.socle.views.exports import FORMATS, Tableau, donner
from participation.socle.views.pages import Page
from participation.socle.views.trouver import par_numero
from participation.socle.workflow import Role

DE_L_EQUIPE: dict[str, Page[Projet]] = {
    "prevoir_indicateurs": Page(
        actions.prevoir_indicateurs,
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
        actions.ecrire_indicateur,
        IndicateurForm,
        "Chaque équipe de cet axe dit ce qu’elle vise, puis son bilan dit ce qui s’est fait.",
        retour=_aux_indicateurs,
        gabarit="contrat_ville/encore.html",
        succes="L’indicateur est ajouté.",
    )
}
DES_INDICATEURS: dict[str, Page[Indicateur]] = {
    "corriger_indicateur": Page(
        actions.corriger_indicateur,
        IndicateurForm,
        "Ce que des équipes ont déjà répondu reste.",
        retour=_aux_indicateurs,
    ),
    "retirer_indicateur": Page(
        actions.retirer_indicateur, consequence="Il n’est plus demandé à personne.", retour=_aux_indicateurs
    ),
}


indicateur = par_numero(Indicateur, "programmation__contrat", "axe")


def liste_de(filtres: Mapping[str, str]) -> str:
    return f"{reverse('contrat_ville:projets')}?{urlencode(filtres)}"


def cases_de(cases: list[lectures.Case]) -> list[tuple[str, Any, str]]:
    """(label, value, URL of the list; "" when the value is zero)."""
    return [(case.mots, case.valeur, liste_de(case.filtres) if case.valeur else "") for case in cases]


@reserve_a(Role.AGENT)
@require_safe
def evaluation(request: RequeteConnectee, pk: int) -> HttpResponse:
    programmation = programmation_du_bureau(request, pk)
    lue = lectures.evaluer_programmation(programmation, reverse("contrat_ville:projets"))
    axes, financeurs = lue.dimension("axe"), lue.dimension("financeur")
    return render(
        request,
        "contrat_ville/evaluation/evaluation.html",
        {
            "programmation": programmation,
            "evaluation": lue,
            "comptes": cases_de(lue.total.comptes),
            "sommes": cases_de(lue.total.sommes),
            "bilans": cases_de(lue.bilans),
            "dimensions": [
                (
                    dimension,
                    [
                        (ligne.nom, cases_de(ligne.comptes), cases_de(ligne.sommes))
                        for ligne in dimension.lignes
                    ],
                )
                for dimension in lue.dimensions
            ],
            "graphique_axes": lectures.graphique_des_sorts(
                axes, [liste_de({**li.filtres, "sort": "deposes"}) for li in axes.lignes]
            ),
            "graphique_argent": lectures.graphique_de_l_argent(
                financeurs, [liste_de({**li.filtres, "sort": "deposes"}) for li in financeurs.lignes]
            ),
            "quartiers": [
                (
                    li.nom,
                    li.nombres.get(Sort.RETENUS, 0),
                    liste_de({**li.filtres, "sort": Sort.RETENUS.value}),
                )
                for li in lue.dimension("quartier").lignes
            ],
            "indicateurs": indicateurs.tableau(programmation),
        },
    )


@reserve_a(Role.AGENT)
@require_safe
def indicateurs_programmation(request: RequeteConnectee, pk: int) -> HttpResponseBase:
    """Indicators by axe; `?export=csv` or `xlsx` exports the same rows."""
    programmation = programmation_du_bureau(request, pk)
    lignes = indicateurs.tableau(programmation)
    forme = request.GET.get("export", "")
    if forme in FORMATS.keys() - {"json"}:
        return donner(
            request,
            Tableau(
                f"indicateurs-{programmation.annee}",
                indicateurs.ENTETES,
                lambda: indicateurs.lignes_du_tableau(lignes),
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
