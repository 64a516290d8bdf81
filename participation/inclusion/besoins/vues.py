"""The list of needs."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from participation.inclusion.besoins.lectures import a_preparer
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.workflow import Role


@reserve_a(Role.AGENT)
@require_safe
def besoins(request: RequeteConnectee) -> HttpResponse:
    return render(request, "inclusion/besoins.html", {"rencontres": a_preparer()})
