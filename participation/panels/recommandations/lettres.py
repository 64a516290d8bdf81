"""Letters about what a panel recommends, to who asked for it; about what it is answered, to its members.

Who only wants news follows it (`suites/abonnements`).
"""

from typing import Any

from participation.panels.models import Panel
from participation.seances.models import Membre
from participation.socle.courriels.ecriture import Destinataire, ecrire, ecrire_a_plusieurs
from participation.socle.courriels.lettres import adresses_du_service
from participation.suites.models import ChangementSuite, Suite


def dire_les_recommandations(panel: Panel, *, adoptees: int) -> None:
    """Tell who follows the dossier that waits for the panel: its opinion is there to be received."""
    origine = panel.origine
    if origine is None:
        return
    ecrire(
        "panels/adopter_recommandations",
        a=[origine.agent.courriel] if origine.agent is not None else adresses_du_service(origine),
        contexte={"panel": panel, "adoptees": adoptees, "lien": origine.enfant.get_absolute_url()},
        dossier=origine,
        cle=f"adopter_recommandations:{panel.pk}",
    )


def changer_suite(suite: Suite, changement: ChangementSuite, **_: Any) -> None:
    """Receiver of `suites.signals.suite_changee`: tell the members of the panel. The `suites` app writes to the followers."""
    if suite.dossier.app != "panels" or not suite.est_publiee:
        return
    panel = Panel.objects.get(pk=suite.dossier_id)
    if panel.instance_id is None:
        return
    membres = Membre.objects.filter(
        pk__in=panel.inscriptions.exclude(membre=None).values("membre"), compte__is_active=True
    )
    ecrire_a_plusieurs(
        "panels/changer_suite",
        [
            Destinataire(adresse)
            for adresse in membres.order_by("pk").values_list("compte__courriel", flat=True)
        ],
        contexte={"suite": suite, "changement": changement, "panel": panel, "lien": panel.get_public_url()},
        dossier=panel,
        cle=changement.cle_lettre,
    )
