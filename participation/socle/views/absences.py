"""Absences of the agents: who is away, who stands in; noted and ended by any of them, and in a direction or a commune by her colleagues."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from participation.socle.actions.absences import finir_absence, noter_absence
from participation.socle.forms.absences import AbsenceForm
from participation.socle.francais import jour_texte
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Absence
from participation.socle.models.comptes import REMPLACABLES
from participation.socle.views.pages import essayer


@reserve_a(*REMPLACABLES)
@require_http_methods(["GET", "HEAD", "POST"])
def absences(request: RequeteConnectee) -> HttpResponse:
    form = AbsenceForm(request.POST if request.method == "POST" else None, par=request.user)
    if form.is_valid():
        notee = essayer(form, lambda: noter_absence(par=request.user, **form.cleaned_data))
        if notee is not None:
            fin = f"au {jour_texte(notee.date_fin)}" if notee.date_fin else "jusqu’à nouvel ordre"
            messages.success(request, f"{notee} du {jour_texte(notee.date_debut)} {fin}.")
            return redirect("socle:absences")
    notees = (
        Absence.objects.a_venir().notables_par(request.user).select_related("compte", "remplacant", "par")
    )
    return render(request, "socle/absences.html", {"form": form, "absences": notees})


@reserve_a(*REMPLACABLES)
@require_POST
def finir(request: RequeteConnectee, pk: int) -> HttpResponse:
    absence = get_object_or_404(Absence.objects.notables_par(request.user).select_related("compte"), pk=pk)
    finir_absence(absence)
    messages.success(request, f"C’est fini : {absence.remplacant} ne remplace plus {absence.compte}.")
    return redirect("socle:absences")
