"""Pages that fill the agenda of the comité de suivi and make its report."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from participation.seances.models import Instance
from participation.socle.francais import accorder
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Document
from participation.socle.views.pages import essayer
from participation.socle.workflow import Role
from remontees.comite.actes import (
    NATURE,
    PreparerComiteForm,
    RapportForm,
    demander_rapport,
    remplir_le_comite,
)
from remontees.comite.lectures import candidats, seances_du_comite
from remontees.workflow import INSTANCE


@reserve_a(Role.AGENT)
@require_http_methods(["GET", "HEAD", "POST"])
def preparer(request: RequeteConnectee) -> HttpResponse:
    lus = candidats()
    form = PreparerComiteForm(request.POST or None, candidats=lus)
    if form.is_valid():
        seance, choisis = form.cleaned_data["seance"], set(form.cleaned_data["choisis"])
        dossiers = [candidat.dossier for candidat in lus if candidat.cle in choisis]
        essayer(form, lambda: remplir_le_comite(seance, dossiers, par=request.user))
        if not form.errors:
            messages.success(
                request, f"{accorder(len(dossiers), 'point')} à l’ordre du jour de « {seance} »."
            )
            return redirect(seance)
    return render(
        request,
        "remontees/comite/comite.html",
        {
            "form": form,
            "candidats": lus,
            "seances": seances_du_comite(),
            "comite": Instance.objects.filter(cle=INSTANCE).first(),
        },
    )


MONTRES = 20


@reserve_a(Role.AGENT)
@require_http_methods(["GET", "HEAD", "POST"])
def rapport(request: RequeteConnectee) -> HttpResponse:
    form = RapportForm(request.POST or None)
    if form.is_valid():
        essayer(form, lambda: demander_rapport(par=request.user, **form.cleaned_data))
        if not form.errors:
            messages.success(request, "Le rapport se prépare : il s’affiche ici dès qu’il est prêt.")
            return redirect("remontees:rapport")
    documents = Document.objects.filter(nature=NATURE).order_by("-pk")[:MONTRES]
    return render(request, "remontees/comite/rapport.html", {"form": form, "documents": documents})
