"""Table of the délibération: a spreadsheet written on request, a PDF made by the worker."""

from django.http import Http404, HttpResponseBase
from django.views.decorators.http import require_safe

from contrat_ville.comites.deliberation import actes, lectures
from contrat_ville.models import Programmation
from contrat_ville.trouver import programmation_du_bureau
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.views.exports import Tableau, donner
from participation.socle.views.pages import Page, pages_de
from participation.socle.workflow import Role


@reserve_a(Role.AGENT)
@require_safe
def deliberation_xlsx(request: RequeteConnectee, pk: int) -> HttpResponseBase:
    programmation = programmation_du_bureau(request, pk)
    if programmation.etat not in lectures.ARRETEES:
        raise Http404
    lue = lectures.deliberation_de(programmation)
    return donner(
        request,
        Tableau(
            f"deliberation-contrat-de-ville-{programmation.annee}",
            lectures.entetes(lue),
            lambda: lectures.lignes_du_tableau(lue),
            total=lue.combien,
            forme="xlsx",
            titre=f"Délibération, {programmation.titre}",
        ),
    )


PAGES: dict[str, Page[Programmation]] = pages_de(Programmation, actes)
