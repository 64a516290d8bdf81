"""Demonstration of the inter-quartier budgets: budgets in different phases, two forums, invented people."""

import json
from datetime import date, timedelta
from decimal import Decimal
from itertools import cycle
from pathlib import Path
from typing import Any

from participation.budgets import cycle as actes_cycle
from participation.budgets.demo.vote import Votes
from participation.budgets.forums import actes as forums
from participation.budgets.idees import actes as idees
from participation.budgets.idees import depot
from participation.budgets.idees.depot import Contact
from participation.budgets.models import Budget, Forum, Idee, JalonProjet, ProjetQuartier, TableForum
from participation.budgets.projets import actes as projets
from participation.budgets.projets import faisabilite as faisabilite_des_projets
from participation.budgets.projets import realisation
from participation.budgets.workflow.budget import NaturePhase
from participation.inscriptions import actes as inscriptions
from participation.socle.management.horloge import nous_sommes
from participation.socle.management.scene import DOMAINE, Scene
from participation.socle.models import Direction, Quartier

DONNEES = Path(__file__).resolve().parents[1] / "donnees" / "demonstration.json"
SANS_ACCENTS = str.maketrans("éèêëàâîïôùûüç -", "eeeeaaiiouuuc..")
TEXTE = (
    "Une somme, dix quartiers prioritaires, et vos idées. Toute personne qui y habite, y étudie ou y travaille peut en "
    "proposer, sans condition d’âge ni de nationalité.\n\nLes idées qui se ressemblent sont réunies en projets. Les directions de "
    "la Métropole disent s’ils sont faisables et ce qu’ils coûtent. Les habitantes et habitants votent. Les projets lauréats sont réalisés."
)
REGLES = (
    "L’idée sert à plusieurs personnes, pas à une seule.\nElle se réalise dans un quartier prioritaire, sur un lieu public.\n"
    "C’est un achat ou des travaux, pas un salaire.\nElle ne vise personne."
)


class Quartiers(Scene):
    """Budgets and forums. Days are counted from today, negative in the past.

    The days of an idée or a forum are counted from the start of its budget.
    """

    def __init__(self) -> None:
        super().__init__()
        self.donnees: dict[str, Any] = json.loads(DONNEES.read_text(encoding="utf-8"))
        self.personnes = cycle(self.donnees["personnes"])
        self.quartiers = list(Quartier.objects.select_related("commune"))
        self.budgets: dict[str, Budget] = {}
        self.debuts: dict[str, int] = {}
        self.idees: dict[str, list[Idee]] = {}
        self.projets: dict[str, ProjetQuartier] = {}

    def vivre(self) -> None:
        for ligne in self.donnees["budgets"]:
            self._budget(ligne)
        self.tenu = self._forum("faisabilite", 45, "Forum « Bouger près de chez soi »", places=40)
        self.a_venir = self._forum("idees", 50, "Forum des dix quartiers", places=12)
        self._inscrire()
        for ligne in self.donnees["idees"]:
            self._proposer(ligne)
        for ligne in self.donnees["a_lire"]:
            self._deposer(*ligne)
        for ligne in self.donnees["projets"]:
            self._projet(ligne)
        votes = Votes()
        votes.passe(self.budgets["realisation"], 60, ["1:1,2:1", "3:1"], nombre_max=2)
        self._travaux()
        votes.essai()
        votes.ouvert(self.budgets["vote"])
        self._tenir()

    def _budget(self, ligne: dict[str, Any]) -> None:
        debut = ligne["debut"]
        dates: dict[str, tuple[date, date]] = {}
        jour = debut
        for nature, duree in zip(NaturePhase, ligne["durees"], strict=True):
            dates[str(nature)] = (self.jour(jour), self.jour(jour + duree - 1))
            jour += duree
        with self.le(debut - 20):
            budget = actes_cycle.preparer_budget(
                Budget(), par=self.agent, titre=ligne["titre"], annee=self.aujourd_hui.year + ligne["annee"],
                montant=Decimal(ligne["montant"]), texte=TEXTE, regles=REGLES,
            )  # fmt: skip
            actes_cycle.fixer_phases(budget, par=self.agent, dates=dates)
        with self.le(debut - 6):
            actes_cycle.publier_budget(budget, par=self.agent)
        self.budgets[ligne["cle"]], self.debuts[ligne["cle"]] = budget, debut

    # Idées

    def _quartier(self, debut: str) -> list[Quartier]:
        return [q for q in self.quartiers if q.nom.startswith(debut)][:1] or self.quartiers[:1]

    def _point(self, idee: Idee) -> dict[str, float]:
        """Give a point to two idées out of three, somewhere in the commune of their quartier."""
        commune = next((q.commune for q in idee.quartiers.all()), None)
        if commune is None or idee.pk % 3 == 0:
            return {}
        return {
            "latitude": round(commune.latitude + (idee.pk * 7 % 11 - 5) * 0.0012, 5),
            "longitude": round(commune.longitude + (idee.pk * 5 % 13 - 6) * 0.0015, 5),
        }

    def _contact(self, moyen: str) -> Contact:
        if not moyen:
            return Contact()
        nom = next(self.personnes)
        courriel = f"{nom.lower().translate(SANS_ACCENTS)}@{DOMAINE}" if moyen == "courriel" else ""
        return Contact(nom, courriel, "" if courriel else "06 00 00 00 00")

    def _deposer(
        self, budget: str, titre: str, texte: str, quartier: str, canal: str, jours: int, moyen: str
    ) -> Idee:
        sien, jour = self.budgets[budget], self.debuts[budget] + jours
        table = self._table(titre) if canal == "atelier" and budget == "faisabilite" else None
        with self.le(min(jour, 0), 11):
            if canal == "web":
                idee = depot.deposer_idee(
                    sien,
                    titre=titre,
                    texte=texte,
                    quartiers=self._quartier(quartier),
                    contact=self._contact(moyen),
                )
                for auteur in idee.auteurs.exclude(courriel=""):
                    depot.confirmer_auteur(auteur)
            else:
                idee = depot.saisir_idee(
                    sien, par=None if table else self.agent2, titre=titre, texte=texte, canal=canal,
                    quartiers=self._quartier(quartier), table=table, contact=self._contact(moyen),
                )  # fmt: skip
        return idee

    def _table(self, titre: str) -> TableForum:
        rang = 2 if "boules" in titre.lower() or "Marcher" in titre else 1
        return TableForum.objects.get(forum=self.tenu, numero=rang)

    def _proposer(self, ligne: list[Any]) -> None:
        *dit, projet = ligne
        idee = self._deposer(*dit)
        with self.le(min(self.debuts[dit[0]] + dit[5] + 2, 0), 15):
            idees.publier_idee(
                idee,
                par=self.agent,
                titre=idee.titre,
                texte_public=idee.texte,
                quartiers=idee.quartiers.all(),
                lieu=idee.lieu,
                **self._point(idee),
            )
        if projet:
            self.idees.setdefault(projet, []).append(idee)

    # Projets de quartier

    def _jour_de(self, budget: str, phase: str, jours: int = 1) -> int:
        debut = self.budgets[budget].phases.get(nature=phase).date_debut
        return (debut - self.aujourd_hui).days + jours

    def _projet(self, ligne: dict[str, Any]) -> None:
        budget = ligne["budget"]
        with self.le(min(self._jour_de(budget, "discussion", 25), -1)):
            projet = projets.creer_projet_quartier(
                self.budgets[budget], par=self.agent, titre=ligne["titre"], idees=self.idees[ligne["cle"]],
                description=ligne["texte"],
            )  # fmt: skip
        self.projets[ligne["cle"]] = projet
        if ligne["direction"]:
            self._etudier(projet, ligne)

    def _etudier(self, projet: ProjetQuartier, ligne: dict[str, Any]) -> None:
        debut = self._jour_de(ligne["budget"], "faisabilite")
        direction = self.directions.get(ligne["direction"]) or Direction.objects.order_by("pk")[0]
        with self.le(debut):
            demande = faisabilite_des_projets.demander_faisabilite(
                projet, par=self.agent, direction=direction, date_limite=self.jour(debut + 30)
            )
        if not ligne["verdict"]:
            return
        cout = Decimal(ligne["cout"]) if "cout" in ligne else None
        changements = ligne.get("changements", "")
        with self.le(min(debut + 12, -1)):
            faisabilite_des_projets.rendre_faisabilite(
                demande, verdict=ligne["verdict"], cout=cout, motif=ligne["motif"], changements=changements,
                nom=f"Nadia Bret, {direction}",
            )  # fmt: skip
        if ligne["issue"] == "avis":
            return
        with self.le(debut + 16):
            if ligne["verdict"] == "infaisable":
                faisabilite_des_projets.declarer_infaisable(projet, par=self.agent, motif=ligne["motif"])
                return
            faisabilite_des_projets.declarer_faisable(
                projet,
                par=self.agent,
                verdict=ligne["verdict"],
                cout=cout,
                motif=ligne["motif"],
                changements=changements,
            )
        with self.le(debut + 30):
            projets.mettre_au_vote(projet, par=self.agent)

    def _travaux(self) -> None:
        debut = self._jour_de("realisation", "realisation", 12)
        for cle, sigle in (("four", "VOIRIE"), ("bancs", "MOB")):
            direction = self.directions.get(sigle) or Direction.objects.order_by("pk")[0]
            with self.le(debut):
                realisation.lancer_realisation(self.projets[cle], par=self.agent, direction=direction)
        prevus: list[tuple[JalonProjet, int, str, str]] = []
        for cle, titre, jours, texte, depense in self.donnees["jalons"]:
            with self.le(debut + 1):
                jalon = realisation.ajouter_jalon(
                    self.projets[cle], par=self.agent, titre=titre, date_prevue=self.jour(-jours)
                )
            prevus.append((jalon, jours, texte, depense))
        for jalon, jours, texte, depense in prevus:
            if texte:
                with self.le(-jours):
                    realisation.franchir_jalon(
                        jalon, par=self.agent2, fait_le=self.jour(-jours), texte=texte,
                        depense=Decimal(depense) if Decimal(depense) else None,
                    )  # fmt: skip

    # Forum

    def _forum(self, budget: str, jours: int, titre: str, *, places: int) -> Forum:
        jour = self.debuts[budget] + jours
        with self.le(min(jour - 40, -2)):
            forum = forums.preparer_forum(
                Forum(), par=self.agent, budget=self.budgets[budget], titre=titre,
                debut=self.heure(jour, 14), fin=self.heure(jour, 17, 30),
                lieu="Maison des habitants de la Villeneuve", adresse="12 place de l’Exemple, 38100 Grenoble",
                acces="Tram A, arrêt à 200 mètres. Entrée sans marche, toilettes adaptées.\nBoucle magnétique dans la salle. "
                "Garde d’enfants sur place, à demander en s’inscrivant.",
                texte="14 h : accueil et café.\n14 h 30 : les idées, table par table.\n16 h 30 : ce que chaque table retient.\n17 h 30 : fin.",
                places=places, date_limite=self.jour(jour - 2),
            )  # fmt: skip
            for rang, (sujet, animateur, _) in enumerate(self.donnees["tables"], 1):
                adresse = f"{animateur.lower().translate(SANS_ACCENTS)}@{DOMAINE}"
                forums.ajouter_table(
                    forum, par=self.agent, numero=rang, sujet=sujet, animateur=animateur, courriel=adresse
                )
            forums.ouvrir_inscriptions(forum, par=self.agent)
        return forum

    def _inscrire(self) -> None:
        besoins: list[dict[str, Any]] = [
            {}, {"besoins": ["garde"], "enfants": 2}, {"besoins": ["interprete"], "langue": "arabe"}, {},
            {"besoins": ["transport"]}, {"besoins": ["boucle"]}, {"besoins": ["interprete", "garde"], "langue": "turc", "enfants": 1},
        ]  # fmt: skip
        for forum, combien, jour in ((self.tenu, 22, -55), (self.a_venir, 15, -3)):
            for rang in range(combien):
                nom = next(self.personnes)
                with self.le(jour, 9):
                    inscription = inscriptions.inscrire(
                        forum, par=None, nom=nom, courriel=f"{nom.lower().translate(SANS_ACCENTS)}@{DOMAINE}",
                        quartier=self.quartiers[rang % len(self.quartiers)], **besoins[rang % len(besoins)],
                    )  # fmt: skip
                    inscriptions.confirmer_inscription(inscription)

    def _tenir(self) -> None:
        """Seventeen people came. Each table leaves a note beside its idées."""
        with nous_sommes(self.tenu.debut + timedelta(minutes=20)):
            for inscription in list(self.tenu.inscriptions.order_by("pk"))[:17]:
                inscriptions.noter_presence(inscription, par=self.compte("accueil"))
            for table, (_, _, dit) in zip(
                self.tenu.tables.order_by("numero"), self.donnees["tables"], strict=True
            ):
                forums.noter_a_la_table(table, par=None, texte=dit)
        with nous_sommes(self.tenu.fin + timedelta(hours=2)):
            forums.fermer_inscriptions(self.tenu, par=self.agent)
            forums.tenir_forum(self.tenu, par=self.agent)
