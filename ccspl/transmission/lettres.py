"""Letters about an adopted avis: to its recipients, then to its authors."""

from collections.abc import Sequence

from django.urls import reverse

from ccspl.avis import aux_membres
from ccspl.models import Avis, Transmission
from participation.socle.courriels.ecriture import ecrire
from participation.socle.models import Courriel
from participation.suites.abonnements import prevenir_abonnes
from participation.suites.models import Suite


def transmettre(
    transmission: Transmission, *, adresses: Sequence[str], pdf: bytes, suites: Sequence[Suite]
) -> Courriel | None:
    """Send the avis with its PDF and the signed link of acknowledgement; a direction also gets its own
    suites."""
    avis = transmission.avis
    return ecrire(
        "ccspl/transmettre",
        a=adresses,
        dossier=avis,
        repondre_a=avis.agent.courriel if avis.agent else "",
        cle=f"transmettre:{transmission.pk}",
        pieces=[(f"{avis.reference}.pdf", "application/pdf", pdf)] if pdf else [],
        contexte={
            "avis": avis,
            "transmission": transmission,
            "suites": suites,
            "lien": reverse("ccspl:accuser", args=[transmission.jeton()]),
        },
    )


def repondre(avis: Avis) -> None:
    """Tell members and followers that every préconisation has its answer."""
    cle = f"repondre:{avis.pk}"
    suites = list(avis.suites.select_related("direction"))
    aux_membres(avis, "repondre", cle=cle, lien=avis.get_public_url(), suites=suites, desabonnement="")
    prevenir_abonnes(avis, "ccspl/repondre", {"avis": avis, "suites": suites}, cle=cle)
