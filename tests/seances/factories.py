"""Instances and séances in each état, with as few rows as possible."""

from datetime import date, timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from participation.seances.models import (
    College,
    Convie,
    Instance,
    Mandature,
    Membre,
    Point,
    Presence,
    ReglementInstance,
    Seance,
)
from participation.seances.workflow import Etat, Mode
from tests.socle.factories import CompteFactory


class InstanceFactory(DjangoModelFactory[Instance]):
    class Meta:
        model = Instance
        django_get_or_create = ("cle",)

    cle = "essai"
    nom = factory.LazyAttribute(lambda o: f"Commission {o.cle}")
    sigle = factory.LazyAttribute(lambda o: o.cle.upper())
    fondement = "Délibération d’essai"


class ReglementInstanceFactory(DjangoModelFactory[ReglementInstance]):
    """Default règlement, after CRPA R133-8 to R133-11.

    Five days of notice, quorum of half the members, remote members and proxies counted.
    """

    class Meta:
        model = ReglementInstance
        django_get_or_create = ("instance", "version")

    instance = factory.SubFactory(InstanceFactory)
    version = "1"
    en_vigueur_du = date(2020, 1, 1)
    source = "Règlement d’essai"
    delai_convocation = 5


class MandatureFactory(DjangoModelFactory[Mandature]):
    class Meta:
        model = Mandature
        django_get_or_create = ("instance", "intitule")

    instance = factory.SubFactory(InstanceFactory)
    intitule = "2024-2028"
    debut = date(2024, 1, 1)
    fin = factory.LazyFunction(lambda: date(timezone.localdate().year + 2, 12, 31))


class CollegeFactory(DjangoModelFactory[College]):
    class Meta:
        model = College
        django_get_or_create = ("mandature", "nom")

    mandature = factory.SubFactory(MandatureFactory)
    nom = "Habitants"
    sieges = 10
    vote_depuis = date(2020, 1, 1)


class MembreFactory(DjangoModelFactory[Membre]):
    class Meta:
        model = Membre

    college = factory.SubFactory(CollegeFactory)
    compte = factory.SubFactory(CompteFactory)
    du = date(2024, 1, 1)

    class Params:
        suppleant = factory.Trait(rang=Membre.Rang.SUPPLEANT)
        president = factory.Trait(fonction=Membre.Fonction.PRESIDENT)


class SeanceFactory(DjangoModelFactory[Seance]):
    class Meta:
        model = Seance

    mandature = factory.SubFactory(MandatureFactory)
    instance = factory.SelfAttribute("mandature.instance")
    reglement = factory.LazyAttribute(lambda o: ReglementInstanceFactory(instance=o.instance))
    titre = factory.Sequence(lambda n: f"Plénière {n}")
    debut = factory.LazyFunction(lambda: timezone.localtime() + timedelta(days=30))
    fin = factory.LazyAttribute(lambda o: o.debut + timedelta(hours=2))
    tenue = Seance.Tenue.HYBRIDE
    lieu = "Salle du conseil"
    lien_visio = "https://visio.example.org/ccspl"

    class Params:
        convoquee = factory.Trait(etat=Etat.CONVOQUEE)
        ouverte = factory.Trait(
            etat=Etat.OUVERTE,
            debut=factory.LazyFunction(lambda: timezone.now() - timedelta(minutes=10)),
            ouverte_le=factory.LazyFunction(lambda: timezone.now() - timedelta(minutes=8)),
        )
        levee = factory.Trait(
            etat=Etat.LEVEE,
            debut=factory.LazyFunction(lambda: timezone.localtime() - timedelta(days=20)),
            ouverte_le=factory.LazyAttribute(lambda o: o.debut),
            levee_le=factory.LazyAttribute(lambda o: o.debut + timedelta(hours=2)),
        )


class PointFactory(DjangoModelFactory[Point]):
    class Meta:
        model = Point

    seance = factory.SubFactory(SeanceFactory)
    ordre = factory.LazyAttribute(lambda o: o.seance.points.count() + 1)
    titre = factory.Sequence(lambda n: f"Point {n}")


class ConvieFactory(DjangoModelFactory[Convie]):
    class Meta:
        model = Convie

    seance = factory.SubFactory(SeanceFactory)
    membre = factory.LazyAttribute(
        lambda o: MembreFactory(college=CollegeFactory(mandature=o.seance.mandature))
    )
    convoque_le = factory.LazyFunction(timezone.now)


class PresenceFactory(DjangoModelFactory[Presence]):
    class Meta:
        model = Presence

    convie = factory.SubFactory(ConvieFactory)
    seance = factory.SelfAttribute("convie.seance")
    mode = Mode.SALLE


def relire(seance: Seance) -> Seance:
    return Seance.objects.avec_instance().get(pk=seance.pk)
