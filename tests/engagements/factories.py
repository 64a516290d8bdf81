"""Engagements and what hangs on them, without their acts."""

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from participation.engagements.models import (
    Collectif,
    Deliberation,
    EngagementPris,
    Etude,
    Indicateur,
    LigneDeReponse,
    Proposition,
    Remarque,
    ReponseArgumentee,
    Reprise,
    Tache,
    TempsFort,
)
from participation.engagements.workflow import (
    EtatEngagement,
    EtatEtude,
    EtatProposition,
    EtatReponse,
    EtatTempsFort,
    Mesure,
)
from tests.outils import jour
from tests.rencontres.factories import RencontreFactory
from tests.seances.factories import InstanceFactory
from tests.socle.factories import CompteFactory, DirectionFactory


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


class CollectifFactory(DjangoModelFactory):
    class Meta:
        model = Collectif

    cle = factory.Sequence(lambda n: f"agora-{n}")
    nom = factory.Sequence(lambda n: f"Agora {n}")
    association = "Les amis"
    courriel = factory.Sequence(lambda n: f"amis{n}@example.org")


class PropositionFactory(DjangoModelFactory):
    class Meta:
        model = Proposition

    titre = factory.Sequence(lambda n: f"Proposition {n}")
    reference = factory.Sequence(lambda n: f"PRO-2020-{n:04}")
    texte = "Des bancs à l’ombre."
    collectif = factory.SubFactory(CollectifFactory)
    direction = factory.SubFactory(DirectionFactory)
    ouvert_le = factory.LazyFunction(timezone.now)

    class Params:
        publiee = factory.Trait(est_publie=True)
        retenue = factory.Trait(
            publiee=True,
            etat=EtatProposition.RETENUE,
            retour="Oui.",
            decidee_le=factory.LazyFunction(lambda: jour(-9)),
        )


class ReponseFactory(DjangoModelFactory):
    class Meta:
        model = ReponseArgumentee

    titre = factory.Sequence(lambda n: f"Réponse {n}")
    reference = factory.Sequence(lambda n: f"RAR-2020-{n:04}")
    collectif = factory.SubFactory(CollectifFactory)
    elu = factory.SubFactory(CompteFactory)
    agent = factory.SubFactory(CompteFactory, agent=True)
    ouvert_le = factory.LazyFunction(timezone.now)

    class Params:
        lue = factory.Trait(
            etat=EtatReponse.LUE,
            lue_le=factory.LazyFunction(timezone.now),
            restitution_le=factory.LazyFunction(timezone.now),
            restitution_lieu="Salle 1",
        )
        publiee = factory.Trait(lue=True, etat=EtatReponse.PUBLIEE, est_publie=True)


class LigneFactory(DjangoModelFactory):
    class Meta:
        model = LigneDeReponse

    reponse = factory.SubFactory(ReponseFactory)
    proposition = factory.SubFactory(
        PropositionFactory, publiee=True, collectif=factory.SelfAttribute("..reponse.collectif")
    )


class DeliberationFactory(DjangoModelFactory):
    class Meta:
        model = Deliberation

    numero = factory.Sequence(lambda n: f"2020-{n:04}")
    date = factory.LazyFunction(lambda: jour(-30))
    objet = "Répondre aux propositions"


class EtudeFactory(DjangoModelFactory):
    class Meta:
        model = Etude

    titre = factory.Sequence(lambda n: f"Étude {n}")
    reference = factory.Sequence(lambda n: f"ETU-2020-{n:04}")
    instance = factory.SubFactory(InstanceFactory)
    annee = factory.Sequence(lambda n: 2000 + n)
    constats = "Les réunions commencent tard."
    date_limite = factory.LazyFunction(lambda: jour(60))
    ouvert_le = factory.LazyFunction(timezone.now)

    class Params:
        publiee = factory.Trait(etat=EtatEtude.PUBLIEE, est_publie=True)


class TempsFortFactory(DjangoModelFactory):
    """Of a group that has a proposition, in ten days; `tenu`: ten days ago."""

    class Meta:
        model = TempsFort

    titre = factory.Sequence(lambda n: f"Temps fort {n}")
    reference = factory.Sequence(lambda n: f"TPF-2020-{n:04}")
    collectif = factory.SubFactory(CollectifFactory)
    reunion = factory.SubFactory(RencontreFactory, ouverte=True)
    ouvert_le = factory.LazyFunction(timezone.now)

    class Params:
        tenu = factory.Trait(
            etat=EtatTempsFort.TENU, est_publie=True, reunion=factory.SubFactory(RencontreFactory, tenue=True)
        )


def monde_des_engagements(elu) -> dict[str, list[object]]:
    proposition = PropositionFactory(publiee=True)
    a_lire = ReponseFactory(etat=EtatReponse.A_LIRE, elu=elu)
    a_ecrire = LigneFactory()
    publiee = ReponseFactory(publiee=True)
    reprise = Reprise.objects.create(
        collectif=proposition.collectif, nom="p.csv", entetes=["titre"], par=a_lire.agent
    )
    publie = EngagementFactory(publie=True)
    complet = EngagementFactory(complet=True)
    IndicateurFactory(engagement=complet)
    ecrit = IndicateurFactory(engagement=publie, mesure=Mesure.SAISIE)
    a_venir, tenu = TempsFortFactory(), TempsFortFactory(tenu=True)
    passe = TempsFortFactory(reunion=RencontreFactory(tenue=True))
    etude = EtudeFactory(publiee=True)
    remarque = Remarque.objects.create(temps_fort=tenu, texte="Et les bancs ?")
    tache = Tache.objects.create(temps_fort=a_venir, libelle="Inviter", date_limite=jour(3))
    return {
        "etude": [etude.pk],
        "etude_deposee": [EtudeFactory(annee=etude.annee - 1).pk],
        "etude_ref": [etude.reference],
        "tpf": [a_venir.pk],
        "tpf_passe": [passe.pk],
        "tpf_tenu": [tenu.pk],
        "tpf_muet": [TempsFortFactory(tenu=True).pk],
        "tpf_ref": [tenu.reference],
        "tpf_tache": [tache.pk],
        "tpf_remarque": [remarque.pk],
        "engagement": [publie.pk],
        "engagement_ecrit": [complet.pk],
        "engagement_ref": [publie.reference],
        "indicateur_ecrit": [ecrit.pk],
        "deliberation": [DeliberationFactory().pk],
        "proposition": [proposition.pk],
        "proposition_ref": [proposition.reference],
        "proposition_vue": [PropositionFactory().pk],
        "collectif": [proposition.collectif.cle],
        "reprise": [reprise.pk],
        "rar_a_ecrire": [a_ecrire.reponse_id],
        "rar_ligne": [a_ecrire.pk],
        "rar_a_lire": [a_lire.pk],
        "rar_lue": [ReponseFactory(lue=True).pk],
        "rar_publiee": [publiee.pk],
        "rar_ref": [publiee.reference],
    }
