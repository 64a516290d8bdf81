"""Campagnes and candidatures in each état, with as few rows as possible."""

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from participation.renouvellement.models import (
    Campagne,
    Candidature,
    CollegeCampagne,
    CritereCampagne,
    EtapeInstallation,
    Lecture,
    Relecteur,
)
from participation.renouvellement.workflow import Eligibilite, EtatCampagne, EtatCandidature
from participation.socle.models import Compte
from tests.outils import jour
from tests.seances.factories import InstanceFactory
from tests.socle.factories import CompteFactory, commune


class CampagneFactory(DjangoModelFactory[Campagne]):
    class Meta:
        model = Campagne

    instance = factory.LazyFunction(lambda: InstanceFactory(cle="ccspl", nom="CCSPL", app="ccspl"))
    titre = factory.Sequence(lambda n: f"Rejoindre la CCSPL {n}")
    denomination = "la commission"
    mandature_intitule = factory.Sequence(lambda n: f"2030-{2033 + n}")
    mandature_debut = factory.LazyFunction(lambda: jour(120))
    mandature_fin = factory.LazyFunction(lambda: jour(1200))
    presentation = "La commission donne son avis sur les services publics."
    temps_demande = "Six réunions par an, en soirée."
    ouverture = factory.LazyFunction(lambda: jour(-10))
    cloture = factory.LazyFunction(lambda: jour(10))
    age_minimum = 16
    conservation_mois = 6

    class Params:
        ouverte = factory.Trait(etat=EtatCampagne.OUVERTE)
        close = factory.Trait(
            etat=EtatCampagne.CLOSE,
            ouverture=factory.LazyFunction(lambda: jour(-40)),
            cloture=factory.LazyFunction(lambda: jour(-10)),
        )
        selection = factory.Trait(
            etat=EtatCampagne.SELECTION,
            ouverture=factory.LazyFunction(lambda: jour(-40)),
            cloture=factory.LazyFunction(lambda: jour(-10)),
        )
        arretee = factory.Trait(
            etat=EtatCampagne.ARRETEE,
            ouverture=factory.LazyFunction(lambda: jour(-40)),
            cloture=factory.LazyFunction(lambda: jour(-10)),
            arretee_le=factory.LazyFunction(timezone.now),
        )


class CollegeCampagneFactory(DjangoModelFactory[CollegeCampagne]):
    class Meta:
        model = CollegeCampagne

    campagne = factory.SubFactory(CampagneFactory, ouverte=True)
    nom = factory.Sequence(lambda n: f"Habitants {n}")
    sieges = 2

    class Params:
        associatif = factory.Trait(
            nature=CollegeCampagne.Nature.ASSOCIATIONS, avec_suppleants=True, nom="Associations"
        )


class CritereCampagneFactory(DjangoModelFactory[CritereCampagne]):
    class Meta:
        model = CritereCampagne

    campagne = factory.SubFactory(CampagneFactory)
    libelle = factory.Sequence(lambda n: f"Critère {n}")


class CandidatureFactory(DjangoModelFactory[Candidature]):
    """Déposée by default; `a_confirmer` before its link is used, `eligible` once checked."""

    class Meta:
        model = Candidature

    college = factory.SubFactory(CollegeCampagneFactory)
    campagne = factory.SelfAttribute("college.campagne")
    prenom = "Alma"
    nom = factory.Sequence(lambda n: f"Roux{n}")
    courriel = factory.Sequence(lambda n: f"candidate{n}@example.org")
    commune = factory.LazyFunction(commune)
    motivation = "J’utilise le tram tous les jours."
    etat = EtatCandidature.DEPOSEE
    deposee_le = factory.LazyFunction(timezone.now)
    numero = factory.LazyAttribute(
        lambda o: 1 + max([0, *o.campagne.candidatures.exclude(numero=None).values_list("numero", flat=True)])
    )

    class Params:
        a_confirmer = factory.Trait(etat=EtatCandidature.A_CONFIRMER, deposee_le=None, numero=None)
        eligible = factory.Trait(eligibilite=Eligibilite.ELIGIBLE)


class RelecteurFactory(DjangoModelFactory[Relecteur]):
    class Meta:
        model = Relecteur

    campagne = factory.SubFactory(CampagneFactory, selection=True)
    compte = factory.SubFactory(CompteFactory)


class LectureFactory(DjangoModelFactory[Lecture]):
    class Meta:
        model = Lecture

    candidature = factory.SubFactory(CandidatureFactory, eligible=True)
    relecteur = factory.LazyAttribute(lambda o: RelecteurFactory(campagne=o.candidature.campagne))


def monde_renouvellement(relecteur: Compte) -> dict[str, list[object]]:
    """Access tests: a campagne in each état. `relecteur` reads one candidature."""
    preparee = CampagneFactory()
    ouvert = CollegeCampagneFactory()
    close = CampagneFactory(close=True)
    college = CollegeCampagneFactory(campagne=CampagneFactory(selection=True))
    tire = CollegeCampagneFactory(campagne=college.campagne, mode="tirage")
    lue = CandidatureFactory(college=college, eligible=True)
    lecture = LectureFactory(
        candidature=lue, relecteur=RelecteurFactory(campagne=college.campagne, compte=relecteur)
    )
    arrete = CollegeCampagneFactory(campagne=CampagneFactory(arretee=True))
    etape = EtapeInstallation.objects.create(campagne=arrete.campagne, libelle="Essai")
    return {
        "campagne_preparee": [preparee.pk],
        "campagne_ouverte": [ouvert.campagne_id],
        "campagne_close": [close.pk],
        "campagne_selection": [college.campagne_id],
        "campagne_arretee": [arrete.campagne_id],
        "instance_appel": [ouvert.campagne.instance.cle],
        "instance_appel+college": [ouvert.campagne.instance.cle, ouvert.pk],
        "instance_appel+appel": [ouvert.campagne.instance.cle, ouvert.campagne.pk],
        "college_ouvert": [ouvert.pk],
        "campagne_ouverte+college": [ouvert.campagne_id, ouvert.pk],
        "college_selection": [college.pk],
        "college_tire": [tire.pk],
        "college_arrete": [arrete.pk],
        "candidature": [CandidatureFactory(college=ouvert).pk],
        "candidature_jeton": [CandidatureFactory(college=ouvert).jeton()],
        "candidature_lue": [lue.pk],
        "lecture": [lecture.pk],
        "relecteur": [lecture.relecteur_id],
        "etape_installation": [etape.pk],
    }
