"""Follow-up of the quartiers: list, page of a quartier, pages of the acts, photos."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from contrat_ville.models import GroupeDiscussion, ObservationQuartier, ReunionQuartier, SuiviQuartier
from contrat_ville.quartiers import lectures
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.views.dossier import boutons_de, pages_du_journal
from participation.socle.views.fichiers import servir
from participation.socle.views.trouver import par_numero_visible
from participation.socle.vitrine import recueillir
from participation.socle.workflow import Role

LECTEURS = (Role.AGENT, Role.AGENT_COMMUNE)
PAR_PAGE = 20
trouver_quartier = par_numero_visible(SuiviQuartier, "quartier__commune")


def trouver_reunion(request: RequeteConnectee, pk: int) -> ReunionQuartier:
    reunion = get_object_or_404(ReunionQuartier.objects.select_related("quartier_suivi"), pk=pk)
    reunion.quartier_suivi = trouver_quartier(request, reunion.quartier_suivi_id)
    return reunion


def trouver_observation(request: RequeteConnectee, pk: int) -> ObservationQuartier:
    observation = get_object_or_404(ObservationQuartier.objects.select_related("quartier_suivi"), pk=pk)
    observation.quartier_suivi = trouver_quartier(request, observation.quartier_suivi_id)
    return observation


@reserve_a(*LECTEURS)
@require_safe
def quartiers_suivis(request: RequeteConnectee) -> HttpResponse:
    return render(
        request, "contrat_ville/quartiers/liste.html", {"quartiers": lectures.quartiers_suivis(request.user)}
    )


@reserve_a(*LECTEURS)
@require_safe
def quartier_suivi(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Page of a quartier, for the screen and for print: figures of all apps, projets, groups, notes."""
    suivi, compte = trouver_quartier(request, pk), request.user
    reunions = Paginator(suivi.reunions.select_related("par", "quartier_suivi"), PAR_PAGE)
    observations = Paginator(suivi.observations.select_related("par", "quartier_suivi"), PAR_PAGE)
    return render(
        request,
        "contrat_ville/quartiers/quartier.html",
        {
            "suivi": suivi,
            "quartier": suivi.quartier,
            "referents": suivi.referents.all(),
            "boutons": boutons_de(suivi, compte),
            "actes": suivi.actes_permis_a(compte),
            "peut_preparer_groupe": GroupeDiscussion(suivi=suivi).permet("preparer_groupe", compte),
            "chiffres": list(recueillir("chiffres_du_quartier", suivi.quartier, compte)),
            "projets": lectures.projets_du_quartier(suivi.quartier, compte),
            "groupes": lectures.groupes_du_quartier(suivi),
            "reunions": reunions.get_page(request.GET.get("reunions")),
            "observations": observations.get_page(request.GET.get("observations")),
            "journal": pages_du_journal(request, suivi),
        },
    )


@reserve_a(*LECTEURS)
@require_safe
def photo_observation(request: RequeteConnectee, pk: int) -> HttpResponseBase:
    observation = trouver_observation(request, pk)
    if not observation.photo:
        raise Http404
    return servir(
        request,
        observation.photo,
        nom=f"observation-{observation.pk}",
        type_mime=observation.type_photo,
        empreinte=observation.sha256,
        est_public=False,
    )
