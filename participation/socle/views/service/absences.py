"""Absences of the agents: who is away, who stands in; noted and ended by any of them, and in a direction or a commune by her colleagues."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from participation.socle.actions.absences import finir_absence, noter_absence
from participation.socle.forms.champs import champ_choix, champ_jour, champ_parmi
from participation.socle.forms.filters import natures_presentes
from participation.socle.francais import jour_texte
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Absence, Compte
from participation.socle.models.comptes import REMPLACABLES
from participation.socle.views.pages import essayer


class AbsenceForm(forms.Form):
    compte = champ_parmi("Qui est absent, ou délègue", None)
    remplacant = champ_parmi(
        "Qui remplace",
        None,
        "De la même direction ou commune, ou du service participation. Cette personne voit les échéances dans sa journée, reçoit les lettres, et répond à sa place.",
    )
    domaine = champ_choix(
        "Pour quoi",
        lambda: [("", "Tout, pendant une absence"), *natures_presentes()],
        "Un domaine : c’est une délégation. Les lettres de ce domaine vont à la personne choisie, de la même direction ou commune.",
        requis=False,
    )
    date_debut = champ_jour("Premier jour")
    date_fin = champ_jour(
        "Dernier jour", "Vide : jusqu’à nouvel ordre, pour une délégation seulement.", requis=False
    )

    def __init__(self, *args: Any, par: Compte, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        service = Compte.objects.agents_du_service()
        absents = service | Compte.objects.dehors() if par.est_agent else Compte.objects.collegues(par)
        for nom, comptes in {"compte": absents, "remplacant": service | absents}.items():
            self.fields[nom].queryset = comptes  # type: ignore[attr-defined]
        self.initial = {"compte": par, "date_debut": timezone.localdate(), **self.initial}


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
