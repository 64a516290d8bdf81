"""The statement of what members are owed, as a table that finance opens."""

from django.http import StreamingHttpResponse
from django.views.decorators.http import require_safe

from participation.panels.indemnites.lectures import dues
from participation.panels.trouver import trouver_panel
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.views.exports import en_csv
from participation.socle.workflow import Role

ENTETES = ("Membre", "Séance", "Jour", "Minutes", "Heures", "Somme due")


@reserve_a(Role.AGENT)
@require_safe
def indemnites_csv(request: RequeteConnectee, pk: int) -> StreamingHttpResponse:
    panel = trouver_panel(request, pk)
    lignes = (
        (due.nom, due.seance.titre, due.seance.jour.date(), due.minutes, due.heures, due.somme)
        for due in dues(panel)
    )
    return en_csv(f"indemnites-{panel.cle}", ENTETES, lignes)
