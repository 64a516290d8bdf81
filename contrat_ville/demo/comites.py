"""The comités of the demonstration: the year before, adopted and told; this one, half decided, with scenarios to compare."""

import io
import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile

from contrat_ville.actions import (
    adoption,
    apres,
    comites,
    deliberation,
    notification,
    recevabilite,
    scenarios,
)
from contrat_ville.actions import instruction as instruire
from contrat_ville.actions.instruction import Reponse
from contrat_ville.actions.programmations import clore_appel
from contrat_ville.actions.scenarios import Saisie
from contrat_ville.demo.programmation import DONNEES, Annees
from contrat_ville.models import Programmation, Projet, Recours
from contrat_ville.workflow.comites import PILOTAGE, TECHNIQUE
from participation.seances.actions import convocation, deroule, envois, preparation
from participation.seances.actions.instances import nommer
from participation.seances.models import College, Instance, Mandature, PointDossier, Seance
from participation.seances.workflow import Mode
from participation.socle.management.horloge import nous_sommes

MEMBRES = {TECHNIQUE: ("agent2", "direction", "commune"), PILOTAGE: ("elue", "elu", "commune")}
# By the title of a projet of this year: what the comité technique says, then the comité de pilotage.
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
RESERVE = "Montrer l’accord du bailleur pour les bacs à compost."


def lettre_signee() -> SimpleUploadedFile:
    """One white page: who signs it in true life is no one here."""
    memoire = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(595, 842))
        pdf.save(memoire)
    return SimpleUploadedFile("lettre-signee.pdf", memoire.getvalue(), "application/pdf")


class Comites(Annees):
    """After `annees`, whose projets of this year are examined."""

    def __init__(self, annees: Annees) -> None:
        super().__init__()
        self.scene: dict[str, Any] = json.loads(
            (DONNEES / "comites_demonstration.json").read_text(encoding="utf-8")
        )
        self.annees, self.signee = annees, lettre_signee()

    def vivre(self) -> None:
        self._installer()
        self._annee_passee()
        self._noter()
        self._technique()
        self._scenarios()
        self._pilotage()
        self._a_venir()

    def _installer(self) -> None:
        for cle, membres in MEMBRES.items():
            with self.le(-500):
                instance = Instance.objects.get(cle=cle)
                mandature = Mandature.objects.create(
                    instance=instance, intitule=instance.sigle, debut=self.jour(-500), fin=self.jour(900)
                )
                college = College.objects.create(
                    mandature=mandature, nom="Membres", ordre=1, sieges=8, vote_depuis=self.jour(-500)
                )
                for compte in membres:
                    nommer(
                        college,
                        par=self.agent,
                        du=self.jour(-500),
                        avec_lettre=False,
                        compte=self.compte(compte),
                    )

    # The year before: a scenario set aside, one adopted, everybody told

    def _annee_passee(self) -> None:
        self.en_cours = self._programmation(self.aujourd_hui.year - 1, -475, -430)
        for rang, ligne in enumerate(self.scene["projets"]):
            self._deposer(ligne, -440 + rang)
        passes = [(self.projets[ligne["titre"]], ligne) for ligne in self.scene["projets"]]
        with self.le(-429):
            clore_appel(self.en_cours, par=self.agent)
            for projet, _ in passes:
                recevabilite.declarer_recevable(projet, par=self.agent2)
        with self.le(-380):
            demande = scenarios.creer_scenario(
                self.en_cours, par=self.agent, nom="Tout ce qui est demandé", depart="demande"
            )
            adopte = scenarios.creer_scenario(
                self.en_cours, par=self.agent, nom="Trois quartiers, deux projets", depart="rien",
                note="Soutenir ce qui naît des habitants, sans doubler ce qui existe.",
            )  # fmt: skip
            for projet, ligne in passes:
                self._choisir(adopte, projet, ligne)
            adoption.proposer_scenario(adopte, par=self.agent)
        with self.le(-360):
            scenarios.ecarter_scenario(
                demande, par=self.agent, motif="Il soutient un atelier qui existe déjà."
            )
            adoption.arreter_programmation(adopte, par=self.agent)
            programmation = Programmation.objects.get(pk=self.en_cours.pk)
            deliberation.preparer_deliberation(programmation, par=self.agent)
        for projet, _ in passes:
            self._notifier(projet, -350)
        self._suivre([projet for projet, _ in passes])

    def _choisir(self, scenario: Any, projet: Projet, ligne: dict[str, Any]) -> None:
        choix = "refuse" if "refus" in ligne else "sous_reserve" if "reserve" in ligne else "retenu"
        donnes = {self.partenaires[nom].pk: Decimal(m) for nom, m in ligne.get("accorde", {}).items()}
        scenarios.changer_scenario(
            scenario, par=self.agent, projet=projet,
            montants={
                f.pk: Saisie(donnes[f.financeur_id], Decimal(0))
                for f in projet.financements.all() if f.financeur_id in donnes
            },
            choix=Saisie(choix, ""), motif=Saisie(ligne.get("refus") or ligne.get("reserve", ""), ""),
        )  # fmt: skip

    def _suivre(self, passes: list[Projet]) -> None:
        """A recours that was answered, a condition lifted, a projet under its convention."""
        jardin, lectures, velos = passes
        with self.le(-330):
            recours = notification.recevoir_recours(
                velos, par=self.agent, recu_le=self.jour(-332),
                texte="L’atelier de la Ville est fermé le samedi : le nôtre ne le double pas.",
            )  # fmt: skip
        with self.le(-300):
            notification.repondre_recours(
                recours, par=self.agent, issue=Recours.Issue.CONFIRMEE,
                reponse="La Ville ouvre son atelier le samedi à partir du printemps. Nous vous mettons en lien avec elle.",
            )  # fmt: skip
            comites.lever_reserve(
                lectures, par=self.agent, motif="Le programme est choisi avec la table de quartier."
            )
        with self.le(-290):
            apres.conventionner(jardin, par=self.agent, numero="CDV-GAM-012", date_signature=self.jour(-291))

    # This year

    def _noter(self) -> None:
        """Two readers: they do not always agree."""
        criteres = list(self.annees.en_cours.criteres.all())
        for titre, notes in self.scene["notes"].items():
            for instructeur, note in zip((self.agent, self.agent2), notes, strict=True):
                reponses = {
                    c.pk: Reponse(note=min(note + rang % 2, 5)) if c.forme == "note" else Reponse("rempli")
                    for rang, c in enumerate(criteres)
                }
                with self.le(-40):
                    instruire.evaluer(
                        self._projet(titre),
                        par=instructeur,
                        reponses=reponses,
                        synthese="Lu, et discuté avec l’équipe.",
                    )

    def _projet(self, titre: str) -> Projet:
        projet = self.annees.projets[titre]
        projet.refresh_from_db()
        return projet

    def _montants(self, donnes: dict[str, int]) -> dict[int, Decimal]:
        return {self.partenaires[nom].pk: Decimal(somme) for nom, somme in donnes.items()}

    def _technique(self) -> None:
        seance = self._convoquer(TECHNIQUE, -15, "Comité technique", list(AVIS))
        self._ouvrir(seance)
        for rang, (titre, (acte, reponses)) in enumerate(AVIS.items()):
            donnees = {"montants": self._montants(reponses), "motif": ""} if acte == "proposer" else reponses
            self._decider(seance, rang, titre, acte, donnees)
        self._lever(seance)

    def _scenarios(self) -> None:
        """Two to compare: what the comité technique proposes, and what the holders ask, which does not fit."""
        with self.le(-10):
            for nom, depart, note in (
                ("Équilibré", "propose", "Part de ce que le comité technique propose."),
                ("Tout ce qui est demandé", "demande", "Pour voir ce qui déborde."),
            ):
                scenarios.creer_scenario(
                    self.annees.en_cours, par=self.agent, nom=nom, depart=depart, note=note
                )

    def _pilotage(self) -> None:
        """Decides the three that are ready: one is told, one has its letter to sign, one contests."""
        raconter, compost, place = (
            "Raconter la Villeneuve",
            "Un compost pour trois cours",
            "La place, on en parle dehors",
        )
        seance = self._convoquer(PILOTAGE, -6, "Comité de pilotage", [raconter, compost, place])
        self._ouvrir(seance)
        bravo = "Le comité salue la place donnée aux habitantes et habitants."
        for rang, (titre, acte, reponses) in enumerate(
            (
                (raconter, "retenir", {"montants": self._montants(AVIS[raconter][1]), "motif": bravo}),
                (compost, "retenir_sous_reserve", {"montants": self._montants(AVIS[compost][1]), "reserve": RESERVE}),
                (place, "refuser", AVIS[place][1]),
            )
        ):  # fmt: skip
            self._decider(seance, rang, titre, acte, reponses)
        self._lever(seance)
        for titre in (raconter, place):
            self._notifier(self._projet(titre), -4)
        with self.le(-3):
            notification.preparer_lettre(self._projet(compost), par=self.agent2)
        with self.le(-1):
            notification.recevoir_recours(
                self._projet(place), par=self.agent, recu_le=self.jour(-2),
                texte="Les réunions de la Ville se tiennent en salle, le soir. Les nôtres sont dehors, le matin : d’autres gens y viennent.",
            )  # fmt: skip

    def _a_venir(self) -> None:
        seance = self._seance(PILOTAGE, 12, "Comité de pilotage")
        with self.le(-2):
            comites.inscrire_au_comite(self._projet("Théâtre forum au marché"), par=self.agent, seance=seance)
        self._seance(TECHNIQUE, 26, "Comité technique")

    def _notifier(self, projet: Projet, jours: int) -> None:
        with self.le(jours - 1):
            notification.preparer_lettre(projet, par=self.agent)
        with self.le(jours):
            self.signee.seek(0)
            notification.joindre_lettre_signee(projet, par=self.agent, fichier=self.signee)
            notification.notifier(projet, par=self.agent)

    # Séances

    def _seance(self, cle: str, jours: int, titre: str) -> Seance:
        debut = self.heure(jours, 9)
        with self.le(min(jours - 30, -8)):
            return preparation.programmer(
                Instance.objects.get(cle=cle), par=self.agent, titre=titre, debut=debut, fin=debut + timedelta(hours=2),
                tenue=Seance.Tenue.SALLE, lieu="Salle Chartreuse, 3 rue Malakoff, Grenoble", lien_visio="",
                acces="Trams A et B, arrêt Malherbe.", est_publique=False,
            )  # fmt: skip

    def _convoquer(self, cle: str, jours: int, titre: str, titres: list[str]) -> Seance:
        seance = self._seance(cle, jours, titre)
        with self.le(jours - 8):
            comites.remplir_le_comite(seance, [self._projet(t) for t in titres], par=self.agent)
            appel = convocation.convoquer(seance, par=self.agent)
            envois.envoyer_convocation(appel.pk)
        seance.refresh_from_db()
        return seance

    def _ouvrir(self, seance: Seance) -> None:
        with nous_sommes(seance.debut):
            convies = list(seance.convies.select_related("membre__compte", "membre__college").order_by("pk"))
            for convie in convies:
                convie.seance = seance
                deroule.arriver(convie, mode=Mode.SALLE, par=self.agent)
            deroule.ouvrir(seance, par=self.agent, presidee_par=convies[0].membre, secretaire="Claire Montel")

    def _decider(self, seance: Seance, rang: int, titre: str, acte: str, reponses: dict[str, Any]) -> None:
        lien = PointDossier.objects.select_related("point").get(
            point__seance=seance, dossier=self._projet(titre).pk
        )
        lien.point.seance = seance
        with nous_sommes(seance.debut + timedelta(minutes=5 + 10 * rang)):
            deroule.passer_au_point(lien.point, par=self.agent)
            deroule.decider(lien, acte, par=self.agent, reponses=reponses)

    def _lever(self, seance: Seance) -> None:
        with nous_sommes(seance.debut + timedelta(minutes=70)):
            deroule.lever(seance, par=self.agent)
