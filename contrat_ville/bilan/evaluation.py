"""Evaluation of a programmation: projets by result, amounts, by axe, quartier, financer, kind of porteur.

Each figure has the filters of the list it opens. The number of queries does not depend on the number of rows.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet, Sum
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from contrat_ville.bilan import indicateurs as lectures_indicateurs
from contrat_ville.models import Axe, Financement, Partenaire, Porteur, Programmation, Projet
from contrat_ville.models.evaluation import DEPOSES, SORTS, EtatBilan, Sort, de_ce_bilan
from contrat_ville.trouver import programmation_du_bureau
from participation.socle.francais import majuscule
from participation.socle.graphiques import Carte, Graphique, Serie
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.lectures.cartes import carte_des_communes
from participation.socle.models import Quartier
from participation.socle.workflow import Role

Filtres = dict[str, str]
RIEN = "null"  # value of « none » in the filters of the list
BORNES = (2, 4, 7, 11)


# Columns of every table, with their labels.
COMPTES: dict[str, tuple[str, Q]] = {
    "deposes": ("déposés", DEPOSES),
    **{sort.value: (str(sort.label), SORTS[sort]) for sort in Sort},
}
ARGENT = {"demande": "demandé", "accorde": "accordé", "verse": "versé"}


# List opened by each amount: projets that asked, are supported, were paid.
LISTE_DE_L_ARGENT: Mapping[str, Filtres] = {
    "demande": {"sort": "deposes"},
    "accorde": {"sort": Sort.RETENUS.value},
    "verse": {"verse": "oui"},
}


# Key, title, column; path from a projet, path from a financement; note for the reader.
PAR = (
    ("axe", "Par axe", "Axe", "axe", "projet__axe", ""),
    (
        *("quartier", "Par quartier", "Quartier", "quartiers", "projet__quartiers"),
        "Un projet sur plusieurs quartiers compte dans chacun, avec tout son montant : les lignes ne s’additionnent pas.",
    ),
    (
        *("financeur", "Par financeur", "Financeur", "financements__financeur", "financeur"),
        "Les projets qui sollicitent ce financeur : un projet en sollicite souvent plusieurs.",
    ),
    ("porteur", "Par type de porteur", "Porteur", "porte_par__nature", "projet__porte_par__nature", ""),
)


@dataclass(frozen=True, slots=True)
class Chiffre:
    """A figure, with the filters of the list it opens. `mots`: label of its column."""

    mots: str
    valeur: Any
    filtres: Filtres


@dataclass(slots=True)
class LigneDEvaluation:
    """One axe, quartier, financer or kind of porteur. `filtres`: filters of the list of its projets."""

    nom: str
    filtres: Filtres
    nombres: dict[str, int] = field(default_factory=dict)
    montants: dict[str, Decimal] = field(default_factory=dict)

    @property
    def deposes(self) -> int:
        return self.nombres.get("deposes", 0)

    @property
    def comptes(self) -> list[Chiffre]:
        return [
            Chiffre(mots, self.nombres.get(cle, 0), {**self.filtres, "sort": cle})
            for cle, (mots, _) in COMPTES.items()
        ]

    @property
    def sommes(self) -> list[Chiffre]:
        return [
            Chiffre(mots, self.montants.get(cle) or Decimal(0), {**self.filtres, **LISTE_DE_L_ARGENT[cle]})
            for cle, mots in ARGENT.items()
        ]


@dataclass(frozen=True, slots=True)
class Dimension:
    """A table. `cle`: filter of the list; `note`: shown to the reader when the lines cannot be added up."""

    cle: str
    titre: str
    colonne: str
    lignes: list[LigneDEvaluation]
    note: str = ""


@dataclass(frozen=True, slots=True)
class EvaluationDuContrat:
    total: LigneDEvaluation
    bilans: list[Chiffre]
    dimensions: list[Dimension]
    carte: Carte

    @property
    def est_vide(self) -> bool:
        return not self.total.deposes

    def dimension(self, cle: str) -> Dimension:
        return next(d for d in self.dimensions if d.cle == cle)


SOMMES = {cle: Sum(cle) for cle in ARGENT}


def _projets(programmation: Programmation) -> QuerySet[Any]:
    return Projet.objects.filter(DEPOSES, programmation=programmation).order_by()


def _financements(programmation: Programmation) -> QuerySet[Any]:
    """Financements of the filed projets. A subquery, because the condition is on the fields of the projet."""
    return Financement.objects.filter(projet__in=_projets(programmation).values("pk")).order_by()


def evaluer_programmation(programmation: Programmation, adresse: str) -> EvaluationDuContrat:
    """Evaluate a programmation. `adresse`: URL of the list of projets, opened by the tiles of the map."""
    projets, financements = _projets(programmation), _financements(programmation)
    ici = {"programmation": str(programmation.pk)}
    total = LigneDEvaluation(
        "Tous les projets",
        ici,
        projets.aggregate(**{cle: Count("pk", filter=q) for cle, (_, q) in COMPTES.items()}),
        {cle: somme or Decimal(0) for cle, somme in financements.aggregate(**SOMMES).items()},
    )
    bilans = projets.aggregate(**{e.value: Count("pk", filter=de_ce_bilan(e)) for e in EtatBilan})
    return EvaluationDuContrat(
        total,
        [Chiffre(e.label, bilans[e.value], {**ici, "bilan": e.value}) for e in EtatBilan],
        _dimensions(programmation, ici),
        _carte(programmation, adresse),
    )


def _compter(projets: QuerySet[Any], champ: str) -> dict[Any, dict[str, int]]:
    comptes = {cle: Count("pk", filter=q, distinct=True) for cle, (_, q) in COMPTES.items()}
    return {ligne.pop(champ): ligne for ligne in projets.values(champ).annotate(**comptes)}


def _sommer(financements: QuerySet[Any], champ: str) -> dict[Any, dict[str, Decimal]]:
    return {ligne.pop(champ): ligne for ligne in financements.values(champ).annotate(**SOMMES)}


def _lignes(
    noms: Iterable[tuple[Any, str]],
    nombres: Mapping[Any, dict[str, int]],
    montants: Mapping[Any, dict[str, Decimal]],
    filtre: str,
    ici: Filtres,
) -> list[LigneDEvaluation]:
    """Lines in the order of `noms`, without those that have no projet."""
    return [
        LigneDEvaluation(
            nom, {**ici, filtre: str(cle if cle is not None else RIEN)}, nombres[cle], montants.get(cle, {})
        )
        for cle, nom in noms
        if cle in nombres
    ]


def _dimensions(programmation: Programmation, ici: Filtres) -> list[Dimension]:
    axes = Axe.objects.filter(contrat=programmation.contrat_id)
    noms: dict[str, list[tuple[Any, str]]] = {
        "axe": [*((axe.pk, axe.nom) for axe in axes), (None, "Sans axe")],
        "quartier": [
            *((q.pk, str(q)) for q in Quartier.objects.select_related("commune")),
            (None, "Sans quartier"),
        ],
        "financeur": [(p.pk, p.court) for p in Partenaire.objects.filter(est_financeur=True)],
        "porteur": [(valeur, majuscule(mots)) for valeur, mots in Porteur.Nature.choices],
    }
    projets, financements = _projets(programmation), _financements(programmation)
    return [
        Dimension(
            cle,
            titre,
            colonne,
            _lignes(noms[cle], _compter(projets, du_projet), _sommer(financements, du_financement), cle, ici),
            note,
        )
        for cle, titre, colonne, du_projet, du_financement, note in PAR
    ]


def _carte(programmation: Programmation, adresse: str) -> Carte:
    """Supported projets by commune. A projet counts once in each of its communes."""
    retenus = _projets(programmation).filter(SORTS[Sort.RETENUS], quartiers__isnull=False)
    nombres: dict[str, int] = dict(
        retenus.values_list("quartiers__commune").annotate(n=Count("pk", distinct=True))
    )
    lien = f"{adresse}?programmation={programmation.pk}&sort={Sort.RETENUS}&commune="
    return carte_des_communes(
        nombres, "Projets retenus par commune", "projets", bornes=BORNES, lien=lambda code: f"{lien}{code}"
    )


# Charts
def graphique_des_sorts(dimension: Dimension, liens: Iterable[str]) -> Graphique:
    return Graphique(
        f"Ce que sont devenus les projets, {dimension.titre.lower()}",
        [ligne.nom for ligne in dimension.lignes],
        [
            Serie(
                majuscule(sort.label), [float(ligne.nombres.get(sort.value, 0)) for ligne in dimension.lignes]
            )
            for sort in Sort
        ],
        colonne=dimension.colonne,
        liens=list(liens),
    )


def graphique_de_l_argent(dimension: Dimension, liens: Iterable[str]) -> Graphique:
    """Three parts of the amount asked: paid, granted but not paid, not granted."""
    parts = [[ligne.montants.get(cle) or Decimal(0) for cle in ARGENT] for ligne in dimension.lignes]
    return Graphique(
        f"De ce qui est demandé à ce qui est versé, {dimension.titre.lower()}",
        [ligne.nom for ligne in dimension.lignes],
        [
            Serie("Versé", [float(verse) for _, _, verse in parts]),
            Serie("Accordé, à verser", [float(accorde - verse) for _, accorde, verse in parts]),
            Serie(
                "Demandé, non accordé",
                [float(max(demande - accorde, Decimal(0))) for demande, accorde, _ in parts],
            ),
        ],
        colonne=dimension.colonne,
        unite="€",
        liens=list(liens),
    )


def liste_de(filtres: Mapping[str, str]) -> str:
    return f"{reverse('contrat_ville:projets')}?{urlencode(filtres)}"


def cases_de(cases: list[Chiffre]) -> list[tuple[str, Any, str]]:
    """(label, value, URL of the list; "" when the value is zero)."""
    return [(case.mots, case.valeur, liste_de(case.filtres) if case.valeur else "") for case in cases]


@reserve_a(Role.AGENT)
@require_safe
def evaluation(request: RequeteConnectee, pk: int) -> HttpResponse:
    programmation = programmation_du_bureau(request, pk)
    lue = evaluer_programmation(programmation, reverse("contrat_ville:projets"))
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
            "graphique_axes": graphique_des_sorts(
                axes, [liste_de({**li.filtres, "sort": "deposes"}) for li in axes.lignes]
            ),
            "graphique_argent": graphique_de_l_argent(
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
