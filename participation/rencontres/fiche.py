"""Pages of the rencontres in the back office."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from participation.inscriptions import vues as inscriptions
from participation.rencontres.deroule import lectures
from participation.rencontres.models import Rencontre
from participation.rencontres.recolte.lectures import chiffres_de_l_evaluation, notes_de
from participation.rencontres.tables import tables
from participation.rencontres.trouver import trouver_rencontre
from participation.rencontres.workflow import EtatRencontre
from participation.socle.http.decorateurs import ROLES_BUREAU, reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte
from participation.socle.views.dossier import boutons_de, page_dossier
from participation.socle.workflow import Role
from participation.suites.lectures import contexte_des_suites

PAR_PAGE = 40


@reserve_a(Role.AGENT, Role.ACCUEIL)
@require_safe
def rencontres(request: RequeteConnectee) -> HttpResponse:
    est_agent = request.user.est_agent
    siennes: Any = Rencontre.objects.all()
    if not est_agent:
        siennes = siennes.filter(etat=EtatRencontre.OUVERTE)
    page = Paginator(siennes, PAR_PAGE).get_page(request.GET.get("page"))
    lignes = [(r, r.ensuite()) for r in page]
    contexte = {"page": page, "lignes": lignes, "est_agent": est_agent}
    return render(request, "rencontres/rencontres.html", contexte)


@reserve_a(*ROLES_BUREAU)
@require_safe
def rencontre(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Where, who comes, who animates. Whoever is no agent, and may read it, is sent to its public page."""
    if not request.user.est_agent:
        return redirect(get_object_or_404(Rencontre.objects.publiques(), pk=pk).get_public_url())
    trouvee = trouver_rencontre(request, pk)
    return page_dossier(
        request, trouvee, "rencontres/rencontre.html", contexte(request, trouvee, request.user)
    )


def contexte(request: RequeteConnectee, trouvee: Rencontre, compte: Compte) -> dict[str, Any]:
    return {
        "rencontre": trouvee,
        "actes": trouvee.actes_permis_a(compte),
        **inscriptions.contexte(request, trouvee),
        "animateurs": [(a, boutons_de(a, compte)) for a in trouvee.animateurs.select_related("rencontre")],
        "deroule": lectures.deroule(trouvee),
        "peut_modifier": trouvee.permet("ajouter_bloc", compte),
        "tables": [(table, tours, boutons_de(table, compte)) for table, tours in tables(trouvee)],
        "notes": notes_de(trouvee).count(),
        "evaluation": chiffres_de_l_evaluation(trouvee),
        **contexte_des_suites(trouvee, compte),
    }
