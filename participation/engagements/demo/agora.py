"""The Agora of the demonstration: what its members propose, three in each degree. Members, association and answers are invented."""

from collections.abc import Sequence
from dataclasses import dataclass
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
POURQUOI_NON = "Ce service est celui de l’État : nous lui avons transmis votre texte, et nous ne pouvons pas l’ouvrir à sa place."
POURQUOI_PARTIE = "Nous le faisons dans trois lieux cette année. Le budget ne permet pas de le faire partout."


@dataclass(frozen=True, slots=True)
class Groupe:
    """Propositions that end in one degree: the answer, then what is shown."""

    degre: Degre
    reponse: EtatProposition
    propositions: Sequence[tuple[str, str, str]]  # theme, title, who carries it


GROUPES = (
    Groupe(
        Degre.SANS_PREUVE,
        OUI,
        (
            ("Se déplacer", "Dire en images comment acheter un titre de transport", "Amara"),
            ("Se loger", "Expliquer l’avis d’échéance dans plusieurs langues", "Yasmine"),
            ("Apprendre", "Prêter une salle pour parler français le soir", "Groupe du mardi"),
        ),
    ),
    Groupe(
        Degre.EN_COURS,
        OUI,
        (
            ("Se soigner", "Former l’accueil des maisons de santé à l’interprétariat", "Tesfay"),
            ("Se déplacer", "Apprendre à faire du vélo en ville", "Mina"),
            ("Travailler", "Tenir une permanence pour écrire un CV", "Olena"),
        ),
    ),
    Groupe(
        Degre.INCOMPLETE,
        EN_PARTIE,
        (
            ("Se loger", "Visiter les logements avec une personne qui traduit", "Groupe logement"),
            ("Apprendre", "Ouvrir les bibliothèques le dimanche matin", "Samir"),
            ("Se rencontrer", "Cuisiner ensemble une fois par mois", "Blessing"),
        ),
    ),
    Groupe(
        Degre.TOTALE,
        OUI,
        (
            ("S’informer", "Faire un plan des lieux où être accueilli", "Groupe boussole"),
            ("S’informer", "Écrire les affiches en facile à lire", "Amara"),
            ("Se déplacer", "Accompagner le premier trajet en tram", "Ali"),
        ),
    ),
    Groupe(
        Degre.NON_MISE_EN_OEUVRE,
        OUI,
        (
            ("Travailler", "Ouvrir un atelier de réparation partagé", "Tesfay"),
            ("Se rencontrer", "Tenir un stand commun à la fête de la ville", "Mina"),
            ("Apprendre", "Prêter des tablettes pour les cours", "Olena"),
        ),
    ),
    Groupe(
        Degre.REFUS,
        NON,
        (
            ("Se loger", "Réserver un immeuble à la colocation", "Groupe logement"),
            ("Se soigner", "Ouvrir un centre de santé la nuit", "Yasmine"),
            ("Se déplacer", "Rendre les transports gratuits pour tous", "Ali"),
        ),
    ),
    Groupe(
        Degre.SANS_OBJET,
        OUI,
        (
            ("S’informer", "Mettre à jour le guide papier de 2023", "Blessing"),
            ("Se rencontrer", "Garder ouverte la salle du rez-de-chaussée", "Samir"),
            ("Travailler", "Afficher les offres à la maison des habitants", "Groupe du mardi"),
        ),
    ),
)
SANS_REPONSE = (
    ("Se déplacer", "Annoncer les arrêts dans le bus", "n° 1"),
    ("Habiter", "Planter un arbre devant chaque école", "n° 2"),
    ("Consommer", "Ouvrir une matériauthèque par secteur", "n° 3"),
)


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
        numero = 0
        for groupe in GROUPES:
            for theme, titre, qui in groupe.propositions:
                numero += 1
                self._vivre(self._noter(agora, numero, theme, titre, qui, -420), groupe)
        self._juger()
        self._convention()

    def _noter(
        self, collectif: Collectif, numero: int, theme: str, titre: str, qui: str, jours: int
    ) -> Proposition:
        with self.le(jours):
            proposition = actes.saisir_proposition(
                Proposition(),
                par=self.agent,
                collectif=collectif,
                numero=str(numero),
                theme=theme,
                titre=titre,
                texte=f"{titre}. Nous l’avons dit ensemble, parce que cela nous manque chaque semaine.",
                portee_par=qui,
                direction=self.directions_chargees[numero % len(self.directions_chargees)],
            )
            actes.publier_proposition(proposition, par=self.agent)
        return proposition

    def _vivre(self, proposition: Proposition, groupe: Groupe) -> None:
        retour = {
            OUI: "La direction le fait avec vous, et vous dit où elle en est.",
            EN_PARTIE: POURQUOI_PARTIE,
            NON: POURQUOI_NON,
        }[groupe.reponse]
        with self.le(-370):
            actes.repondre_proposition(
                proposition,
                par=self.agent,
                etat=groupe.reponse,
                retour=retour,
                decidee_par="Conseil, sur proposition de la vice-présidente",
                decidee_le=self.jour(-370),
                deliberation="2025-0117" if groupe.reponse != NON else "",
                date_limite=self.jour(120),
            )
        suite = proposition.suite
        assert suite is not None  # noqa: S101 the demonstration has just asked it
        with self.le(-60):
            if groupe.degre in {Degre.EN_COURS, Degre.INCOMPLETE, Degre.NON_MISE_EN_OEUVRE}:
                dire_degre(
                    suite,
                    par=self.agent,
                    degre=groupe.degre,
                    constate_le=self.jour(-60),
                    precision="Constaté avec les membres",
                    adresse="https://demo.example.org/agora",
                )
            elif groupe.degre == Degre.TOTALE:
                changer_etat(
                    suite,
                    par=self.agent,
                    vers=Etat.REALISEE,
                    texte_public="C’est fait, et c’est resté.",
                    adresse="https://demo.example.org/agora/fait",
                )
            elif groupe.degre == Degre.SANS_OBJET:
                changer_etat(
                    suite, par=self.agent, vers=Etat.SANS_OBJET, motif="Le lieu ou le guide n’existe plus."
                )

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
        for rang, (theme, titre, qui) in enumerate(SANS_REPONSE, 1):
            self._noter(convention, rang, theme, titre, qui, -50)
        with self.le(-12):
            reponse = reponses.preparer_reponse(
                ReponseArgumentee(),
                par=self.agent,
                collectif=convention,
                titre="Réponse à la convention citoyenne",
                introduction="Vous avez travaillé six mois. Voici ce que nous retenons, et pourquoi.",
                elu=self.compte("elue"),
            )
        sens = (OUI, EN_PARTIE, NON)
        with self.le(-8):
            for ligne, dit in zip(reponse.lignes.order_by("proposition__numero"), sens, strict=True):
                reponses.repondre_ligne(
                    ligne,
                    par=self.agent,
                    sens=dit,
                    retour={
                        OUI: "Sur toutes les lignes, avec les personnes qui conduisent.",
                        EN_PARTIE: POURQUOI_PARTIE,
                        NON: POURQUOI_NON,
                    }[dit],
                    deliberation="",
                    date_limite=self.jour(200) if dit == OUI else None,
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
