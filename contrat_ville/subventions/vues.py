"""Open data on subsidies: a page, a CSV, a JSON. Without cookies, kept by caches."""

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from contrat_ville.subventions import lectures
from contrat_ville.subventions import regles as regles_subventions
from participation.socle.http import gardable, partageable, publique
from participation.socle.views.exports import Tableau, donner_a_tous, version_de

CINQ_MINUTES = 300
NOM = "subventions-contrat-de-ville"


@publique
@require_safe
@gardable(CINQ_MINUTES)
def subventions(request: HttpRequest) -> HttpResponse:
    """Number and total of the subsidies, with the links to the files."""
    regles = lectures.reglements()
    fiches = list(lectures.fiches()) if regles else []
    actuelle = next(iter(regles), None)
    return render(
        request,
        "contrat_ville/publiques/subventions.html",
        {
            "regle": actuelle,
            "combien": len(fiches),
            "total": lectures.total(fiches),
            "lignes": [(fiche, Decimal(fiche["montant"])) for fiche in fiches[: lectures.MONTREES]],
            "champs": regles_subventions.CHAMPS.items(),
            "licence": settings.LICENCE,
            "url_licence": settings.LICENCE_URL,
        },
    )


def _tableau(forme: str, ecrire: Callable[[Iterable[dict[str, str]]], Iterator[bytes]]) -> Tableau:
    regles = lectures.reglements()
    total, version = version_de(
        lectures.a_publier(regles), "accorde", "verse", "projet__modifie_le", "projet__porte_par__nom"
    )
    seuils = "|".join(f"{r.pk}:{r.seuil}:{r.siret_attribuant}:{r.nom_attribuant}" for r in regles)
    return Tableau(
        NOM, total=total, version=f"{version}|{seuils}", forme=forme, flux=lambda: ecrire(lectures.fiches())
    )


@publique
@partageable
@require_safe
@gardable(CINQ_MINUTES)
def subventions_csv(request: HttpRequest) -> HttpResponseBase:
    return donner_a_tous(request, _tableau("csv", regles_subventions.en_csv))


@publique
@partageable
@require_safe
@gardable(CINQ_MINUTES)
def subventions_json(request: HttpRequest) -> HttpResponseBase:
    return donner_a_tous(request, _tableau("json", regles_subventions.en_json))
