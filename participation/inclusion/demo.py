"""Answers of the demonstration to the questions of the profile, and three actions of aller-vers.

The shares of the population are invented, and their source says so: the true ones are for the service to type.
"""

from participation.inclusion import aller_vers
from participation.inclusion.models import ActionAllerVers, PartDePopulation, ReponseDeProfil
from participation.inclusion.profils.actes import lignes
from participation.inclusion.workflow import VALEURS, Critere
from participation.socle import vitrine
from participation.socle.management.scene import Scene
from participation.socle.models import Commune, Quartier

SUIT = ("petitions", "budgets", "remontees", "rencontres")

PARTS = {Critere.AGE: ("16", "21", "20", "19", "15", "9"), Critere.GENRE: ("51", "48.5", "0.5")}
# Who answers is not who lives here.
POIDS = {
    Critere.AGE: (1, 9, 24, 32, 27, 7),
    Critere.GENRE: (57, 42, 1),
    Critere.QPV: (6, 94),
    Critere.LANGUE: (88, 2, 3, 2, 2, 1, 2),
    Critere.AMENAGEMENT: (7, 93),
}
REPONDENT, AU_PLUS = 0.3, 150


class Publics(Scene):
    def jouer(self) -> None:
        self._population()
        demarches = {
            (d.nature, d.numero): d
            for annee in (self.aujourd_hui.year - 1, self.aujourd_hui.year)
            for d in vitrine.recueillir("demarches", annee)
        }
        ReponseDeProfil.objects.bulk_create(
            ligne
            for (nature, numero), demarche in demarches.items()
            for rang in range(min(round(REPONDENT * demarche.participants), AU_PLUS))
            for ligne in lignes(nature, numero, f"demonstration:{rang}", self._dites())
        )
        self._actions()

    def _population(self) -> None:
        PartDePopulation.objects.bulk_create(
            PartDePopulation(
                critere=critere,
                valeur=valeur,
                pourcent=pourcent,
                source="nombre inventé pour la démonstration",
                annee=self.aujourd_hui.year - 2,
            )
            for critere, parts in PARTS.items()
            for valeur, pourcent in zip(VALEURS[critere].values, parts, strict=True)
        )

    def _dites(self) -> dict[str, str]:
        communes = list(self.communes.values())
        dites: dict[str, str] = {
            critere: self.hasard.choices(VALEURS[critere].values, poids)[0]
            for critere, poids in POIDS.items()
        }
        dites[Critere.COMMUNE] = self.hasard.choices(communes, [c.population for c in communes])[0].pk
        for critere in self.hasard.sample([*dites], 2):  # few people answer everything
            dites[critere] = ""
        return dites

    def _actions(self) -> None:
        faite = self._prevoir(
            -20,
            "Café au pied de la tour 3, avec les gardiens",
            "Le Pont-de-Claix",
            "Les 15 à 29 ans",
            "Amicale des locataires",
        )
        with self.le(-19, 17):
            aller_vers.raconter_aller_vers(
                faite,
                par=self.agent,
                rencontrees=34,
                venues=9,
                heures=6,
                cout=None,
                bilan="On nous a parlé des bus du soir et du gymnase fermé le dimanche. Venir après 18 heures change tout.",
            )
        self._prevoir(
            9,
            "Une matinée au marché, avec une interprète",
            "Échirolles",
            "Personnes qui lisent peu le français",
            "",
        )
        self._prevoir(
            -4, "Goûter à la sortie de l’école", "Fontaine", "Parents d’élèves", "École du quartier"
        )

    def _prevoir(self, jours: int, titre: str, commune: str, public: str, relais: str) -> ActionAllerVers:
        with self.le(min(jours, 0) - 14):
            ou = Commune.objects.get(nom=commune)
            return aller_vers.prevoir_aller_vers(
                ActionAllerVers(),
                par=self.agent,
                commune=ou,
                quartier=Quartier.objects.filter(commune=ou).order_by("nom").first(),
                titre=titre,
                date_prevue=self.jour(jours),
                lieu=f"{commune}, rendez-vous sur place",
                public=public,
                relais=relais,
                demarche="",
            )


def jouer() -> None:
    Publics().jouer()
