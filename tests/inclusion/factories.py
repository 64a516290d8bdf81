"""Actions of aller-vers."""

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from participation.inclusion import aller_vers
from participation.inclusion.models import ActionAllerVers, CommandeDeBesoin, LotPapier
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
    return aller_vers.prevoir_aller_vers(
        ActionAllerVers(), par=agent, **{"commune": commune("Meylan"), **dits, **champs}
    )


class LotFactory(DjangoModelFactory[LotPapier]):
    """A table already read, with one line that waits."""

    class Meta:
        model = LotPapier
        skip_postgeneration_save = True

    titre = factory.Sequence(lambda n: f"Lot {n}")
    reference = factory.Sequence(lambda n: f"LOT-2020-{n:04}")
    genre, cible, etat = "idee", 0, "a_approuver"
    empreinte = factory.Sequence(lambda n: f"{n:064}")
    agent = factory.SubFactory(CompteFactory, agent=True)
    ouvert_le = factory.LazyFunction(timezone.now)

    @factory.post_generation
    def ligne(self, create, extracted, **kwargs):
        self.lignes.create(numero=2, valeurs={"texte": "Un banc"})


class CommandeFactory(DjangoModelFactory[CommandeDeBesoin]):
    class Meta:
        model = CommandeDeBesoin

    titre = besoin = "Un interprète (arabe)"
    reference = factory.Sequence(lambda n: f"CDE-2020-{n:04}")
    reunion = "Forum"
    page = factory.Sequence(lambda n: f"/contrat-de-ville/forums/{n}/")
    quand = factory.LazyFunction(timezone.now)
    combien, prestataire = 1, "Interprètes d’exemple"
    agent = factory.SubFactory(CompteFactory, agent=True)
    ouvert_le = factory.LazyFunction(timezone.now)


def monde_de_l_inclusion() -> dict[str, list[object]]:
    commande = CommandeFactory()
    return {
        "commande": [commande.pk],
        "commande_jeton": [commande.jeton()],
        "demarche_inconnue": [2026, "petition", 1],
        "action_prevue": [ActionFactory().pk],
        "lot_a_approuver": [LotFactory().pk],
        "lot_sans_modele": ["idee", 999_999],
        "papier_public": ["remontee", 1],
        "action_faite": [ActionFactory(faite=True).pk],
    }
