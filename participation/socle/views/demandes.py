"""The page where somebody answers what was asked, by the signed link of the letter, without an account."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from participation.socle.actions.demandes import repondre_demande
from participation.socle.erreurs import ActeInterdit
from participation.socle.forms.demandes import RepondreDemandeForm
from participation.socle.http import publique
from participation.socle.liens import LienInvalide
from participation.socle.models import Demande


@publique
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def repondre_demande_par_lien(request: HttpRequest, jeton: str) -> HttpResponse:
    demande = _demande(jeton)
    if demande is None:
        return render(request, "socle/repondre_demande_inconnue.html", status=404)
    ailleurs = demande.dossier.enfant.lien_reponse(demande)
    if ailleurs != reverse("socle:repondre_demande", args=[demande.jeton()]):
        return redirect(ailleurs)
    if request.method != "POST":
        if not demande.est_ouverte or demande.dossier.clos_le is not None:
            return _close(request, demande)
        return _question(request, demande, RepondreDemandeForm(demande=demande))

    form = RepondreDemandeForm(request.POST, demande=demande)
    if form.is_valid():
        try:
            repondre_demande(demande, reponse=form.cleaned_data["reponse"], nom=form.cleaned_data["nom"])
        except ActeInterdit:
            demande.refresh_from_db()
            return _close(request, demande, perdue=form.cleaned_data["reponse"], status=409)
        except ValidationError as refus:
            form.add_error(None, refus)
        else:
            return redirect("socle:repondre_demande", jeton)
    return _question(request, demande, form)


def _demande(jeton: str) -> Demande | None:
    try:
        numero = Demande.LIEN.lire(jeton)
    except LienInvalide:
        return None
    return (
        Demande.objects.select_related("dossier", "direction", "commune", "compte", "par")
        .filter(pk=numero)
        .first()
    )


def _question(request: HttpRequest, demande: Demande, form: RepondreDemandeForm) -> HttpResponse:
    return render(
        request,
        "socle/repondre_demande.html",
        {"demande": demande, "dossier": demande.dossier.enfant, "form": form},
    )


def _close(request: HttpRequest, demande: Demande, *, perdue: str = "", status: int = 200) -> HttpResponse:
    """What became of the demande. `perdue`: an answer typed for nothing, shown so that it can be copied."""
    return render(
        request,
        "socle/repondre_demande_close.html",
        {"demande": demande, "dossier": demande.dossier.enfant, "perdue": perdue},
        status=status,
    )
