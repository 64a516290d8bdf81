"""Pages of the tables taken up: the file, the mapping of its columns, what became of its rows, those refused."""

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from participation.engagements.models import Collectif, Reprise
from participation.engagements.reprises.actes import (
    FichierForm,
    RelierForm,
    ouvrir_reprise,
    reprendre_propositions,
)
from participation.socle.erreurs import ErreurMetier
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.views.exports import lignes_refusees
from participation.socle.workflow import Role

MONTREES, REFUS_MONTRES, EXTRAIT = 20, 50, 5


@reserve_a(Role.AGENT)
@require_http_methods(["GET", "HEAD", "POST"])
def reprises(request: RequeteConnectee) -> HttpResponse:
    """Last tables, with the form of a new one."""
    form = FichierForm(request.POST or None, request.FILES or None, objet=None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(
                ouvrir_reprise(
                    form.cleaned_data["collectif"], par=request.user, fichier=form.cleaned_data["fichier"]
                )
            )
        except ErreurMetier as erreur:
            form.add_error("fichier", erreur.message)
    return render(
        request,
        "engagements/reprises.html",
        {
            "form": form,
            "des_collectifs": Collectif.objects.exists(),
            "reprises": Reprise.objects.select_related("par", "collectif").defer("lignes", "refus")[
                :MONTREES
            ],
        },
    )


@reserve_a(Role.AGENT)
@require_http_methods(["GET", "HEAD", "POST"])
def reprise(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Mapping of columns before it is taken up, then what became of the rows."""
    choisie = get_object_or_404(Reprise.objects.select_related("par", "collectif"), pk=pk)
    if choisie.etat == Reprise.Etat.FINIE:
        return render(
            request, "engagements/reprise.html", {"choisi": choisie, "refus": choisie.refus[:REFUS_MONTRES]}
        )
    form = RelierForm(request.POST or None, objet=choisie)
    if request.method == "POST" and form.is_valid():
        try:
            reprendre_propositions(
                choisie.pk,
                par=request.user,
                relies=form.relies(),
                publier=form.cleaned_data["publier"],
                demander=form.cleaned_data["demander"],
            )
            return redirect(choisie)
        except ErreurMetier as erreur:
            form.add_error(None, erreur.message)
    extrait = [ligne[: len(choisie.entetes)] for _, ligne in choisie.lignes[:EXTRAIT]]
    return render(
        request, "engagements/reprise_colonnes.html", {"choisi": choisie, "form": form, "extrait": extrait}
    )


@reserve_a(Role.AGENT)
@require_safe
def refus(request: RequeteConnectee, pk: int) -> StreamingHttpResponse:
    choisie = get_object_or_404(Reprise, pk=pk)
    return lignes_refusees(f"propositions-refusees-{choisie.pk}", choisie.entetes, choisie.refus)
