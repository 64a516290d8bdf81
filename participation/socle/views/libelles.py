"""Labels of the reference tables in one language, for the agents: what is translated, by whom, what is not."""

import hashlib
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from participation.socle.actions.traductions import traduire_libelles
from participation.socle.forms.champs import champ_texte
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.langues import AUTRES, NOMS
from participation.socle.lectures.libelles import Libelle, par_table
from participation.socle.models import LibelleTraduit
from participation.socle.workflow import Role


class LibellesForm(forms.Form):
    """One field a label of a table. It says nothing of the labels that it did not show."""

    def __init__(self, siens: list[Libelle], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mots: dict[str, str] = {}
        for une in siens:
            nom = f"libelle_{hashlib.sha256(une.francais.encode()).hexdigest()[:16]}"
            self.mots[nom] = une.francais
            self.fields[nom] = champ_texte(
                une.francais, _qui(une), requis=False, lignes=2, maximum=600, initial=une.texte
            )
            self.fields[nom].show_hidden_initial = True  # changed is what she typed, not what moved meanwhile

    def textes(self) -> dict[str, str]:
        return {
            mot: self.cleaned_data[nom]
            for nom, mot in self.mots.items()
            if nom in self.data and nom in self.changed_data
        }


def _qui(une: Libelle) -> str:
    if not une.texte or une.derniere is None:
        return "Sans traduction : les pages montrent le français, et le disent."
    return "Livrée avec le site ; personne ne l’a relue." if une.est_livre else f"Par {une.derniere.par}."


@reserve_a(Role.AGENT)
@require_http_methods(["GET", "HEAD", "POST"])
def libelles(request: RequeteConnectee, code: str) -> HttpResponse:
    if code not in AUTRES:
        raise Http404
    est_filtre = request.GET.get("sans") == "oui"
    toutes = [nom for nom, _ in par_table(code)]
    montrees = dict(par_table(code, sans_traduction=est_filtre))
    choisie = request.GET.get("table") or next(iter(montrees), "")
    if request.method == "POST":  # also a label that somebody translated since the page showed it
        form = LibellesForm(dict(par_table(code)).get(choisie, []), request.POST)
    else:
        form = LibellesForm(montrees.get(choisie, []))
    if form.is_valid():
        combien = traduire_libelles(code, form.textes(), par=request.user)
        messages.success(
            request, "C’est noté. Les pages le disent dans la minute." if combien else "Rien n’a changé."
        )
        return redirect(f"{reverse('socle:libelles', args=[code])}?{request.GET.urlencode()}")
    contexte = {
        "code": code,
        "nom": NOMS[code],
        "tables": [(nom, len(montrees.get(nom, []))) for nom in toutes],
        "choisie": choisie,
        "est_filtre": est_filtre,
        "form": form,
        "journal": LibelleTraduit.objects.filter(langue=code, par__isnull=False).select_related("par")[:20],
    }
    return render(request, "socle/traductions/libelles.html", contexte)
