"""Demonstration of last year, from its call to its bilans, and of the network of its projets."""

import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from contrat_ville.bilan import accompagnement, comptes, conventions, fiches, indicateurs
from contrat_ville.bilan import actes as bilan
from contrat_ville.bilan.comptes import definitifs_proposes
from contrat_ville.bilan.indicateurs import reponses_de
from contrat_ville.cadre import programmations
from contrat_ville.comites import actes as comites
from contrat_ville.comites.scenarios import actes as scenarios
from contrat_ville.comites.scenarios import adoption
from contrat_ville.comites.scenarios.lectures import reproches_de
from contrat_ville.demo.programmation import DONNEES, Annees
from contrat_ville.depot import actes as actes_depot
from contrat_ville.depot import brouillon as brouillon_du_depot
from contrat_ville.instruction import actes as instruction
from contrat_ville.models import Axe, Programmation, Projet, Voisin
from contrat_ville.notification import actes as notification
from contrat_ville.reseau import actes as reseau
from contrat_ville.workflow import RESEAU_CLE, RETENUS
from participation.seances import preparation
from participation.seances.instances.actes import ouvrir_mandature
from participation.seances.models import Instance
from participation.socle.actions.documents import rediger_document
from participation.socle.actions.pieces import PDF
from participation.socle.fichiers.pdf import fabriquer_pdf
from participation.socle.models import Compte, Document

VIVANTS = {"en_cours", "evalue", "clos", "bilan_attendu"}


class AnneeSoutenue(Annees):
    """Programmation of last year, with its network.

    `premier`: number of days from today to 1 January of that year (negative). The days of the call and of the
    projets are counted from it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.donnees = json.loads((DONNEES / "reseau_demonstration.json").read_text(encoding="utf-8"))
        self.porteurs = {ligne["cle"]: ligne for ligne in self.donnees["porteurs"]}
        self.annee = self.aujourd_hui.year - 1
        self.premier = (date(self.annee, 1, 1) - self.aujourd_hui).days
        self.siens: dict[str, Projet] = {}

    def vivre(self) -> None:
        if Programmation.objects.filter(annee=self.annee).exists():
            return
        debut = self.premier - 110
        self.en_cours = self._programmation(self.annee, debut, debut + 45)
        self._compter(debut)
        for rang, ligne in enumerate(self.donnees["projets"]):
            self._deposer(ligne, debut + 20 + rang)
            self.siens[ligne["porteur"]] = self.projets[ligne["titre"]]
        with self.le(debut + 46):
            programmations.clore_appel(self.en_cours, par=self.agent)
        for ligne in self.donnees["projets"]:
            self._decider(ligne, self.projets[ligne["titre"]], debut + 50)
        self._arreter(debut + 96)
        for ligne in self.donnees["projets"]:
            self._accompagner(ligne, self.projets[ligne["titre"]])
        self._mettre_en_reseau()
        self._se_reunir()

    def _compter(self, debut: int) -> None:
        axes = {axe.nom: axe for axe in Axe.objects.all()}
        with self.le(debut + 5):
            for ligne in self.donnees["indicateurs"]:
                champs = {**ligne, "axe": axes.get(ligne["axe"])}
                indicateurs.ecrire_indicateur(self.en_cours, par=self.agent, **{"reunion": "somme", **champs})

    def _ecrire(self, ligne: dict[str, Any], programmation: Programmation, par: Compte) -> Projet:
        projet = super()._ecrire(ligne, programmation, par)
        champs: dict[str, Any] = {}
        if ligne["suite"] == "en_cours":  # over two years
            champs = {"est_pluriannuel": True, "date_fin": self.aujourd_hui + timedelta(days=60)}
        lieux = [self.quartiers[nom] for nom in (ligne["quartier"], *ligne.get("aussi", ()))]
        brouillon_du_depot.enregistrer_brouillon(projet, par=par, quartiers=lieux, **champs)
        if "vise" in ligne:
            indicateurs.prevoir_indicateurs(projet, par=par, valeurs=self._valeurs(projet, ligne["vise"]))
        return projet

    def _dates(self, programmation: Programmation) -> tuple[date, date]:
        return date(programmation.annee, 1, 15), date(programmation.annee, 12, 15)

    def _valeurs(self, projet: Projet, nombres: list[int]) -> dict[int, Decimal | None]:
        """Match the numbers with the indicators: those of all axes first, then those of the axe."""
        poses = sorted(
            reponses_de(projet), key=lambda r: (r.indicateur.axe_id is not None, r.indicateur.ordre)
        )
        return {r.indicateur.pk: Decimal(n) for r, n in zip(poses, nombres, strict=False)}

    def _decider(self, ligne: dict[str, Any], projet: Projet, jours: int) -> None:
        suite, par = ligne["suite"], self.agent
        if suite == "retire":
            with self.le(jours):
                actes_depot.retirer(
                    projet,
                    par=projet.auteur,  # type: ignore[arg-type]  # the author exists
                    motif="Nous n’avons pas trouvé assez de bénévoles.",
                )
            return
        if suite == "irrecevable":
            with self.le(jours):
                instruction.declarer_irrecevable(projet, par=par, motif=ligne["motif"])
            return
        with self.le(jours):
            instruction.declarer_recevable(projet, par=par)
        montants = {self.partenaires[nom].pk: Decimal(m) for nom, m in ligne.get("accorde", {}).items()}
        with self.le(jours + 25):
            if montants:
                comites.proposer(projet, par=par, montants=montants, motif="Utile au quartier.")
            else:
                comites.proposer_refus(projet, par=par, motif=ligne["motif"])

    def _arreter(self, jours: int) -> None:
        """The comité de pilotage adopts what the comité technique proposed. One act decides every projet."""
        with self.le(jours):
            scenario = scenarios.creer_scenario(
                self.en_cours, par=self.agent, nom="Ce que propose le comité technique"
            )
            motif = "Le comité connaît ces projets." if reproches_de(scenario) else ""
            adoption.arreter_programmation(scenario, par=self.agent, motif=motif, le=self.jour(jours))

    def _notifier(self, projet: Projet) -> None:
        notification.preparer_lettre(projet, par=self.agent)
        notification.joindre_lettre_signee(projet, par=self.agent, fichier=lettre_signee(projet))
        notification.notifier(projet, par=self.agent)

    def _accompagner(self, ligne: dict[str, Any], projet: Projet) -> None:
        projet.refresh_from_db()
        if ligne["suite"] == "refuse" or projet.etat in RETENUS:
            with self.le(self.premier - 8):
                self._notifier(projet)
        if ligne["suite"] not in VIVANTS:
            return
        par = self.agent
        with self.le(self.premier + 4):
            conventions.conventionner(
                projet,
                par=par,
                numero=f"CDV-{self.annee}-{projet.pk}",
                date_signature=self.jour(self.premier + 4),
            )
        with self.le(self.premier + 16):
            accompagnement.demarrer(projet, par=None)
            fiches.publier_fiche(projet, par=par)
        with self.le(self.premier + 40):
            for financement in projet.financements.select_related("financeur"):
                if montant := ligne["verse"].get(financement.financeur.nom):
                    conventions.enregistrer_versement(
                        projet,
                        par=par,
                        financement=financement,
                        montant=Decimal(montant),
                        date=self.jour(self.premier + 40),
                    )
        with self.le(self.premier + 120):
            accompagnement.noter_accompagnement(
                projet, par=par, nature="visite", date=self.jour(self.premier + 120),
                texte=ligne["visite"],
            )  # fmt: skip
        self._rendre_compte(ligne, projet)

    def _rendre_compte(self, ligne: dict[str, Any], projet: Projet) -> None:
        fin = (date(self.annee, 12, 16) - self.aujourd_hui).days
        if ligne["suite"] == "en_cours":
            return
        with self.le(fin):
            bilan.attendre_bilan(projet, par=None)
        if "fait" not in ligne:
            return
        signataire = comptes.signataire_de(projet)
        if signataire is None:
            return
        # A closed projet gave its bilan in time; the others gave theirs a few days ago.
        with self.le(fin + 12 if ligne["suite"] == "clos" else max(fin + 12, -9)):
            bilan.rendre_bilan(
                projet,
                par=signataire,
                realises={li.pk: li.montant for li in projet.budget.all()},
                **ligne["bilan"],
                beneficiaires=ligne["fait"][0],
                indicateurs=self._valeurs(projet, ligne["fait"]),
            )
        if ligne["suite"] == "clos":
            with self.le(fin + 15):
                self._arreter_les_comptes(projet)
                bilan.clore(projet, par=self.agent, mot="Merci pour ce bilan, clair et complet.")

    def _arreter_les_comptes(self, projet: Projet) -> None:
        """Settle what is owed, pay what is left of it, and receive what was paid above."""
        definitifs = definitifs_proposes(projet)
        comptes.arreter_comptes(
            projet,
            par=self.agent,
            definitifs=definitifs,
            date_limite=timezone.localdate() + timedelta(days=30),
        )
        for financement in projet.financements.filter(accorde__gt=0):
            if financement.reste:
                conventions.enregistrer_versement(
                    projet,
                    par=self.agent,
                    financement=financement,
                    montant=financement.reste,
                    date=timezone.localdate(),
                )
            for reversement in financement.reversements.all():
                comptes.enregistrer_reversement(
                    reversement, par=self.agent, montant=reversement.reste, date=timezone.localdate()
                )

    # Network

    def _mettre_en_reseau(self) -> None:
        for rang, ligne in enumerate(self.donnees["projets"]):
            if "reseau" in ligne:
                projet = self.projets[ligne["titre"]]
                with self.le(-30 + rang):
                    reseau.rejoindre_reseau(projet, par=self._signe(ligne["porteur"]), **ligne["reseau"])
        atelier, radio, roue = (self.siens[cle] for cle in ("ateliers", "radio", "roue"))
        with self.le(-20):
            voisin = reseau.proposer_contact(atelier, par=self._signe("ateliers"), autre=radio)
        with self.le(-18):
            reseau.accepter_contact(Voisin.objects.get(projet=radio, autre=atelier), par=self._signe("radio"))
        for rang, (cle, texte) in enumerate(self.donnees["echange"]):
            with self.le(-15 + rang):
                de = voisin if cle == "ateliers" else voisin.en_face()
                reseau.ecrire_voisin(de, par=self._signe(cle), texte=texte)
        with self.le(-2):
            reseau.proposer_contact(roue, par=self._signe("roue"), autre=atelier)

    def _signe(self, cle: str) -> Compte:
        return self._compte(self.porteurs[cle]["representant"])

    def _se_reunir(self) -> None:
        """The next meeting of the network, with invitations to its teams."""
        instance = Instance.objects.get(cle=RESEAU_CLE)
        with self.le(-9):
            if instance.mandature_du(self.jour(20)) is None:
                ouvrir_mandature(
                    instance,
                    par=self.agent,
                    intitule="Réseau des projets",
                    debut=self.jour(-500),
                    fin=self.jour(900),
                )
            seance = preparation.programmer(
                instance,
                par=self.agent,
                titre="Rencontre du réseau : partager nos lieux",
                debut=self.heure_ouvree(20, 18),
                fin=self.heure_ouvree(20, 20),
                lieu="Maison des habitants, place du marché, Grenoble",
            )
            reseau.inviter_le_reseau(seance, par=self.agent)


def lettre_signee(projet: Projet) -> SimpleUploadedFile:
    """Return the letter prepared for this projet, signed by a word instead of a hand."""
    document = projet.lettre_courante().document
    courrier = document.donnees
    signee = Document(
        nature=document.nature,
        titre=document.titre,
        dossier=document.dossier,
        donnees={**courrier, "signataire": f"Signé : {courrier['signataire']}"},
        cree_le=timezone.now(),
    )
    return SimpleUploadedFile("lettre-signee.pdf", fabriquer_pdf(rediger_document(signee)), PDF)
