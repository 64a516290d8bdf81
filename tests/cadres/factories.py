"""A cadre in each état, with as few rows as possible."""

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from participation.cadres.models import Attente, Cadre, Condition, Evaluateur, Rattachement
from participation.cadres.workflow import EtatCadre, Niveau
from tests.outils import jour


class CadreFactory(DjangoModelFactory):
    class Meta:
        model = Cadre

    titre = factory.Sequence(lambda n: f"Démarche {n}")
    reference = factory.Sequence(lambda n: f"DEM-2020-{n:04}")
    niveau = Niveau.CONCERTER
    objet = "Partager la place."
    ouvert = "Les bancs."
    qui_decide = "Le conseil, en juin"
    date_debut = factory.LazyFunction(lambda: jour(0))
    date_fin = factory.LazyFunction(lambda: jour(30))
    ouvert_le = factory.LazyFunction(timezone.now)

    class Params:
        annonce = factory.Trait(etat=EtatCadre.ANNONCE, est_publie=True)


class AttenteFactory(DjangoModelFactory):
    class Meta:
        model = Attente

    cadre = factory.SubFactory(CadreFactory, annonce=True)
    condition = factory.LazyFunction(lambda: Condition.objects.order_by("pk").first())
    texte = "Vous lisez tout."


def monde_des_cadres() -> dict[str, list[object]]:
    brouillon = CadreFactory()
    Rattachement.objects.create(cadre=brouillon, genre="panels.panel", titre="Tous les panels")
    attente = AttenteFactory()
    page = Rattachement.objects.create(cadre=attente.cadre, genre="ccspl.avis", titre="Tous les avis")
    constate = CadreFactory(annonce=True)
    evaluateur = Evaluateur.objects.create(cadre=constate, moment="avant", nom="Sami Essai")
    return {
        "cadre_evaluateur": [evaluateur.pk],
        "cadre_evaluer": [evaluateur.jeton()],
        "cadre": [brouillon.pk],
        "cadre_annonce": [attente.cadre_id],
        "cadre_constate": [constate.pk],
        "cadre_ref": [attente.cadre.reference],
        "cadre_page": [page.pk],
        "cadre_attente": [attente.pk],
    }
