"""The grid, by the link of who evaluates."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from participation.cadres.evaluations import actes
from participation.cadres.models import Evaluateur
from participation.socle.http.decorateurs import publique
from participation.socle.http.protocole import Ensuite
from participation.socle.views.liens import du_lien_ou_404
from participation.socle.views.pages import essayer


@publique
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def evaluer_par_lien(request: HttpRequest, jeton: str) -> HttpResponse:
    """Her answers stay there, to be changed."""
    evaluateur = du_lien_ou_404(Evaluateur.LIEN, jeton, Evaluateur.objects.select_related("cadre"))
    form = actes.EvaluerForm(request.POST or None, objet=evaluateur)
    peut = evaluateur.permet("evaluer", None) and not evaluateur.est_close
    if request.method == "POST" and form.is_valid():
        essayer(form, lambda: actes.evaluer(evaluateur, par=None, **form.cleaned_data))
        if not form.errors:
            return Ensuite(request.path)
    reponse = render(
        request,
        "cadres/evaluer.html",
        {"evaluateur": evaluateur, "cadre": evaluateur.cadre, "form": form, "peut": peut},
        status=422 if form.errors else 200,
    )
    reponse["X-Robots-Tag"] = "noindex"
    return reponse
