"""Letters to those who follow a dossier by mail."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.urls import reverse
from django.utils import timezone

from participation.socle.courriels import porte
from participation.socle.courriels.ecriture import Destinataire, ecrire_a_plusieurs
from participation.socle.models import Dossier
from participation.suites.models import Abonnement
from participation.suites.rendu_compte.lectures import adresse_publique


def suivre(abonnement: Abonnement) -> None:
    """Send the link that confirms, or the link that stops if the address already follows. One letter a day."""
    porte.ecrire(
        "suites/suivre",
        a=abonnement.courriel,
        sujet=abonnement.dossier,
        dossier=abonnement.dossier,
        cle=f"suivre:{abonnement.cle}:{timezone.localdate():%Y%m%d}",
        langue=abonnement.langue,
        mots={
            "est_actif": abonnement.est_actif,
            "titre": porte.lu(abonnement.dossier, "titre"),
            "lien": reverse("suites:confirmer", args=[abonnement.cle]),
            "arret": reverse("suites:arreter", args=[abonnement.cle]),
            "page": adresse_publique(abonnement.dossier),
        },
    )


def prevenir_abonnes(dossier: Dossier, lettre: str, contexte: Mapping[str, Any], *, cle: str) -> int:
    """Write `lettre` to each follower of a published dossier. Return how many letters were written.

    The template receives `dossier`, `lien` (public page) and `desabonnement`. Addresses that already have a letter
    with this `cle` are skipped.
    """
    if not dossier.est_publie:
        return 0
    return ecrire_a_plusieurs(
        lettre,
        abonnes(dossier),
        contexte={"dossier": dossier, "lien": adresse_publique(dossier), **contexte},
        dossier=dossier,
        cle=cle,
    )


def abonnes(dossier: Dossier) -> Iterator[Destinataire]:
    """Return the followers of the dossier, each with their own link to unsubscribe."""
    suivis = Abonnement.objects.actifs().filter(dossier=dossier.pk).order_by("pk")
    for courriel, cle, langue in suivis.values_list("courriel", "cle", "langue").iterator():
        yield Destinataire(courriel, desabonnement=reverse("suites:arreter", args=[cle]), langue=langue)
