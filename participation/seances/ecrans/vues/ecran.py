"""The projected screen: large and dark, to be read from the back of the room."""

import segno
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from participation.seances.ecrans.lectures import SeanceEnCours
from participation.seances.ecrans.vues.gestes import est_a_jour, rien_de_nouveau, trouver_seance, version_de
from participation.seances.models import Seance
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.workflow import Role


def adresse_presence(seance: Seance) -> str:
    return f"{settings.SITE_URL}{reverse('seances:presence', args=[seance.code])}"


def _ecran(request: RequeteConnectee, pk: int, *, partiel: bool) -> HttpResponse:
    version = version_de(pk)
    seance = trouver_seance(request.user, pk)
    qr = segno.make(adresse_presence(seance), error="m", micro=False)
    contexte = {
        "version": version,
        "seance": seance,
        "ecran": SeanceEnCours(seance),
        "app": seance.instance.app,
        "qr": mark_safe(qr.svg_inline(omitsize=True, svgclass="projection-qr", lineclass=None, border=2)),  # noqa: S308 made here
        "adresse": adresse_presence(seance).partition("://")[2].rpartition("/presence/")[0] + "/presence/",
    }
    gabarit = "seances/ecrans/_ecran.html" if partiel else "seances/ecrans/ecran.html"
    return render(request, gabarit, contexte)


@reserve_a(Role.AGENT)
@require_safe
def ecran(request: RequeteConnectee, pk: int) -> HttpResponse:
    return _ecran(request, pk, partiel=False)


@reserve_a(Role.AGENT)
@require_safe
def ecran_etat(request: RequeteConnectee, pk: int) -> HttpResponse:
    if est_a_jour(request, version_de(pk)):
        return rien_de_nouveau()
    return _ecran(request, pk, partiel=True)
