"""A followed quartier and a focus group in each état, made by the actions of a référent."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from contrat_ville.models import GroupeDiscussion, SuiviQuartier
from contrat_ville.quartiers import groupes
from tests.outils import jour

GUIDE = "Comment vous déplacez-vous ?\nQu’est-ce qui vous en empêche ?"


def suivi_de(nom: str = "") -> SuiviQuartier:
    suivis = SuiviQuartier.objects.select_related("quartier__commune")
    return suivis.get(quartier__nom=nom) if nom else suivis.first()


def groupe_de(
    suivi: SuiviQuartier, par, *, jours: int = -2, personnes: int = 1, **champs
) -> GroupeDiscussion:
    """Make a group with a participant whose paroles may be kept; `jours` from today."""
    groupe = groupes.preparer_groupe(
        GroupeDiscussion(suivi=suivi),
        par=par,
        **{"titre": "Se déplacer", "date": jour(jours), "guide": GUIDE, **champs},
    )
    for rang in range(personnes):
        participant_a(groupe, par, accepte_citation=not rang)
    return groupe


def participant_a(groupe: GroupeDiscussion, par, **champs):
    options = {"age": "adulte", "profil": "locataire", "accord": "oral", "accord_le": jour(-2), **champs}
    return groupes.ajouter_participant(groupe, par=par, **options)


def tenu(groupe: GroupeDiscussion, par) -> GroupeDiscussion:
    groupes.tenir_groupe(groupe, par=par)
    return groupe


def restitue(groupe: GroupeDiscussion, par) -> GroupeDiscussion:
    groupes.rediger_synthese(tenu(groupe, par), par=par, synthese="On marche peu le soir.")
    return groupe


def image(nom: str = "photo.png") -> SimpleUploadedFile:
    octets = io.BytesIO()
    Image.new("RGB", (4, 3), "gray").save(octets, "PNG")
    return SimpleUploadedFile(nom, octets.getvalue(), "image/png")
