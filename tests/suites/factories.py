"""Factory of suites promised after a pétition, in each état."""

from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from participation.suites.models import Abonnement, ReponseDirection, Suite
from tests.petitions.factories import PetitionFactory
from tests.socle.factories import DirectionFactory


class SuiteFactory(DjangoModelFactory):
    """A row without its act, for lists and figures."""

    class Meta:
        model = Suite

    dossier = factory.SubFactory(PetitionFactory, debattue=True)
    intitule = factory.Sequence(lambda n: f"Promesse {n}")
    direction = factory.SubFactory(DirectionFactory)
    date_limite = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=90))


class ReponseDirectionFactory(DjangoModelFactory):
    class Meta:
        model = ReponseDirection

    suite = factory.SubFactory(SuiteFactory)
    direction = factory.SelfAttribute("suite.direction")
    etat = "suivie"
    texte_public = "La piste sera faite."
    nom = "Hélène Arnoux"


class AbonnementFactory(DjangoModelFactory):
    class Meta:
        model = Abonnement

    dossier = factory.SubFactory(PetitionFactory, debattue=True)
    courriel = factory.Sequence(lambda n: f"abonne{n}@example.org")
    confirme_le = factory.LazyFunction(timezone.now)
