"""The Agora of the demonstration: what its members propose, three in each degree. Members, association and answers are invented."""

import json
from pathlib import Path
from typing import Any

from participation.engagements import reponses
from participation.engagements.models import Collectif, Deliberation, Proposition, ReponseArgumentee
from participation.engagements.propositions import actes
from participation.engagements.workflow import EtatProposition
from participation.socle.management.scene import DOMAINE, Scene
from participation.suites.actes import changer_etat
from participation.suites.degres import dire_degre
from participation.suites.models import Suite, Verdict
from participation.suites.verdicts import juger, solliciter
from participation.suites.workflow import Degre, Etat, Jugement

OUI, EN_PARTIE, NON = (
    EtatProposition.RETENUE,
    EtatProposition.RETENUE_EN_PARTIE,
    EtatProposition.NON_RETENUE,
)
DONNEES = Path(__file__).resolve().parents[1] / "donnees" / "demonstration.json"
REPONSES = {"oui": OUI, "en_partie": EN_PARTIE, "non": NON}


class Agora(Scene):
    def jouer(self) -> None:
        self.directions_chargees = [self.directions[s] for s in ("MOB", "VOIRIE") if s in self.directions]
        agora = Collectif.objects.create(
            cle="agora",
            nom="Agora",
            presentation="Des habitantes et habitants arrivés d’ailleurs, qui ont dit pendant deux ans ce qui faciliterait leur vie ici. "
            "Leur mandat est fini ; une association suit leurs propositions. Membres inventés pour la démonstration.",
            association="Les ami·es de l’Agora",
            courriel=f"agora@{DOMAINE}",
        )
        Deliberation.objects.create(
            numero="2025-0117",
            date=self.jour(-371),
            objet="Réponse aux propositions de l’Agora (inventée pour la démonstration)",
            matiere_code="5.7",
            matiere="Institutions et vie politique",
            vote_effectif=119,
            vote_reel=101,
            vote_pour=93,
            vote_contre=2,
            vote_abstention=6,
        )
        self.donnees: dict[str, Any] = json.loads(DONNEES.read_text(encoding="utf-8"))
        numero = 0
        for groupe in self.donnees["agora"]:
            for dite in groupe["propositions"]:
                numero += 1
                proposition = self._noter(agora, numero, dite, -420)
                self._vivre(proposition, dite, Degre(groupe["degre"]), REPONSES[groupe["reponse"]])
        self._juger()
        self._convention()

    def _noter(self, collectif: Collectif, numero: int, dite: dict[str, str], jours: int) -> Proposition:
        with self.le(jours):
            proposition = actes.saisir_proposition(
                Proposition(),
                par=self.agent,
                collectif=collectif,
                numero=str(numero),
                theme=dite["theme"],
                titre=dite["titre"],
                texte=dite["texte"],
                portee_par=dite["qui"],
                direction=self.directions_chargees[numero % len(self.directions_chargees)],
            )
            actes.publier_proposition(proposition, par=self.agent)
        return proposition

    def _vivre(
        self, proposition: Proposition, dite: dict[str, str], degre: Degre, reponse: EtatProposition
    ) -> None:
        """Bring a proposition to the degree of its group: the answer, then what is shown."""
        with self.le(-370):
            actes.repondre_proposition(
                proposition,
                par=self.agent,
                etat=reponse,
                retour=dite["retour"],
                decidee_par="Conseil, sur proposition de la vice-présidente",
                decidee_le=self.jour(-370),
                deliberation="2025-0117" if reponse != NON else "",
                date_limite=self.jour(120),
            )
        suite = proposition.suite
        assert suite is not None  # noqa: S101 the demonstration has just asked it
        adresse = f"https://demo.example.org/agora/{proposition.numero}"
        with self.le(-60):
            if degre in {Degre.EN_COURS, Degre.INCOMPLETE, Degre.NON_MISE_EN_OEUVRE}:
                dire_degre(
                    suite,
                    par=self.agent,
                    degre=degre,
                    constate_le=self.jour(-60),
                    precision=dite["constat"],
                    adresse=adresse,
                )
            elif degre == Degre.TOTALE:
                changer_etat(
                    suite, par=self.agent, vers=Etat.REALISEE, texte_public=dite["constat"], adresse=adresse
                )
            elif degre == Degre.SANS_OBJET:
                changer_etat(suite, par=self.agent, vers=Etat.SANS_OBJET, motif=dite["constat"])

    def _juger(self) -> None:
        """The association says what it sees of what is said done: it agrees twice, and once not."""
        faites = list(Suite.objects.filter(proposition__isnull=False, degre=Degre.TOTALE).order_by("pk"))
        with self.le(-30):
            solliciter(faites, jour=self.jour(-30))
        demandes: Any = Verdict.objects.filter(suite__in=faites, est_courant=False).order_by("suite", "-pk")
        for verdict, jugement in zip(
            {v.suite_id: v for v in demandes}.values(),
            (Jugement.FAIT, Jugement.FAIT, Jugement.EN_PARTIE),
            strict=False,
        ):
            with self.le(-25):
                juger(verdict, par=None, jugement=jugement)

    def _convention(self) -> None:
        """A second instance, whose answer waits for the élue."""
        convention = Collectif.objects.create(
            cle="convention-climat",
            nom="Convention citoyenne de la démonstration",
            presentation="Cent personnes tirées au sort, inventées pour la démonstration.",
        )
        for rang, dite in enumerate(self.donnees["convention"], 1):
            self._noter(convention, rang, dite, -50)
        with self.le(-12):
            reponse = reponses.preparer_reponse(
                ReponseArgumentee(),
                par=self.agent,
                collectif=convention,
                titre="Réponse à la convention citoyenne",
                introduction="Vous avez travaillé six mois. Voici ce que nous retenons, et pourquoi.",
                elu=self.compte("elue"),
            )
        with self.le(-8):
            for ligne, dite in zip(
                reponse.lignes.order_by("proposition__numero"), self.donnees["convention"], strict=True
            ):
                sens = REPONSES[dite["sens"]]
                reponses.repondre_ligne(
                    ligne,
                    par=self.agent,
                    sens=sens,
                    retour=dite["retour"],
                    deliberation="",
                    date_limite=self.jour(200) if sens == OUI else None,
                )
            quand = self.heure(25, 18, 30)
            reponses.preparer_restitution(
                reponse,
                par=self.agent,
                date=quand.date(),
                heure=quand.time(),
                restitution_lieu="Maison du territoire, Grenoble",
            )
            reponses.soumettre_reponse(reponse, par=self.agent)
