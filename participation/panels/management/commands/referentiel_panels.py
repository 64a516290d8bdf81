"""Load a first règlement of the panels: figures of practice, which the service may change. Idempotent."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand

from participation.panels.models import EtapeReglement, ReglementPanels
from participation.panels.workflow import Voie

# Twelve weeks by letter; the key is that of the act that does the step.
ETAPES = {
    Voie.COURRIER: (
        ("preparer", "Mandat, équipe et budget arrêtés", 84),
        ("concevoir", "Lettre d’invitation et page d’inscription prêtes", 63),
        ("ouvrir", "Lettres postées, inscriptions ouvertes", 42),
        ("tirer", "Inscriptions closes, panel tiré au sort", 28),
        ("confirmer", "Personnes tirées appelées, panel constitué", 21),
        ("accueillir", "Documents, transport et garde d’enfants réglés avec chacun", 7),
    ),
    Voie.TELEPHONE: (
        ("preparer", "Mandat, équipe et budget arrêtés", 56),
        ("ouvrir", "Appels commencés, inscriptions ouvertes", 35),
        ("tirer", "Inscriptions closes, panel tiré au sort", 21),
        ("confirmer", "Personnes tirées appelées, panel constitué", 14),
        ("accueillir", "Documents, transport et garde d’enfants réglés avec chacun", 7),
    ),
}


class Command(BaseCommand):
    help = "Charge le règlement de départ des panels citoyens (étapes, taux de réponse), s’il n’y en a pas encore."

    def handle(self, *args: Any, **options: Any) -> None:
        if ReglementPanels.objects.exists():
            return  # the agents have their own règlement
        reglement = ReglementPanels.objects.create(
            version="départ",
            en_vigueur_du=date(2024, 1, 1),
            source="Réglages de départ, tirés de la pratique des assemblées tirées au sort (douze semaines de préparation par "
            "lettre, 3 à 5 % de réponses). Aucun texte ne les fixe : le service les règle, ou en écrit une nouvelle version.",
        )
        EtapeReglement.objects.bulk_create(
            EtapeReglement(reglement=reglement, voie=voie, cle=cle, libelle=libelle, jours_avant=avant)
            for voie, siennes in ETAPES.items()
            for cle, libelle, avant in siennes
        )
