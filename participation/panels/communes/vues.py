"""Pages of the decentralised draw: what all read of it, its file, the script, the page of a commune by its link."""

from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from participation.panels.communes import actes, lectures
from participation.panels.models import PartDeCommune, TirageDesCommunes
from participation.panels.trouver import part_du_lien
from participation.socle.http.decorateurs import publique
from participation.socle.views.ensemble import Ensemble
from participation.socle.views.liens import lien_inconnu, personnelle
from participation.socle.views.pages import Page

SCRIPT = Path(__file__).parent.parent / "donnees" / "commune.py"


def trouver(cle: str) -> TirageDesCommunes:
    """Return the draw of this panel: its rule is public as soon as it is announced, whatever the panel shows yet."""
    return get_object_or_404(TirageDesCommunes.objects.select_related("panel"), panel__cle=cle)


@publique
@require_safe
def communes(request: HttpRequest, cle: str) -> HttpResponse:
    regle = trouver(cle)
    return render(
        request,
        "panels/communes.html",
        {"panel": regle.panel, "regle": regle, "etats": lectures.etats(regle.panel, regle)},
    )


@publique
@require_safe
def communes_json(request: HttpRequest, cle: str) -> HttpResponse:
    regle = trouver(cle)
    return _telecharger(lectures.publie(regle.panel, regle), "communes.json", "application/json")


@publique
@require_safe
def script_des_communes(request: HttpRequest) -> HttpResponse:
    """The stand-alone script that a commune runs on its list, and that anybody runs on the published file."""
    return _telecharger(SCRIPT.read_text(encoding="utf-8"), "commune.py", "text/x-python")


def _telecharger(texte: str, nom: str, genre: str) -> HttpResponse:
    reponse = HttpResponse(texte, content_type=f"{genre}; charset=utf-8")
    reponse["Content-Disposition"] = f'attachment; filename="{nom}"'
    patch_cache_control(reponse, public=True, max_age=60)
    return reponse


PART = Ensemble[PartDeCommune](
    pages={
        "deposer_engagements": Page(
            actes.deposer_engagements,
            actes.EngagementsForm,
            succes="Merci. Votre commune est engagée : vous recevrez la graine, et la commande à taper.",
        ),
        "deposer_preuve": Page(
            actes.deposer_preuve,
            actes.PreuveForm,
            succes="Merci. Votre part est prouvée : c’est écrit sur la page publique.",
        ),
    },
    gabarit="panels/part.html",
    contexte=lambda request, part: {"panel": part.panel, "regle": part.regle},
    par_lien=True,
)


def _inconnu(request: HttpRequest) -> HttpResponse:
    return lien_inconnu(request, "aucune commune", app="panels")


@personnelle(part_du_lien, _inconnu)
def part_de_commune(request: HttpRequest, part: PartDeCommune, jeton: Any) -> HttpResponse:
    """A commune deposits its commitments, then what proves its draw and what it posted."""
    return PART.page(
        request, lambda: PartDeCommune.objects.select_related("panel", "commune").get(pk=part.pk)
    )
