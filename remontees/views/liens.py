"""What opens without an account, by the signed link of a letter: the part of a service."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from participation.socle.erreurs import ActeInterdit
from participation.socle.http import publique
from participation.socle.views.pages import essayer
from remontees.actions import parts
from remontees.forms.liens import PrendreParLienForm, RefuserParLienForm, RepondreParLienForm
from remontees.models import Attribution

# What may be done by the link, in the order of the page.
PAR_LIEN: dict[str, tuple[type[Any], Any]] = {
    "prendre_attribution": (PrendreParLienForm, parts.prendre_attribution),
    "repondre_attribution": (RepondreParLienForm, parts.repondre_attribution),
    "refuser_attribution": (RefuserParLienForm, parts.refuser_attribution),
}


@publique
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def attribution(request: HttpRequest, jeton: str) -> HttpResponse:
    """The page where a service takes its part, answers, or says that it is not for it. A scanner that opens it does nothing."""
    numero = Attribution.LIEN.numero(jeton)
    part = get_object_or_404(
        Attribution.objects.select_related("dossier", "direction", "commune", "organisme", "par"), pk=numero
    )
    demande = request.POST.get("acte", "") if request.method == "POST" else ""
    permis = part.actes_permis_a(None)
    formulaires: dict[str, Any] = {}
    for acte, (form, action) in PAR_LIEN.items():
        lie = form(request.POST if acte == demande else None, objet=part, par=None)
        if acte == demande and lie.is_valid():
            try:
                essayer(lie, partial(action, part, par=None, **lie.cleaned_data))
            except ActeInterdit:
                # Said on the page itself, with what was typed.
                part.refresh_from_db()
                return _page(request, part, formulaires | {acte: lie}, perdue=lie.cleaned_data, status=409)
            if not lie.errors:
                return redirect("remontees:attribution", jeton)
        if acte in permis:
            formulaires[acte] = lie
    return _page(request, part, formulaires)


def _page(
    request: HttpRequest,
    part: Attribution,
    formulaires: dict[str, Any],
    *,
    perdue: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    dossier = part.dossier.enfant
    lit = not dossier.est_reserve and (part.est_attendue or part.repondue_le is not None)
    return render(
        request,
        "remontees/publiques/attribution.html",
        {
            "part": part,
            "dossier": dossier,
            "a_lire": dossier.a_lire() if lit else [],
            "refusee": next((form for form in formulaires.values() if form.is_bound and form.errors), None),
            "formulaires": formulaires if status == 200 else {},
            "perdue": (perdue or {}).get("reponse") or (perdue or {}).get("motif") or "",
        },
        status=status,
    )
