"""Pages to programme a séance and to change it."""

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from participation.seances.models import Seance
from participation.seances.preparation import actes
from participation.seances.preparation.actes import ProgrammerForm
from participation.socle.http.requete import RequeteConnectee
from participation.socle.views.pages import Page, page_acte, pages_de


@require_http_methods(["GET", "HEAD", "POST"])
def seance_a_programmer(request: RequeteConnectee) -> HttpResponse:
    nature = request.GET.get("nature", "")
    seance = Seance(nature=nature if nature in Seance.Nature.values else Seance.Nature.PLENIERE)
    seance.cle_demandee = request.GET.get("instance", "")  # type: ignore[attr-defined]  # for the form
    return page_acte(request, seance, "programmer", PROGRAMMER)


PROGRAMMER: Page[Seance] = Page(
    lambda _, par, instance, **reponses: actes.programmer(instance, par=par, **reponses),
    ProgrammerForm,
    "Elle est régie par le règlement en vigueur ce jour-là. Personne n’est prévenu avant la convocation.",
    succes="La séance est programmée : préparez son ordre du jour.",
    retour=lambda _, faite: faite.get_absolute_url() if faite else reverse("seances:seances"),
    gabarit="seances/programmer.html",
)


PAGES: dict[str, Page[Seance]] = pages_de(Seance, actes)
