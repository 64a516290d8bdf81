"""Demonstration of an import in the format of Dauphin.

It is applied, except the dossiers that need a choice of an agent.
"""

from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from contrat_ville.comites import actes as comites
from contrat_ville.dauphin import actes as actes_dauphin
from contrat_ville.dauphin import tour
from contrat_ville.dauphin.actes import Dite
from contrat_ville.demo.reseau import lettre_signee
from contrat_ville.instruction import actes as instruction
from contrat_ville.models import Porteur, Programmation, Projet, ReglementSubventions
from contrat_ville.models.porteurs import adresses_de
from contrat_ville.notification import actes as notification
from contrat_ville.workflow import Etat
from participation.socle.management.scene import Scene

FICHIER = Path(__file__).resolve().parents[1] / "donnees" / "dauphin_demonstration.csv"
A_POSTER = "Le kiosque à paroles"
EN_ATTENTE = "Réparer ensemble"
# Valid for the check digit only. The real number is set by the operator of the site.
SIRET_D_EXEMPLE = "20004071500019"


class FichierDeDauphin(Scene):
    def vivre(self) -> None:
        programmation = Programmation.objects.filter(annee=self.aujourd_hui.year).first()
        if programmation is None:
            return
        with self.le(-20):
            choisi = actes_dauphin.ouvrir_import(
                SimpleUploadedFile("export-dauphin.csv", FICHIER.read_bytes()),
                par=self.agent,
                exercice=programmation.annee,
            )
            actes_dauphin.relier_colonnes(choisi.pk, relies=choisi.relies, exercice=programmation.annee)
            tour.avancer_import(choisi.pk)
            fondation = Dite(programmation.annee, "financeur", "Fondation d’essai", None)
            actes_dauphin.dire_correspondances(choisi.pk, par=self.agent, dites=[fondation])
            tour.avancer_import(choisi.pk)
            actes_dauphin.lancer_application(choisi.pk)
            tour.avancer_import(choisi.pk)
        ReglementSubventions.objects.filter(siret_attribuant="").update(siret_attribuant=SIRET_D_EXEMPLE)

    def poster(self) -> None:
        """Refuse two projets whose teams have no email: one letter is posted, the other is ready to print."""
        if kiosque := self._refuser(
            A_POSTER, "Le projet s’ajoute à un autre du même porteur, qui n’est pas fini."
        ):
            with self.le(-7):
                notification.joindre_lettre_signee(kiosque, par=self.agent, fichier=lettre_signee(kiosque))
            with self.le(-6):
                notification.notifier_par_courrier(kiosque, par=self.agent, date_postee=self.jour(-6))
        self._refuser(EN_ATTENTE, "Un atelier de réparation ouvre déjà chaque semaine dans ce quartier.")

    def _refuser(self, titre: str, motif: str) -> Any:
        """Refuse the projet and prepare its letter.

        Returns None if it is already decided, or if its team can be reached by email.
        """
        projet: Any = Projet.objects.filter(titre=titre, etat__in=[Etat.DEPOSE, Etat.INSTRUCTION]).first()
        if projet is None or adresses_de(projet):
            return None
        Porteur.objects.filter(pk=projet.porte_par_id, adresse="").update(
            adresse="12 rue des Essais", code_postal="38000", ville="Grenoble"
        )
        projet.refresh_from_db()
        if projet.etat == Etat.DEPOSE:
            with self.le(-14):
                instruction.declarer_recevable(projet, par=self.agent)
        with self.le(-12):
            comites.proposer_refus(projet, par=self.agent, motif=motif)
        with self.le(-10):
            comites.refuser(projet, par=self.agent, motif=motif, le=self.jour(-10))
        with self.le(-9):
            notification.preparer_lettre(projet, par=self.agent)
        return projet
