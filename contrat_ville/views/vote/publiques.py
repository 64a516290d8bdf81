"""Public pages of a vote: rule and projets, then results and files to count again."""

from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from contrat_ville.lectures.vote.bulletin import lignes_du_bulletin
from contrat_ville.lectures.vote.resultats import participation, resultats_publies
from contrat_ville.models.vote import Depouillement, Scrutin
from participation.socle.http import publique

SCRIPT = Path(settings.BASE_DIR) / "contrat_ville/donnees/rejouer.py"


@publique
@require_safe
def scrutin_public(request: HttpRequest, pk: int) -> HttpResponse:
    scrutin = get_object_or_404(Scrutin.objects.publics().select_related("budget"), pk=pk)
    resultats = resultats_publies(scrutin)
    return render(
        request,
        "contrat_ville/vote/public.html",
        {
            "scrutin": scrutin,
            "budget": scrutin.budget,
            "lignes": lignes_du_bulletin(scrutin),
            "incompatibles": scrutin.incompatibilites.select_related("un", "autre"),
            "regles": scrutin.regles_en_mots(),
            "resultats": resultats,
            "participation": participation(scrutin) if resultats is not None else [],
        },
    )


@publique
@require_safe
def bulletins_pb(request: HttpRequest, pk: int) -> HttpResponse:
    """Anonymous ballots; 404 before the results are published."""
    scrutin = get_object_or_404(Scrutin.objects.publics(), pk=pk)
    depouillement = scrutin.depouillements.filter(etat=Depouillement.Etat.FAIT).first()
    if not scrutin.est_publie or depouillement is None:
        raise Http404
    reponse = HttpResponse(depouillement.pb, content_type="text/plain; charset=utf-8")
    reponse["Content-Disposition"] = f'attachment; filename="bulletins-{scrutin.pk}.pb"'
    reponse["ETag"] = quote_etag(depouillement.empreinte)
    return reponse


@publique
@require_safe
def rejouer_py(request: HttpRequest) -> HttpResponse:
    """Stand-alone script that counts the ballots again."""
    reponse = HttpResponse(SCRIPT.read_bytes(), content_type="text/x-python; charset=utf-8")
    reponse["Content-Disposition"] = 'attachment; filename="rejouer.py"'
    return reponse
