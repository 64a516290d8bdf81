"""Pages of the études and contrôles: each for all, list and dossier for agents."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from participation.engagements.models import Deliberation, Etude
from participation.engagements.trouver import etude_du_bureau
from participation.socle.http.decorateurs import ROLES_BUREAU, gardable, publique, reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.views.dossier import ou_se_lit, page_dossier
from participation.socle.workflow import Role
from participation.suites.lectures import contexte_des_suites
from participation.suites.models import Suite


@publique
@require_safe
@gardable(300)
def etude(request: HttpRequest, reference: str) -> HttpResponse:
    publiees: Any = Etude.objects.filter(est_publie=True)
    trouvee: Etude = get_object_or_404(publiees.select_related("instance", "piece"), reference=reference)
    return render(
        request,
        "engagements/etude.html",
        {
            "etude": trouvee,
            "dossier": trouvee,
            "suites": Suite.objects.a_montrer().filter(dossier=trouvee.pk),
            "deliberation": Deliberation.objects.filter(numero=trouvee.deliberation).first(),
            "histoire": trouvee.journal.filter(est_publique=True).order_by("-le", "-pk"),
        },
    )


@reserve_a(Role.AGENT)
@require_safe
def dossiers_etudes(request: RequeteConnectee) -> HttpResponse:
    toutes: Any = Etude.objects.visibles_par(request.user)
    etudes = toutes.select_related("instance").order_by("-annee", "-pk")
    return render(request, "engagements/dossiers_etudes.html", {"etudes": etudes})


@reserve_a(*ROLES_BUREAU)
@require_safe
def dossier_etude(request: RequeteConnectee, pk: int) -> HttpResponse:
    trouvee = etude_du_bureau(request, pk)
    if not request.user.est_agent:
        return ou_se_lit(trouvee)
    return page_dossier(
        request, trouvee, "engagements/dossier_etude.html", contexte_des_suites(trouvee, request.user)
    )
