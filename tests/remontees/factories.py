"""Remontées and sujets in each état, with as few rows as possible."""

import factory
from django.db.models import QuerySet
from django.utils import timezone
from factory.django import DjangoModelFactory

from participation.socle.actions import donner_reference
from participation.socle.models import Courriel, Courrier
from remontees.models import (
    Attribution,
    Categorie,
    Message,
    ModeleDeReponse,
    Organisme,
    Rapporteur,
    RegleDeRoutage,
    Remontee,
    Sujet,
)
from remontees.workflow import Canal, Etat, EtatAttribution, EtatSujet, Issue
from tests.socle.factories import CompteFactory, DirectionFactory


class OrganismeFactory(DjangoModelFactory[Organisme]):
    class Meta:
        model = Organisme
        django_get_or_create = ("nom",)

    nom = "Régie d’ailleurs"
    courriel = "contact@ailleurs.example.org"


class CategorieFactory(DjangoModelFactory[Categorie]):
    class Meta:
        model = Categorie
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"categorie-{n}")
    nom = factory.Sequence(lambda n: f"Catégorie {n}")
    direction = factory.SubFactory(DirectionFactory)


class RegleFactory(DjangoModelFactory[RegleDeRoutage]):
    class Meta:
        model = RegleDeRoutage
        skip_postgeneration_save = True

    ordre = factory.Sequence(lambda n: 10 + n)

    @factory.post_generation
    def directions(self, cree: bool, directions: object) -> None:
        if cree and directions is not None:
            self.directions.set(directions)


class SujetFactory(DjangoModelFactory):
    class Meta:
        model = Sujet

    ouvert_le = factory.LazyFunction(timezone.now)
    reference = factory.LazyFunction(lambda: donner_reference(Sujet()))
    titre = factory.Sequence(lambda n: f"Sujet {n}")

    class Params:
        transmis = factory.Trait(etat=EtatSujet.TRANSMIS)
        a_repondre = factory.Trait(etat=EtatSujet.A_REPONDRE)
        publie = factory.Trait(est_publie=True, texte_public="Des gens disent que la rue est sombre.")
        a_relire = factory.Trait(
            etat=EtatSujet.A_REPONDRE, issue=Issue.TRAITE, reponse="C’est réparé.", date_prevue=None
        )
        repondu = factory.Trait(
            etat=EtatSujet.REPONDU,
            issue=Issue.TRAITE,
            reponse="C’est réparé.",
            repondu_le=factory.LazyFunction(timezone.now),
        )


class RemonteeFactory(DjangoModelFactory):
    class Meta:
        model = Remontee

    ouvert_le = factory.LazyFunction(timezone.now)
    reference = factory.LazyFunction(lambda: donner_reference(Remontee()))
    titre = factory.Sequence(lambda n: f"Remontée {n}")
    verbatim = "Le lampadaire devant l’école est éteint depuis trois semaines."
    canal = Canal.ACCUEIL

    class Params:
        transmise = factory.Trait(etat=Etat.TRANSMISE)
        a_repondre = factory.Trait(etat=Etat.A_REPONDRE)
        groupee = factory.Trait(etat=Etat.GROUPEE, sujet_commun=factory.SubFactory(SujetFactory))
        repondue = factory.Trait(
            etat=Etat.REPONDUE,
            issue=Issue.TRAITE,
            reponse="C’est réparé.",
            repondue_le=factory.LazyFunction(timezone.now),
        )


class RapporteurFactory(DjangoModelFactory[Rapporteur]):
    class Meta:
        model = Rapporteur

    remontee = factory.SubFactory(RemonteeFactory)
    nom = "Josette Arnaud"
    courriel = factory.Sequence(lambda n: f"josette{n}@example.org")


class AttributionFactory(DjangoModelFactory[Attribution]):
    class Meta:
        model = Attribution

    dossier = factory.SubFactory(RemonteeFactory, transmise=True)
    direction = factory.SubFactory(DirectionFactory)
    date_limite = factory.LazyFunction(timezone.localdate)
    par = factory.SubFactory(CompteFactory, agent=True)

    class Params:
        repondue = factory.Trait(
            etat=EtatAttribution.REPONDUE,
            issue=Issue.TRAITE,
            reponse="L’ampoule est changée.",
            repondue_le=factory.LazyFunction(timezone.now),
        )


class MessageFactory(DjangoModelFactory[Message]):
    class Meta:
        model = Message

    remontee = factory.SubFactory(RemonteeFactory)
    sens = Message.Sens.ENTRANT
    moyen = Message.Moyen.COURRIEL
    auteur = Message.Auteur.PERSONNE
    texte = "C’est encore éteint."

    class Params:
        question = factory.Trait(
            sens=Message.Sens.SORTANT,
            auteur=Message.Auteur.AGENT,
            texte="De quel côté de la rue ?",
            date_limite=factory.LazyFunction(timezone.localdate),
        )


class CourrierFactory(DjangoModelFactory[Courrier]):
    class Meta:
        model = Courrier

    dossier = factory.SubFactory(RemonteeFactory, repondue=True)
    lettre = "remontees/repondre"
    objet = "Réponse à votre remontée"
    a_une_adresse = True

    class Params:
        poste = factory.Trait(date_postee=factory.LazyFunction(timezone.localdate))


class ModeleFactory(DjangoModelFactory[ModeleDeReponse]):
    class Meta:
        model = ModeleDeReponse

    nom = factory.Sequence(lambda n: f"Modèle {n}")
    texte = "Merci pour votre remontée {référence}, à {commune}."


def categorie(code):
    return Categorie.objects.get(code=code)


MOBILE = "06 12 34 56 78"


def nommee(etats: dict | None = None, **contact) -> Remontee:
    valeurs = {"courriel": "", "telephone": MOBILE, "prefere": "sms", **contact}
    return RapporteurFactory(remontee=RemonteeFactory(**(etats or {})), **valeurs).remontee


def lettres(acte: str) -> QuerySet[Courriel]:
    return Courriel.objects.filter(acte=f"remontees/{acte}")
