"""What is to be said better in a text that somebody is writing."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from participation.socle.forms.relecture import remarques
from participation.socle.http.decorateurs import ROLES_BUREAU, reserve_a
from participation.socle.http.requete import RequeteConnectee


@reserve_a(*ROLES_BUREAU)
@require_POST
def relire_texte(request: RequeteConnectee) -> HttpResponse:
    """Return the remarks on the one text that is sent. Nothing is kept."""
    texte = request.POST.get(request.headers.get("HX-Trigger-Name", ""), "")
    return render(
        request, "composants/remarques.html", {"remarques": remarques(texte)} if texte.strip() else {}
    )
