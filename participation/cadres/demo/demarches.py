"""Cadres of the demonstration: one announced for every petition, one checked, where a condition was not kept. Invented."""

from typing import Any

from participation.cadres.models import Cadre
from participation.cadres.niveaux import actes, lectures
from participation.cadres.workflow import Niveau, Tenue
from participation.socle.management.scene import Scene

CONSTATS = (
    (Tenue.TENUE, "La page de la démarche le disait deux semaines avant."),
    (Tenue.TENUE, "Toutes les notes des tables se lisent sur la page de la rencontre."),
    (Tenue.NON_TENUE, "Une seule réunion a eu lieu : la salle de la seconde n’était pas libre."),
    (Tenue.EN_PARTIE, "Deux propositions sur trois ont leur réponse."),
)


class Demarches(Scene):
    def jouer(self) -> None:
        with self.le(-120):
            petitions = self._ecrire(
                "Pétitions citoyennes",
                Niveau.CONSULTER,
                400,
                objet="Ce que les habitants demandent au conseil, et ce que le conseil en fait.",
                ouvert="Le sujet, les mots, ce qui est demandé.",
                ferme="Les compétences données par la loi.",
                qui_decide="Le conseil, quand une pétition atteint son seuil",
            )
            self._annoncer(petitions, "petitions.petition:")
        tenue = next(
            (v for _, choix in lectures.a_rattacher() for v, _ in choix if v.startswith("rencontres.")), ""
        )
        if not tenue:
            return
        with self.le(-60):
            cadre = self._ecrire(
                "Partager la place du marché",
                Niveau.CONCERTER,
                -10,
                objet="L’usage de la place, les jours sans marché.",
                ouvert="Où passer, où s’asseoir, où jouer.",
                ferme="Le marché du samedi, et le budget voté.",
                qui_decide="Le conseil, au printemps",
            )
            self._annoncer(cadre, tenue)
        with self.le(-8):
            for attente, (dit, constat) in zip(cadre.attentes.all(), CONSTATS, strict=True):
                actes.constater_attente(attente, par=self.agent, tenue=dit, constat=constat)
            actes.verifier_cadre(
                cadre,
                par=self.agent,
                bilan="La place garde ses arbres, et gagne des bancs. Le reste est à l’étude.",
            )

    def _ecrire(self, titre: str, niveau: Niveau, fin: int, **champs: Any) -> Cadre:
        return actes.ecrire_cadre(
            Cadre(), par=self.agent, titre=titre, niveau=niveau, date_fin=self.jour(fin), **champs
        )

    def _annoncer(self, cadre: Cadre, quoi: str) -> None:
        actes.rattacher(cadre, par=self.agent, quoi=quoi)
        actes.annoncer_cadre(cadre, par=self.agent)
