"""The kinds of event that people register for: what is true of one is asked of each."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from participation.inscriptions.models import Evenement
from participation.socle.models import Quartier
from tests.budgets.factories import forum_le, inscription_a
from tests.rencontres.factories import InscriptionFactory, RencontreFactory


@dataclass(frozen=True)
class Sorte:
    """`ouvrir`: make one, open. `inscrit`: make a registration that holds a seat. `preparer`: one that nobody sees yet."""

    nom: str
    ouvrir: Callable[..., Any]
    inscrit: Callable[..., Any]
    preparer: Callable[[], Any]

    def regler(self, evenement: Evenement, **chiffres: int) -> None:
        versions = type(evenement).REGLEMENT.objects
        if not versions.update(**chiffres):
            debut = timezone.localdate() - timedelta(days=400)
            versions.create(version="Essai", en_vigueur_du=debut, **chiffres)

    def demander(self, evenement: Evenement, client: Client | None = None, **dit: Any) -> Any:
        """Send the public form, as the page holds it."""
        client = client or Client()
        adresse = evenement.adresse_de("s_inscrire")
        cle = client.get(adresse).context["form"]["cle"].value()
        return client.post(adresse, {"nom": "Alma Essai", "courriel": "", "cle": cle, **dit})


SORTES = {
    "forum": Sorte(
        "forum",
        forum_le,
        lambda forum, **champs: inscription_a(forum, **{"quartier": Quartier.objects.first(), **champs}),
        lambda: forum_le(etat="preparation"),
    ),
    "rencontre": Sorte(
        "rencontre",
        lambda jours=10, **champs: RencontreFactory(ouverte=True, **champs),
        lambda rencontre, **champs: InscriptionFactory(evenement=rencontre, **champs),
        RencontreFactory,
    ),
}


@pytest.fixture(params=list(SORTES))
def sorte(request: pytest.FixtureRequest) -> Sorte:
    return SORTES[request.param]
