"""Pages of the signed link of a part, without account."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from participation.socle.francais import majuscule
from participation.socle.http.decorateurs import publique
from participation.socle.models import Piece
from participation.socle.views.ensemble import Ensemble
from participation.socle.views.fichiers import servir
from participation.socle.views.liens import du_lien_ou_404
from participation.socle.views.pages import Page
from remontees.models import Attribution
from remontees.parts import actes
from remontees.parts.actes import LireEnEntierParLienForm, RefuserParLienForm, RepondreParLienForm


@publique
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def attribution(request: HttpRequest, jeton: str) -> HttpResponse:
    """Page where a service takes, answers or refuses its part. A GET (mail scanner) changes nothing."""
    return PAR_LIEN.page(request, lambda: _part_du_lien(jeton))


def _part_du_lien(jeton: str) -> Attribution:
    parts = Attribution.objects.select_related("dossier", "direction", "commune", "organisme", "par")
    return du_lien_ou_404(Attribution.LIEN, jeton, parts)


def pieces_de_la_part(part: Attribution) -> list[tuple[Piece, str]]:
    """Return the pièces of the part with their URLs under its signed link."""
    jeton = part.jeton()
    return [
        (piece, reverse("remontees:piece_de_la_part", args=[jeton, piece.pk]))
        for piece in part.pieces_a_lire()
    ]


@publique
@never_cache
@require_safe
def piece_de_la_part(request: HttpRequest, jeton: str, pk: int) -> HttpResponseBase:
    part = _part_du_lien(jeton)
    piece = get_object_or_404(part.pieces_a_lire(), pk=pk)
    return servir(
        request,
        piece.fichier,
        nom=piece.nom,
        type_mime=piece.type_mime,
        empreinte=piece.sha256,
        est_public=False,
    )


def _contexte(request: HttpRequest, part: Attribution) -> dict[str, Any]:
    dossier, est_lu = part.dossier.enfant, part.lit_le_dossier
    return {
        "part": part,
        "dossier": dossier,
        "est_lu": est_lu,
        "est_urgente": part.est_urgente,
        # The title is often the start of the verbatim.
        "titre": dossier.titre
        if est_lu
        else majuscule(f"{dossier.get_nature_display()} {dossier.reference}"),
        "a_lire": part.a_lire(),
        "est_masquee": est_lu and part.est_masquee,
        "pieces": pieces_de_la_part(part),
    }


PAR_LIEN = Ensemble[Attribution](
    pages={
        "prendre_attribution": Page(actes.prendre_attribution),
        "repondre_attribution": Page(actes.repondre_attribution, RepondreParLienForm),
        "refuser_attribution": Page(actes.refuser_attribution, RefuserParLienForm),
        "clore_attribution": Page(actes.clore_attribution),
        "lire_en_entier": Page(actes.lire_en_entier, LireEnEntierParLienForm),
    },
    gabarit="remontees/publiques/attribution.html",
    contexte=_contexte,
    par_lien=True,
)
