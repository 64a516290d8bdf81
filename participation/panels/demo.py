"""Panels of the demonstration, one a stage: in preparation, registering, being called, in session, answered.

The people are invented, and the texts say so.
"""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from participation.droits.eliminations import actes as eliminations
from participation.droits.models import Bordereau
from participation.panels import confirmation, marches, questionnaires, recommandations, tables
from participation.panels.communes import actes as communes
from participation.panels.communes.regles import Part
from participation.panels.inscriptions import actes as inscriptions
from participation.panels.models import AdresseInvitee, Inscription, Marche, Panel, PartDeCommune
from participation.panels.preparation import actes as preparation
from participation.panels.preparation.actes import lire_strates
from participation.panels.questionnaires import interroges, questions
from participation.panels.workflow import Canal, EtatPanel, Issue, Moyen, Public
from participation.seances.demo import SceneDInstance
from participation.seances.ecrans import tenue
from participation.seances.models import Convie, Point, Seance
from participation.seances.ordre_du_jour import actes as ordre_du_jour
from participation.seances.points import actes as points
from participation.seances.preparation import programmer
from participation.seances.presence import actes as presence
from participation.seances.votes.elections import actes as elections
from participation.seances.workflow import Etat, Mode
from participation.socle.actions.comptes import ouvrir_compte
from participation.socle.francais import majuscule
from participation.socle.management.scene import DOMAINE
from participation.socle.models import Commune
from participation.socle.regles.tableaux import simplifier
from participation.suites import actes as suites
from participation.tirage import quotas
from participation.tirage.models import Tirage, Volontaire
from participation.tirage.selection import actes as selection
from participation.tirage.volontaires import actes as volontaires

SUIT = ("petitions", "tirage")

INVENTE = "Exemple de démonstration : les personnes et les sommes sont inventées."
QUOTAS = """Genre ; Femme ; 4 ; 4
Genre ; Homme ; 4 ; 4
Âge ; 16 à 39 ans ; 3 ; 4
Âge ; 40 ans et plus ; 4 ; 5"""
VALEURS = {"Genre": ("Femme", "Homme"), "Âge": ("16 à 39 ans", "40 ans et plus")}
PRENOMS = ("Lina", "Hugo", "Awa", "Malik", "Jeanne", "Thomas", "Inès", "Paulo", "Claire", "Nassim")
NOMS = ("Essai", "Modèle", "Exemple", "Fictif", "Inventé")
INTRODUCTION = (
    "Vous habitez ici et vous avez 16 ans ou plus ? Vous pouvez vous inscrire. Il n’y a rien à savoir avant.\n"
    "Le panel se réunit quatre journées. Chaque journée est payée ; la garde d’enfants et le transport aussi."
)
LETTRE = (
    "Madame, Monsieur,\n\nVotre adresse a été tirée au sort. Vous pouvez faire partie d’un panel d’habitants, qui dira ce qu’il faut changer. "
    f"Il n’y a rien à savoir avant.\n\nPour vous inscrire, ouvrez l’adresse écrite plus bas, ou appelez-nous.\n\n{INVENTE}"
)
ARABE = {
    "Prénom": "الاسم الشخصي",
    "Nom": "الاسم العائلي",
    "Téléphone": "الهاتف",
    "Adresse de courriel": "البريد الإلكتروني",
    "Adresse postale": "العنوان",
    "Oui": "نعم",
    "Non": "لا",
    "M’inscrire": "التسجيل",
    "Femme": "امرأة",
    "Homme": "رجل",
    "Vos données": "بياناتك",
    "Pourquoi": "لماذا",
    "Combien de temps": "كم من الوقت",
    "Qui les voit": "من يراها",
    "Vos droits": "حقوقك",
}


RAISONS = (
    "Elle écoute tout le monde.",
    "Elle a gardé les notes de chaque séance.",
    "Elle parle clairement.",
    "Elle sait dire les désaccords.",
)


def _avis(panel: Panel, public: str) -> list[int]:
    """Return notes that are the same for all: other numbers would be too small to be shown."""
    return [5 - rang % 2 for rang, _ in enumerate(questions(panel, public))]


class Panels(SceneDInstance):
    def jouer(self) -> None:
        with self.le(-3):
            self._preparer("Panel citoyen : la nuit en ville", "nuit", 110)
        self._marche(Panel.objects.get(cle="nuit"))
        self._communes(Panel.objects.get(cle="nuit"))
        self._en_inscription()
        self._en_confirmation()
        self._en_session()
        self._repondu()

    def _marche(self, panel: Panel) -> None:
        marche = marches.inscrire_marche(
            Marche(),
            par=self.agent,
            titre="Recruter et accompagner les panels citoyens",
            numero="2026-EX-01",
            prestataire="Atelier d’exemple",
            date_debut=self.jour(-200),
            date_fin=self.jour(530),
            reconductions=2,
            mois_par_reconduction=12,
            plafond=Decimal(180000),
            lots=["Tirer au sort et recruter", "Animer les séances"],
        )
        marches.commander(
            marche,
            par=self.agent,
            panel=panel,
            lot=marche.lots.get(numero=1),
            libelle="Recruter huit personnes",
            montant=Decimal(14500),
            numero="BC-1",
            date_commande=self.jour(-3),
        )

    def _communes(self, panel: Panel) -> None:
        """A draw by the communes in progress: one is bound to its list, the other has its link, the seed is to come."""
        with self.le(-2):
            communes.annoncer_tirage_communes(
                panel,
                par=self.agent,
                source="loto",
                date_graine=self.jour(18),
                precision_source=INVENTE,
                repli="Le tirage du Loto qui suit.",
            )
            joignables = [commune for commune in Commune.a_joindre() if commune.adresses()]
            parts = [
                PartDeCommune(commune=commune, lettres=n)
                for commune, n in zip(joignables, (90, 120), strict=False)
            ]
            engagee, *_ = communes.demander_parts(panel, par=self.agent, parts=parts)
            communes.deposer_engagements(engagee, dite=Part(engagee.commune_id, 90, 4_210, "3c" * 32))

    def _preparer(self, titre: str, cle: str, premiere: int, **autres: Any) -> Panel:
        return preparation.preparer_panel(
            Panel(),
            par=self.agent,
            **{
                "titre": titre,
                "cle": cle,
                "mandat": f"{majuscule(titre.partition(' : ')[2]) or titre} : que faut-il changer, et par quoi commencer ?",
                "repond_a": "l’assemblée qui débat de la question",
                "engagement": "Une réponse publique à chaque recommandation, dans les trois mois qui suivent le vote.",
                "financement": INVENTE,
                "places": 8,
                "seances_prevues": 4,
                "date_premiere_seance": self.jour_ouvre(premiere),
                "lieu": "Maison des habitants",
                "voie": "courrier",
                "prestataire": "Atelier d’exemple",
                **autres,
            },
        )

    def _tirage(self, panel: Panel, graine: int, tirage: int) -> Tirage:
        prepare = preparation.preparer_son_tirage(
            panel,
            par=self.agent,
            source="boules",
            est_repetition=False,
            date_graine=self.jour(graine),
            precision_source="Douze boules, dans le hall, à 18 heures.",
            repli="Les numéros du Loto du samedi qui suit.",
            tirage_le=self.heure(tirage, 17, 30),
            lieu="salle du conseil",
        )
        quotas.regler_quotas(prepare, par=self.agent, quotas=quotas.lire_quotas(QUOTAS, prepare.places))
        return prepare

    def _page(self, panel: Panel) -> Any:
        return inscriptions.ecrire_page(
            panel, par=self.agent, langue="fr", nom_langue="français", se_lit_de_droite=False,
            titre=panel.titre, introduction=INTRODUCTION, lettre=LETTRE, traductions={},
        )  # fmt: skip

    def _inscrire(self, panel: Panel, combien: int, page: Any = None) -> None:
        for rang in range(combien):
            canal = self.hasard.choices(list(Canal), weights=(80, 15, 5))[0]
            profil = {c: self.hasard.choice(valeurs) for c, valeurs in VALEURS.items()}
            reponses: dict[str, Any] = {
                "prenom": self.hasard.choice(PRENOMS),
                "nom": f"{self.hasard.choice(NOMS)}-{rang + 1}",
                "telephone": "04 00 00 00 00",
                "courriel": f"{panel.cle}{rang + 1}@example.org" if rang % 3 else "",
                "adresse": f"{rang + 1} rue de l’Exemple",
                "profil": profil,
                "est_eligible": rang != 4,
                "peut_venir": rang % 9 != 7,
            }
            inscription = inscriptions.inscrire(
                panel,
                par=None if canal == Canal.WEB else self.agent,
                canal=canal,
                page=page if canal == Canal.WEB else None,
                **reponses,
            )
            if canal == Canal.PAPIER:
                inscriptions.ressaisir(inscription, par=self.agent2, **reponses)

    def _en_inscription(self) -> None:
        with self.le(-50):
            panel = self._preparer("Panel citoyen : se déplacer sans voiture", "mobilites", 38)
            preparation.regler_strates(
                panel,
                par=self.agent,
                strates=lire_strates(
                    "Quartiers prioritaires ; 12 400 ; 2 ; 2\nVille-centre ; 58 000 ; 3 ; 4\nAutres communes ; 121 000 ; 3 ; 4",
                    panel.regle.taux_reponse,
                ),
            )
            self._tirage(panel, 10, 14)
            page = self._page(panel)
            inscriptions.ecrire_page(
                panel, par=self.agent, langue="ar", nom_langue="العربية", se_lit_de_droite=True,
                titre="هيئة المواطنين : التنقل بدون سيارة", introduction="هل تسكن هنا؟ يمكنك التسجيل.", traductions=ARABE,
            )  # fmt: skip
            AdresseInvitee.objects.bulk_create(
                AdresseInvitee(panel=panel, simple=simplifier(f"{n + 1} rue de l’Exemple")) for n in range(22)
            )
        with self.le(-20):
            self._inscrire(panel, 1)  # a rehearsal
        with self.le(-4):
            inscriptions.ouvrir_inscriptions(panel, par=self.agent)
            self._inscrire(panel, 24, page)

    def _tirer(self, titre: str, cle: str, premiere: int, debut: int) -> Panel:
        """Bring a panel to its draw, which takes three weeks from `debut`."""
        with self.le(debut):
            panel = self._preparer(titre, cle, premiere)
            tirage = self._tirage(panel, debut + 12, debut + 18)
            page = self._page(panel)
            inscriptions.ouvrir_inscriptions(panel, par=self.agent)
            self._inscrire(panel, 26, page)
        with self.le(debut + 10):
            inscriptions.verser_au_tirage(panel, par=self.agent)
            volontaires.figer(self._relu(tirage), par=self.agent)
        with self.le(debut + 12, 19):
            chiffres = "-".join(str(self.hasard.randrange(10)) for _ in range(12))
            graine = f"boules:{self.jour(debut + 12).isoformat()}:{chiffres}"
            volontaires.semer(self._relu(tirage), par=self.agent, texte_graine=graine)
            selection.calculer(self._relu(tirage), par=self.agent)
            selection.faire_calcul(tirage.pk)
            selection.publier_panels(self._relu(tirage), par=self.agent)
        with self.le(debut + 18, 18):
            selection.tirer(self._relu(tirage), par=self.agent, boules=self.hasard.randrange(1000))
            confirmation.ouvrir_appels(panel, par=self.agent)
        return panel

    def _relu(self, tirage: Tirage) -> Tirage:
        return Tirage.objects.get(pk=tirage.pk)

    def _appeler(self, panel: Panel, *issues: str) -> None:
        """Note a call for each person drawn: these outcomes first, then yes."""
        for rang, inscription in enumerate(panel.inscriptions.assises().order_by("volontaire__numero")):
            issue = issues[rang] if rang < len(issues) else Issue.CONFIRME
            if issue:
                besoins: dict[str, Any] = {"enfants": 2, "transport": True} if rang == len(issues) else {}
                confirmation.noter_appel(
                    inscription, par=self.agent, moyen=Moyen.APPEL, issue=issue, **besoins
                )

    def _en_confirmation(self) -> None:
        panel = self._tirer("Panel citoyen : bien manger", "alimentation", 24, -24)
        compte = ouvrir_compte(f"appels@{DOMAINE}", prenom="Maya", nom="Atelier")
        compte.password = self.agent.password  # that of every account of the demonstration
        compte.save(update_fields=["password"])
        with self.le(-4):
            preparation.ajouter_equipier(
                panel, par=self.agent, prenom="Maya", nom="Atelier", courriel=compte.courriel, role="appels"
            )
            # Her contact is late with most of those who confirmed: « Ma journée » says so.
            suit = self.agent2
            preparation.ajouter_equipier(
                panel,
                par=self.agent,
                prenom=suit.prenom,
                nom=suit.nom,
                courriel=suit.courriel,
                role="contact",
            )
            self._appeler(panel, "", Issue.MESSAGE, Issue.REFUS_DATES)
        with self.le(-3):
            premiere = panel.inscriptions.a_contacter()[0]
            confirmation.noter_appel(premiere, par=suit, moyen=Moyen.APPEL, issue=Issue.CONTACT)

    def _en_session(self) -> None:
        with self.le(-90):
            panel = self._preparer("Panel citoyen : partager l’eau", "eau", -14, places=16)
            tirage = Tirage.objects.filter(titre="Panel citoyen sur l’eau").first()
            if tirage is None:
                return
            self._reprendre(panel, tirage)
        with self.le(-30):
            self._appeler(panel)
            confirmation.constituer_panel(panel, par=self.agent)
            suivantes = [self._seance(panel, jours, rang) for rang, jours in enumerate((9, 23), 1)]
            preparation.noter_etape(panel, par=self.agent, etape="etape-accueillir")
        with self.le(-2):
            for seance in suivantes:
                tables.dresser_tables(panel, par=self.agent, seance=seance, tables=4)
            for titre in ("Compter l’eau de chaque bâtiment public", "Arroser la nuit seulement"):
                recommandations.ecrire_recommandation(
                    panel, par=self.agent, titre=titre, direction=self.directions["MOB"]
                )

    def _reprendre(self, panel: Panel, tirage: Tirage) -> None:
        """Give the panel a draw already made, and a registration to each of its volunteers."""
        Panel.objects.filter(pk=panel.pk).update(tirage=tirage, etat=EtatPanel.CONFIRMATION, est_publie=True)
        panel.refresh_from_db()
        Inscription.objects.bulk_create(
            Inscription(
                panel=panel,
                canal=Canal.WEB,
                prenom=volontaire.nom.partition(" ")[0],
                nom=volontaire.nom.partition(" ")[2],
                courriel=volontaire.courriel,
                telephone=volontaire.telephone,
                adresse=volontaire.foyer,
                profil=volontaire.profil,
                volontaire=volontaire,
            )
            for volontaire in Volontaire.objects.filter(tirage=tirage).order_by("pk")
        )

    def _seance(self, panel: Panel, jours: int, rang: int) -> Seance:
        assert panel.instance is not None  # noqa: S101 the panel has just been constituted
        debut = self.heure_ouvree(jours, 9)
        return programmer(
            panel.instance,
            par=self.agent,
            titre=f"Séance {rang} du panel",
            debut=debut,
            fin=debut + timedelta(hours=7),
            lieu="Maison des habitants",
        )

    def _repondu(self) -> None:
        panel = self._tirer("Panel citoyen : la nature en ville", "nature", -100, -160)
        with self.le(-138):
            self._appeler(panel)
            confirmation.constituer_panel(panel, par=self.agent)
            preparation.noter_etape(panel, par=self.agent, etape="etape-accueillir")
            ecrites = [
                recommandations.ecrire_recommandation(
                    panel, par=self.agent, titre=titre, direction=self.directions[sigle]
                )
                for titre, sigle in (
                    ("Planter un arbre pour chaque place de stationnement retirée", "MOB"),
                    ("Ouvrir les cours d’école l’été", "MOB"),
                    ("Éteindre les enseignes à 22 heures", "MOB"),
                )
            ]
        self._elire(panel)
        with self.le(-80):
            recommandations.adopter_recommandations(panel, par=self.agent, adoptees=ecrites[:2])
            demandees = recommandations.transmettre_recommandations(panel, par=self.agent)
        with self.le(-20):
            suites.changer_etat(
                demandees[0], par=self.agent, vers="suivie", texte_public="Oui. Les premiers arbres sont plantés à l’automne."
            )  # fmt: skip
            suites.changer_etat(
                demandees[1], par=self.agent, vers="hors_competence", oriente_vers="les communes", motif="Les écoles sont aux communes.",
                texte_public="Nous transmettons aux communes.",
            )  # fmt: skip
        self._evaluer(panel)
        with self.le(-1):
            # What its delay has passed, those registered who are not of this panel for one, waits for its visa.
            eliminations.preparer_bordereau(Bordereau(), par=self.agent)

    def _elire(self, panel: Panel) -> None:
        """A séance where somebody is chosen without candidates, in one round."""
        with self.le(-110):
            seance = self._seance(panel, -84, 4)
            point = ordre_du_jour.ajouter_point(
                seance,
                par=self.agent,
                nature=Point.Nature.INFORMATION,
                titre="Choisir qui porte les recommandations",
                duree=45,
            )
            # Convened without its letters, which nobody needs to read here.
            membres = seance.membres_a_convoquer()[: len(RAISONS)]
            convies = [
                Convie.objects.create(seance=seance, membre=m, convoque_le=timezone.now()) for m in membres
            ]
            Seance.objects.filter(pk=seance.pk).update(etat=Etat.CONVOQUEE)
        with self.a_l_heure(seance, 30):
            seance.refresh_from_db()
            for convie in convies:
                convie.seance = seance
                presence.arriver(convie, mode=Mode.SALLE, par=self.agent)
            tenue.ouvrir(seance, par=self.agent)
            points.passer_au_point(point, par=self.agent)
            election = elections.ouvrir_election(
                point, par=self.agent, objet="Porter les recommandations devant l’assemblée", places=1, attendu=INVENTE
            )  # fmt: skip
            elu = convies[0].membre
            for convie, raison in zip(convies, RAISONS, strict=True):
                elections.designer_pour(election, par=self.agent, convie=convie, choix=[(elu, raison)])
            elections.lire_designations(election, par=self.agent)
            elections.proposer_election(election, par=self.agent, membres=[elu], raison=RAISONS[0])
            for convie in convies:
                elections.se_prononcer_pour(election, par=self.agent, convie=convie)
            elections.constater_consentement(election, par=self.agent)
            points.traiter_point(point, par=self.agent)
        seance.refresh_from_db()
        self.lever(seance, 400)

    def _evaluer(self, panel: Panel) -> None:
        """Questionnaires answered on line and on paper, then what the service keeps of them."""
        with self.le(-70):
            questionnaires.ouvrir_questionnaires(panel, par=self.agent)
            for compte, public in interroges(panel):
                questionnaires.repondre_questionnaire(
                    panel, compte, public=public, notes=_avis(panel, public)
                )
            questionnaires.saisir_questionnaire(
                panel, par=self.agent, notes=_avis(panel, Public.MEMBRES), mots=INVENTE
            )
        with self.le(-45):
            questionnaires.publier_evaluation(
                panel,
                par=self.agent,
                evaluation=f"{INVENTE} Les membres ont manqué de temps : le prochain panel aura une séance de plus.",
            )


def jouer() -> None:
    Panels().jouer()
