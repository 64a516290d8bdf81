"""The page where a member of a panel, or somebody of its team, answers."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from participation.panels.models import Panel
from participation.panels.questionnaires import actes
from participation.panels.workflow import Public
from participation.seances.models import Membre
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte
from participation.socle.views.pages import essayer, lier


def public_de(panel: Panel, compte: Compte) -> str:
    """Return which questionnaire is for this account; "" for neither: it sits in the panel, or works for it."""
    if (
        panel.instance is not None
        and Membre.objects.de_l_instance(panel.instance).filter(compte=compte).exists()
    ):
        return Public.MEMBRES
    if compte.est_agent or panel.equipe.filter(compte=compte).exists():
        return Public.ORGANISATEURS
    return ""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def questionnaire_a_remplir(request: RequeteConnectee, cle: str) -> HttpResponse:
    panel: Any = get_object_or_404(Panel.objects.select_related("reglement", "instance"), cle=cle)
    public = public_de(panel, request.user)
    if not public or panel.questionnaires_le is None:
        raise Http404
    if (refus := panel.refus("repondre_questionnaire", None)) is not None:
        raise refus
    classe = type("SienForm", (actes.QuestionnaireForm,), {"public": public})
    form = lier(request, classe, panel)
    if form.is_valid():
        essayer(
            form,
            lambda: actes.repondre_questionnaire(panel, request.user, public=public, **form.cleaned_data),
        )
        if not form.errors:
            messages.success(request, "Merci. Votre réponse est enregistrée ; vous pouvez la changer.")
            return redirect(
                panel.get_absolute_url()
                if request.user.est_agent
                else reverse("seances:espace")
                if public == Public.MEMBRES
                else request.path
            )
    return render(
        request, "panels/questionnaire.html", {"panel": panel, "form": form, "public": Public(public).label}
    )
