"""Réclamations: noted, published, dealt with; their forms and pages."""

from django.db import transaction
from django.utils import timezone

from participation.socle.actions import avancer, donner_reference, exiger
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_ligne, champ_texte
from participation.socle.models import Compte
from participation.socle.views.pages import Page, acte
from tests.appli_essai.models import Reclamation
from tests.appli_essai.reception import lettres


class SaisirForm(ActeForm):
    titre = champ_ligne("En une phrase", maximum=160, erreur="Dites en une phrase ce qui est réclamé.")
    texte = champ_texte("Ce qui est réclamé", maximum=2000, erreur="Écrivez ce qui est réclamé.")


@acte(Page[Reclamation](form=SaisirForm, ouvre=True))
@transaction.atomic
def saisir(reclamation: Reclamation, *, par: Compte, titre: str, texte: str) -> Reclamation:
    pas = exiger(reclamation, "saisir", par=par)
    pas.avancer(
        champs={
            "titre": titre,
            "texte": texte,
            "reference": donner_reference(reclamation),
            "ouvert_le": timezone.now(),
        }
    )
    return reclamation


@acte(Page[Reclamation](consequence="Tout le monde peut la lire, et l’appuyer."))
def publier(reclamation: Reclamation, *, par: Compte) -> None:
    avancer(reclamation, "publier", par=par, champs={"est_publie": True})


@acte(Page[Reclamation](consequence="La réclamation sera close, et ceux qui l’appuient le sauront."))
@transaction.atomic
def traiter(reclamation: Reclamation, *, par: Compte) -> None:
    avancer(reclamation, "traiter", par=par, champs={"clos_le": timezone.now()})
    lettres.traiter(reclamation)
