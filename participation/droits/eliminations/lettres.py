"""The letter to the archives: a slip waits for their visa, line by line, by a signed link."""

from django.urls import reverse

from participation.droits.models import Bordereau
from participation.socle.courriels.ecriture import ecrire


def demander_visa(bordereau: Bordereau, courriel: str) -> None:
    ecrire(
        "droits/demander_visa",
        a=[courriel],
        contexte={
            "bordereau": bordereau,
            "nombre": bordereau.lignes.count(),
            "lien": reverse("droits:viser_par_lien", args=[bordereau.jeton()]),
        },
    )
