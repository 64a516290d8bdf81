"""Letter to a reader of the comité."""

from django.urls import reverse

from participation.renouvellement.models import Relecteur
from participation.socle.courriels.ecriture import ecrire


def repartir_lectures(relecteur: Relecteur, nombre: int) -> None:
    ecrire(
        "renouvellement/repartir_lectures",
        a=[relecteur.compte.courriel],
        contexte={
            "relecteur": relecteur,
            "campagne": relecteur.campagne,
            "nombre": nombre,
            "lien": reverse("renouvellement:mes_lectures"),
        },
    )
