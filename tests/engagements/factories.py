"""Engagements and what hangs on them, without their acts."""

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from participation.engagements.models import EngagementPris, Indicateur
from participation.engagements.workflow import EtatEngagement, Mesure
from tests.outils import jour


class EngagementFactory(DjangoModelFactory):
    class Meta:
        model = EngagementPris

    titre = factory.Sequence(lambda n: f"Engagement {n}")
    reference = factory.Sequence(lambda n: f"ENG-2020-{n:04}")
    texte = "Répondre à chacun."
    ouvert_le = factory.LazyFunction(timezone.now)

    class Params:
        complet = factory.Trait(
            verification="La part des réponses.",
            source="Délibération 2026-0001",
            date_limite=factory.LazyFunction(lambda: jour(90)),
        )
        publie = factory.Trait(complet=True, etat=EtatEngagement.PUBLIE, est_publie=True)


class IndicateurFactory(DjangoModelFactory):
    class Meta:
        model = Indicateur

    engagement = factory.SubFactory(EngagementFactory, publie=True)
    intitule = factory.Sequence(lambda n: f"Mesure {n}")
    mesure = Mesure.PART_REPONDUE
    cible = 80


def monde_des_engagements() -> dict[str, list[object]]:
    publie = EngagementFactory(publie=True)
    complet = EngagementFactory(complet=True)
    IndicateurFactory(engagement=complet)
    ecrit = IndicateurFactory(engagement=publie, mesure=Mesure.SAISIE)
    return {
        "engagement": [publie.pk],
        "engagement_ecrit": [complet.pk],
        "engagement_ref": [publie.reference],
        "indicateur_ecrit": [ecrit.pk],
    }
