"""Demonstration of the comités.

This year: half decided, with two scenarios. Last year: adopted, with a recours.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from contrat_ville.cadre import actes as cadre
from contrat_ville.comites import deliberation, inscription
from contrat_ville.comites.scenarios import actes as scenarios
from contrat_ville.demo.programmation import Annees
from contrat_ville.demo.reseau import lettre_signee
from contrat_ville.instruction import actes as instruction
from contrat_ville.instruction import avis
from contrat_ville.instruction.actes import Reponse
from contrat_ville.models import Partenaire, Programmation, Projet, Recours
from contrat_ville.notification import actes as notification
from contrat_ville.notification import recours as actes_recours
from contrat_ville.workflow import PILOTAGE, TECHNIQUE
from participation.seances.demo import SceneDInstance
from participation.seances.models import Instance, Seance
from participation.seances.points import actes as points
from participation.socle.management.scene import DOMAINE
from participation.socle.models import Commune

MEMBRES = {TECHNIQUE: ("agent2", "direction", "ville"), PILOTAGE: ("elue", "elu", "ville")}
# For each projet of this year, by its title: the act of the comité technique and its answers.
AVIS: dict[str, tuple[str, dict[str, Any]]] = {
    "Raconter la Villeneuve": ("proposer", {"Grenoble-Alpes Métropole": 4000, "Ville de Grenoble": 3500}),
    "Un compost pour trois cours": (
        "proposer",
        {"Grenoble-Alpes Métropole": 3000, "Ville d’Échirolles": 2500, "État, politique de la ville": 1500},
    ),
    "Théâtre forum au marché": (
        "proposer",
        {"Grenoble-Alpes Métropole": 5000, "Ville de Fontaine": 4000, "Département de l’Isère": 2000},
    ),
    "La place, on en parle dehors": (
        "proposer_refus",
        {"motif": "La Ville tient déjà des réunions sur la place : le projet s’y ajouterait."},
    ),
    "Chantiers jeunes et budget du quartier": (
        "ajourner",
        {"motif": "Le local n’est pas encore prêté : dites-nous quand il le sera."},
    ),
}
# Mark given by each of the two instructors, out of 5.
NOTES = dict(zip(AVIS, ((4, 5), (4, 3), (3, 4), (2, 2), (3, 1)), strict=True))
RESERVE = "Montrer l’accord du bailleur pour les bacs à compost."


class Comites(SceneDInstance):
    """To run after `annees`, whose projets of this year are under instruction."""

    def __init__(self, annees: Annees) -> None:
        super().__init__()
        self.annees, self.partenaires = annees, annees.partenaires

    def vivre(self) -> None:
        self._installer()
        self._annee_passee()
        self._noter()
        self._technique()
        self._scenarios()
        self._pilotage()
        self._a_venir()
        self._avis_attendus()

    def _installer(self) -> None:
        for cle, membres in MEMBRES.items():
            self.installer(cle, membres, sieges=8, depuis=-500)

    # Last year: adopted and notified, with its table for the assembly and an answered recours.

    def _annee_passee(self) -> None:
        annee = self.aujourd_hui.year - 1
        premier = (date(annee, 1, 1) - self.aujourd_hui).days
        passee = Programmation.objects.get(annee=annee)
        with self.le(premier - 13):
            deliberation.preparer_deliberation(passee, par=self.agent)
        contestee: Any = passee.projets.filter(etat="refuse", notifie_le__isnull=False).first()
        if contestee is None:
            return
        with self.le(premier + 12):
            recours = actes_recours.recevoir_recours(
                contestee, par=self.agent, recu_le=self.jour(premier + 10),
                texte="Nous avons trouvé une salle depuis : regardez de nouveau notre projet.",
            )  # fmt: skip
        with self.le(premier + 38):
            actes_recours.repondre_recours(
                recours, par=self.agent, issue=Recours.Issue.CONFIRMEE,
                reponse="Les enveloppes de l’année sont données. Votre projet, avec sa salle, peut venir au prochain appel.",
            )  # fmt: skip

    # This year

    def _noter(self) -> None:
        """Two instructors, with different marks."""
        criteres = list(self.annees.en_cours.criteres.all())
        lus = {ligne["titre"]: ligne["lu"] for ligne in self.annees.donnees["projets"] if "lu" in ligne}
        for titre, notes in NOTES.items():
            for instructeur, note, synthese in zip((self.agent, self.agent2), notes, lus[titre], strict=True):
                reponses = {
                    c.pk: Reponse(note=min(note + rang % 2, 5)) if c.forme == "note" else Reponse("rempli")
                    for rang, c in enumerate(criteres)
                }
                with self.le(-40):
                    instruction.evaluer(
                        self._projet(titre), par=instructeur, reponses=reponses, synthese=synthese
                    )

    def _projet(self, titre: str) -> Projet:
        projet = self.annees.projets[titre]
        projet.refresh_from_db()
        return projet

    def _montants(self, donnes: dict[str, int]) -> dict[int, Decimal]:
        return {self.partenaires[nom].pk: Decimal(somme) for nom, somme in donnes.items()}

    def _technique(self) -> None:
        seance = self._convoquer(TECHNIQUE, -15, "Comité technique", list(AVIS))
        for rang, (titre, (acte, reponses)) in enumerate(AVIS.items()):
            donnees = {"montants": self._montants(reponses), "motif": ""} if acte == "proposer" else reponses
            self._decider(seance, rang, titre, acte, donnees)
        self.lever(seance)

    def _scenarios(self) -> None:
        """Two scenarios to compare: the proposed amounts, and the requested ones, which are too high."""
        with self.le(-10):
            for nom, depart, note in (
                ("Équilibré", "propose", "Part de ce que le comité technique propose."),
                ("Tout ce qui est demandé", "demande", "Pour voir ce qui déborde."),
            ):
                scenarios.creer_scenario(
                    self.annees.en_cours, par=self.agent, nom=nom, depart=depart, note=note
                )

    def _pilotage(self) -> None:
        """Decide three projets: one is notified, one has a letter to sign, one is notified and contested."""
        raconter, compost, place = (
            "Raconter la Villeneuve",
            "Un compost pour trois cours",
            "La place, on en parle dehors",
        )
        seance = self._convoquer(PILOTAGE, -6, "Comité de pilotage", [raconter, compost, place])
        bravo = "Le comité salue la place donnée aux habitantes et habitants."
        for rang, (titre, acte, reponses) in enumerate(
            (
                (raconter, "retenir", {"montants": self._montants(AVIS[raconter][1]), "motif": bravo}),
                (compost, "retenir_sous_reserve", {"montants": self._montants(AVIS[compost][1]), "reserve": RESERVE}),
                (place, "refuser", AVIS[place][1]),
            )
        ):  # fmt: skip
            self._decider(seance, rang, titre, acte, reponses)
        self.lever(seance)
        for titre in (raconter, place):
            self._notifier(self._projet(titre), -4)
        with self.le(-3):
            notification.preparer_lettre(self._projet(compost), par=self.agent2)
        with self.le(-1):
            actes_recours.recevoir_recours(
                self._projet(place), par=self.agent, recu_le=self.jour(-2),
                texte="Les réunions de la Ville se tiennent en salle, le soir. Les nôtres sont dehors, le matin : d’autres gens y viennent.",
            )  # fmt: skip

    def _a_venir(self) -> None:
        seance = self._seance(PILOTAGE, 12, "Comité de pilotage")
        with self.le(-2):
            inscription.inscrire_au_comite(
                self._projet("Théâtre forum au marché"), par=self.agent, seance=seance
            )
        self._seance(TECHNIQUE, 26, "Comité technique")

    def _avis_attendus(self) -> None:
        """Two requests of opinion: one to a commune, in time; one to a direction, late."""
        # Partners of a direction or a commune are asked at its address.
        Commune.objects.filter(nom="Le Pont-de-Claix").update(courriel=f"ville-du-pont-de-claix@{DOMAINE}")
        self.directions["MOB"].refresh_from_db()
        with self.le(-17):
            mobilites = cadre.ajouter_partenaire(
                Partenaire(), par=self.agent, nom="Mobilités, voirie", nature="metropole", direction=self.directions["MOB"]
            )  # fmt: skip
            self._demander_avis(
                "Marches exploratoires de femmes",
                mobilites,
                -4,
                "Les passages signalés peuvent-ils être éclairés ?",
            )
        with self.le(-5):
            ville = Partenaire.objects.select_related("commune").get(nom="Ville du Pont-de-Claix")
            self._demander_avis(
                "Chantiers jeunes et budget du quartier", ville, 6, "Le local peut-il être prêté, et quand ?"
            )

    def _demander_avis(self, titre: str, partenaire: Partenaire, jours: int, texte: str) -> None:
        avis.demander_avis(
            self._projet(titre), par=self.agent, partenaires=[partenaire], tables=[], texte=texte, date_limite=self.jour(jours)
        )  # fmt: skip

    def _notifier(self, projet: Projet, jours: int) -> None:
        with self.le(jours - 1):
            notification.preparer_lettre(projet, par=self.agent)
        with self.le(jours):
            notification.joindre_lettre_signee(projet, par=self.agent, fichier=lettre_signee(projet))
            notification.notifier(projet, par=self.agent)

    # Séances

    def _seance(self, cle: str, jours: int, titre: str) -> Seance:
        return self.programmer(Instance.objects.get(cle=cle), jours, titre)

    def _convoquer(self, cle: str, jours: int, titre: str, titres: list[str]) -> Seance:
        seance = self._seance(cle, jours, titre)
        with self.le(jours - 8):
            inscription.remplir_le_comite(seance, [self._projet(t) for t in titres], par=self.agent)
        self.convoquer(seance, jours - 8)
        self.ouvrir_seance(seance)
        return seance

    def _decider(self, seance: Seance, rang: int, titre: str, acte: str, reponses: dict[str, Any]) -> None:
        projet = self._projet(titre)
        point = seance.points.get(liens_dossiers__dossier=projet.pk)
        point.seance = seance
        with self.a_l_heure(seance, 5 + 10 * rang):
            points.passer_au_point(point, par=self.agent)
            self.decider(seance, projet, acte, **reponses)
