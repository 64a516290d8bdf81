"""What the floors below tell the CCSPL: a séance has decided on an avis, a suite has its answer. In the act's own transaction."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction

from ccspl.actions import transmission
from ccspl.actions import vote as votes
from ccspl.models import Avis
from ccspl.workflow import Etat
from participation.seances.models import PointDossier, Vote
from participation.socle.actions import consigner
from participation.socle.actions.avancer import verrouiller
from participation.socle.francais import jour_texte
from participation.socle.models import Compte
from participation.suites.models import Suite

ACTES: Mapping[str, Callable[..., None]] = {"adopter": votes.adopter, "rejeter": votes.rejeter}


def appliquer_decision(
    sender: Any,
    *,
    point_dossier: PointDossier,
    decision: str,
    par: Compte,
    reponses: Mapping[str, Any],
    vote: Vote | None = None,
    **autres: Any,
) -> None:
    """Receives `decision_prise`. Raises what the act raises: the séance then keeps nothing either."""
    avis = Avis.objects.filter(pk=point_dossier.dossier_id).first()
    if avis is None or decision not in ACTES:
        return
    ACTES[decision](avis, par=par, **reponses)
    seance = point_dossier.point.seance
    consigner(
        avis,
        "decider_en_seance",
        par=par,
        fait=f"Décidé en séance du {jour_texte(seance.jour)}",
        details={"seance": seance.pk, "point": point_dossier.point_id, "vote": vote.pk if vote else None},
        est_publique=True,
    )


def constater_reponse(sender: Any, *, suite: Suite, **autres: Any) -> None:
    """Receives `suite_changee`: when the last answer comes, the avis is answered and its members are told."""
    avis: Any = Avis.objects.filter(pk=suite.dossier_id, etat=Etat.TRANSMIS).first()
    if avis is None or not suite.est_repondue:
        return
    with transaction.atomic():
        verrouiller(avis)  # two last answers at once: one of them sees the other
        if avis.etat == Etat.TRANSMIS and not avis.manques("repondre", None):
            transmission.repondre(avis, par=None)
