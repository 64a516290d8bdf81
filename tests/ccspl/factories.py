"""Avis of the commission in each état, with as few rows as possible."""

from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from ccspl.models import INSTANCE, Avis, Paragraphe, Preconisation, ReunionDuConseil, ServiceSuivi
from ccspl.workflow import Etat, Sens
from participation.socle.actions import donner_reference
from tests.seances.factories import InstanceFactory, MandatureFactory
from tests.socle.factories import DirectionFactory


class ServiceSuiviFactory(DjangoModelFactory[ServiceSuivi]):
    class Meta:
        model = ServiceSuivi
        django_get_or_create = ("nom",)

    nom = "Eau potable"
    domaine = "Eau"
    direction = factory.SubFactory(DirectionFactory)


class ReunionDuConseilFactory(DjangoModelFactory[ReunionDuConseil]):
    class Meta:
        model = ReunionDuConseil

    intitule = factory.Sequence(lambda n: f"Conseil {n}")
    date = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=60))


class AvisFactory(DjangoModelFactory[Avis]):
    class Meta:
        model = Avis

    reference = factory.LazyFunction(lambda: donner_reference(Avis()))
    titre = factory.Sequence(lambda n: f"Avis {n}")
    service = factory.SubFactory(ServiceSuiviFactory)
    mandature = factory.LazyFunction(
        lambda: MandatureFactory(instance=InstanceFactory(cle=INSTANCE, nom="CCSPL", app="ccspl"))
    )
    objet = Avis.Objet.RAPPORT
    saisine = Avis.Saisine.LOI
    date_saisine = factory.LazyFunction(timezone.localdate)
    ouvert_le = factory.LazyFunction(timezone.now)

    class Params:
        en_redaction = factory.Trait(etat=Etat.EN_REDACTION)
        soumis = factory.Trait(etat=Etat.SOUMIS)
        adopte = factory.Trait(
            etat=Etat.ADOPTE,
            sens=Sens.FAVORABLE,
            adopte_le=factory.LazyFunction(timezone.now),
            est_publie=True,
        )


class ParagrapheFactory(DjangoModelFactory[Paragraphe]):
    class Meta:
        model = Paragraphe

    avis = factory.SubFactory(AvisFactory, en_redaction=True)
    ordre = factory.LazyAttribute(lambda o: o.avis.paragraphes.count() + 1)
    texte = factory.Sequence(lambda n: f"La commission demande un bilan public chaque année ({n}).")


class PreconisationFactory(DjangoModelFactory[Preconisation]):
    class Meta:
        model = Preconisation

    avis = factory.SubFactory(AvisFactory, en_redaction=True)
    numero = factory.LazyAttribute(lambda o: o.avis.preconisations.count() + 1)
    texte = factory.Sequence(lambda n: f"Publier le bilan n° {n}")
    direction = factory.SelfAttribute("avis.service.direction")
