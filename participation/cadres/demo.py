"""Cadres of the demonstration: one announced for every petition, one checked and evaluated, where a condition was not kept. Invented."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from participation.cadres import cahiers, evaluations, niveaux
from participation.cadres.models import Cadre, Cahier, Critere
from participation.cadres.workflow import Moment, Niveau, Tenue
from participation.socle.fichiers.pdf import fabriquer_pdf
from participation.socle.management.scene import DOMAINE, Scene

SUIT = ("petitions", "rencontres")

CONSTATS = (
    (Tenue.TENUE, "La page de la démarche le disait deux semaines avant."),
    (Tenue.TENUE, "Toutes les notes des tables se lisent sur la page de la rencontre."),
    (Tenue.NON_TENUE, "Une seule réunion a eu lieu : la salle de la seconde n’était pas libre."),
    (Tenue.EN_PARTIE, "Deux propositions sur trois ont leur réponse."),
)

TENUE = "Bien vieillir dans le quartier"  # a rencontre of the demonstration
EVALUATEURS = ("Rose Modèle", "Karim Essai", "Une agente du service")
NOTES_AVANT = ((1, 2, 2, 4, 2, 2), (2, 2, 3, 4, 1, 2), (3, 3, 3, 4, 2, 3))
NOTES_APRES = ((2, 3, 2, 4, 2, 3), (2, 3, 3, 4, 2, 4), (4, 3, 3, 4, 3, 4))

CAHIERS = (
    (
        "Union d’exemple des quartiers",
        "Une pétition demande du temps : prêtez une salle et un bureau à qui en lance une.",
    ),
    ("Ligue modèle", "Le seuil de signatures devrait suivre la taille de la commune."),
)


def _document(mots: str) -> SimpleUploadedFile:
    html = f'<html lang="fr"><title>Cahier d’acteur</title><h1>Cahier d’acteur</h1><p>{mots}</p></html>'
    return SimpleUploadedFile("cahier.pdf", fabriquer_pdf(html))


class Demarches(Scene):
    def jouer(self) -> None:
        with self.le(-120):
            petitions = self._ecrire(
                "Pétitions citoyennes",
                Niveau.CONSULTER,
                (-115, 400),
                objet="Ce que les habitants demandent au conseil, et ce que le conseil en fait.",
                ouvert="Le sujet, les mots, ce qui est demandé.",
                ferme="Les compétences données par la loi.",
                qui_decide="Le conseil, quand une pétition atteint son seuil",
            )
            self._annoncer(petitions, "petitions.petition:")
            cahiers.recevoir_cahiers(petitions, par=self.agent, cahiers_jusqu_au=self.jour(60))
        self._deposer(petitions)
        tenue = self._rencontre_tenue()
        if not tenue:
            return
        with self.le(-60):
            cadre = self._ecrire(
                TENUE,
                Niveau.CONCERTER,
                (-45, -9),
                objet="Ce qui aide à rester chez soi : bancs, fontaines, transports du soir.",
                ouvert="Où, quoi, et par quoi commencer.",
                ferme="Le budget voté.",
                qui_decide="Le conseil, au printemps",
            )
            self._annoncer(cadre, tenue)
        self._evaluer(cadre)
        with self.le(-8):
            for attente, (dit, constat) in zip(cadre.attentes.all(), CONSTATS, strict=True):
                niveaux.constater_attente(attente, par=self.agent, tenue=dit, constat=constat)
            niveaux.verifier_cadre(
                cadre,
                par=self.agent,
                bilan="Des bancs et une fontaine sont demandés aux directions. Le bus du soir est à l’étude.",
            )

    def _deposer(self, cadre: Cadre) -> None:
        """Two organisations: one cahier public, one to read."""
        for rang, (organisation, resume) in enumerate(CAHIERS):
            with self.le(-6 + rang):
                cahier = cahiers.saisir_cahier(
                    cadre,
                    par=self.agent,
                    organisation=organisation,
                    resume=resume,
                    fichier=_document(resume),
                    courriel=f"cahier{rang}@{DOMAINE}",
                )
        with self.le(-4):
            cahiers.publier_cahier(Cahier.objects.exclude(pk=cahier.pk).get(dossier=cadre), par=self.agent)

    def _evaluer(self, cadre: Cadre) -> None:
        """Three people fill the grid before and after: they disagree on the first criterion."""
        for moment, jours, notes in ((Moment.AVANT, -50, NOTES_AVANT), (Moment.APRES, -7, NOTES_APRES)):
            for rang, (qui, siennes) in enumerate(zip(EVALUATEURS, notes, strict=True)):
                with self.le(jours):
                    evaluateur = evaluations.inviter_evaluateur(
                        cadre, par=self.agent, moment=moment, nom=qui, courriel=f"evalue{rang}@{DOMAINE}"
                    )
                    par_critere = dict(
                        zip(Critere.objects.values_list("pk", flat=True), siennes, strict=False)
                    )
                    evaluations.evaluer(evaluateur, par=None, notes=par_critere)

    def _ecrire(self, titre: str, niveau: Niveau, jours: tuple[int, int], **champs: Any) -> Cadre:
        debut, fin = map(self.jour, jours)
        return niveaux.ecrire_cadre(
            Cadre(), par=self.agent, titre=titre, niveau=niveau, date_debut=debut, date_fin=fin, **champs
        )

    def _annoncer(self, cadre: Cadre, quoi: str) -> None:
        niveaux.rattacher(cadre, par=self.agent, quoi=quoi)
        niveaux.annoncer_cadre(cadre, par=self.agent)

    def _rencontre_tenue(self) -> str:
        genre = next(
            g for g in niveaux.rattachables() if g.modele._meta.label_lower == "rencontres.rencontre"
        )
        tenue = genre.objets().filter(titre=TENUE, etat="tenue").first()
        return f"{genre.modele._meta.label_lower}:{tenue.pk}" if tenue is not None else ""


def jouer() -> None:
    Demarches().jouer()
