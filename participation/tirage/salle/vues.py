"""The screen projected in the room where the balls are drawn, and the page of the procès-verbal."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.views.pages import Page, pages_de
from participation.socle.workflow import Role
from participation.tirage.models import Tirage
from participation.tirage.salle import actes, restauration
from participation.tirage.salle.lectures import composition
from participation.tirage.selection.comptes import comptes_de
from participation.tirage.trouver import trouver_tirage
from participation.tirage.workflow import EtatTirage


@reserve_a(Role.AGENT)
@require_safe
def ecran(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Three balls typed, the panel that they name is shown with its composition; then it is validated, or typed again."""
    tirage = trouver_tirage(request, pk)
    dites = request.GET.get("boules", "").strip()[:3]
    boules = tirage.numero_tire or (dites if len(dites) == 3 and dites.isascii() and dites.isdigit() else "")
    est_pret = tirage.etat in {EtatTirage.PUBLIE, EtatTirage.TIRE}
    panel = tirage.panels[int(boules)] if boules and est_pret else []
    return render(
        request,
        "tirage/ecran.html",
        {
            "tirage": tirage,
            "dites": dites,
            "boules": boules if est_pret else "",
            "panel": panel,
            "volontaires": comptes_de(tirage)["volontaires"],
            "composition": composition(tirage, panel) if panel else [],
            "obstacles": tirage.obstacles("tirer", request.user) if tirage.boules is None else [],
            "adresse": request.build_absolute_uri(tirage.get_public_url()) if tirage.est_public else "",
            "ici": reverse("tirage:ecran", args=[tirage.pk]),
        },
    )


PAGES: dict[str, Page[Tirage]] = pages_de(Tirage, restauration, actes)
