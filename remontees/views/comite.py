"""Page that fills the agenda of the comité de suivi."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from participation.seances.models import Instance
from participation.socle.francais import accorder
from participation.socle.http import RequeteConnectee, reserve_a
from participation.socle.views.pages import essayer
from participation.socle.workflow import Role
from remontees.actions.comite import remplir_le_comite
from remontees.forms.comite import PreparerComiteForm
from remontees.lectures.comite import candidats, seances_du_comite
from remontees.workflow import INSTANCE


@reserve_a(Role.AGENT)
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
        "remontees/comite.html",
        {
            "form": form,
            "candidats": lus,
            "seances": seances_du_comite(),
            "comite": Instance.objects.filter(cle=INSTANCE).first(),
        },
    )
