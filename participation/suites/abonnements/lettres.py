"""Letters to those who follow a dossier by mail."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils import timezone

from participation.socle.actions.tournees import Liste, ecrire_en_nombre
from participation.socle.courriels import porte
from participation.socle.courriels.ecriture import Destinataire
from participation.socle.models import Dossier
from participation.suites.models import Abonnement
from participation.suites.rendu_compte.lectures import adresse_publique


def confirmer_l_abonnement(abonnement: Abonnement) -> None:
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
    """Write `lettre` to each follower of a published dossier, in lots. Return how many follow it.

    The template receives `dossier`, `lien` (public page) and `desabonnement`. Addresses that already have a letter
    with this `cle` are skipped.
    """
    if not dossier.est_publie:
        return 0
    return ecrire_en_nombre(
        lettre,
        abonnes,
        dossier,
        contexte={"dossier": dossier, "lien": adresse_publique(dossier), **contexte},
        cle=cle,
    )


def abonnes(dossier: Dossier) -> Liste:
    """The followers of the dossier, each with their own link to unsubscribe."""
    return Liste(Abonnement.objects.actifs().filter(dossier=dossier.pk), destinataire)


def destinataire(abonne: Abonnement) -> Destinataire:
    arret = reverse("suites:arreter", args=[abonne.cle])
    return Destinataire(abonne.courriel, desabonnement=arret, langue=abonne.langue)
