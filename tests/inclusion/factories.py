"""Actions of aller-vers."""

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from participation.inclusion.aller_vers import actes
from participation.inclusion.models import ActionAllerVers
from tests.outils import jour
from tests.socle.factories import CompteFactory, commune


class ActionFactory(DjangoModelFactory[ActionAllerVers]):
    class Meta:
        model = ActionAllerVers

    titre = factory.Sequence(lambda n: f"Action {n}")
    reference = factory.Sequence(lambda n: f"ALV-2020-{n:04}")
    lieu = "Place du marché"
    public = "Tout le monde"
    agent = factory.SubFactory(CompteFactory, agent=True)
    ouvert_le = factory.LazyFunction(timezone.now)

    class Params:
        faite = factory.Trait(etat="faite", rencontrees=3)


def prevoir(agent, **champs):
    """Plan an action by its act."""
    dits = {"titre": "Café", "lieu": "Tour 3", "public": "Les jeunes", "date_prevue": jour(0)}
    return actes.prevoir_aller_vers(
        ActionAllerVers(), par=agent, **{"commune": commune("Meylan"), **dits, **champs}
    )


def monde_de_l_inclusion() -> dict[str, list[object]]:
    return {
        "demarche_inconnue": [2026, "petition", 1],
        "action_prevue": [ActionFactory().pk],
        "action_faite": [ActionFactory(faite=True).pk],
    }
