"""Context of the page that merges idées: idées to choose from, with the similar ones."""

from collections.abc import Mapping
from typing import Any

from contrat_ville.actions.idees import publiees
from contrat_ville.lectures.inter_quartiers.semblables import semblables
from contrat_ville.models import Budget, Idee, ProjetQuartier
from contrat_ville.workflow.inter_quartiers import EN_PREPARATION
from participation.socle.http import RequeteConnectee, est_un_numero


def pour_reunir(request: RequeteConnectee, budget: Budget, form: Any) -> Mapping[str, Any]:
    """`?idee=12`: this idée is selected, and the similar ones come first."""
    demandee = request.GET.get("idee")
    partie_de: Any = (
        Idee.objects.filter(budget=budget.pk, pk=int(demandee)).first() if est_un_numero(demandee) else None
    )
    proches = semblables(partie_de, 6) if partie_de is not None else []
    numeros = {str(s.idee.pk) for s in proches} | ({str(partie_de.pk)} if partie_de else set())
    choisies = {str(pk) for pk in (form["idees"].value() or [])} or (
        {str(partie_de.pk)} if partie_de else set()
    )
    libres = list(publiees(budget).prefetch_related("quartiers").order_by("titre"))
    return {
        "libres": sorted(libres, key=lambda i: (str(i.pk) not in numeros, i.titre)),
        "choisies": choisies,
        "proches": {str(s.idee.pk): s.mots for s in proches},
        "partie_de": partie_de,
        "projets_ouverts": ProjetQuartier.objects.filter(
            budget=budget.pk, etat__in=sorted(EN_PREPARATION)
        ).order_by("titre"),
        "sujet": budget.titre,
    }
