"""The public search: one field for all that anybody may read."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from participation.socle.http.decorateurs import gardable, publique
from participation.socle.views.partout import PARMI, chercher_partout


@publique
@require_safe
@gardable(60)
def chercher(request: HttpRequest) -> HttpResponse:
    """`q`: the words. `genre`: one kind only, with all that was found of it."""
    mots = " ".join(request.GET.get("q", "").replace("\0", "").split())[:100]
    genres = chercher_partout(mots) if mots else []
    choisi = next((un for un in genres if un.cle == request.GET.get("genre")), None)
    return render(
        request, "socle/chercher.html", {"mots": mots, "genres": genres, "choisi": choisi, "parmi": PARMI}
    )
