"""The page of who animates, by the signed link of her letter."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from participation.rencontres.models import Animateur
from participation.socle.http.decorateurs import publique
from participation.socle.views.liens import du_lien_ou_404


@publique
@never_cache
@require_safe
def deroule_par_lien(request: HttpRequest, jeton: str) -> HttpResponse:
    animateurs = Animateur.objects.select_related("rencontre__format")
    animateur = du_lien_ou_404(Animateur.LIEN, jeton, animateurs)
    contexte = {"animateur": animateur, "rencontre": animateur.rencontre}
    reponse = render(request, "rencontres/animer.html", contexte)
    reponse["X-Robots-Tag"] = "noindex"
    return reponse
