"""Page to request a report and find the former ones."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from participation.socle.http import RequeteConnectee, reserve_a
from participation.socle.models import Document
from participation.socle.views.pages import essayer
from participation.socle.workflow import Role
from remontees.actions.rapport import NATURE, demander_rapport
from remontees.forms.rapport import RapportForm

MONTRES = 20


@reserve_a(Role.AGENT)
def rapport(request: RequeteConnectee) -> HttpResponse:
    form = RapportForm(request.POST or None)
    if form.is_valid():
        essayer(form, lambda: demander_rapport(par=request.user, **form.cleaned_data))
        if not form.errors:
            messages.success(request, "Le rapport se prépare : il s’affiche ici dès qu’il est prêt.")
            return redirect("remontees:rapport")
    documents = Document.objects.filter(nature=NATURE).order_by("-pk")[:MONTRES]
    return render(request, "remontees/rapport.html", {"form": form, "documents": documents})
