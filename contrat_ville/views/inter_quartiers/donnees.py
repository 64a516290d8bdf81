"""Published idées and projets as CSV and JSON, open to all sites. Never the authors."""

import json
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from contrat_ville.models import Budget, Idee, ProjetQuartier
from contrat_ville.views.inter_quartiers.publiques import budget_en_ligne
from participation.socle.export import instant
from participation.socle.http import gardable, partageable, publique
from participation.socle.views.exports import Tableau, donner_a_tous, version_de

CINQ_MINUTES = 300


def _ou(objet: Any) -> dict[str, Any]:
    return {
        "quartiers": [q.nom for q in objet.quartiers.all()],
        "communes": [c.code_insee for c in objet.communes.all()],
    }


def _idee(idee: Idee) -> dict[str, Any]:
    return {
        "reference": idee.reference,
        "titre": idee.titre,
        "texte": idee.texte_public,
        "url": settings.SITE_URL + idee.get_public_url(),
        **_ou(idee),
        "lieu": idee.lieu,
        "latitude": idee.latitude,
        "longitude": idee.longitude,
        "canal": idee.canal,
        "etat": idee.etat,
        "projet": idee.projet_quartier.reference if idee.projet_quartier else None,
        "deposee_le": idee.ouvert_le,
    }


def _projet(projet: Any) -> dict[str, Any]:
    return {
        "reference": projet.reference,
        "titre": projet.titre,
        "texte": projet.description,
        "url": settings.SITE_URL + projet.get_public_url(),
        **_ou(projet),
        "lieu": projet.lieu,
        "latitude": projet.latitude,
        "longitude": projet.longitude,
        "etat": projet.etat,
        "faisabilite": projet.verdict or None,
        "motif_faisabilite": projet.motif_faisabilite or None,
        "cout": projet.cout,
        "depense": projet.depense,
        "idees": projet.combien,
        "direction": str(projet.direction) if projet.direction else None,
        "decide_le": projet.decide_le,
        "realise_le": projet.realise_le,
    }


def _objets(budget: Budget, quoi: str) -> tuple[Any, Any]:
    """(rows, function that converts a row)."""
    if quoi == "idees":
        idees: Any = (
            Idee.objects.publics().filter(budget=budget.pk).select_related("projet_quartier", "budget")
        )
        return idees.prefetch_related("quartiers", "communes").order_by("pk"), _idee
    if quoi == "projets":
        projets: Any = (
            ProjetQuartier.objects.publics().filter(budget=budget.pk).select_related("budget", "direction")
        )
        return projets.annotate(combien=Count("idees")).prefetch_related("quartiers", "communes").order_by(
            "pk"
        ), _projet
    raise Http404


def _tableau(budget: Budget, quoi: str, **contenu: Any) -> Tableau:
    modele = Idee if quoi == "idees" else ProjetQuartier
    choisis: Any = modele.objects.publics().filter(budget=budget.pk)
    total, version = version_de(choisis, "modifie_le")
    return Tableau(f"budget-{budget.pk}-{quoi}", total=total, version=version, **contenu)


@publique
@partageable
@require_safe
@gardable(CINQ_MINUTES)
def donnees_csv(request: HttpRequest, pk: int, quoi: str) -> HttpResponseBase:
    budget = budget_en_ligne(pk)
    objets, fiche = _objets(budget, quoi)

    def lignes() -> Iterator[list[Any]]:
        for objet in objets:
            yield [
                ", ".join(valeur) if isinstance(valeur, list) else instant(valeur)
                for valeur in fiche(objet).values()
            ]

    entetes = list(IDEE if quoi == "idees" else PROJET)
    return donner_a_tous(request, _tableau(budget, quoi, entetes=entetes, lignes=lignes))


@publique
@partageable
@require_safe
@gardable(CINQ_MINUTES)
def donnees_json(request: HttpRequest, pk: int, quoi: str) -> HttpResponseBase:
    """{licence, budget, idees|projets: […]}."""
    budget = budget_en_ligne(pk)
    objets, fiche = _objets(budget, quoi)

    def flux() -> Iterator[bytes]:
        debut = {"licence": settings.LICENCE, "budget": budget.titre}
        yield f"{json.dumps(debut, ensure_ascii=False)[:-1]}, {json.dumps(quoi)}: [".encode()
        for rang, objet in enumerate(objets):
            yield (b"," if rang else b"") + json.dumps(
                fiche(objet), cls=DjangoJSONEncoder, ensure_ascii=False
            ).encode()
        yield b"]}"

    return donner_a_tous(request, _tableau(budget, quoi, forme="json", flux=flux))


IDEE = (
    "reference",
    "titre",
    "texte",
    "url",
    "quartiers",
    "communes",
    "lieu",
    "latitude",
    "longitude",
    "canal",
    "etat",
    "projet",
    "deposee_le",
)
PROJET = (
    "reference", "titre", "texte", "url", "quartiers", "communes", "lieu", "latitude", "longitude", "etat", "faisabilite",
    "motif_faisabilite", "cout", "depense", "idees", "direction", "decide_le", "realise_le",
)  # fmt: skip
