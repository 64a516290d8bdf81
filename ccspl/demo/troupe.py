"""Actors of the demonstration of the CCSPL. People are invented; services and rules are real."""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from participation.seances.convocation import reponses
from participation.seances.demo import SceneDInstance
from participation.seances.membres.actes import nommer
from participation.seances.models import (
    College,
    Convie,
    Instance,
    Mandature,
    Membre,
    Point,
    Profil,
    Seance,
    Vote,
)
from participation.seances.ordre_du_jour import actes as ordre_du_jour
from participation.seances.presence import actes as presence
from participation.seances.votes import actes as votes
from participation.seances.votes import cloture
from participation.seances.workflow import Mode, Sens
from participation.socle.francais import MOIS, de
from participation.socle.management.scene import DOMAINE
from participation.socle.models import Compte

DONNEES = Path(__file__).resolve().parents[1] / "donnees" / "demonstration.json"


class Troupe(SceneDInstance):
    """Scene with the acts of the commission. Days are counted from today: negative in the past."""

    def __init__(self) -> None:
        super().__init__()
        self.donnees: dict[str, Any] = json.loads(DONNEES.read_text(encoding="utf-8"))
        self.ccspl = Instance.objects.get(cle="ccspl")

    def pleniere(self, jours: int) -> str:
        """Return a title with the month of the séance, whatever the day of the demonstration."""
        return f"Séance plénière {de(MOIS[self.jour_ouvre(jours).month - 1])}"

    # People

    def personne(self, prenom: str, nom: str, cle: str = "") -> dict[str, Any]:
        if cle:
            return {"compte": self.compte(cle)}
        base = f"{prenom}.{nom}".lower().replace(" ", "-")
        sans_accent = base.translate(str.maketrans("éèêëïîôœçàûü’", "eeeeiioocauu-"))
        return {"courriel": f"{sans_accent}@{DOMAINE}", "prenom": prenom, "nom": nom}

    def colleges(
        self, mandature: Mandature, sieges: Sequence[int], vote_habitants: date | None
    ) -> list[College]:
        """Create the three collèges: élus, associations, habitants (with the vote since `vote_habitants`)."""
        noms = ("Élus", "Associations", "Habitantes et habitants")
        return [
            College.objects.create(
                mandature=mandature,
                nom=nom,
                ordre=ordre,
                sieges=nombre,
                vote_depuis=vote_habitants if ordre == 3 else mandature.debut,
                a_des_suppleants=ordre < 3,
                est_elu=ordre == 1,
            )
            for ordre, (nom, nombre) in enumerate(zip(noms, sieges, strict=True), start=1)
        ]

    def profil(self, membre: Membre, genre: str, age: str, **champs: Any) -> None:
        profil = Profil.de(membre.compte)
        profil.genre, profil.age = genre, age
        for champ, valeur in champs.items():
            setattr(profil, champ, valeur)
        profil.save()

    def membre(self, college: College, du: date, personne: dict[str, Any], **champs: Any) -> Membre:
        return nommer(college, par=self.agent, du=du, avec_lettre=False, **personne, **champs)

    # Séances

    def seance(self, jours: int, titre: str, points: Iterable[dict[str, Any]], **champs: Any) -> Seance:
        """Plan a séance two months before its day, with its agenda."""
        defauts: dict[str, Any] = {
            "tenue": Seance.Tenue.HYBRIDE,
            "lieu": "Salle du conseil, 3 rue Malakoff, Grenoble",
            "lien_visio": "https://visio.example.org/ccspl",
            "acces": "Trams A et B, arrêt Malherbe. Entrée accessible par la rue Malakoff.",
            "est_publique": champs.get("nature", Seance.Nature.PLENIERE) == Seance.Nature.PLENIERE,
            "heure": 18,
        }
        if champs.get("tenue") == Seance.Tenue.SALLE:
            defauts["lien_visio"] = ""
        seance = self.programmer(self.ccspl, jours, titre, avant=60, **{**defauts, **champs})
        with self.le(min(jours - 60, -1)):
            for point in points:
                ordre_du_jour.ajouter_point(seance, par=self.agent, **point)
        return seance

    def repondre(
        self, seance: Seance, jours: int, absents: Sequence[str] = (), a_distance: Sequence[str] = ()
    ) -> None:
        """Answer the convocation, except one member in nine. Some of the absents give a pouvoir."""
        convies = list(
            seance.convies.select_related("seance__reglement", "membre__compte", "membre__college").order_by(
                "pk"
            )
        )
        with self.le(jours, 9):
            for rang, convie in enumerate(convies):
                convie.seance = seance
                if rang % 9 == 8:
                    continue  # no answer
                reponse = Convie.Reponse.SALLE
                mandataire = None
                if convie.membre.compte.nom in absents:
                    possibles = reponses.mandataires_possibles(convie) if rang % 2 else []
                    possibles = [p for p in possibles if p.membre.compte.nom not in absents]
                    mandataire = possibles[0] if possibles else None
                    reponse = Convie.Reponse.POUVOIR if mandataire else Convie.Reponse.EXCUSE
                elif convie.membre.compte.nom in a_distance:
                    reponse = Convie.Reponse.DISTANCE
                besoins = [Profil.Besoin.GARDE.value] if rang == 11 else []
                reponses.repondre(convie, reponse=reponse, pouvoir_a=mandataire, besoins=besoins)

    def presents(self, seance: Seance, absents: Sequence[str], a_distance: Sequence[str]) -> list[Convie]:
        """Record the arrivals and return those present, in the order of the list."""
        venus = []
        for convie in seance.convies.select_related("membre__compte", "membre__college").order_by("pk"):
            if convie.membre.compte.nom in absents or convie.reponse in {"excuse", "pouvoir"}:
                continue
            mode = Mode.DISTANCE if convie.membre.compte.nom in a_distance else Mode.SALLE
            convie.seance = seance
            presence.arriver(convie, mode=mode, par=self.agent)
            venus.append(convie)
        return venus

    def voter(
        self, point: Point, objet: str, contre: Sequence[str] = (), abstention: Sequence[str] = ()
    ) -> Vote:
        vote = votes.ouvrir_vote(point, par=self.agent, objet=objet, forme=Vote.Forme.NOMINATIF)
        convies = {c.pk: c for c in point.seance.convies.select_related("membre__compte", "membre__college")}
        for cle, voix in vote.inscrits.items():
            porteur = convies[int(cle)]
            nom = porteur.membre.compte.nom
            sens = Sens.CONTRE if nom in contre else Sens.ABSTENTION if nom in abstention else Sens.POUR
            for numero in voix:
                votes.voter(vote, porteur, sens=sens, au_nom_de=convies[int(numero)])
        cloture.clore_vote(vote, par=self.agent)
        return vote

    def compte_de(self, nom: str) -> Compte:
        return Compte.objects.get(nom=nom, courriel__endswith=f"@{DOMAINE}")
