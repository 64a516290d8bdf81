"""Evaluation of a programmation."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from contrat_ville.bilan.evaluation import lectures
from contrat_ville.bilan.indicateurs import lectures as lectures_indicateurs
from contrat_ville.models.evaluation import Sort
from contrat_ville.trouver import programmation_du_bureau
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.workflow import Role


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
            "indicateurs": lectures_indicateurs.tableau(programmation),
        },
    )
