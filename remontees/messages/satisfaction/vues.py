"""Page where the person says whether the answer suits them, by signed link."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from participation.socle.http.decorateurs import publique
from participation.socle.views.liens import du_lien_ou_404
from remontees.messages.actes import SatisfactionForm
from remontees.messages.satisfaction.actes import dire_satisfaction
from remontees.models import Satisfaction
from remontees.personne.lectures import titre_pour_elle


@publique
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def satisfaction(request: HttpRequest, jeton: str) -> HttpResponse:
    """A GET saves nothing, since mail scanners open links.

    A button saves the choice; a comment may follow.
    """
    demande = du_lien_ou_404(Satisfaction.LIEN, jeton, Satisfaction.objects.select_related("remontee"))
    form = SatisfactionForm(request.POST or None, objet=demande)
    if request.method == "POST" and form.is_valid():
        dire_satisfaction(demande, **form.cleaned_data)
        return redirect("remontees:satisfaction", jeton)
    return render(
        request,
        "remontees/publiques/satisfaction.html",
        {
            "demande": demande,
            "remontee": demande.remontee,
            "titre": titre_pour_elle(demande.remontee),
            "form": form,
            "choix": Satisfaction.Avis.choices,
        },
    )
