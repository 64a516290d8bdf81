"""What the demonstration of every app does with an instance: its members, its séances on working days."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

from participation.seances.convocation.actes import convoquer
from participation.seances.convocation.envois import envoyer_convocation
from participation.seances.ecrans import tenue
from participation.seances.membres.actes import nommer
from participation.seances.models import College, Convie, Instance, Mandature, PointDossier, Seance
from participation.seances.points import decisions
from participation.seances.preparation import programmer
from participation.seances.presence.actes import arriver
from participation.seances.workflow import Mode
from participation.socle.management.horloge import nous_sommes
from participation.socle.management.scene import Scene
from participation.socle.models import Dossier


class SceneDInstance(Scene):
    def installer(
        self, cle: str, membres: Iterable[str], *, sieges: int, depuis: int, intitule: str = ""
    ) -> Instance:
        """Open a mandature with one collège, and name these accounts of the demonstration."""
        with self.le(depuis):
            instance = Instance.objects.get(cle=cle)
            mandature = Mandature.objects.create(
                instance=instance,
                intitule=intitule or instance.sigle,
                debut=self.jour(depuis),
                fin=self.jour(900),
            )
            college = College.objects.create(
                mandature=mandature, nom="Membres", ordre=1, sieges=sieges, vote_depuis=self.jour(depuis)
            )
            for membre in membres:
                nommer(
                    college,
                    par=self.agent,
                    du=self.jour(depuis),
                    avec_lettre=False,
                    compte=self.compte(membre),
                )
        return instance

    def programmer(
        self, instance: Instance, jours: int, titre: str, *, avant: int = 30, heure: int = 9, **champs: Any
    ) -> Seance:
        """Plan a séance of two hours `avant` days before, in a room and not public unless said otherwise."""
        debut = self.heure_ouvree(jours, heure)
        defauts: dict[str, Any] = {
            "debut": debut,
            "fin": debut + timedelta(hours=2),
            "tenue": Seance.Tenue.SALLE,
            "lieu": "Salle Chartreuse, 3 rue Malakoff, Grenoble",
            "lien_visio": "",
            "acces": "Trams A et B, arrêt Malherbe.",
            "est_publique": False,
        }
        with self.le(min(jours - avant, -1)):
            return programmer(instance, par=self.agent, titre=titre, **{**defauts, **champs})

    def convoquer(self, seance: Seance, jours: int) -> None:
        with self.le(jours):
            envoyer_convocation(convoquer(seance, par=self.agent).pk)
        seance.refresh_from_db()

    def a_l_heure(self, seance: Seance, minutes: int) -> AbstractContextManager[None]:
        return nous_sommes(seance.debut + timedelta(minutes=minutes))

    def ouvrir_seance(self, seance: Seance) -> None:
        """Everybody is in the room; the first convened presides."""
        with self.a_l_heure(seance, 0):
            convies: list[Convie] = list(
                seance.convies.select_related("membre__compte", "membre__college").order_by("pk")
            )
            for convie in convies:
                convie.seance = seance
                arriver(convie, mode=Mode.SALLE, par=self.agent)
            tenue.ouvrir(seance, par=self.agent, presidee_par=convies[0].membre, secretaire="Claire Montel")

    def decider(self, seance: Seance, dossier: Dossier, decision: str, **reponses: Any) -> None:
        lien = PointDossier.objects.select_related("point").get(point__seance=seance, dossier=dossier.pk)
        decisions.decider(lien, decision, par=self.agent, reponses=reponses)

    def lever(self, seance: Seance, minutes: int = 70) -> None:
        with self.a_l_heure(seance, minutes):
            tenue.lever(seance, par=self.agent)
