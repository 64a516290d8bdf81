"""Demonstration of the follow-up of the quartiers, and of suites asked of the metropolis."""

import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from contrat_ville.models import GroupeDiscussion, Politique, Projet, SuiviQuartier
from contrat_ville.projets import suites
from contrat_ville.quartiers import actes as quartiers
from contrat_ville.quartiers import groupes
from contrat_ville.workflow import Etat
from participation.budgets.models import ProjetQuartier
from participation.socle.management.scene import DOMAINE, Scene
from participation.socle.models import Compte, Direction
from participation.suites import actes as actes_suites

DONNEES = Path(__file__).resolve().parents[1] / "donnees" / "suivi_demonstration.json"


def dessin() -> SimpleUploadedFile:
    """Draw a covered passage with two lamps lit out of five."""
    image = Image.new("RGB", (640, 400), "#2b3436")
    trait = ImageDraw.Draw(image)
    trait.polygon([(0, 400), (260, 230), (380, 230), (640, 400)], fill="#59605f")
    trait.rectangle([(0, 0), (640, 90)], fill="#1b2122")
    for rang, allumee in enumerate((True, False, False, True, False)):
        x = 90 + rang * 115
        trait.ellipse([(x - 14, 96), (x + 14, 124)], fill="#f2d68a" if allumee else "#3c4648")
    octets = io.BytesIO()
    image.save(octets, "PNG")
    return SimpleUploadedFile("passage.png", octets.getvalue(), "image/png")


class SuiviDesQuartiers(Scene):
    """Days are counted from today, negative in the past."""

    def __init__(self) -> None:
        super().__init__()
        self.donnees: dict[str, Any] = json.loads(DONNEES.read_text(encoding="utf-8"))

    def vivre(self) -> None:
        for ligne in self.donnees["quartiers"]:
            self._quartier(ligne)
        self._relier()
        self._demander()

    def _quartier(self, ligne: dict[str, Any]) -> None:
        suivis = SuiviQuartier.objects.select_related("quartier__commune").order_by("pk")
        suivi = suivis.filter(quartier__nom__startswith=ligne["nom"]).first() or suivis.last()
        if suivi is None:
            return
        referents = [self.compte(cle) for cle in ligne["referents"]]
        par = referents[0]
        with self.le(-90):
            quartiers.nommer_referents(
                suivi,
                par=self.agent,
                referents=referents,
                table_de_quartier=ligne["table"],
                courriel=f"table.de.quartier@{DOMAINE}" if ligne["table"] else "",
            )
        for reunion in ligne["reunions"]:
            jours = reunion.pop("jours")
            with self.le(jours, 16):
                quartiers.noter_reunion(suivi, par=par, date=self.jour(jours), **reunion)
        for observation in ligne["observations"]:
            jours, decrite = observation.pop("jours"), observation.pop("photo", "")
            photo = {"photo": dessin(), "description_photo": decrite} if decrite else {}
            with self.le(jours, 19):
                quartiers.noter_observation(suivi, par=par, date=self.jour(jours), **observation, **photo)
        for groupe in ligne["groupes"]:
            self._groupe(suivi, groupe, par)

    def _groupe(self, suivi: SuiviQuartier, ligne: dict[str, Any], par: Compte) -> None:
        jours = ligne["jours"]
        with self.le(min(jours - 15, -1)):
            groupe = groupes.preparer_groupe(
                GroupeDiscussion(suivi=suivi), par=par, titre=ligne["titre"], date=self.jour(jours),
                lieu=ligne["lieu"], animation="la référente du quartier", guide=ligne["guide"],
            )  # fmt: skip
        if ligne["issue"] == "prepare":
            return
        with self.le(jours, 20):
            qui = [
                groupes.ajouter_participant(
                    groupe, par=par, age=age, profil=profil, accord=accord, accord_le=self.jour(jours),
                    accepte_citation=citable,
                )
                for age, profil, accord, citable in ligne["personnes"]
            ]  # fmt: skip
            groupes.tenir_groupe(groupe, par=par)
            for rang, question, texte in ligne["paroles"]:
                groupes.noter_parole(
                    groupe,
                    par=par,
                    texte=texte,
                    participant=qui[rang],
                    question=groupe.questions[question - 1],
                )
        if ligne["issue"] == "suites":
            self._restituer(groupe, ligne, par)

    def _restituer(self, groupe: GroupeDiscussion, ligne: dict[str, Any], par: Compte) -> None:
        jours = ligne["jours"]
        with self.le(jours + 8):
            groupes.rediger_synthese(groupe, par=par, synthese=ligne["synthese"])
        for intitule, sigle, delai, etat, motif in ligne["suites"]:
            with self.le(jours + 9):
                suite = suites.ajouter_suite(
                    groupe, par=par, intitule=intitule, direction=self._direction(sigle),
                    date_limite=self.aujourd_hui + timedelta(days=delai),
                )  # fmt: skip
            with self.le(jours + 20):
                actes_suites.changer_etat(suite, par=self.agent, vers=etat, motif=motif)
        with self.le(jours + 10):
            groupes.publier_synthese(groupe, par=par)

    def _direction(self, sigle: str) -> Direction:
        return self.directions.get(sigle) or Direction.objects.order_by("pk")[0]

    def _relier(self) -> None:
        politiques = {politique.nom: politique for politique in Politique.objects.all()}
        projets: Any = Projet.objects.filter(etat__in=[Etat.INSTRUCTION, Etat.DEPOSE]).order_by("pk")
        for projet, noms in zip(projets, self.donnees["politiques"], strict=False):
            with self.le(-30):
                suites.relier_politiques(
                    projet, par=self.agent, politiques=[politiques[nom] for nom in noms if nom in politiques]
                )

    def _demander(self) -> None:
        """Two suites: a room for a projet under instruction, and the upkeep of a winning projet."""
        projet: Any = Projet.objects.filter(etat=Etat.INSTRUCTION).order_by("pk").first()
        laureat: Any = ProjetQuartier.objects.laureats().filter(etat="en_cours").order_by("pk").first()
        for dossier, cle in ((projet, "suite_du_projet"), (laureat, "suite_du_laureat")):
            intitule, sigle = self.donnees[cle]
            if dossier is not None:
                with self.le(-12):
                    suites.ajouter_suite(
                        dossier, par=self.agent, intitule=intitule, direction=self._direction(sigle)
                    )
