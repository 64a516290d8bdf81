"""Demonstration of the remontées: a season of dated acts, from reception to answer."""

import json
from itertools import cycle
from pathlib import Path
from typing import Any

from django.utils import timezone

from participation.seances.demo import SceneDInstance
from participation.seances.points import actes as points
from participation.socle.actions import courriers
from participation.socle.calendrier import jours_entre
from participation.socle.management.scene import DOMAINE
from participation.socle.models import Commune, Courrier, Quartier
from remontees import modeles
from remontees.comite import actes as comite
from remontees.messages import actes as messages
from remontees.models import (
    Attribution,
    Categorie,
    ModeleDeReponse,
    Organisme,
    RegleDeRoutage,
    Remontee,
    Sujet,
)
from remontees.open311 import actes as open311
from remontees.parts import actes as parts
from remontees.parts import reponse
from remontees.reception import actes as reception
from remontees.reception.regles import Charge, Contact
from remontees.routage import actes as routage
from remontees.routage import classement
from remontees.sujets import actes as sujets
from remontees.tri import actes as tri
from remontees.workflow import INSTANCE, Issue

DONNEES = Path(__file__).resolve().parent / "donnees" / "demonstration.json"
COMITE = -18
# Messages written today to people without mail or SMS, by a word of their verbatim.
A_ECRIRE = {
    "banc": "Merci de nous l’avoir dit. Nous cherchons avec la commune où un banc tiendrait.",
    "devant la poste": "Merci de nous l’avoir dit. Une équipe passe mardi changer la lampe.",
}


class Saison(SceneDInstance):
    """Days are relative to today, negative in the past."""

    def __init__(self) -> None:
        super().__init__()
        self.donnees: dict[str, Any] = json.loads(DONNEES.read_text(encoding="utf-8"))
        self.accueil = self.compte("accueil")
        self.personnes = cycle(self.donnees["personnes"])
        self.categories = {categorie.code: categorie for categorie in Categorie.objects.all()}
        self.sujets: dict[str, Sujet] = {}
        self.seules: list[Remontee] = []

    def vivre(self) -> None:
        for ligne in self.donnees["sujets"]:
            self._ouvrir(ligne)
        for voix in sorted(self.donnees["voix"], key=lambda v: v[6]):
            self._entendre(*voix)
        self._traiter_les_sujets()
        self._traiter_les_seules()
        self._ecrire_sur_papier()
        self._ecrire_les_modeles()
        self._comite()
        self._regler()

    def _ouvrir(self, ligne: dict[str, Any]) -> None:
        jours = min(voix[6] for voix in self.donnees["voix"] if voix[0] == ligne["cle"])
        with self.le(jours, 17):
            self.sujets[ligne["cle"]] = sujets.ouvrir_sujet(
                Sujet(), par=self.agent, titre=ligne["titre"], categorie=self.categories[ligne["categorie"]],
                commune=self.communes[ligne["commune"]], texte_public=ligne["texte"],
            )  # fmt: skip

    def _contact(self, moyen: str) -> Contact:
        if not moyen:
            return Contact()
        nom = next(self.personnes)
        adresse = nom.lower().replace(" ", ".").translate(str.maketrans("éèêëïîôœçàûüáã", "eeeeiioocauuaa"))
        return Contact(
            nom=nom,
            courriel=f"{adresse}@{DOMAINE}" if moyen == "courriel" else "",
            telephone="06 00 00 00 00" if moyen == "sms" else "",
            adresse=f"{1 + self.numero % 90} rue de l’Exemple, 38000 Grenoble" if moyen == "lettre" else "",
            prefere=moyen,
            accepte_transmission=moyen == "courriel",
        )

    def _quartier(self, cle: str, commune: Commune) -> Quartier | None:
        """Return the quartier of the sujet, for a remontée of the same commune."""
        nom = next((ligne.get("quartier", "") for ligne in self.donnees["sujets"] if ligne["cle"] == cle), "")
        return Quartier.objects.filter(nom=nom, commune=commune).first()

    def _pres_de(self, degre: float) -> float:
        """Return an invented coordinate, some hundreds of metres from the centre of the commune."""
        return round(degre + self.hasard.uniform(-0.004, 0.004), 5)

    def _entendre(
        self, cle: str, verbatim: str, canal: str, commune: str, lieu: str, code: str, jours: int, moyen: str
    ) -> None:
        ville = self.communes[commune]
        est_notee = canal in {"accueil", "terrain", "telephone"}
        charge = Charge(
            verbatim=verbatim, canal=canal, entendue_le=self.jour(jours), commune=ville.pk, lieu=lieu,
            latitude=self._pres_de(ville.latitude) if lieu else None, longitude=self._pres_de(ville.longitude) if lieu else None,
            categorie=self.categories[code].pk if code and est_notee else None, contact=self._contact(moyen),
            saisie_par=self.accueil.pk if est_notee else None, est_urgente="plaque d’égout" in verbatim,
        )  # fmt: skip
        with self.le(jours, 18 if jours else 8):
            remontee = reception.saisir(Remontee(), par=self.accueil if est_notee else None, charge=charge)
        if not cle:
            self.seules.append(remontee)
            return
        with self.le(min(jours + 1, 0), 9):
            tri.qualifier(
                remontee, par=self.agent, titre=remontee.titre, categorie=self.categories[code],
                commune=remontee.commune, quartier=self._quartier(cle, ville), lieu=lieu,
            )  # fmt: skip
            sujets.rattacher(remontee, par=self.agent, sujet=self.sujets[cle])

    def _donner(self, sujet: Sujet, sigle: str, jours: int, consigne: str) -> Attribution:
        with self.le(jours):
            return sujets.attribuer_sujet(
                sujet, par=self.agent, a=self.directions[sigle], date_limite=self.jour(jours + 21),
                consigne=consigne,
            )  # fmt: skip

    def _traiter_les_sujets(self) -> None:
        for cle, donnee, repondue in (("arret", -72, -60), ("depots", -50, -38)):
            sujet = self.sujets[cle]
            ligne = next(s for s in self.donnees["sujets"] if s["cle"] == cle)
            part = self._donner(sujet, ligne["direction"], donnee, ligne["consigne"])
            prevue = self.jour(ligne["dans"]) if "dans" in ligne else None
            with self.le(repondue):
                parts.prendre_attribution(part, par=None)
                parts.repondre_attribution(
                    part,
                    par=None,
                    nom="Hélène Arnoux",
                    issue=ligne["issue"],
                    reponse=ligne["reponse"],
                    date_prevue=prevue,
                )
            with self.le(repondue + 2):
                sujets.publier_sujet(sujet, par=self.agent)
                sujets.repondre_sujet(
                    sujet, par=self.agent, issue=ligne["issue"], reponse=ligne["reponse"], date_prevue=prevue
                )
            with self.le(repondue + 3):
                sujets.relire(sujet, par=self.agent2)
        with self.le(-12):
            sujets.publier_sujet(self.sujets["traversee"], par=self.agent)
        self._donner(
            self.sujets["traversee"],
            "VOIRIE",
            -12,
            "Dites si un plateau est possible, et avant quelle rentrée.",
        )
        self._donner(
            self.sujets["traversee"], "MOB", -12, "Dites si le bus peut marquer l’arrêt après le passage."
        )
        with self.le(-3):
            sujets.publier_sujet(self.sujets["rats"], par=self.agent)
        part = self._donner(
            self.sujets["rats"], "EAU", -3, "Dites quand les égouts ont été traités, et s’il faut revenir."
        )
        texte = "Les égouts de la rue ont été traités, et les conteneurs seront fermés avant la fin du mois."
        with self.le(-2):
            parts.prendre_attribution(part, par=None)
            parts.repondre_attribution(part, par=None, nom="Hélène Arnoux", issue=Issue.TRAITE, reponse=texte)
        with self.le(-1):
            # Left unsent: the answer waits to be read by the other agent.
            sujets.repondre_sujet(self.sujets["rats"], par=self.agent, issue=Issue.TRAITE, reponse=texte)

    def _regler(self) -> None:
        """Create two routing rules, a trained model and an Open311 client."""
        for ordre, code, sigles in (
            (10, "voirie-vitesse", ("VOIRIE", "MOB")),
            (20, "dechets-depot-sauvage", ("DECHETS",)),
        ):
            routage.enregistrer_regle(
                RegleDeRoutage(),
                par=self.agent,
                directions=[self.directions[sigle] for sigle in sigles],
                vu="",
                ordre=ordre,
                categorie=self.categories[code],
                delai_jours=10,
            )
        open311.creer_client(par=self.agent, nom="Application d’une commune", courriel=f"appli@{DOMAINE}")
        classement.apprendre()

    def _traiter_les_seules(self) -> None:
        """Treat the single remontées in different ways: answered, handed over, refused, late, to triage."""
        velo, bac, trottoir, ascenseur, bus, cantine, eau, *_ = self.seules
        self._repondre(velo, "MOB", -36, Issue.PREVU, "La jonction est au programme de l’an prochain.", 200)
        self._repondre(
            bac, "DECHETS", -32, Issue.TRAITE, "Le bac a été ramassé. Le passage avait été oublié."
        )
        with self.le(-24):
            tri.attribuer(trottoir, par=self.agent, a=self.directions["VOIRIE"], date_limite=self.jour(-10))
        with self.le(-24):
            refus = tri.attribuer(
                ascenseur, par=self.agent, a=self.directions["HAB"], date_limite=self.jour(-4)
            )
        with self.le(-22):
            parts.refuser_attribution(
                refus,
                par=None,
                nom="Hélène Arnoux",
                motif="L’ascenseur est au bailleur.",
                oriente_vers="Le bailleur",
            )
        organismes = {organisme.nom: organisme for organisme in Organisme.objects.all()}
        with self.le(-22):
            tri.orienter(
                bus,
                par=self.agent,
                organisme=organismes["SMMAG"],
                mot="Le SMMAG organise les bus et les trams.",
            )
        with self.le(-20):
            tri.orienter(
                cantine,
                par=self.agent,
                organisme=organismes["Mairie de la commune"],
                mot="La cantine est à la mairie.",
            )
        arbre = next(seule for seule in self.seules if "aire de jeux" in seule.verbatim)
        with self.le(-8):
            tri.attribuer(arbre, par=self.agent, a=self.communes["Vizille"], date_limite=self.jour(2))
        with self.le(-16):
            part = tri.attribuer(eau, par=self.agent, a=self.directions["EAU"], date_limite=self.jour(4))
        with self.le(-11):
            parts.repondre_attribution(
                part, par=None, nom="Hélène Arnoux", issue=Issue.TRAITE,
                reponse="Une désinfection du réseau a eu lieu ce jour-là. L’eau est conforme.",
            )  # fmt: skip

    def _repondre(
        self, remontee: Remontee, sigle: str, jours: int, issue: str, texte: str, dans: int | None = None
    ) -> None:
        prevue = self.jour(dans) if dans else None
        with self.le(jours):
            part = tri.attribuer(
                remontee, par=self.agent, a=self.directions[sigle], date_limite=self.jour(jours + 15)
            )
        with self.le(jours + 6):
            parts.repondre_attribution(
                part, par=None, nom="Service", issue=issue, reponse=texte, date_prevue=prevue
            )
        with self.le(jours + 7):
            reponse.repondre(remontee, par=self.agent2, issue=issue, reponse=texte, date_prevue=prevue)

    def _ecrire_les_modeles(self) -> None:
        with self.le(-80, 9):
            for ligne in self.donnees["modeles"]:
                modeles.enregistrer_modele(
                    ModeleDeReponse(), par=self.agent, nom=ligne["nom"], categorie=self.categories.get(ligne["categorie"]),
                    etat=ligne["etat"], issue=ligne["issue"], texte=ligne["texte"],
                )  # fmt: skip

    def _ecrire_sur_papier(self) -> None:
        """Post the old letters, or tell by phone when there is no address; leave today's to be printed."""
        for courrier in list(Courrier.objects.a_poster().filter(lettre__startswith="remontees/")):
            jours = jours_entre(timezone.now(), courrier.ecrit_le)
            with self.le(jours + 1, 16):
                if courrier.a_une_adresse:
                    courriers.poster_courrier(courrier, par=self.agent2, date_postee=self.jour(jours + 1))
                else:
                    courriers.abandonner_courrier(courrier, par=self.agent2, motif="Dit au téléphone.")
        for mot, texte in A_ECRIRE.items():
            remontee = next(seule for seule in self.seules if mot in seule.verbatim)
            with self.le(0, 8):
                messages.ecrire_a_la_personne(remontee, par=self.agent, texte=texte)

    def _comite(self) -> None:
        """Hold one séance of the comité, which asks for a visit; programme the next, with an empty agenda."""
        instance = self.installer(
            INSTANCE, ("elue", "elu", "agent2", "membre"), sieges=6, depuis=-200, intitule="Comité de suivi"
        )
        salle: dict[str, Any] = {"avant": 40, "lieu": "Salle Belledonne, 3 rue Malakoff, Grenoble"}
        passee = self.programmer(instance, COMITE, "Comité de suivi", **salle)
        ascenseur = self.seules[3]
        with self.le(COMITE - 14):
            point = comite.inscrire_au_comite(ascenseur, par=self.agent, seance=passee)
        self.convoquer(passee, COMITE - 14)
        self.ouvrir_seance(passee)
        with self.a_l_heure(passee, 0):
            point.seance = passee
            points.passer_au_point(point, par=self.agent)
        with self.a_l_heure(passee, 20):
            self.decider(
                passee, ascenseur, "demander_visite", direction=self.directions["HAB"], date_limite=self.jour(COMITE + 10),
                mot="Voir avec le bailleur quand l’ascenseur repart, et qui aide au septième étage.",
            )  # fmt: skip
        self.lever(passee, 40)
        self.programmer(instance, 12, "Comité de suivi", **salle)


def jouer() -> None:
    Saison().vivre()
