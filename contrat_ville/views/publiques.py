"""Public pages of the contrat and of its calls."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from contrat_ville.models import Contrat, Programmation, TypePiece
from contrat_ville.workflow.etats import Etape
from participation.socle.http import publique


@publique
@require_safe
def appels(request: HttpRequest) -> HttpResponse:
    """The contrat and its yearly calls."""
    return render(
        request,
        "contrat_ville/publiques/appels.html",
        {
            "contrat": Contrat.objects.prefetch_related("axes__objectifs").first(),
            "programmations": Programmation.objects.publiques(),
        },
    )


@publique
@require_safe
def appel(request: HttpRequest, annee: int) -> HttpResponse:
    trouve = get_object_or_404(Programmation.objects.publiques().select_related("contrat"), annee=annee)
    criteres = list(trouve.criteres.all())
    return render(
        request,
        "contrat_ville/publiques/appel.html",
        {
            "programmation": trouve,
            "recevabilite": [c for c in criteres if c.etape == Etape.RECEVABILITE],
            "merite": [c for c in criteres if c.etape == Etape.MERITE],
            "pieces": TypePiece.objects.filter(est_active=True),
        },
    )
