"""Factories of accounts in every role, directions and communes."""

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from participation.socle.models import Appartenance, Commune, Compte, Courriel, Direction, RaisonModeration
from participation.socle.workflow import Role


class CompteFactory(DjangoModelFactory):
    class Meta:
        model = Compte
        skip_postgeneration_save = True

    class Params:
        agent = factory.Trait(role=Role.AGENT)
        # Groups of the agents who read restricted data.
        referent = factory.Trait(role=Role.AGENT, lit_les_reserves=True)
        elu = factory.Trait(role=Role.ELU)
        accueil = factory.Trait(role=Role.ACCUEIL)

    courriel = factory.Sequence(lambda n: f"personne{n}@example.org")
    prenom = factory.Sequence(lambda n: ["Alma", "Basile", "Chloé", "Driss", "Élise", "Farid"][n % 6])
    nom = factory.Sequence(lambda n: f"Personne{n}")
    accueilli_le = factory.LazyFunction(timezone.now)  # the page of welcome is behind
    role = None

    @classmethod
    def _create(
        cls, model_class, *args, role=None, direction=None, commune=None, lit_les_reserves=False, **kwargs
    ):
        compte = model_class.objects.create_user(**kwargs)
        if role:
            Appartenance.objects.create(
                compte=compte,
                role=role,
                direction=direction,
                commune=commune,
                lit_les_reserves=lit_les_reserves,
            )
        return compte


class DirectionFactory(DjangoModelFactory):
    class Meta:
        model = Direction

    nom = factory.Sequence(lambda n: f"Direction {n}")
    courriel = factory.Sequence(lambda n: f"direction{n}@example.org")


def agent_de_direction(direction: Direction | None = None) -> Compte:
    return CompteFactory(role=Role.AGENT_DIRECTION, direction=direction or DirectionFactory())


def commune(nom: str = "Grenoble") -> Commune:
    return Commune.objects.get(nom=nom)


def lettre(adresse="a@example.org", **champs):
    valeurs = {"expediteur": "service@example.org", "sujet": "Bonjour", "corps": "Texte", **champs}
    return Courriel.objects.create(
        destinataires=[adresse] if isinstance(adresse, str) else adresse, **valeurs
    )


def etats():
    return list(Courriel.objects.order_by("pk").values_list("etat", flat=True))


def raison(code="personne") -> RaisonModeration:
    """A reason of the public policy of moderation."""
    return RaisonModeration.objects.get(code=code)
