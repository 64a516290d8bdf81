"""Engagements of the demonstration: two measured, one kept, one not written to its end. Invented."""

from datetime import date
from decimal import Decimal
from typing import Any

from participation.engagements.models import EngagementPris, Principe
from participation.engagements.promesses import actes
from participation.engagements.workflow import Mesure
from participation.socle.management.scene import Scene

SOURCE = "délibération inventée pour la démonstration"


class Pacte(Scene):
    def jouer(self) -> None:
        self.principes = {principe.numero: principe for principe in Principe.objects.all()}
        self._repondre()
        self._ecouter()
        self._former()
        with self.le(-3):
            self._ecrire(
                "Écrire chaque document en facile à lire",
                2,
                "Chaque dossier ouvert au public a son résumé en facile à lire.",
                date_limite=None,
            )

    def _repondre(self) -> None:
        with self.le(-200):
            engagement = self._ecrire(
                "Répondre à chaque demande, en public et à temps",
                3,
                "Chaque demande d’une pétition, d’un avis, d’un panel ou d’une remontée reçoit une réponse écrite : oui, en "
                "partie ou non, et pourquoi.",
                verification="Les trois mesures ci-dessous sont comptées sur le rendu compte, que chacun peut lire.",
                source=SOURCE,
                date_limite=self.jour(165),
                direction=self.directions.get("MOB"),
            )
            self._compter(
                engagement, "Demandes qui ont reçu une réponse", Mesure.PART_REPONDUE, "90", par_commune=True
            )
            self._compter(engagement, "Réponses venues à temps", Mesure.PART_A_TEMPS, "80")
            self._compter(engagement, "Temps de réponse", Mesure.DELAI_MEDIAN, "60", est_un_plafond=True)
            actes.publier_engagement(engagement, par=self.agent)
        with self.le(-40):
            actes.modifier_engagement(
                engagement,
                par=self.agent2,
                raison="Le conseil a donné six mois de plus, après la période électorale.",
                date_limite=self.jour(230),
            )

    def _ecouter(self) -> None:
        with self.le(-180):
            engagement = self._ecrire(
                "Entendre toutes les communes et tous les publics",
                2,
                "Nous allons là où sont les personnes que nous n’entendons pas, et nous disons qui manque.",
                verification="La part des communes d’où une voix est venue, les groupes qui manquent, les sorties faites.",
                source=SOURCE,
                date_limite=self.jour(185),
            )
            self._compter(engagement, "Communes d’où une voix est venue", Mesure.COMMUNES, "60")
            self._compter(engagement, "Groupes qui manquent", Mesure.PUBLICS, "3", est_un_plafond=True)
            sorties = self._compter(
                engagement, "Sorties au pied des immeubles et au marché", Mesure.SAISIE, "12", unite="sorties"
            )
            actes.publier_engagement(engagement, par=self.agent)
        for jours, valeur in ((-150, "2"), (-70, "5"), (-12, "9")):
            with self.le(jours):
                actes.mesurer(
                    sorties,
                    par=self.agent,
                    valeur=Decimal(valeur),
                    constatee_le=self.jour(jours),
                    source="carnet du service, inventé pour la démonstration",
                )

    def _former(self) -> None:
        with self.le(-300):
            engagement = self._ecrire(
                "Former chaque chef de projet au dialogue citoyen",
                5,
                "Avant de lancer une concertation, chaque chef de projet suit deux jours de formation.",
                verification="Le nombre de personnes formées, dit par la direction des ressources humaines.",
                source=SOURCE,
                date_limite=self.jour(-30),
            )
            formees = self._compter(
                engagement, "Chefs de projet formés", Mesure.SAISIE, "20", unite="personnes"
            )
            actes.publier_engagement(engagement, par=self.agent)
        with self.le(-45):
            actes.mesurer(
                formees,
                par=self.agent,
                valeur=Decimal(22),
                constatee_le=self.jour(-45),
                source="bilan de formation, inventé pour la démonstration",
            )
            actes.dire_tenu(
                engagement,
                par=self.agent,
                bilan="Vingt-deux personnes ont suivi les deux jours, avec les communes.",
            )

    def _ecrire(
        self, titre: str, principe: int, texte: str, *, date_limite: date | None, **champs: Any
    ) -> EngagementPris:
        return actes.ecrire_engagement(
            EngagementPris(),
            par=self.agent,
            titre=titre,
            texte=texte,
            principe=self.principes.get(principe),
            date_limite=date_limite,
            **champs,
        )

    def _compter(
        self, engagement: EngagementPris, intitule: str, mesure: str, cible: str, **champs: Any
    ) -> Any:
        return actes.ajouter_indicateur(
            engagement, par=self.agent, intitule=intitule, mesure=mesure, cible=Decimal(cible), **champs
        )
