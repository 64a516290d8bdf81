"""The tasks given up after too many failures: an agent reads why, mends what can be, and tries again."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from participation.socle.francais import accorder
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.journee import AttenteGroupee, SectionJournee, Tache
from participation.socle.travaux import passages
from participation.socle.workflow import Role


@reserve_a(Role.AGENT)
@require_http_methods(["GET", "HEAD", "POST"])
def travaux_arretes(request: RequeteConnectee) -> HttpResponse:
    if request.method == "POST":
        nombre = passages.retenter(par=request.user)
        messages.success(request, f"{accorder(nombre, 'travail repart', 'travaux repartent')}.")
        return redirect("socle:travaux_arretes")
    arretes = passages.a_decider().order_by("-essai_le")
    return render(request, "socle/travaux_arretes.html", {"arretes": arretes})


def section_travaux() -> SectionJournee:
    arretes = AttenteGroupee(
        passages.a_decider,
        "essai_le",
        lambda combien, depuis: Tache(
            "Voir pourquoi, puis réessayer",
            reverse("socle:travaux_arretes"),
            "Voir",
            sur_quoi=accorder(combien, "travail de fond arrêté", "travaux de fond arrêtés"),
            depuis=depuis,
        ),
    )
    return SectionJournee("travaux", "Travaux arrêtés", [arretes])
