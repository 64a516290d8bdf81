"""Annual report: data, texts, PDF, frozen when the report is arrêté, then published."""

from django.db.models import Min
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from ccspl.models import INSTANCE, RapportAnnuel, ReglementCommission
from ccspl.rapport import actes
from ccspl.rapport.actes import AnneeForm
from ccspl.rapport.lectures import donnees_du_rapport
from participation.seances.models import Seance
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Document
from participation.socle.views.pages import Page, pages_de
from participation.socle.workflow import Role


def annees() -> list[int]:
    """Return the years of reports, this one first: its data can already be read."""
    courante = timezone.localdate().year
    debut = Seance.objects.filter(instance__cle=INSTANCE).aggregate(n=Min("debut"))["n"]
    premiere = min(timezone.localdate(debut).year if debut else courante, courante - 1)
    return list(range(courante, premiere - 1, -1))


@reserve_a(Role.AGENT, Role.ELU)
@require_safe
def rapport_annuel(request: RequeteConnectee) -> HttpResponse:
    """The report of a year. Once it is arrêté, the page shows the data of the PDF instead of current data."""
    form = AnneeForm(request.GET or None, annees=annees(), choisie=timezone.localdate().year - 1)
    annee = form.annee_choisie()
    rapport = RapportAnnuel.de(annee)
    document = rapport.document
    est_arrete = rapport.arrete_le is not None
    donnees = document.donnees if est_arrete and document else donnees_du_rapport(annee)
    return render(
        request,
        "ccspl/vie/rapport.html",
        {
            "app": "ccspl",
            "form": form,
            "rapport": rapport,
            "document": document,
            "est_pret": document is not None and document.etat == Document.Etat.PRET,
            "textes_changes": rapport.textes_changes,
            "actes": rapport.actes_permis_a(request.user),
            "limite": ReglementCommission.actuel().limite_du_rapport(annee),
            **donnees,
            "annee": annee,
            "introduction": rapport.introduction,
            "conclusions": rapport.conclusions,
        },
    )


def rapport_de(request: RequeteConnectee, annee: int) -> RapportAnnuel:
    if annee not in annees():
        raise Http404
    return RapportAnnuel.de(annee)


PAGES: dict[str, Page[RapportAnnuel]] = pages_de(RapportAnnuel, actes)
