"""Pages of the signed link of a part, without account."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from participation.socle.erreurs import ActeInterdit
from participation.socle.francais import majuscule
from participation.socle.http import publique
from participation.socle.models import Piece
from participation.socle.views.fichiers import servir
from participation.socle.views.liens import du_lien_ou_404
from participation.socle.views.pages import essayer
from remontees.models import Attribution
from remontees.parts import actes
from remontees.parts.actes import RefuserParLienForm, RepondreParLienForm, SansQuestionForm

# Acts allowed by the link, in the order of the page.
PAR_LIEN: dict[str, tuple[type[Any], Any]] = {
    "prendre_attribution": (SansQuestionForm, actes.prendre_attribution),
    "repondre_attribution": (RepondreParLienForm, actes.repondre_attribution),
    "refuser_attribution": (RefuserParLienForm, actes.refuser_attribution),
    "clore_attribution": (SansQuestionForm, actes.clore_attribution),
}


@publique
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def attribution(request: HttpRequest, jeton: str) -> HttpResponse:
    """Page where a service takes, answers or refuses its part. A GET (mail scanner) changes nothing."""
    part = _part_du_lien(jeton)
    demande = request.POST.get("acte", "") if request.method == "POST" else ""
    permis = part.actes_permis_a(None)
    formulaires: dict[str, Any] = {}
    for acte, (form, action) in PAR_LIEN.items():
        lie = form(request.POST if acte == demande else None, objet=part, par=None)
        if acte == demande and lie.is_valid():
            try:
                essayer(lie, partial(action, part, par=None, **lie.cleaned_data))
            except ActeInterdit:
                # The page shows the refusal with what was typed.
                part.refresh_from_db()
                if part.reponse and part.reponse == lie.cleaned_data.get("reponse", "").strip():
                    return redirect(
                        "remontees:attribution", jeton
                    )  # double click: the first one saved this answer
                return _page(request, part, formulaires | {acte: lie}, perdue=lie.cleaned_data, status=409)
            if not lie.errors:
                return redirect("remontees:attribution", jeton)
        if acte in permis:
            formulaires[acte] = lie
    return _page(request, part, formulaires)


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


def _page(
    request: HttpRequest,
    part: Attribution,
    formulaires: dict[str, Any],
    *,
    perdue: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    dossier, est_lu = part.dossier.enfant, part.lit_le_dossier
    return render(
        request,
        "remontees/publiques/attribution.html",
        {
            "part": part,
            "dossier": dossier,
            "est_lu": est_lu,
            "est_urgente": part.est_urgente,
            # The title is often the start of the verbatim.
            "titre": dossier.titre
            if est_lu
            else majuscule(f"{dossier.get_nature_display()} {dossier.reference}"),
            "a_lire": dossier.a_lire() if est_lu else [],
            "pieces": pieces_de_la_part(part),
            "refusee": next((form for form in formulaires.values() if form.is_bound and form.errors), None),
            "formulaires": formulaires if status == 200 else {},
            "perdue": (perdue or {}).get("reponse") or (perdue or {}).get("motif") or "",
        },
        status=status,
    )
