"""Form to fill the agenda of the comité de recevabilité."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from participation.seances.models import Instance
from participation.socle.francais import accorder
from participation.socle.http import RequeteConnectee, reserve_a
from participation.socle.views.pages import essayer
from participation.socle.workflow import Role
from petitions.actions import comite as actions
from petitions.forms.comite import InscrireAuComiteForm
from petitions.workflow import INSTANCE


@reserve_a(Role.AGENT)
def inscrire_au_comite(request: RequeteConnectee) -> HttpResponse:
    seances, petitions = actions.seances_du_comite(), actions.a_inscrire()
    form = InscrireAuComiteForm(request.POST or None, seances=seances, petitions=petitions)
    if form.is_valid():
        reponses: dict[str, Any] = form.cleaned_data
        seance = reponses["seance"]
        essayer(form, lambda: actions.inscrire_au_comite(seance, reponses["petitions"], par=request.user))
        if not form.errors:
            combien = len(reponses["petitions"])
            messages.success(request, f"{accorder(combien, 'pétition')} à l’ordre du jour de « {seance} ».")
            return redirect(seance)
    return render(
        request,
        "petitions/recevabilite/inscrire_au_comite.html",
        {
            "form": form,
            "seances": seances,
            "petitions": petitions,
            "comite": Instance.objects.filter(cle=INSTANCE).first(),
        },
    )
