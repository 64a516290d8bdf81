"""Letters about a procès-verbal: submitted, approved, corrected."""

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from participation.seances.models import VersionPV
from participation.socle.courriels.ecriture import Destinataire, ecrire_a_plusieurs


def soumettre(version: VersionPV) -> None:
    _ecrire("soumettre_pv", version)


def approuver(version: VersionPV) -> None:
    _ecrire("approuver_pv", version)


def corriger(version: VersionPV) -> None:
    _ecrire("corriger_pv", version)


def _ecrire(lettre: str, version: VersionPV) -> None:
    """Write to everybody convened to the séance; to those who have left since, only if they attended."""
    pv = version.proces_verbal
    adresses = (
        pv.seance.convies.filter(
            Q(retire_le__isnull=True) & (Q(membre__au__isnull=True) | Q(membre__au__gte=timezone.localdate()))
            | Q(presences__isnull=False),
            convoque_le__isnull=False,
        )
        .order_by("membre__compte__courriel")
        .values_list("membre__compte__courriel", flat=True)
        .distinct()
    )
    ecrire_a_plusieurs(
        f"seances/{lettre}",
        [Destinataire(adresse) for adresse in adresses],
        cle=f"{lettre}:{version.pk}",
        contexte={
            "pv": pv,
            "version": version,
            "seance": pv.seance,
            "instance": pv.seance.instance,
            "lien": reverse("seances:lire_proces_verbal", args=[pv.seance_id]),
        },
    )
