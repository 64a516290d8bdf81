"""A file of the shape of Dauphin's, with invented holders: examined, applied but for what waits for an agent's choice."""

from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile

from contrat_ville.actions import dauphin
from contrat_ville.models import Programmation, ReglementSubventions
from participation.socle.management.scene import Scene

FICHIER = Path(__file__).resolve().parents[1] / "donnees" / "dauphin_demonstration.csv"
# Passes the check of its key; the true one is to be written by who runs the site.
SIRET_D_EXEMPLE = "20004071500019"


class FichierDeDauphin(Scene):
    def vivre(self) -> None:
        programmation = Programmation.objects.filter(annee=self.aujourd_hui.year).first()
        if programmation is None:
            return
        with self.le(-20):
            choisi = dauphin.ouvrir_import(
                SimpleUploadedFile("export-dauphin.csv", FICHIER.read_bytes()),
                par=self.agent,
                exercice=programmation.annee,
            )
            dauphin.relier_colonnes(choisi.pk, relies=choisi.relies, exercice=programmation.annee)
            dauphin.avancer_import(choisi.pk)
            dauphin.lancer_application(choisi.pk)
            dauphin.avancer_import(choisi.pk)
        ReglementSubventions.objects.filter(siret_attribuant="").update(siret_attribuant=SIRET_D_EXEMPLE)
