"""Pages of the erasure of candidatures, by an agent with a visa."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from participation.renouvellement.effacement import actes
from participation.renouvellement.effacement.actes import EffacerForm
from participation.renouvellement.models import Bordereau, Campagne
from participation.socle.francais import accorder
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.views.pages import Page
from participation.socle.workflow import Role


@reserve_a(Role.AGENT)
@require_safe
def candidatures_a_effacer(request: RequeteConnectee) -> HttpResponse:
    """Candidatures past their term, by campaign. An agent erases them with a visa, never a periodic task."""
    lignes = []
    for campagne in Campagne.objects.select_related("instance"):
        nombre = campagne.candidatures.a_effacer().count()
        if nombre:
            lignes.append((campagne, nombre))
    return render(
        request,
        "renouvellement/a_effacer.html",
        {"lignes": lignes, "faites": Bordereau.objects.select_related("campagne", "par")},
    )


def a_oublier(request: RequeteConnectee, campagne: Campagne, form: Any) -> dict[str, Any]:
    proposees = campagne.candidatures.a_effacer()
    return {"proposees": proposees.select_related("college")[:50], "nombre": proposees.count()}


PAGES: dict[str, Page[Campagne]] = {
    "effacer_candidatures": Page(
        lambda campagne, *, par, confirme: actes.effacer_candidatures(campagne, par=par),
        EffacerForm,
        "Noms, adresses, textes, besoins et profils sont effacés, sans retour. "
        "Les nombres par collège, décision, commune, âge et genre restent sur le bordereau. "
        "Les membres nommés, et les personnes qui ont accepté d’être recontactées, ne sont pas touchés.",
        titre=lambda campagne: (
            f"Effacer {accorder(campagne.candidatures.a_effacer().count(), 'candidature')}"
        ),
        gabarit="renouvellement/effacer_candidatures.html",
        contexte=a_oublier,
        retour=lambda *_: reverse("renouvellement:candidatures_a_effacer"),
    )
}
