"""Languages of the public pages, for the agents: which are read by a person, and who said so."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from participation.socle.actions.langues import relire_langue
from participation.socle.forms.champs import champ_choix, champ_ligne
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.langues import AUTRES, NOMS
from participation.socle.lectures.langues import langues as toutes
from participation.socle.lectures.langues import textes_a_revoir
from participation.socle.models import RelectureLangue
from participation.socle.workflow import Role


class RelectureForm(forms.Form):
    langue = champ_choix("Langue", [("", "Choisissez"), *((code, NOMS[code]) for code in AUTRES)])
    est_lue = champ_choix(
        "Ce que vous dites d’elle",
        [
            ("oui", "Une personne qui parle cette langue a relu les phrases du site"),
            ("non", "Les phrases sont à relire"),
        ],
        boutons=True,
    )
    remarque = champ_ligne("Qui a relu, ou ce qui ne va pas", maximum=300, requis=False)


@reserve_a(Role.AGENT)
@require_http_methods(["GET", "HEAD", "POST"])
def langues(request: RequeteConnectee) -> HttpResponse:
    form = RelectureForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        dite = form.cleaned_data
        relire_langue(
            dite["langue"], par=request.user, est_lue=dite["est_lue"] == "oui", remarque=dite["remarque"]
        )
        messages.success(request, "C’est noté. Les pages le disent dans la minute.")
        return redirect("socle:langues")
    journal = RelectureLangue.objects.select_related("par")[:20]
    contexte = {
        "form": form,
        "langues": toutes(),
        "journal": journal,
        "noms": NOMS,
        "a_revoir": textes_a_revoir(),
    }
    return render(request, "socle/langues.html", contexte)
