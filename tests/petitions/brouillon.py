"""Helpers for a draft of a pétition, up to its deposit."""

from petitions.depot import actes as depot
from petitions.models import Petition, ReglementPetition
from tests.petitions.factories import CoPetitionnaireFactory, PetitionFactory
from tests.socle.factories import commune


def moi(petition: Petition) -> None:
    depot.se_presenter(
        petition,
        par=petition.auteur,
        prenom="Alma",
        nom="Personne",
        nom_auteur="Alma Personne",
        commune=commune("Vizille"),
        qualite="resident",
        atteste_age=True,
    )


def complete(requis: int = 3, **champs) -> Petition:
    """Return a draft with all that the règlement asks, not yet filed."""
    ReglementPetition.objects.update(copetitionnaires_requis=requis)
    petition = PetitionFactory(**champs)
    moi(petition)
    CoPetitionnaireFactory.create_batch(requis - 1, petition=petition, confirme=True)
    return petition


def reponses(**champs) -> dict:
    return {
        "prenom": "Basile",
        "nom": "Faure",
        "commune": commune("Jarrie"),
        "qualite": "resident",
        "atteste_age": True,
        **champs,
    }
