"""Page of a signed link where who asked says whether it is done; words to read, in the back office."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from participation.socle.actions.moderation import decisions_sur
from participation.socle.forms.champs import champ_texte
from participation.socle.francais import accorder
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.langues import FRANCAIS
from participation.socle.models import Dossier
from participation.socle.views.liens import lien_inconnu, papier_a_garder, personnelle
from participation.socle.views.pages import Page, pages
from participation.socle.workflow import Role
from participation.suites.models import Sollicitation
from participation.suites.rendu_compte.lectures import adresse_publique
from participation.suites.verdicts import actes
from participation.suites.workflow import Jugement


class JugerForm(forms.Form):
    """One suite of the page: a button, or a word."""

    verdict = forms.IntegerField(widget=forms.HiddenInput)
    jugement = forms.ChoiceField(choices=Jugement.choices, required=False)
    mot = champ_texte("Un mot, si vous voulez", maximum=600, lignes=3, requis=False)


def _inconnu(request: HttpRequest) -> HttpResponse:
    return lien_inconnu(request, "aucune question")


@personnelle(lambda jeton: Sollicitation.LIEN.trouver(jeton, Sollicitation.objects.all()), _inconnu)
def page_pour_juger(request: HttpRequest, demande: Sollicitation, jeton: str) -> HttpResponse:
    """A GET saves nothing, since mail scanners open links. A button saves the verdict; a word may follow."""
    verdicts = {
        verdict.pk: verdict
        for verdict in demande.verdicts.select_related("suite__direction", "suite__dossier").order_by("pk")
    }
    form = JugerForm(request.POST or None)
    if request.method == "POST":
        if "arret" in request.POST:
            actes.ne_plus_demander(demande)
            return redirect(request.path)
        verdict = verdicts.get(form.cleaned_data["verdict"]) if form.is_valid() else None
        if verdict is not None and (form.cleaned_data["jugement"] or verdict.jugement):
            actes.juger(
                verdict, par=None, jugement=form.cleaned_data["jugement"], mot=form.cleaned_data["mot"]
            )
            return redirect(f"{request.path}#v{verdict.pk}")
    dossiers = Dossier.objects.avec_enfants().in_bulk({v.suite.dossier_id for v in verdicts.values()})
    ecartes = decisions_sur(
        verdict for verdict in verdicts.values() if verdict.mot and not verdict.mot_est_publie
    )
    lignes = [
        (
            verdict,
            ecartes.get(verdict.pk),
            dossiers[verdict.suite.dossier_id],
            adresse_publique(dossiers[verdict.suite.dossier_id]),
        )
        for verdict in verdicts.values()
        if verdict.suite.est_publiee and verdict.suite.dossier.est_publie
    ]
    return render(
        request,
        "suites/juger.html",
        {"demande": demande, "lignes": lignes, "choix": Jugement.choices, "form": form},
    )


@reserve_a(Role.AGENT)
@never_cache
@require_safe
def code_sur_papier(request: RequeteConnectee, pk: int) -> HttpResponse:
    """The sheet just made by `remettre_code`: its code, where to type it, what it opens."""
    demande = get_object_or_404(Sollicitation.remises_ce_jour(), pk=pk)
    suites = demande.verdicts.order_by("suite").values_list("suite", "suite__intitule")
    premiere = suites[0]
    return papier_a_garder(
        request,
        Sollicitation.LIEN,
        demande,
        titre="Dire si c’est fait",
        lignes=[
            f"Ce code ouvre {accorder(len(suites), 'demande')}, et ce que la direction en dit. Dites si c’est fait, quand vous "
            "voulez : votre verdict est public, sans votre nom."
        ],
        langue=FRANCAIS,
        app="metropole",
        retour=(f"Revenir à « {premiere[1]} »", reverse("suites:suite", args=[premiere[0]])),
    )


PAGES_DES_VERDICTS: dict[str, Page[Any]] = pages(actes.publier_mot, actes.ecarter_mot)
