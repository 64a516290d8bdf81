"""Letters about what a panel is answered: to its members. Who only wants news follows it (`suites/abonnements`)."""

from typing import Any

from participation.panels.models import Panel
from participation.seances.models import Membre
from participation.socle.courriels.ecriture import Destinataire, ecrire_a_plusieurs
from participation.suites.models import ChangementSuite, Suite


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
