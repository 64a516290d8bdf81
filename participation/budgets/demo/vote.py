"""Demonstration of the votes: two counted and published, one open with some ballots."""

import random
from decimal import Decimal
from typing import Any

from participation.budgets import cycle
from participation.budgets.idees import actes as idees
from participation.budgets.idees import depot
from participation.budgets.models import Budget, ProjetQuartier, Scrutin
from participation.budgets.projets import actes as actes_projets
from participation.budgets.projets import faisabilite as faisabilite_des_projets
from participation.budgets.vote import codes as codes_de_vote
from participation.budgets.vote import depouillement, scrutins, urne
from participation.budgets.vote import regles as regles_vote
from participation.budgets.workflow.budget import CanalIdee, NaturePhase, Verdict
from participation.socle.management.scene import Scene
from participation.socle.models import Quartier

QUI_VOTE = (
    "Toute personne de 11 ans ou plus qui habite un des dix quartiers. Le code est dans la boîte aux lettres, ou se demande à "
    "l’accueil des Maisons des habitants."
)
TEXTE = "Les habitantes et habitants des dix quartiers proposent des projets, puis choisissent ceux qui seront réalisés."
PROJETS = [
    ("Bancs à l’ombre sur les places", "Douze bancs et six arbres, là où l’on attend.", 14_500, 0.5),
    (
        "Ateliers de réparation de vélos",
        "Un atelier par mois dans chaque quartier, avec des outils à emprunter.",
        9_800,
        0.35,
    ),
    ("Terrain de jeux pour les 3 à 6 ans", "Des jeux accessibles, choisis avec les familles.", 22_000, 0.45),
    ("Cuisine partagée mobile", "Une remorque équipée qui va de fête en fête.", 11_200, 0.25),
    ("Cours de français en soirée", "Deux soirs par semaine, avec garde d’enfants.", 8_400, 0.3),
    ("Fresque avec les collégiens", "Un mur par quartier, peint avec une artiste.", 12_600, 0.15),
    ("Éclairage du chemin de la halte", "Douze points de lumière sobres, éteints la nuit.", 17_900, 0.4),
    ("Jardin sur le toit du gymnase", "Des bacs, une récupération d’eau, un composteur.", 26_000, 0.1),
]

# Support for projets that the `Quartiers` scene puts to the vote.
GOUTS = {"Un four à pain partagé": 0.6, "S’asseoir sur le chemin du marché": 0.5, "Une bricothèque": 0.25}


class Votes(Scene):
    """Votes. `Quartiers` calls the methods in the order of the days, since works come after a vote."""

    def __init__(self) -> None:
        super().__init__()
        self.tirage = random.Random(41)  # noqa: S311 the same ballots each time
        self.quartiers = list(Quartier.objects.order_by("pk")[:10])

    def essai(self) -> None:
        """A first budget, with more projets than the others, to compare both rules."""
        budget = self._budget("Budget des dix quartiers : premier essai", 60_000, -200)
        self.passe(budget, 150, ["1:1,3:1", "2:1", "5:1,2:1", ""], nombre_max=3)

    def passe(self, budget: Budget, combien: int, papiers: list[str], *, nombre_max: int) -> None:
        """Run a vote in its phase, from its opening to its published results, online and on paper."""
        phase = budget.phases.get(nature=NaturePhase.VOTE)
        debut, fin = ((jour - self.aujourd_hui).days for jour in (phase.date_debut, phase.date_fin))
        with self.le(debut + 1):
            scrutin = self._scrutin(budget, nombre_max)
            scrutins.ouvrir_scrutin(scrutin, par=self.agent)
        with self.le(debut + 8):
            self._voter(scrutin, combien)
            self._papiers_donnes(scrutin, len(papiers))
        with self.le(fin + 1, 0):
            scrutins.fermer_scrutin(scrutin, par=None)
        with self.le(fin + 1, 15):
            self._saisir_papiers(scrutin, papiers)
            demande = depouillement.depouiller_scrutin(scrutin, par=self.agent)
            depouillement.compter_bulletins(demande.pk)
            scrutin.refresh_from_db()
        with self.le(fin + 3):
            depouillement.publier_resultats(scrutin, par=self.agent)

    def ouvert(self, budget: Budget) -> None:
        with self.le(-3):
            scrutin = self._scrutin(budget, 2)
            projets: Any = ProjetQuartier.objects.filter(budget=budget).au_vote()
            un, autre, *_ = projets
            raison = "Les deux demandent la même équipe de travaux, qui ne peut en faire qu’un cette année."
            scrutins.declarer_incompatibles(scrutin, par=self.agent, un=un, autre=autre, raison=raison)
            scrutins.ouvrir_scrutin(scrutin, par=self.agent)
        with self.le(-1):
            self._voter(scrutin, 40)

    def _budget(self, titre: str, montant: int, debut: int, fin: int = -45) -> Budget:
        """Create a budget and its projets, until they are put to the vote. The vote ends on day `fin`."""
        vote = fin - 16
        bornes = {
            NaturePhase.IDEES: (debut, debut + 30),
            NaturePhase.DISCUSSION: (debut + 31, debut + 50),
            NaturePhase.FAISABILITE: (debut + 51, vote - 1),
            NaturePhase.VOTE: (vote, fin),
            NaturePhase.REALISATION: (fin + 1, fin + 300),
        }
        with self.le(debut - 5):
            budget = cycle.preparer_budget(
                Budget(),
                par=self.agent,
                titre=titre,
                annee=self.jour(fin).year,
                montant=Decimal(montant),
                texte=TEXTE,
            )
            dates = {str(n): (self.jour(a), self.jour(b)) for n, (a, b) in bornes.items()}
            cycle.fixer_phases(budget, par=self.agent, dates=dates)
            cycle.publier_budget(budget, par=self.agent)
        for rang, (nom, texte, cout, _) in enumerate(PROJETS):
            self._projet(budget, rang, nom, texte, cout, debut, vote)
        return budget

    def _projet(
        self, budget: Budget, rang: int, nom: str, texte: str, cout: int, debut: int, vote: int
    ) -> None:
        ici = [self.quartiers[rang % len(self.quartiers)]] if self.quartiers else []
        with self.le(debut + 2 + rang):
            idee = depot.saisir_idee(
                budget, par=self.agent, texte=texte, canal=CanalIdee.PAPIER, titre=nom, quartiers=ici
            )
            idees.publier_idee(idee, par=self.agent, titre=nom, texte_public=texte, quartiers=ici)
        with self.le(debut + 40):
            projet = actes_projets.creer_projet_quartier(
                budget, par=self.agent, titre=nom, idees=[idee], description=texte
            )
        with self.le(vote - 4):
            faisabilite_des_projets.declarer_faisable(
                projet, par=self.agent, verdict=Verdict.FAISABLE, cout=Decimal(cout)
            )
            actes_projets.mettre_au_vote(projet, par=self.agent)

    def _scrutin(self, budget: Budget, nombre_max: int) -> Scrutin:
        return scrutins.preparer_scrutin(
            scrutins.nouveau_scrutin(budget),
            par=self.agent,
            qui_vote=QUI_VOTE,
            nombre_max=nombre_max,
            minimum=5,
        )

    def _codes(self, scrutin: Scrutin, combien: int) -> list[str]:
        """Give codes at the desk. Keep `combien` small: each code adds one line to the journal."""
        return [
            codes_de_vote.remettre_code(
                scrutin, par=self.agent, raison="Sans feuille de code, à la Maison des habitants"
            )[1]
            for _ in range(combien)
        ]

    def _voter(self, scrutin: Scrutin, combien: int) -> None:
        lot = codes_de_vote.creer_lot(
            scrutin, par=self.agent, nature="accueil", nombre=combien, libelle="Fêtes de quartier"
        )
        tires = codes_de_vote.tirer_codes(lot)
        gouts = {**{titre: part for titre, _, _, part in PROJETS}, **GOUTS}
        lignes = list(scrutin.projets.values_list("numero", "titre"))
        for code in tires[: combien * 9 // 10]:
            aimes = [n for n, titre in lignes if self.tirage.random() < gouts.get(titre, 0.3)]
            self.tirage.shuffle(aimes)
            urne.voter(
                scrutin,
                code=code,
                choix=regles_vote.ecrire_bulletin(dict.fromkeys(aimes[: scrutin.nombre_max], 1)),
            )

    def _papiers_donnes(self, scrutin: Scrutin, combien: int) -> None:
        for code in self._codes(scrutin, combien):
            codes_de_vote.emarger_papier(scrutin, par=self.agent, code=code)

    def _saisir_papiers(self, scrutin: Scrutin, papiers: list[str]) -> None:
        for numero, choix in enumerate(papiers, start=1):
            propre = regles_vote.ecrire_bulletin(regles_vote.lire_bulletin(choix))
            for personne in (self.agent, self.agent2):
                urne.saisir_papier(scrutin, par=personne, numero=numero, choix=propre)
