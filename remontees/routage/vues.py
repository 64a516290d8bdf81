"""Routing rules: ordered list, and form with a simulation before saving."""

import hashlib
from typing import Any

from django.contrib import messages
from django.db.models import Max
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.views.pages import essayer, lier
from participation.socle.workflow import Role
from remontees.models import RegleDeRoutage
from remontees.routage import actes
from remontees.routage.actes import RegleForm
from remontees.routage.lectures import essayer_regle

PAS = 10


def _toutes() -> Any:
    return RegleDeRoutage.objects.select_related(
        "categorie__parent", "commune", "quartier__commune", "referent"
    ).prefetch_related("directions")


@reserve_a(Role.AGENT)
@require_safe
def regles(request: RequeteConnectee) -> HttpResponse:
    return render(request, "remontees/routage/regles.html", {"regles": _toutes()})


@reserve_a(Role.AGENT)
@require_http_methods(["GET", "HEAD", "POST"])
def regle(request: RequeteConnectee, pk: int | None = None) -> HttpResponse:
    """Form of a rule. The first POST shows the simulation; a second one with the same values saves."""
    objet = get_object_or_404(_toutes(), pk=pk) if pk is not None else _nouvelle()
    form = lier(request, RegleForm, objet)
    essai, essaye = None, ""
    if form.is_valid():
        dit = dict(form.cleaned_data)
        vu, directions = dit.pop("vu"), list(dit.pop("directions"))
        essaye = _empreinte(dit, directions)
        if request.POST.get("essaye") == essaye and "enregistrer" in request.POST:
            fait = essayer(
                form,
                lambda: actes.enregistrer_regle(objet, par=request.user, directions=directions, vu=vu, **dit),
            )
            if fait is not None:
                messages.success(request, f"Règle « {objet} » enregistrée.")
                return redirect("remontees:regles")
            form.data = form.data.copy()
            form.data["vu"] = actes.version_de(objet)
        essai = essayer_regle(RegleDeRoutage(pk=objet.pk, **dit), directions)
    return render(
        request,
        "remontees/routage/regle.html",
        {
            "regle": objet,
            "form": form,
            "essai": essai,
            "essaye": essaye,
            "changements": objet.changements.select_related("par")[:20] if objet.pk else [],
        },
    )


def _nouvelle() -> RegleDeRoutage:
    """Return a new rule, ordered after the last."""
    dernier = RegleDeRoutage.objects.aggregate(n=Max("ordre"))["n"] or 0
    return RegleDeRoutage(ordre=dernier + PAS)


def _empreinte(dit: dict[str, Any], directions: list[Any]) -> str:
    valeurs = [f"{cle}={getattr(valeur, 'pk', valeur)}" for cle, valeur in sorted(dit.items())]
    valeurs += sorted(str(direction.pk) for direction in directions)
    return hashlib.sha256("|".join(valeurs).encode()).hexdigest()[:32]
