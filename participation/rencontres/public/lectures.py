"""What the public pages say of a rencontre."""

from typing import Any

from django.utils import timezone

from participation.rencontres.models import Rencontre
from participation.rencontres.workflow import EtatRencontre
from participation.socle.regles.donnees_liees import EtatEvenement, LienDeDonnees, evenement


def a_venir() -> Any:
    """Return the public rencontres that are still to come, the next one first."""
    return Rencontre.objects.publiques().filter(fin__gte=timezone.now()).order_by("debut", "pk")


def passees() -> Any:
    return Rencontre.objects.publiques().filter(fin__lt=timezone.now()).order_by("-debut", "-pk")


def donnees_liees(rencontre: Rencontre) -> LienDeDonnees:
    annulee = rencontre.etat == EtatRencontre.ANNULEE
    return evenement(
        titre=rencontre.titre,
        debut=rencontre.debut,
        fin=rencontre.fin,
        page=rencontre.get_public_url(),
        etat=EtatEvenement.ANNULE if annulee else EtatEvenement.PREVU,
        lieu=f"{rencontre.lieu}, {rencontre.adresse}",
        est_en_ligne=False,
    )
