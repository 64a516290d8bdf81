"""One act, one page, for what is not a dossier: what will happen, what is asked, one button."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect, render

from participation.socle.http import RequeteConnectee
from participation.socle.views.actes import lier, tenter


def page_formulaire(
    request: RequeteConnectee,
    form: type[BaseForm] | BaseForm | None,
    agir: Callable[[dict[str, Any]], object],
    *,
    titre: str,
    retour: str,
    fil: Sequence[str] = (),
    sur_quoi: str = "",
    consequence: str = "",
    succes: str | Callable[[Any], str] = "",
    bouton: str = "",
    app: str = "metropole",
    est_dangereux: bool = False,
    est_publique: bool = False,
    gabarit: str = "seances/formulaire.html",
    contexte: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """GET shows the form, a valid POST calls `agir(form.cleaned_data)` and goes to `retour`. As `page_acte`, without a dossier.

    `fil`: pairs of words and addresses before the title. `succes`: the message, or a function of what `agir` gave.
    `est_publique`: in the frame of the member's space rather than that of the back office.
    """
    lie = lier(request, form)
    if lie.is_valid():
        faits: list[Any] = []
        depasse = tenter(request, lie, lambda: faits.append(agir(lie.cleaned_data)), retour)
        if depasse is not None:
            return depasse
        if not lie.errors:
            messages.success(
                request, succes(faits[0]) if callable(succes) else succes or f"{titre} : c’est fait."
            )
            return redirect(retour)
    return render(
        request,
        gabarit,
        {
            "form": lie,
            "avec_plan": hasattr(lie, "helper"),
            "titre": titre,
            "bouton": bouton or titre,
            "retour": retour,
            "fil_avant": list(zip(fil[0::2], fil[1::2], strict=True)),
            "sur_quoi": sur_quoi,
            "consequence": consequence,
            "app": app,
            "est_dangereux": est_dangereux,
            "est_publique": est_publique,
            "cadre_page": "public.html" if est_publique else "bureau.html",
            **(contexte or {}),
        },
    )
