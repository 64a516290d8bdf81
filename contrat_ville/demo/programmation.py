"""Demonstration of the programmations, with invented porteurs: this year under instruction, next year open."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.text import slugify

from contrat_ville.cadre import programmations
from contrat_ville.depot import actes as actes_depot
from contrat_ville.depot import brouillon as brouillon_du_depot
from contrat_ville.depot import budget, equipe
from contrat_ville.depot.budget import LigneSaisie
from contrat_ville.instruction import actes as instruction
from contrat_ville.instruction import avis
from contrat_ville.models import (
    Axe,
    Contrat,
    Critere,
    Enveloppe,
    Partenaire,
    Programmation,
    Projet,
    TypePiece,
)
from participation.socle.actions.comptes import ouvrir_compte
from participation.socle.calendrier import ajouter_mois
from participation.socle.management.paquet import Paquet, dossier_du_paquet
from participation.socle.management.scene import DOMAINE, SIGNATAIRE, Scene
from participation.socle.models import Compte, Quartier

DONNEES = Path(__file__).resolve().parents[1] / "donnees"
# Opinions given through the signed links: sense, reason, name.
# By projet: what the town and the State answer.
AVIS = (
    ("favorable", "Les montées choisies sont celles que la rénovation touche en premier.", "favorable", ""),
    (
        "reserve",
        "Oui, si quelqu’un tient les bacs en août.",
        "favorable",
        "Le tri est une attente forte des trois cours.",
    ),
    ("favorable", "Le marché est le bon endroit : tout le quartier y passe.", "favorable", ""),
    (
        "reserve",
        "Oui, si les jours sont dits à temps au placier.",
        "favorable",
        "Peu d’argent, et des gens que nous ne voyons pas.",
    ),
    ("favorable", "Le local est à la Ville : nous disons bientôt quand il se prête.", "favorable", ""),
)
SANS_ACCENTS = str.maketrans("éèêëàâîïôùûüç", "eeeeaaiiouuuc")


def papier(nom: str, titre: str) -> SimpleUploadedFile:
    """Return a one-line file. Each has its own text, because the same file cannot be joined twice."""
    return SimpleUploadedFile(f"{slugify(nom)}.txt", f"{nom}. {titre}. Pièce de démonstration.".encode())


class Annees(Scene):
    """Programmations of the demonstration. Days are counted from today, negative in the past.

    `en_cours`: closed call, under instruction; `ouverte`: call open today.
    """

    def __init__(self) -> None:
        super().__init__()
        self.donnees: dict[str, Any] = json.loads(
            (DONNEES / "demonstration.json").read_text(encoding="utf-8")
        )
        self.grille: dict[str, Any] = Paquet(dossier_du_paquet(), "contrat_ville").json("contrat_ville.json")[
            "grille"
        ]
        self.porteurs = {ligne["cle"]: ligne for ligne in self.donnees["porteurs"]}
        self.quartiers = {quartier.nom: quartier for quartier in Quartier.objects.all()}
        self.partenaires = {partenaire.nom: partenaire for partenaire in Partenaire.objects.all()}
        self.projets: dict[str, Projet] = {}

    def vivre(self) -> None:
        self.en_cours = self._programmation(self.aujourd_hui.year, -110, -60)
        for rang, ligne in enumerate(self.donnees["projets"]):
            self._deposer(ligne, -75 + rang)
        with self.le(-59):
            programmations.clore_appel(self.en_cours, par=self.agent)
        for rang, projet in enumerate(list(self.projets.values())[:5]):
            with self.le(-55 + rang):
                instruction.declarer_recevable(projet, par=self.agent if rang % 2 else self.agent2)
        self._avis()
        self.ouverte = self._programmation(self.aujourd_hui.year + 1, -12, 25)
        self._brouillon()

    def _avis(self) -> None:
        """Opinions of the State and of the commune, given through the signed links.

        Every other one has a reserve.
        """
        etat = self.partenaires["État, politique de la ville"]
        for rang, projet in enumerate(list(self.projets.values())[:5]):
            ville = next(
                p
                for p in self.partenaires.values()
                if p.commune_id in set(projet.quartiers.values_list("commune", flat=True))
            )
            for partenaire in (etat, ville):
                partenaire.courriel = f"{slugify(partenaire.nom)}@{DOMAINE}"
                partenaire.save(update_fields=["courriel"])
            with self.le(-48 + rang):
                demandes = avis.demander_avis(
                    projet,
                    par=self.agent,
                    partenaires=[ville, etat],
                    tables=[],
                    texte="Que pensez-vous de ce projet ?",
                    date_limite=self.jour(-34),
                )
            de_la_ville, reponse_ville, de_l_etat, reponse_etat = AVIS[rang]
            for demande, sens, reponse, nom in zip(
                demandes,
                (de_la_ville, de_l_etat),
                (reponse_ville, reponse_etat),
                ("Élise Caron", "Hugo Lefort"),
                strict=True,
            ):
                with self.le(-42 + rang):
                    avis.rendre_avis(demande, sens=sens, reponse=reponse, nom=nom)

    def _programmation(self, annee: int, debut: int, fin: int) -> Programmation:
        with self.le(debut - 10):
            programmation = programmations.preparer_programmation(
                Programmation(),
                par=self.agent,
                contrat=Contrat.objects.get(),
                annee=annee,
                titre=f"Appel à projets {annee} du Contrat de Ville",
                texte_appel="Vous avez un projet avec les habitantes et les habitants d’un quartier prioritaire ? Le Contrat de Ville peut le soutenir. Le projet naît de ce que vivent les gens : dites-nous quelle place ils y prennent.",
                eligibilite="Le projet se déroule dans un quartier prioritaire, ou pour ses habitantes et habitants.\nIl dure un an au plus, et commence une fois la décision prise.\nNous soutenons un projet, pas le fonctionnement d’une structure.",
                signataire=SIGNATAIRE,
                source="Contrat de Ville 2024-2030. Règles de la démonstration, à confirmer par les partenaires.",
                date_ouverture=self.jour(debut),
                date_cloture=self.jour(fin),
                date_comite_technique=self.jour_ouvre(fin + 70),
                date_comite_pilotage=self.jour_ouvre(fin + 95),
                delai_recevabilite_jours=30,  # what nobody took is late by some weeks, not by two months
            )
            self._regles(programmation)
        with self.le(debut):
            programmations.ouvrir_appel(programmation, par=self.agent)
        return programmation

    def _regles(self, programmation: Programmation) -> None:
        """The grid of the reference data, and invented envelopes."""
        for etape, lignes in self.grille.items():
            for ordre, ligne in enumerate(lignes):
                forme = Critere.Forme.NOTE if etape == "merite" else Critere.Forme.OUI_NON
                Critere.objects.create(
                    programmation=programmation, etape=etape, ordre=ordre, forme=forme, **ligne
                )
        for nom, montant in (
            ("Grenoble-Alpes Métropole", 62000),
            ("État, politique de la ville", 13000),
            ("Ville de Grenoble", 5000),
            ("Ville d’Échirolles", 11000),
            ("Ville de Fontaine", 5000),
            ("Ville du Pont-de-Claix", 4000),
        ):
            Enveloppe.objects.create(
                programmation=programmation, financeur=self.partenaires[nom], montant=Decimal(montant)
            )

    def _compte(self, nom: str) -> Compte:
        if nom == "Nadia Belkacem":  # uses one of the accounts of the demonstration
            return self.compte("porteuse")
        prenom, _, famille = nom.partition(" ")
        adresse = nom.lower().replace(" ", ".").translate(SANS_ACCENTS)
        return ouvrir_compte(f"{adresse}@{DOMAINE}", prenom=prenom, nom=famille)

    def _ecrire(self, ligne: dict[str, Any], programmation: Programmation, par: Compte) -> Projet:
        projet = brouillon_du_depot.commencer(par=par, programmation=programmation, titre=ligne["titre"])
        porteur = {cle: valeur for cle, valeur in self.porteurs[ligne["porteur"]].items() if cle != "cle"}
        deja: Any = Projet.objects.filter(porte_par__nom=porteur["nom"]).exclude(pk=projet.pk).first()
        if deja is not None:
            projet.porte_par = deja.porte_par
            projet.save(update_fields=["porte_par"])
        else:
            brouillon_du_depot.dire_porteur(projet, par=par, courriel=par.courriel, **porteur)
        debut, fin = self._dates(programmation)
        brouillon_du_depot.enregistrer_brouillon(
            projet,
            par=par,
            quartiers=[self.quartiers[ligne["quartier"]]],
            objet=ligne["objet"],
            **ligne["dit"],
            nombre_beneficiaires=ligne["beneficiaires"],
            axe=Axe.objects.get(nom=ligne["axe"]),
            est_culture=ligne["culture"],
            est_participation=ligne["participation"],
            date_debut=debut,
            date_fin=fin,
        )
        budget.ecrire_budget(projet, par=par, lignes=self._budget(ligne))
        return projet

    def _dates(self, programmation: Programmation) -> tuple[date, date]:
        """A projet begins once it is decided: the month after the comité de pilotage, for less than a year."""
        decide: Any = programmation.date_comite_pilotage
        debut = ajouter_mois(decide, 1).replace(day=1)
        return debut, ajouter_mois(debut, 10).replace(day=15)

    def _budget(self, ligne: dict[str, Any]) -> list[LigneSaisie]:
        cout, demandes = Decimal(ligne["cout"]), ligne["demandes"]
        achats, reste = cout / 4, cout - Decimal(sum(demandes.values()))
        return [
            LigneSaisie("depense", "601", achats, "Matériel et fournitures"),
            LigneSaisie("depense", "641", cout - achats, "Animation"),
            *(
                LigneSaisie(
                    "recette", self.partenaires[nom].sous_poste, Decimal(montant), "", self.partenaires[nom]
                )
                for nom, montant in demandes.items()
            ),
            LigneSaisie("recette", "756", reste, "Ressources propres"),
        ]

    def _deposer(self, ligne: dict[str, Any], jours: int) -> None:
        par = self._compte(self.porteurs[ligne["porteur"]]["representant"])
        with self.le(jours - 5):
            projet = self._ecrire(ligne, self.en_cours, par)
            self._joindre(projet, par)
        with self.le(jours):
            actes_depot.deposer(projet, par=par, engagement=True, exactitude=True)
        self.projets[ligne["titre"]] = projet

    def _joindre(self, projet: Projet, par: Compte) -> None:
        """Join one short text for each required paper."""
        nature = projet.porte_par.nature if projet.porte_par else ""
        for type_piece in TypePiece.objects.filter(est_active=True, est_obligatoire=True):
            if type_piece.concerne(nature):
                brouillon_du_depot.joindre_au_projet(
                    projet, par=par, type_piece=type_piece, fichier=papier(type_piece.nom, projet.titre)
                )

    def _brouillon(self) -> None:
        """A draft in progress, whose page shows what is missing."""
        par = self._compte("Sami Ouali")
        with self.le(-3):
            projet = brouillon_du_depot.commencer(
                par=par, programmation=self.ouverte, titre="Une fresque pour le passage"
            )
            brouillon_du_depot.enregistrer_brouillon(
                projet, par=par, objet="Des enfants et des anciens peignent le passage."
            )
            lea = equipe.inviter_equipier(
                projet, par=par, courriel=f"lea.martin@{DOMAINE}", role="redacteur", fonction="bénévole"
            )
            equipe.rejoindre_equipe(lea, par=lea.compte)
