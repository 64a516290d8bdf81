"""Demonstration: a year of the commission (saisines, séances, avis and their answers)."""

from datetime import timedelta
from typing import Any

from ccspl.demo.troupe import Troupe
from ccspl.models import Avis, ReunionDuConseil, ServiceSuivi
from ccspl.redaction import actes as redaction
from ccspl.redaction import preconisations, vote
from ccspl.saisines import actes as saisines
from ccspl.transmission import actes as transmission
from ccspl.transmission import restitution
from participation.seances import inscriptions
from participation.seances.convocation.envois import envoyer_convocations
from participation.seances.convocation.seconde import seconde_convocation
from participation.seances.ecrans import tenue
from participation.seances.models import Mandature, Membre, Point, Seance
from participation.seances.ordre_du_jour.programme.actes import preparer_annee
from participation.seances.points import actes as actes_points
from participation.seances.points import parole
from participation.seances.presence import actes as presence
from participation.seances.proces_verbaux import actes as proces_verbaux
from participation.seances.proces_verbaux import documents as documents_pv
from participation.seances.workflow import Mode
from participation.suites import actes as actes_suites
from participation.suites import reponses
from participation.suites.models import Suite
from participation.suites.workflow import Etat as EtatSuite

# Absent members of successive séances, by name. Only Mermet is always absent, to be called by the service.
ABSENTS = (
    ("Mistral", "Mermet", "Duc"),
    ("Sage", "Mermet", "Bouzid", "Emprin"),
    ("Mermet", "Nave", "Lambert"),
)
A_DISTANCE = ("Haddad", "Ziani", "Keïta", "Allard", "Jallifier")
N = Point.Nature
CONSEIL = "Conseil métropolitain"


class Annee:
    """A year of the commission. `vivre` plays the past; what is to come is in `a_venir`."""

    def __init__(self, troupe: Troupe, mandature: Mandature) -> None:
        self.t, self.mandature = troupe, mandature
        self.avis: dict[str, Avis] = {}
        self._conseils()

    # Saisines and drafting

    def _conseils(self) -> None:
        self.conseils = {
            jours: ReunionDuConseil.objects.create(
                nature=nature,
                intitule=intitule,
                date=self.t.jour_ouvre(jours),
                lieu="Hôtel de Métropole, Grenoble",
            )
            for jours, nature, intitule in (
                (-180, "conseil", CONSEIL),
                (-15, "conseil", CONSEIL),
                (12, "commission", "Commission services publics de l’environnement et de l’énergie"),
                (24, "conseil", CONSEIL),
                (80, "conseil", CONSEIL),
            )
        }

    def saisir(self, cle: str, jours: int, conseil: int | None = None) -> Avis:
        donnees = next(ligne for ligne in self.t.donnees["avis"] if ligne["cle"] == cle)
        service = ServiceSuivi.objects.get(nom=donnees["service"])
        with self.t.le(jours):
            avis = saisines.saisir(
                Avis(), par=self.t.agent, service=service, objet=donnees["objet"], titre=donnees["titre"],
                contexte=donnees["contexte"], saisine=donnees["saisine"], fondement=donnees["fondement"],
                conseil=self.conseils[conseil] if conseil else None,
            )  # fmt: skip
        self.avis[cle] = avis
        return avis

    def ecrire(self, cle: str, jours: int) -> Avis:
        """Write the text of an avis; one proposition of a member is accepted, another is refused."""
        avis, t = self.avis[cle], self.t
        donnees = next(ligne for ligne in t.donnees["avis"] if ligne["cle"] == cle)
        with t.le(jours):
            saisines.ouvrir_redaction(avis, par=t.agent)
            redaction.rediger(avis, par=t.agent, texte="\n\n".join(donnees["paragraphes"]))
            for texte, sigle in donnees["preconisations"]:
                preconisations.preconiser(avis, par=t.agent, texte=texte, direction=t.directions[sigle])
        premier, dernier = avis.paragraphes.earliest("ordre"), avis.paragraphes.latest("ordre")
        with t.le(jours + 2):
            acceptee = redaction.proposer_paragraphe(
                dernier, par=t.compte_de("Ziani"), texte=f"{dernier.texte} Elle souhaite en être informée chaque année.",
                raison=donnees["redaction"]["raison"],
            )  # fmt: skip
            refusee = redaction.proposer_paragraphe(
                premier,
                par=t.compte_de("Haddad"),
                texte=f"{premier.texte} Le travail a été long.",
                raison="Pour le dire.",
            )
        with t.le(jours + 3):
            redaction.accepter(acceptee, par=t.agent)
            redaction.refuser(refusee, par=t.agent, reponse=donnees["redaction"]["refus"])
        return avis

    def soumettre(self, cle: str, jours: int) -> Avis:
        avis = self.ecrire(cle, jours)
        with self.t.le(jours + 5):
            vote.soumettre(avis, par=self.t.agent)
        return avis

    # A year of séances

    def vivre(self) -> None:
        t = self.t
        with t.le(-350):
            preparer_annee(t.ccspl, t.aujourd_hui.year, par=t.agent)
        for cle, jours, conseil in (
            ("eau", -360, None), ("funeraire", -345, None), ("stationnement", -300, -180),
            ("reglement_eau", -240, None), ("dechets", -190, None), ("chaleur", -110, 24),
        ):  # fmt: skip
            self.saisir(cle, jours, conseil)
        self._alpexpo()
        self._formation()
        self._tenir(-330, ["eau", "funeraire"], rang=0)
        self._suivre()
        self._tenir(
            -268, ["stationnement"], rang=1, contre=("Renaud", "Guillot", "Ziani", "Odru", "Keïta", "Sorrel")
        )
        with t.le(-262):
            self._transmettre("stationnement", -262, 60)
        seconde = self._sans_quorum()
        self._adopter_en_seance(seconde, ["reglement_eau"])
        self._transmettre("reglement_eau", -190, 165)
        self._tenir(-140, ["dechets"], rang=2)
        self._visite()
        self._tenir(-49, ["chaleur"], rang=0, contre=("Sage",), rendu="stationnement")
        self._transmettre("dechets", -135, 124)
        self._transmettre("chaleur", -45, 60, au_conseil=False)
        self._repondre()
        self._remettre_au_conseil()

    def _tenir(
        self, jours: int, cles: list[str], *, rang: int, contre: tuple[str, ...] = (), rendu: str = ""
    ) -> None:
        """Hold a séance, from the texts to the procès-verbal, which the next séance approves.

        `rendu`: avis whose answers are presented to the members.
        """
        t = self.t
        for cle in cles:
            self.soumettre(cle, jours - 25)
        precedente = (
            Seance.objects.filter(instance=t.ccspl, proces_verbal__etat="soumis").order_by("-debut").first()
        )
        points: list[dict[str, Any]] = []
        if precedente is not None:
            points.append(
                {
                    "nature": N.APPROBATION,
                    "titre": f"Procès-verbal : {precedente.titre}",
                    "pv_de": precedente,
                    "duree": 5,
                }
            )
        points += [
            {
                "nature": N.PRISE_ACTE if self.avis[cle].objet == "rapport" else N.AVIS,
                "titre": self.avis[cle].titre, "duree": 40, "dossiers": [self.avis[cle]], "direction": self.avis[cle].direction,
            }
            for cle in cles
        ]  # fmt: skip
        if rendu:
            titre = f"Réponses de la Métropole : {self.avis[rendu].titre}"
            points.append(
                {"nature": N.INFORMATION, "titre": titre, "duree": 10, "dossiers": [self.avis[rendu]]}
            )
        points += [{"nature": N.DIVERS, "titre": "Questions diverses", "duree": 10}]
        seance = t.seance(jours, t.pleniere(jours), points)
        t.convoquer(seance, jours - 12)
        t.repondre(seance, jours - 8, ABSENTS[rang], A_DISTANCE)
        self._adopter_en_seance(seance, cles, contre, rang)
        if precedente is not None:
            with t.a_l_heure(seance, 130):
                proces_verbaux.approuver_pv(
                    precedente.proces_verbal, par=t.agent, point=seance.points.get(pv_de=precedente)
                )
                documents_pv.figer_proces_verbaux()
        with t.le(jours + 9):
            pv = proces_verbaux.rediger_pv(seance, par=t.agent)
        with t.le(jours + 11):
            proces_verbaux.soumettre_pv(pv, par=t.agent)

    def _adopter_en_seance(
        self, seance: Seance, cles: list[str], contre: tuple[str, ...] = (), rang: int = 0
    ) -> None:
        t = self.t
        with t.a_l_heure(seance, -5):
            venus = t.presents(seance, ABSENTS[rang], A_DISTANCE)
            presidente = next(c.membre for c in venus if c.membre.fonction != Membre.Fonction.MEMBRE)
        with t.a_l_heure(seance, 0):
            tenue.ouvrir(seance, par=t.agent, presidee_par=presidente, secretaire="Claire Montel")
        for numero, point in enumerate(seance.points.order_by("ordre")):
            point.seance = seance
            with t.a_l_heure(seance, 5 + 35 * numero):
                actes_points.passer_au_point(point, par=t.agent)
                if point.nature == N.APPROBATION:
                    t.voter(point, "Approuver le procès-verbal")
                    continue
                avis = next((self.avis[c] for c in cles if self.avis[c].titre == point.titre), None)
                if avis is None:
                    continue
                demande = parole.demander_la_parole(venus[3])
                parole.donner_la_parole(demande, par=t.agent)
            donnees = next(ligne for ligne in t.donnees["avis"] if ligne["titre"] == point.titre)
            with t.a_l_heure(seance, 30 + 35 * numero):
                actes_points.noter_releve(point, par=t.agent, releve=donnees["redaction"]["releve"])
                if donnees["sens"] == "partage":
                    actes_points.noter_desaccord(
                        point, venus[-2], par=t.agent, texte="Une gestion directe était possible."
                    )
                if point.nature != N.PRISE_ACTE:
                    t.voter(point, f"Adopter l’avis : {avis.titre}"[:200], contre, ("Lambert",))
                t.decider(seance, avis, "adopter", sens=donnees["sens"], synthese=donnees["synthese"])
                avis.refresh_from_db()
        with t.a_l_heure(seance, 120):
            tenue.lever(seance, par=t.agent)

    def _sans_quorum(self) -> Seance:
        """Hold a séance without quorum; the second convocation may deliberate without it."""
        t = self.t
        avis = self.soumettre("reglement_eau", -225)
        seance = t.seance(
            -205, t.pleniere(-205),
            [{"nature": N.AVIS, "titre": avis.titre, "duree": 45, "dossiers": [avis], "direction": avis.direction}],
        )  # fmt: skip
        t.convoquer(seance, -216)
        with t.a_l_heure(seance, -5):
            for convie in seance.convies.order_by("pk")[:9]:
                convie.seance = seance
                presence.arriver(convie, mode=Mode.SALLE, par=t.agent)
        with t.a_l_heure(seance, 20):
            tenue.reporter(seance, par=t.agent, motif="Neuf membres présents à 18 h 20.")
        with t.le(-204):
            debut = t.heure_ouvree(-193, 18)
            seconde = seconde_convocation(seance, par=t.agent, debut=debut, fin=debut + timedelta(hours=2))
        with t.le(-203):
            envoyer_convocations()
        seconde.refresh_from_db()
        return seconde

    # Transmissions and answers

    def _transmettre(self, cle: str, jours: int, delai: int, *, au_conseil: bool = True) -> None:
        avis, t = self.avis[cle], self.t
        conseil = transmission.AutreDestinataire("conseil", CONSEIL, "assemblees@demo.example.org")
        with t.le(jours):
            envois = transmission.transmettre(
                avis, par=t.agent, date_limite=t.jour(jours + delai), autres=[conseil] if au_conseil else []
            )
        with t.le(jours + 2):
            transmission.accuser(envois[0], nom="Secrétariat de la direction")

    def _remettre_au_conseil(self) -> None:
        """Transmit an avis to the council without an address: it is still to be handed over."""
        avis, t = self.avis["chaleur"], self.t
        avis.refresh_from_db()
        with t.le(-4):
            transmission.transmettre(
                avis, par=t.agent, date_limite=t.jour(15), autres=[transmission.AutreDestinataire("conseil", CONSEIL)]
            )  # fmt: skip

    def _suivre(self) -> None:
        """Transmit two avis; the one on the funeral service is answered and closed."""
        t = self.t
        self._transmettre("eau", -322, 90)
        self._transmettre("funeraire", -322, 90)
        for ligne, jours, etat, texte, motif in (
            (
                1,
                -280,
                EtatSuite.SUIVIE,
                "Un devis type est remis depuis mars à chaque famille, par écrit.",
                "",
            ),
            (
                2,
                -270,
                EtatSuite.SUIVIE_EN_PARTIE,
                "Deux sites sur trois auront une salle de recueillement.",
                "Le troisième site est trop petit.",
            ),
        ):
            self._changer("funeraire", ligne, jours, etat, texte, motif)
        with t.le(-90):
            actes_suites.changer_etat(
                self._suite("funeraire", 1),
                par=t.agent,
                vers=EtatSuite.REALISEE,
                texte_public="Tous les sites remettent le devis type.",
            )
        avis = self.avis["funeraire"]
        avis.refresh_from_db()
        with t.le(-80):
            restitution.clore(avis, par=t.agent)

    def _repondre(self) -> None:
        """Answers in time or late, others still awaited; one answer by signed link waits to be published."""
        t = self.t
        for cle, ligne, jours, etat, texte, motif in (
            ("eau", 1, -250, EtatSuite.SUIVIE, "La part d’eau perdue est publiée par commune depuis juin.", ""),
            ("eau", 2, -150, EtatSuite.SUIVIE, "Un groupe de douze usagers relit la facture.", ""),
            ("eau", 3, -240, EtatSuite.NON_SUIVIE, "Les fontaines ne seront pas installées cette année.", "Le budget de l’année est déjà engagé."),
            ("stationnement", 1, -215, EtatSuite.SUIVIE, "Le contrat prévoit cent vingt places pour les vélos.", ""),
            ("stationnement", 2, -130, EtatSuite.NON_SUIVIE, "Le tarif de nuit n’est pas retenu.", "Il serait contraire à l’égalité entre usagers, selon les services juridiques."),
            ("dechets", 2, -100, EtatSuite.SUIVIE, "Les consignes sont réécrites avec des habitants.", ""),
            ("chaleur", 2, -20, EtatSuite.SUIVIE, "Un bilan public sera remis chaque année au mois de mai.", ""),
        ):  # fmt: skip
            self._changer(cle, ligne, jours, etat, texte, motif)
        with t.le(-3):
            reponses.repondre_par_lien(
                self._suite("chaleur", 1), etat=EtatSuite.SUIVIE_EN_PARTIE, nom="Direction de la transition énergétique",
                texte_public="Un tarif réduit s’appliquera aux logements sociaux raccordés.", motif="Les copropriétés privées relèvent d’une autre aide.",
            )  # fmt: skip
        avis = self.avis["stationnement"]
        avis.refresh_from_db()
        with t.le(-128):
            transmission.citer(avis, par=t.agent, deliberation="Délibération n° 45, parking Chavant")

    def _suite(self, cle: str, ligne: int) -> Suite:
        return Suite.objects.get(preconisation__avis=self.avis[cle].pk, preconisation__numero=ligne)

    def _changer(self, cle: str, ligne: int, jours: int, etat: str, texte: str, motif: str) -> None:
        """Change the état of a suite; what is still to be done gets a day to come."""
        a_faire = etat in {EtatSuite.SUIVIE, EtatSuite.SUIVIE_EN_PARTIE, EtatSuite.A_L_ETUDE}
        with self.t.le(jours):
            actes_suites.changer_etat(
                self._suite(cle, ligne),
                par=self.t.agent,
                vers=etat,
                texte_public=texte,
                motif=motif,
                date_limite=self.t.jour(120 + 30 * ligne) if a_faire else None,
            )

    def _alpexpo(self) -> None:
        avis = self.saisir("alpexpo", -160)
        with self.t.le(-150):
            saisines.abandonner(avis, par=self.t.agent, motif="Le conseil a voté les tarifs avant la séance.")

    # Visits and trainings

    def sortie(
        self, jours: int, nature: str, titre: str, lieu: str, places: int, inscrits: tuple[str, ...]
    ) -> Seance:
        t = self.t
        seance = t.seance(
            jours, titre, [], nature=nature, tenue=Seance.Tenue.SALLE, lieu=lieu, capacite=places, heure=14
        )
        t.convoquer(seance, jours - 20)
        with t.le(min(jours - 15, -1)):
            for nom in inscrits:
                membre = Membre.objects.en_fonction(t.jour(-200)).get(
                    compte__nom=nom, college__mandature=self.mandature
                )
                inscriptions.inscrire(seance, membre, par=membre.compte)
        return seance

    def _formation(self) -> Seance:
        return self.sortie(
            -290,
            Seance.Nature.FORMATION,
            "Lire le rapport d’un délégataire",
            "Salle Bonne, Grenoble",
            12,
            ("Perrin-Bey", "Ziani", "Odru", "Chabert"),
        )

    def _visite(self) -> Seance:
        return self.sortie(
            -120,
            Seance.Nature.VISITE,
            "Visite du centre de tri Athanor",
            "Centre de tri, La Tronche",
            4,
            ("Perrin-Bey", "Chabert", "Baret", "Keïta", "Sorrel"),
        )
