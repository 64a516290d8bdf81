"""Access tests: calls to members, visits, library of the commission."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from ccspl.bibliotheque import ajouter_document
from ccspl.models import AbonnementResume, Controle, DocumentBibliotheque, RapportAnnuel
from participation.socle.models import Compte, Document
from tests.ccspl.annee import college, membre
from tests.ccspl.factories import AvisFactory, ServiceSuiviFactory


def monde_de_la_vie(agent: Compte, elu: Compte) -> dict[str, list[object]]:
    college()
    guide = ajouter_document(
        DocumentBibliotheque(),
        par=agent,
        titre="Guide du membre",
        categorie="guide",
        fichier=SimpleUploadedFile("guide.txt", b"Bonjour", "text/plain"),
    )
    arrete = RapportAnnuel.objects.create(
        annee=timezone.localdate().year,
        document=Document.objects.create(nature="ccspl/rapport", titre="Rapport"),
        arrete_le=timezone.now(),
    )
    return {
        "bibliotheque": [guide.pk],
        "bibliotheque+version": [guide.pk, 1],
        "controle": [
            Controle.objects.create(service=ServiceSuiviFactory(), intitule="Délégation du chauffage").pk
        ],
        "membre_ccspl": [membre().pk],
        "avis_adopte": [AvisFactory(adopte=True).pk],
        "annee": [timezone.localdate().year - 1],
        "annee_arretee": [arrete.annee],
        "resume": [AbonnementResume.objects.create(compte=elu).cle],
    }
