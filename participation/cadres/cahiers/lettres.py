"""What is told to an organisation that is asked for a cahier d’acteur, or deposited one."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from participation.cadres.models import Cahier
from participation.socle.courriels import porte
from participation.socle.courriels.ecriture import ecrire
from participation.socle.models import Compte, Moderation


def demander_cahier(cahier: Cahier, *, par: Compte | None) -> None:
    """Send the link that proves the address and opens the deposit, through the gate, at most once a day."""
    cadre = cahier.cadre
    porte.ecrire(
        "cadres/demander_cahier",
        a=cahier.courriel,
        par=par,
        sujet=cadre,
        dossier=cadre,
        cle=f"{cahier.CLE}:{cahier.pk}:demander:{timezone.localdate():%Y%m%d}",
        mots={
            "titre": porte.lu(cadre, "titre"),
            "jusqu_au": cadre.date_cahiers,
            "page": cadre.get_public_url(),
            "lien": reverse("cadres:confirmer_cahier", args=[cahier.jeton()]),
        },
    )


def publier_cahier(cahier: Cahier) -> None:
    _dire("publier_cahier", cahier)


def ecarter_cahier(cahier: Cahier, moderation: Moderation) -> None:
    _dire("ecarter_cahier", cahier, moderation=moderation)


def _dire(lettre: str, cahier: Cahier, **contexte: Any) -> None:
    if not cahier.courriel:
        return
    ecrire(
        f"cadres/{lettre}",
        a=[cahier.courriel],
        dossier=cahier.cadre,
        cle=f"{cahier.CLE}:{cahier.pk}:{lettre}-{timezone.now():%Y%m%d%H%M%S%f}",
        contexte={
            "cahier": cahier,
            "cadre": cahier.cadre,
            "lien": f"{cahier.cadre.get_public_url()}#cahiers",
            **contexte,
        },
    )
