"""Engagements of the demonstration: two measured, one kept, one not written to its end. Invented."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from participation.engagements import etudes
from participation.engagements.models import EngagementPris, Etude, Principe
from participation.engagements.promesses import actes
from participation.engagements.workflow import Mesure
from participation.seances.instances import actes as instances
from participation.socle.fichiers.pdf import fabriquer_pdf
from participation.socle.management.scene import Scene

SOURCE = "délibération inventée pour la démonstration"
ETUDE = "Qui vient aux réunions, et qui n’y vient pas"
CONSTATS = (
    "Étude inventée pour la démonstration. Nous avons suivi neuf réunions de l’année. Les personnes de moins de 30 ans y sont peu venues, et "
    "deux réunions sur trois commençaient à 18 heures. Nous recommandons d’en tenir une sur trois le samedi matin, avec une garde d’enfants."
)


class Pacte(Scene):
    def jouer(self) -> None:
        self.principes = {principe.numero: principe for principe in Principe.objects.all()}
        self._repondre()
        self._ecouter()
        self._former()
        self._etudier()
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

    def _etudier(self) -> None:
        """The commission d’évaluation and its study of the year, that the council hears in two months."""
        with self.le(-150):
            commission = instances.creer_instance(
                par=self.agent,
                cle="commission-evaluation",
                nom="Commission d’évaluation de la participation",
                sigle="Commission d’évaluation",
                fondement="Tirée au sort parmi qui a pris part, inventée pour la démonstration.",
                app="engagements",
                est_publique=True,
            )
            instances.ecrire_reglement(
                commission,
                par=self.agent,
                version="première",
                en_vigueur_du=self.jour(-150),
                source=SOURCE,
                delai_convocation=10,
            )
        with self.le(-20):
            document = fabriquer_pdf(
                f'<html lang="fr"><title>{ETUDE}</title><h1>{ETUDE}</h1><p>{CONSTATS}</p></html>'
            )
            etude = etudes.deposer_etude(
                Etude(),
                par=self.agent,
                instance=commission,
                annee=self.jour(-20).year,
                titre=ETUDE,
                constats=CONSTATS,
                date_limite=self.jour(60),
                fichier=SimpleUploadedFile("etude.pdf", document),
            )
            etudes.publier_etude(etude, par=self.agent)

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
