"""What the table of access needs of the life of the commission."""

from django.core.files.uploadedfile import SimpleUploadedFile

from ccspl.actions.vie import ajouter_document
from ccspl.models import AbonnementResume, DocumentBibliotheque
from participation.socle.models import Compte
from tests.ccspl.annee import college, membre
from tests.ccspl.factories import AvisFactory


def monde_de_la_vie(agent: Compte, elu: Compte) -> dict[str, list[object]]:
    college()
    guide = ajouter_document(
        DocumentBibliotheque(),
        par=agent,
        titre="Guide du membre",
        categorie="guide",
        fichier=SimpleUploadedFile("guide.txt", b"Bonjour", "text/plain"),
    )
    return {
        "bibliotheque": [guide.pk],
        "bibliotheque+version": [guide.pk, 1],
        "membre_ccspl": [membre().pk],
        "avis_adopte": [AvisFactory(adopte=True).pk],
        "annee": [2025],
        "resume": [AbonnementResume.objects.create(compte=elu).cle],
    }
