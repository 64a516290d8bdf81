"""Back office pages of the instances: règlement, mandatures, collèges."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from participation.seances.instances import actes
from participation.seances.instances.actes import InstanceForm
from participation.seances.instances.lectures import avec_places, colleges_de
from participation.seances.instances.regles import regles
from participation.seances.models import Election, Instance
from participation.seances.workflow import EtatElection
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.views.dossier import pages_du_journal
from participation.socle.views.pages import Page, page_acte
from participation.socle.workflow import Role

PAR_PAGE = 25


ENTREES_MONTREES = 15


SEANCES_MONTREES = 6


@reserve_a(Role.AGENT)
@require_safe
def instances(request: RequeteConnectee) -> HttpResponse:
    page = Paginator(avec_places(Instance.objects.order_by("-est_active", "nom")), PAR_PAGE).get_page(
        request.GET.get("page")
    )
    return render(
        request, "seances/instances/instances.html", {"page": page, "annee": timezone.localdate().year}
    )


@reserve_a(Role.AGENT)
@require_safe
def instance(request: RequeteConnectee, cle: str) -> HttpResponse:
    """Show an instance: rules, mandature, collèges and members, coming séances, journal."""
    instance = get_object_or_404(Instance, cle=cle)
    mandatures = list(instance.mandatures.all())
    courante = instance.mandature_du()
    demandee = request.GET.get("mandature", "")
    mandature = next((m for m in mandatures if str(m.pk) == demandee), None) or courante
    mandature = mandature or (mandatures[0] if mandatures else None)
    if mandature is not None:
        mandature.instance = instance
    reglement = instance.reglement_du()
    return render(
        request,
        "seances/instances/instance.html",
        {
            "instance": instance,
            "app": instance.app,
            "mandatures": mandatures,
            "mandature": mandature,
            "est_courante": mandature == courante,
            "actes_mandature": mandature.actes_permis_a(request.user) if mandature else [],
            "colleges": colleges_de(mandature) if mandature else [],
            "elections_faites": Election.objects.filter(etat=EtatElection.ELUE).exists(),
            "reglement": reglement,
            "regles": regles(reglement) if reglement else [],
            "reglements": list(instance.reglements.all()),
            "seances": instance.seances.a_venir().filter(debut__gte=timezone.now())[:SEANCES_MONTREES],
            "journal": pages_du_journal(request, instance, ENTREES_MONTREES),
            "annee": timezone.localdate().year,
            "jour": timezone.localdate(),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def creer_instance(request: RequeteConnectee) -> HttpResponse:
    return page_acte(request, Instance(), "creer_instance", CREER)


CREER: Page[Instance] = Page(
    lambda _, par, **reponses: actes.creer_instance(par=par, **reponses),
    InstanceForm,
    succes="L’instance est créée. Écrivez son règlement, puis ouvrez une mandature.",
    retour=lambda _, creee: creee.get_absolute_url() if creee else reverse("seances:instances"),
)
