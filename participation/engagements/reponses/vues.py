"""Pages of the réponses argumentées: the public one, the list and the dossier for agents and the élu in charge."""

from typing import Any

from django.db.models.functions import Length
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from participation.engagements.models import ReponseArgumentee
from participation.engagements.propositions.actes import SENS
from participation.engagements.reponses.actes import LIVRET
from participation.engagements.trouver import reponse_du_bureau
from participation.socle.http.decorateurs import ROLES_BUREAU, gardable, publique, reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.views.dossier import boutons_de, ou_se_lit, page_dossier
from participation.socle.workflow import Role


def _lignes(reponse: ReponseArgumentee) -> Any:
    return reponse.lignes.select_related("proposition__collectif", "reponse").order_by(
        Length("proposition__numero"), "proposition__numero", "proposition__reference"
    )


@publique
@require_safe
@gardable(300)
def reponse(request: HttpRequest, reference: str) -> HttpResponse:
    """The whole answer, proposition by proposition."""
    publiees: Any = ReponseArgumentee.objects.filter(est_publie=True)
    trouvee = get_object_or_404(publiees.select_related("collectif"), reference=reference)
    livret = trouvee.documents.filter(nature=LIVRET, est_public=True, etat="pret").order_by("-pk").first()
    return render(
        request,
        "engagements/reponse.html",
        {
            "reponse": trouvee,
            "dossier": trouvee,
            "lignes": _lignes(trouvee),
            "sens": dict(SENS),
            "livret": livret,
        },
    )


@reserve_a(Role.AGENT, Role.ELU)
@require_safe
def dossiers_reponses(request: RequeteConnectee) -> HttpResponse:
    vues: Any = ReponseArgumentee.objects.visibles_par(request.user)
    if not request.user.est_agent:
        vues = vues.filter(elu=request.user.pk)
    return render(
        request,
        "engagements/dossiers_reponses.html",
        {
            "reponses": vues.select_related("collectif", "elu").order_by("-ouvert_le", "-pk"),
            "est_agent": request.user.est_agent,
        },
    )


@reserve_a(*ROLES_BUREAU)
@require_safe
def dossier_reponse(request: RequeteConnectee, pk: int) -> HttpResponse:
    trouvee = reponse_du_bureau(request, pk)
    if not request.user.est_agent and trouvee.elu_id != request.user.pk:
        return ou_se_lit(trouvee)
    return page_dossier(
        request,
        trouvee,
        "engagements/dossier_reponse.html",
        {
            "lignes": [(ligne, boutons_de(ligne, request.user)) for ligne in _lignes(trouvee)],
            "sens": dict(SENS),
        },
    )
