"""Actors of the demonstration of the pétitions: they do the acts of users at their dates.

All are invented.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from participation.panels.models import Panel
from participation.panels.preparation import actes as preparation
from participation.seances.demo import SceneDInstance
from participation.socle.actions.comptes import ouvrir_compte
from participation.socle.francais import jour_texte
from participation.socle.management.scene import DOMAINE
from participation.socle.models import Commune, Compte
from participation.socle.regles.adresses import canoniser
from participation.suites.workflow import Origine
from petitions.collecte import actes as collecte
from petitions.copetitionnaires import actes as copetitionnaires
from petitions.depot import actes as depot
from petitions.models import CoPetitionnaire, MotifIrrecevabilite, Petition, Signature
from petitions.recevabilite import actes as recevabilite
from petitions.recevabilite import decisions
from petitions.seuils import actes as seuils
from petitions.signatures import decompte
from petitions.signatures.regles import nom_canonique

DONNEES = Path(__file__).resolve().parent / "demonstration.json"
PRENOMS = [
    "Alma", "Basile", "Camille", "Driss", "Élise", "Farid", "Gabin", "Hana", "Ilyes", "Jeanne", "Karim",
    "Léa", "Mathis", "Nora", "Omar", "Pauline", "Rose", "Sami", "Théo", "Yasmine", "Agathe", "Bruno",
    "Célestin", "Dalia", "Étienne", "Fatou", "Gaspard", "Héloïse", "Ismaël", "Justine",
]  # fmt: skip
NOMS = [
    "Abadie", "Berger", "Cavet", "Dumolard", "Eyraud", "Faure", "Gontard", "Hamdi", "Imbert", "Jourdan",
    "Kaci", "Lambert", "Meyssonnier", "Nicolet", "Ougier", "Pellat", "Rambaud", "Sestier", "Thévenon",
    "Ursat", "Vial", "Zanella", "Blanc-Gonnet", "Chaix", "Dode", "Estève", "Fantin", "Giroud", "Jacquet",
    "Lopez",
]  # fmt: skip
# Communes of the signers of a pétition about the whole Métropole, weighted roughly by population.
PARTOUT = {
    "Grenoble": 30, "Échirolles": 13, "Saint-Martin-d’Hères": 12, "Fontaine": 9, "Meylan": 7, "Saint-Égrève": 5,
    "Seyssinet-Pariset": 5, "Sassenage": 4, "Eybens": 4, "Le Pont-de-Claix": 4, "Vif": 3, "Claix": 3, "Seyssins": 3,
    "Varces-Allières-et-Risset": 3, "Vizille": 3, "Gières": 3, "Domène": 2, "La Tronche": 2, "Jarrie": 1,
}  # fmt: skip


AVANT_LE_COMITE = "Le comité n’avait pas encore ses membres : le service a décidé après leur accord écrit."


@dataclass(frozen=True, slots=True)
class Texte:
    cle: str
    titre: str
    auteur: str
    commune: str
    demande: str
    raisons: str
    competence: str
    themes: list[str]
    communes: list[str]


def lire_textes() -> dict[str, Texte]:
    return {ligne["cle"]: Texte(**ligne) for ligne in json.loads(DONNEES.read_text(encoding="utf-8"))}


class Troupe(SceneDInstance):
    """Scene with the acts of the pétitions: deposit, comité, signatures."""

    def __init__(self) -> None:
        super().__init__()
        self.textes = lire_textes()

    def noter_les_etapes(self, petition: Petition) -> None:
        """Its panel was prepared outside the site: each step is noted as done."""
        panels: Any = Panel.objects.filter(origine=petition.pk)
        for panel in panels:
            for cle in [*panel.echeances.ouvertes().values_list("cle", flat=True)]:
                preparation.noter_etape(panel, par=self.agent, etape=cle)

    # Deposit

    def auteur_de(self, texte: Texte) -> Compte:
        if texte.auteur == "Nadia Ferrand":
            return self.compte("petitionnaire")
        prenom, nom = self.hasard.choice(PRENOMS), self.hasard.choice(NOMS)
        return ouvrir_compte(f"{texte.cle}@{DOMAINE}", prenom=prenom, nom=nom)

    def rediger(self, cle: str, jours: int) -> Petition:
        """Write a draft, and present its author."""
        texte = self.textes[cle]
        with self.le(jours, 18):
            auteur = self.auteur_de(texte)
            petition = depot.commencer(par=auteur, titre=texte.titre)
            depot.enregistrer_brouillon(
                petition,
                par=auteur,
                demande=texte.demande,
                raisons=texte.raisons,
                competence=texte.competence,
            )
            depot.se_presenter(
                petition,
                par=auteur,
                prenom=auteur.prenom,
                nom=auteur.nom,
                nom_auteur=texte.auteur,
                commune=self.communes[texte.commune],
                qualite="resident",
                atteste_age=True,
            )
        return petition

    def inviter(self, petition: Petition, combien: int, jours: int, confirmes: int | None = None) -> None:
        """Invite co-pétitionnaires by letter, then confirm them one by one."""
        with self.le(jours, 20):
            auteur = petition.auteur
            assert auteur is not None  # noqa: S101 a draft of the demonstration has an author
            personnes = [self.personne(f"copet-{petition.pk}-{i}") for i in range(combien)]
            copetitionnaires.inviter_copetitionnaires(
                petition, [copetitionnaires.Invitation(c, p, n) for c, p, n in personnes], par=auteur
            )
        with self.le(jours + 3, 9):
            attendus = petition.copetitionnaires.filter(confirme_le__isnull=True).order_by("pk")
            for copetitionnaire in attendus[: combien if confirmes is None else confirmes]:
                copetitionnaires.confirmer_copetitionnaire(
                    copetitionnaire,
                    prenom=copetitionnaire.prenom,
                    nom=copetitionnaire.nom,
                    commune=self.commune_au_hasard(),
                    qualite="resident",
                    atteste_age=True,
                )

    def reunir(self, petition: Petition, combien: int, jours: int) -> None:
        """Insert confirmed co-pétitionnaires at once: same result as `inviter`, without its hundred
        letters."""
        le = self.instant(jours, 9)
        CoPetitionnaire.objects.bulk_create(
            CoPetitionnaire(
                petition=petition,
                courriel=courriel,
                courriel_canonique=canoniser(courriel),
                prenom=prenom,
                nom=nom,
                commune=self.commune_au_hasard(),
                qualite="resident",
                atteste_age=True,
                invite_le=le,
                confirme_le=le,
            )
            for courriel, prenom, nom in (self.personne(f"copet-{petition.pk}-{i}") for i in range(combien))
        )

    def deposer(self, cle: str, jours: int) -> Petition:
        petition = self.rediger(cle, jours - 12)
        self.reunir(petition, self.hasard.randint(49, 60), jours - 2)
        self.deposer_le(petition, jours)
        return petition

    def deposer_le(self, petition: Petition, jours: int) -> None:
        with self.le(jours, 11):
            depot.deposer(petition, par=petition.auteur)  # type: ignore[arg-type]  # an author has an account
        texte = next(t for t in self.textes.values() if t.titre == petition.titre)
        petition.communes.set(self.communes[nom] for nom in texte.communes)
        Petition.objects.filter(pk=petition.pk).update(mots_cles=texte.themes)

    # Comité

    def examiner(
        self,
        petition: Petition,
        jours: int,
        par: Compte,
        defauts: Mapping[int, tuple[str, str]] | None = None,
    ) -> None:
        """Fill the grid: every criterion is met, except those of `defauts` ({rank: (appréciation,
        reasons)})."""
        defauts = defauts or {}
        with self.le(jours, 14):
            recevabilite.examiner(
                petition,
                {c.pk: defauts.get(c.ordre, ("rempli", "")) for c in petition.reglement.criteres.all()},
                par=par,
            )

    def accepter(self, petition: Petition, jours: int, par: Compte) -> None:
        self.examiner(petition, jours - 1, par)
        with self.le(jours, 15):
            decisions.declarer_recevable(petition, par=self.agent, raison_sans_comite=AVANT_LE_COMITE)

    def refuser(self, petition: Petition, jours: int, code: str, rang: int, motif: str) -> None:
        self.examiner(petition, jours - 1, self.agent, {rang: ("non_rempli", motif)})
        with self.le(jours, 15):
            decisions.declarer_irrecevable(
                petition,
                par=self.agent,
                motif_irrecevabilite=MotifIrrecevabilite.objects.get(code=code),
                motif=motif,
                raison_sans_comite=AVANT_LE_COMITE,
            )

    def ouvrir(self, cle: str, depot_le: int, ouverte_le: int, par: Compte) -> Petition:
        """From the draft to the opening of the collecte."""
        petition = self.deposer(cle, depot_le)
        self.accepter(petition, ouverte_le - 8, par)
        with self.le(ouverte_le, 9):
            collecte.ouvrir_collecte(petition, par=self.agent)
        return petition

    # Signatures

    def signer(
        self, petition: Petition, combien: int, depuis: int, jusqu_a: int, poids: Mapping[str, int] = PARTOUT
    ) -> None:
        """Insert confirmed signatures along a believable curve, then count and check thresholds with the real
        actions."""
        communes = self.hasard.choices(list(poids), weights=list(poids.values()), k=combien)
        instants = sorted(self._moment(depuis, jusqu_a) for _ in range(combien))
        lignes = []
        for rang, (nom_commune, instant) in enumerate(zip(communes, instants, strict=True)):
            courriel, prenom, nom = self.personne(f"signataire-{petition.pk}")
            lignes.append(
                Signature(
                    petition=petition,
                    prenom=prenom,
                    nom=nom,
                    nom_canonique=nom_canonique(prenom, nom),
                    courriel=courriel,
                    courriel_canonique=canoniser(courriel),
                    commune=self.communes[nom_commune],
                    qualite="resident" if self.hasard.random() < 0.97 else "contribuable",
                    accord_nouvelles=self.hasard.random() < 0.02,
                    accord_auteur=rang % 60 == 0,
                    etat=Signature.Etat.CONFIRMEE,
                    demandee_le=instant - timedelta(minutes=self.hasard.randint(2, 90)),
                    confirmee_le=instant,
                    courriels_ecrits=1,
                    rang=1,
                )
            )
        Signature.objects.bulk_create(lignes, batch_size=1000)
        with self.le(jusqu_a, 21):
            decompte.compter()
            seuils.constater_seuil(petition)
        petition.refresh_from_db()

    def _moment(self, depuis: int, jusqu_a: int) -> datetime:
        """Draw an instant: more often in the first days and in the evening, seldom at night."""
        duree = max(1, jusqu_a - depuis)
        part = min(self.hasard.expovariate(3.0), 1.0) if self.hasard.random() < 0.6 else self.hasard.random()
        jours = depuis + int(part * duree * 0.999)
        heure = self.hasard.choices(
            range(24), weights=[1, 0, 0, 0, 0, 1, 2, 5, 7, 8, 8, 7, 9, 8, 6, 6, 6, 8, 10, 11, 10, 9, 6, 3]
        )[0]
        return self.instant(jours, heure, self.hasard.randrange(60))

    def personne(self, cle: str) -> tuple[str, str, str]:
        """Return (address, first name, name); the address is new each time."""
        self.numero += 1
        return f"{cle}-{self.numero}@{DOMAINE}", self.hasard.choice(PRENOMS), self.hasard.choice(NOMS)

    def commune_au_hasard(self) -> Commune:
        return self.communes[self.hasard.choices(list(PARTOUT), weights=list(PARTOUT.values()))[0]]


def promis_au_conseil(jour: date) -> dict[str, Any]:
    """Return the fields of a suite promised that day by a deliberation of the council."""
    return {
        "origine": Origine.PROMISE,
        "promise_le": jour,
        "acte_promesse": f"délibération du conseil métropolitain du {jour_texte(jour)}",
    }


def autour(principales: Mapping[str, int], autres: Sequence[str] = tuple(PARTOUT)) -> dict[str, int]:
    """Return the weights of a pétition supported mainly by a few communes."""
    return {**dict.fromkeys(autres, 2), **principales}
