"""Letters about a suite to its direction, and of its changes to the followers of the dossier.

The authors of the dossier are told by their own app, through the signal `suite_changee`.
"""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils import timezone

from participation.socle.courriels.ecriture import ecrire
from participation.socle.models import Courriel, Direction
from participation.suites.abonnements import prevenir_abonnes
from participation.suites.models import ChangementSuite, Suite


def ecrire_a_propos(
    lettre: str, suite: Suite, a: Sequence[str], *, cle: str | None = None, **autres: Any
) -> Courriel | None:
    """Write a letter about the suite, with the signed link to the answer page of its direction."""
    lien = reverse("suites:repondre", args=[suite.jeton()])
    contexte = {"suite": suite, "dossier": suite.dossier, "lien": lien, **autres}
    return ecrire(f"suites/{lettre}", a=a, dossier=suite.dossier, cle=cle, contexte=contexte)


def ajouter_suite(suite: Suite) -> None:
    """Tell the direction what is asked or promised, and for which day, with its link to answer."""
    ecrire_a_propos("ajouter_suite", suite, suite.direction.adresses(), cle=f"suite:{suite.pk}")


def relancer(suite: Suite, *, mot: str) -> bool:
    """Remind the direction. Return False when today's reminder was already written."""
    cle = f"relance-suite:{suite.pk}:{timezone.localdate():%Y%m%d}"
    return ecrire_a_propos("relancer", suite, suite.direction.adresses(), cle=cle, mot=mot) is not None


def changer_direction(suite: Suite, *, ancienne: Direction, motif: str) -> None:
    """Write to both directions: to the new one with its link, and to the former one."""
    for direction in (suite.direction, ancienne):
        est_nouvelle = direction == suite.direction
        ecrire_a_propos(
            "changer_direction",
            suite,
            direction.adresses(),
            ancienne=ancienne,
            motif=motif,
            est_nouvelle=est_nouvelle,
        )


def changer_etat(suite: Suite, *, changement: ChangementSuite) -> None:
    """Tell the followers, except the addresses that the app already wrote to about this change."""
    if suite.est_publiee:
        prevenir_abonnes(
            suite.dossier,
            "suites/changer_etat",
            {"suite": suite, "changement": changement},
            cle=changement.cle_lettre,
        )
