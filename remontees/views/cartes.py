"""Geographic maps, public and for agents, each with the same data as a list."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from participation.socle.http import RequeteConnectee, gardable, publique, reserve_a
from participation.socle.lectures.cartes import carte
from remontees.forms.publiques import VousLAvezDitForm
from remontees.lectures import cartes
from remontees.models import Remontee
from remontees.views.bureau import BUREAU


@publique
@require_safe
@gardable(60)
def carte_publique(request: HttpRequest) -> HttpResponse:
    """Map of published sujets, by commune."""
    form = VousLAvezDitForm(request.GET)
    filtres = form.filtres()
    points = cartes.sujets_par_commune(filtres, reverse("remontees:vous_l_avez_dit"))
    return render(
        request,
        "remontees/publiques/carte.html",
        {"form": form, "points": points, "carte_reelle": carte(points)},
    )


@reserve_a(*BUREAU)
@require_safe
def carte_du_bureau(request: RequeteConnectee) -> HttpResponse:
    """Map of the visible open remontées that have a point."""
    points = cartes.remontees_en_cours(Remontee.objects.visibles_par(request.user))
    return render(
        request,
        "remontees/carte.html",
        {"points": points, "au_plus": cartes.AU_PLUS, "carte_reelle": carte(points)},
    )
