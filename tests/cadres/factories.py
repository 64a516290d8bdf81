"""A cadre in each état, with as few rows as possible."""

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from participation.cadres.models import Attente, Cadre, Cahier, Condition, Evaluateur, Rattachement
from participation.cadres.workflow import EtatCadre, EtatCahier, Niveau
from participation.socle.models import Piece
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


class CahierFactory(DjangoModelFactory):
    """Asked for and proved; `depose`: to be read, its document is no file."""

    class Meta:
        model = Cahier

    dossier = factory.SubFactory(
        CadreFactory, annonce=True, cahiers_jusqu_au=factory.LazyFunction(lambda: jour(20))
    )
    organisation = factory.Sequence(lambda n: f"Les amis du parc {n}")
    courriel = factory.Sequence(lambda n: f"parc{n}@example.org")
    confirme_le = factory.LazyFunction(timezone.now)

    class Params:
        depose = factory.Trait(
            etat=EtatCahier.A_LIRE,
            resume="Gardez les bancs.",
            consenti_le=factory.LazyFunction(timezone.now),
            piece=factory.LazyAttribute(
                lambda c: Piece.objects.create(
                    dossier_id=c.dossier.pk,
                    titre="Cahier",
                    nom="cahier.pdf",
                    type_mime="application/pdf",
                    taille=9,
                    sha256=c.organisation,
                )
            ),
        )


def monde_des_cadres() -> dict[str, list[object]]:
    brouillon = CadreFactory()
    Rattachement.objects.create(cadre=brouillon, genre="panels.panel", titre="Tous les panels")
    attente = AttenteFactory()
    page = Rattachement.objects.create(cadre=attente.cadre, genre="ccspl.avis", titre="Tous les avis")
    constate = CadreFactory(annonce=True)
    ouverte = CadreFactory(annonce=True, cahiers_jusqu_au=jour(20))
    cahier = CahierFactory(dossier=ouverte, depose=True)
    evaluateur = Evaluateur.objects.create(cadre=constate, moment="avant", nom="Sami Essai")
    return {
        "cadre_evaluateur": [evaluateur.pk],
        "cadre_evaluer": [evaluateur.jeton()],
        "cadre_cahiers": [ouverte.pk],
        "cadre_cahiers_ref": [ouverte.reference],
        "cadre_cahier": [cahier.pk],
        "cadre_cahier_lien": [cahier.jeton()],
        "cadre": [brouillon.pk],
        "cadre_annonce": [attente.cadre_id],
        "cadre_constate": [constate.pk],
        "cadre_ref": [attente.cadre.reference],
        "cadre_page": [page.pk],
        "cadre_attente": [attente.pk],
    }
