"""Contrat, programmation and projets in each état, with as few rows as possible."""

from datetime import timedelta
from decimal import Decimal

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from contrat_ville.depot import equipe as equipe_du_depot
from contrat_ville.models import (
    Axe,
    Contrat,
    Critere,
    Equipier,
    Financement,
    LigneBudget,
    Partenaire,
    Porteur,
    Programmation,
    Projet,
)
from contrat_ville.workflow import Etape, Etat, EtatProgrammation
from participation.socle.actions import donner_reference
from participation.socle.models import Compte, Quartier
from tests.socle.factories import CompteFactory


def jour(jours):
    return factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=jours))


class PorteurFactory(DjangoModelFactory[Porteur]):
    class Meta:
        model = Porteur

    nom = factory.Sequence(lambda n: f"Association {n}")
    courriel = factory.Sequence(lambda n: f"association-{n}@example.org")


class PartenaireFactory(DjangoModelFactory[Partenaire]):
    class Meta:
        model = Partenaire

    nom = factory.Sequence(lambda n: f"Financeur {n}")
    courriel = factory.Sequence(lambda n: f"financeur-{n}@example.org")
    est_financeur = True
    sous_poste = "74epci"


class ProgrammationFactory(DjangoModelFactory[Programmation]):
    """Call open today, with its grid."""

    class Meta:
        model = Programmation
        skip_postgeneration_save = True

    class Params:
        preparee = factory.Trait(etat=EtatProgrammation.PREPAREE)
        en_instruction = factory.Trait(
            etat=EtatProgrammation.INSTRUCTION, date_ouverture=jour(-60), date_cloture=jour(-20)
        )

    contrat = factory.LazyFunction(lambda: Contrat.objects.get())
    annee = factory.Sequence(lambda n: 2030 + n % 70)
    titre = factory.LazyAttribute(lambda p: f"Appel à projets {p.annee}")
    etat = EtatProgrammation.OUVERTE
    texte_appel = "Pour les projets faits avec les habitants."
    eligibilite = "Un projet dans un quartier prioritaire."
    source = "Note de cadrage."
    date_ouverture = jour(-10)
    date_cloture = jour(20)

    @factory.post_generation
    def grille(self, create, extracted, **kwargs):
        if create and extracted is not False:
            Critere.objects.create(programmation=self, etape=Etape.RECEVABILITE, intitule="Dossier complet")
            Critere.objects.create(programmation=self, etape=Etape.MERITE, intitule="Utile", forme="note")


class ProjetFactory(DjangoModelFactory[Projet]):
    """Filed and complete, with a balanced budget.

    `equipe`: accounts of the team, the first is the signataire.
    """

    class Meta:
        model = Projet
        skip_postgeneration_save = True

    class Params:
        brouillon = factory.Trait(etat=Etat.BROUILLON, depose_le=None, ouvert_le=None, reference=None)
        en_instruction = factory.Trait(etat=Etat.INSTRUCTION)
        propose = factory.Trait(etat=Etat.PROPOSE)
        retenu = factory.Trait(etat=Etat.RETENU, decide_le=factory.LazyFunction(timezone.now))
        notifie = factory.Trait(retenu=True, notifie_le=factory.LazyFunction(timezone.now))
        refuse = factory.Trait(
            etat=Etat.REFUSE, decide_le=factory.LazyFunction(timezone.now), motif_decision="Hors de l’appel."
        )
        en_cours = factory.Trait(notifie=True, etat=Etat.EN_COURS)
        bilan_attendu = factory.Trait(notifie=True, etat=Etat.BILAN_ATTENDU)

    titre = factory.Sequence(lambda n: f"Jardin partagé {n}")
    etat = Etat.DEPOSE
    programmation = factory.SubFactory(ProgrammationFactory)
    porte_par = factory.SubFactory(PorteurFactory)
    axe = factory.LazyFunction(lambda: Axe.objects.first())
    objet = "Un jardin tenu par les habitants."
    description = "Nous cultivons ensemble."
    date_debut = jour(60)
    date_fin = jour(300)
    depose_le = factory.LazyFunction(timezone.now)
    ouvert_le = factory.LazyFunction(timezone.now)
    reference = factory.LazyFunction(lambda: donner_reference(Projet()))
    montant_total = Decimal(1000)
    montant_demande = Decimal(800)

    @factory.post_generation
    def equipe(self, create, extracted, **kwargs):
        if create:
            for rang, compte in enumerate(extracted or [CompteFactory()]):
                role = Equipier.Role.SIGNATAIRE if rang == 0 else Equipier.Role.REDACTEUR
                Equipier.objects.create(projet=self, compte=compte, role=role)

    @factory.post_generation
    def budget(self, create, extracted, **kwargs):
        if create and extracted is not False:
            financeur = Partenaire.objects.filter(est_financeur=True).first()
            LigneBudget.objects.create(projet=self, sens="depense", poste="601", montant=Decimal(1000))
            LigneBudget.objects.create(
                projet=self, sens="recette", poste="74epci", montant=Decimal(800), financeur=financeur
            )
            LigneBudget.objects.create(projet=self, sens="recette", poste="756", montant=Decimal(200))
            Financement.objects.create(projet=self, financeur=financeur, demande=Decimal(800))
            self.quartiers.add(Quartier.objects.first())


def invitee(projet: Projet, par: Compte, role: str = "redacteur") -> Equipier:
    """Invite a member, who accepts."""
    lea = equipe_du_depot.inviter_equipier(projet, par=par, courriel="lea@example.org", role=role)
    equipe_du_depot.rejoindre_equipe(lea, par=lea.compte)
    return lea
