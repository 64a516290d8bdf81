"""Factories of pétitions in each état (by traits) and of signatures."""

from datetime import timedelta

import factory
from django.db.models import QuerySet
from django.utils import timezone
from factory.django import DjangoModelFactory

from participation.seances.membres.actes import ouvrir_le_bureau
from participation.socle.models import Commune, Courriel
from petitions.models import CoPetitionnaire, MotifIrrecevabilite, Petition, ReglementPetition, Signature
from petitions.workflow import INSTANCE, Etat
from tests.seances.factories import CollegeFactory, InstanceFactory, MandatureFactory, MembreFactory
from tests.socle.factories import CompteFactory


def sieger(compte, *, bureau: bool = True):
    """Make an account a member of the comité de recevabilité. `bureau`: with access to the back office."""
    comite = InstanceFactory(cle=INSTANCE)
    membre = MembreFactory(
        college=CollegeFactory(mandature=MandatureFactory(instance=comite), nom="Élus"), compte=compte
    )
    if bureau:
        ouvrir_le_bureau(membre)
        for vu in ("appartenances_propres", "appartenances_en_vigueur", "roles", "_instances_ou_siege"):
            compte.__dict__.pop(vu, None)
    return membre


def il_y_a(**duree):
    """Return the instant so long ago: days are counted on the wall clock, hours are elapsed."""
    maintenant = timezone.localtime if "days" in duree else timezone.now
    return factory.LazyFunction(lambda: maintenant() - timedelta(**duree))


def jour(**duree):
    return factory.LazyFunction(lambda: timezone.localdate() + timedelta(**duree))


class PetitionFactory(DjangoModelFactory):
    class Meta:
        model = Petition
        skip_postgeneration_save = True

    class Params:
        deposee = factory.Trait(
            etat=Etat.DEPOSEE,
            deposee_le=il_y_a(days=10),
            ouvert_le=il_y_a(days=10),
            reference=factory.Sequence(lambda n: f"PET-2026-{n + 1000:04d}"),
        )
        recevable = factory.Trait(deposee=True, etat=Etat.RECEVABLE, decidee_le=il_y_a(days=5))
        irrecevable = factory.Trait(
            deposee=True,
            etat=Etat.IRRECEVABLE,
            decidee_le=il_y_a(days=5),
            clos_le=il_y_a(days=5),
            est_publie=True,
            motif_irrecevabilite=factory.LazyFunction(
                lambda: MotifIrrecevabilite.objects.get(code="hors-competence")
            ),
            motif="Cette demande relève du Département.",
        )
        en_collecte = factory.Trait(
            recevable=True,
            etat=Etat.EN_COLLECTE,
            est_publie=True,
            collecte_ouverte_le=il_y_a(days=3),
            date_fin_collecte=jour(days=60),
        )
        collecte_close = factory.Trait(
            en_collecte=True,
            etat=Etat.COLLECTE_CLOSE,
            date_fin_collecte=jour(days=-3),
            collecte_close_le=il_y_a(days=2),
        )
        a_debattre = factory.Trait(collecte_close=True, etat=Etat.A_DEBATTRE)
        en_panel = factory.Trait(collecte_close=True, etat=Etat.EN_PANEL)
        debattue = factory.Trait(collecte_close=True, etat=Etat.DEBATTUE, issue_debat="Le conseil a débattu.")
        repondue = factory.Trait(
            debattue=True, etat=Etat.REPONDUE, reponse="La Métropole répond.", repondue_le=il_y_a(days=1)
        )
        close = factory.Trait(repondue=True, etat=Etat.CLOSE, clos_le=il_y_a(hours=1))

    titre = factory.Sequence(lambda n: f"Une piste cyclable de Vizille à Grenoble, tronçon {n}")
    auteur = factory.SubFactory(CompteFactory)
    reglement = factory.LazyFunction(ReglementPetition.objects.en_vigueur)
    demande = "Nous demandons une piste cyclable continue."
    raisons = "La route est dangereuse pour les vélos."
    competence = "Les mobilités et la voirie."
    nom_auteur = "Alma Personne"
    commune_auteur = factory.LazyFunction(lambda: Commune.objects.get(nom="Vizille"))
    etat = Etat.BROUILLON


class CoPetitionnaireFactory(DjangoModelFactory):
    class Meta:
        model = CoPetitionnaire

    class Params:
        confirme = factory.Trait(
            confirme_le=il_y_a(days=1),
            commune=factory.LazyFunction(lambda: Commune.objects.get(nom="Jarrie")),
            qualite="resident",
            atteste_age=True,
        )

    petition = factory.SubFactory(PetitionFactory)
    prenom = "Basile"
    nom = factory.Sequence(lambda n: f"Copetitionnaire{n}")
    courriel = factory.Sequence(lambda n: f"copet{n}@example.org")
    courriel_canonique = factory.SelfAttribute("courriel")


class SignatureFactory(DjangoModelFactory):
    class Meta:
        model = Signature

    class Params:
        confirmee = factory.Trait(etat="confirmee", confirmee_le=il_y_a(hours=1), rang=1)

    petition = factory.SubFactory(PetitionFactory, en_collecte=True)
    prenom = "Chloé"
    nom = factory.Sequence(lambda n: f"Signataire{n}")
    nom_canonique = factory.LazyAttribute(lambda s: f"{s.prenom} {s.nom}".lower())
    courriel = factory.Sequence(lambda n: f"signataire{n}@example.org")
    courriel_canonique = factory.SelfAttribute("courriel")
    commune = factory.LazyFunction(lambda: Commune.objects.get(nom="Grenoble"))
    qualite = "resident"


def lettres(acte: str) -> QuerySet[Courriel]:
    return Courriel.objects.filter(acte=f"petitions/{acte}").order_by("pk")
