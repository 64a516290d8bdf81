"""Page where an agent erases people by batch, at the term."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from participation.droits.models import sans_visa
from participation.socle.erreurs import ErreurMetier
from participation.socle.francais import accorder
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models.dossiers import hors_reserve
from participation.socle.workflow import Role
from remontees.conservation.actes import LOT, anonymiser_lot
from remontees.conservation.lectures import AU_TERME, COMPTEES, REMONTEES, au_terme
from remontees.models import ReglementRemontees

MONTREES = 20


@reserve_a(Role.AGENT)
@require_http_methods(["GET", "HEAD", "POST"])
def conservation(request: RequeteConnectee) -> HttpResponse:
    if request.method == "POST":
        try:
            faites = anonymiser_lot(par=request.user)
        except ErreurMetier as refus:  # the visa was taken back since the page was drawn
            messages.error(request, refus.message)
            return redirect("remontees:conservation")
        messages.success(
            request,
            f"{accorder(faites, 'remontée effacée', 'remontées effacées')} de ce qui disait qui parlait.",
        )
        return redirect("remontees:conservation")
    premieres = au_terme(MONTREES, hors_reserve(request.user))
    combien, compte_le = AU_TERME.lire()
    combien = max(combien, len(premieres))  # the count may be older than the list
    return render(
        request,
        "remontees/conservation.html",
        {
            "combien": min(combien, COMPTEES),
            "est_au_dela": combien > COMPTEES,
            "lot": min(LOT, combien),
            "mois": ReglementRemontees.actuel().conservation_mois,
            "compte_le": compte_le,
            "premieres": premieres,
            "refus": sans_visa(REMONTEES),
        },
    )
