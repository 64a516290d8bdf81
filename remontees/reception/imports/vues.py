"""Pages of imports: file, mapping of columns, progress, refused rows."""

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from participation.socle.erreurs import ErreurMetier
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.views.exports import lignes_refusees
from participation.socle.workflow import Role
from remontees.models import Import
from remontees.reception.imports import actes
from remontees.reception.imports.actes import FichierForm, RelierForm

MONTRES, REJETS_MONTRES = 20, 50


@reserve_a(Role.AGENT)
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: RequeteConnectee) -> HttpResponse:
    """Last imports, with the form of a new one."""
    form = FichierForm(request.POST or None, request.FILES or None, objet=None)
    if request.method == "POST" and form.is_valid():
        try:
            nouveau = actes.ouvrir_import(form.cleaned_data["fichier"], par=request.user)
            return redirect(nouveau)
        except ErreurMetier as erreur:
            form.add_error("fichier", erreur.message)
    return render(
        request,
        "remontees/imports.html",
        {"form": form, "imports": Import.objects.select_related("par")[:MONTRES]},
    )


@reserve_a(Role.AGENT)
@require_http_methods(["GET", "HEAD", "POST"])
def import_fichier(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Mapping of columns before the start, then progress."""
    choisi = get_object_or_404(Import.objects.select_related("par"), pk=pk)
    if choisi.etat != Import.Etat.A_RELIER:
        return render(
            request,
            "remontees/import_etat.html",
            {"choisi": choisi, "rejets": choisi.lignes_rejetees.all()[:REJETS_MONTRES]},
        )
    form = RelierForm(request.POST or None, objet=choisi)
    if request.method == "POST" and form.is_valid():
        try:
            actes.lancer_import(choisi.pk, relies=form.relies())
            messages.success(request, "L’import commence.")
            return redirect(choisi)
        except ErreurMetier as erreur:
            form.add_error(None, erreur.message)
    reponse = render(
        request,
        "remontees/import_colonnes.html",
        {"choisi": choisi, "form": form, "extrait": choisi.extrait or []},
    )
    if "HX-Request" in request.headers:  # the page of the reading asks whether it is over
        reponse["HX-Refresh"] = "true"
    return reponse


@reserve_a(Role.AGENT)
@require_safe
def rejets(request: RequeteConnectee, pk: int) -> StreamingHttpResponse:
    """CSV of the refused rows with the reason, to be corrected and imported again."""
    choisi = get_object_or_404(Import, pk=pk)

    rejetees = choisi.lignes_rejetees.iterator(chunk_size=1000)
    return lignes_refusees(
        f"lignes-refusees-{choisi.pk}",
        choisi.entetes,
        ({"valeurs": r.valeurs, "ligne": r.numero, "raison": r.raison} for r in rejetees),
    )
