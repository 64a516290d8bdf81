"""Page of the statistics for agents."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.workflow import Role
from remontees.comite.signaux import lectures
from remontees.comite.signaux.regles import TAUX
from remontees.models import ReglementRemontees

PEU_ENTENDUS = 12


@reserve_a(Role.AGENT)
@require_safe
def page_des_signaux(request: RequeteConnectee) -> HttpResponse:
    """Unusual growth, counts by week, places least heard."""
    trouves, regardees = lectures.signaux_faibles()
    semaines, themes = lectures.chaleur("theme")
    _, canaux = lectures.chaleur("canal")
    communes, quartiers = lectures.peu_entendus()
    return render(
        request,
        "remontees/signaux.html",
        {
            "signaux": trouves,
            "regardees": regardees,
            "taux": round(TAUX * 100),
            "semaines_passees": lectures.SEMAINES,
            "semaines": semaines,
            "tables": [("Par thème", themes), ("Par canal", canaux)],
            "lieux": [
                ("Communes", communes[:PEU_ENTENDUS]),
                ("Quartiers prioritaires", quartiers[:PEU_ENTENDUS]),
            ],
            "secret": ReglementRemontees.actuel().secret_statistique,
        },
    )
