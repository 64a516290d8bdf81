"""Pétitions in every état, each lived through the acts of its users, at their dates. See `demonstration` for the hands."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management.base import BaseCommand
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from participation.seances.actions import convocation, envois, preparation
from participation.seances.models import College, Instance, Mandature, Membre, Seance
from participation.socle.actions import repondre_demande
from participation.socle.actions.dossiers import prendre_en_charge
from participation.socle.management.scene import DOMAINE
from participation.socle.models import Courriel
from participation.suites import actions as suites
from petitions.actions import (
    campagne,
    collecte,
    comite,
    decompte,
    depot,
    lettres,
    papier,
    recevabilite,
    seuils,
    suivi,
)
from petitions.actions.signatures import demander_signature
from petitions.management.demonstration import PARTOUT, Troupe, autour
from petitions.models import Petition
from petitions.workflow import INSTANCE

NOTE = "Note transmise à la commission.\n\nLa demande, les avis des directions et les coûts estimés.\n"


class Command(BaseCommand):
    help = "Charge les pétitions de la démonstration (appelée par « demo »)."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if Petition.objects.filter(auteur__courriel__endswith=f"@{DOMAINE}").exists():
            return
        self.troupe = Troupe()
        # The letters of the past have left already: no worker is told of them.
        with patch("participation.socle.taches_differees.confier"):
            self._comite()
            # In the order of the deposits, which is that of the references.
            for histoire in (
                self._encombrants,
                self._piste,
                self._arbres,
                self._eau,
                self._bus_jeunes,
                self._marche,
                self._en_collecte,
                self._retiree,
                self._refusees_et_suspendue,
                self._a_examiner,
                self._brouillon,
            ):
                histoire()
            self._prendre_en_charge()
            suivi.constater_jalons()
            self._papier()
            self._a_verifier()
            self._seance_du_comite()
            self._lettres()

    def _comite(self) -> None:
        """Two élus and a technician: invented, as the real number of members is not known."""
        depuis = self.troupe.jour(-900)
        mandature = Mandature.objects.create(
            instance=Instance.objects.get(cle=INSTANCE),
            intitule="Depuis 2024",
            debut=depuis,
            installee_le=depuis,
        )
        for ordre, (nom, cles) in enumerate(
            (("Élus", ("elue", "elu")), ("Techniciens", ("agent2",))), start=1
        ):
            college = College.objects.create(
                mandature=mandature,
                nom=nom,
                ordre=ordre,
                sieges=len(cles),
                vote_depuis=depuis,
                a_des_suppleants=False,
                est_elu=nom == "Élus",
            )
            for cle in cles:
                Membre.objects.create(college=college, compte=self.troupe.compte(cle), du=depuis)

    def _seance_du_comite(self) -> None:
        """The comité meets in six days; the petitions that wait are on its agenda, its members convened."""
        t = self.troupe
        debut = t.heure(6, 14)
        with t.le(-8):
            seance = preparation.programmer(
                Instance.objects.get(cle=INSTANCE),
                par=t.agent,
                titre="Comité de recevabilité",
                debut=debut,
                fin=debut + timedelta(hours=2),
                tenue=Seance.Tenue.HYBRIDE,
                lieu="Salle Bonne, Grenoble",
                lien_visio="https://visio.example.org/comite",
            )
        with t.le(-1):
            comite.inscrire_au_comite(seance, comite.a_inscrire(), par=t.agent)
            appel = convocation.convoquer(seance, par=t.agent)
            envois.envoyer_convocation(appel.pk)

    def _piste(self) -> None:
        """The whole way, like the first real one: two thresholds, a panel, a debate, an answer, suites."""
        t = self.troupe
        elue = t.compte("elue")
        petition = t.rediger("piste", -430)
        t.inviter(petition, 57, -428)
        t._deposer(petition, -415)
        with t.le(-412):
            prendre_en_charge(petition, par=t.agent)
            demandes = recevabilite.demander_avis(
                petition,
                par=t.agent,
                directions=[t.directions["MOB"], t.directions["VOIRIE"]],
                objet="Une piste cyclable de Vizille à Grenoble",
                texte="Les trois coupures sont-elles sur des voies métropolitaines ? Un projet est-il déjà prévu ?",
                date_limite=t.jour(-385),
            )
        with t.le(-395):
            repondre_demande(
                demandes[0],
                reponse="Oui, les trois. Aucun projet n’est inscrit avant trois ans.",
                par=t.compte("direction"),
            )
            repondre_demande(
                demandes[1], reponse="Deux carrefours sont à la Métropole.", nom="Voirie et espaces publics"
            )
        t.accepter(petition, -371, elue)
        with t.le(-360, 9):
            collecte.ouvrir_collecte(petition, par=t.agent)
        with t.le(-359):
            collecte.ecrire_facile(
                petition,
                par=t.agent,
                texte_facile="Beaucoup de personnes vont à vélo de Vizille à Grenoble.\n\nLa piste s’arrête à trois endroits.\n\nC’est dangereux.\n\nNous demandons à la Métropole :\n- de finir la piste ;\n- de mettre des lampes ;\n- de dire quand les travaux seront faits.",
            )
            for intitule, equipe, jours in (
                ("Annoncer la pétition dans le magazine", "communication", -350),
                ("Prévenir les maires des six communes", "cabinet", -352),
                ("Poser l’affiche dans les accueils", "service", -345),
            ):
                tache = campagne.ajouter_tache(
                    petition, par=t.agent, intitule=intitule, equipe=equipe, date_limite=t.jour(jours)
                )
                campagne.faire_tache(tache, par=t.agent)
        poids = autour(
            {
                "Vizille": 38,
                "Échirolles": 24,
                "Jarrie": 18,
                "Grenoble": 22,
                "Eybens": 8,
                "Champ-sur-Drac": 7,
                "Champagnier": 5,
                "Brié-et-Angonnes": 4,
                "Herbeys": 2,
            }
        )
        t.signer(petition, 812, -360, -310, poids)
        with t.le(-300):
            collecte.amender(
                petition,
                par=t.agent,
                note="Le nom d’un carrefour était faux : il s’agit du carrefour de Pont-Rouge, à Claix.",
                titre=petition.titre,
                demande=petition.demande.replace(
                    "carrefour de Pont-Rouge", "carrefour de Pont-Rouge, à Claix"
                ),
                raisons=petition.raisons,
                competence=petition.competence,
            )
        t.signer(petition, 730, -309, -260, poids)
        t.signer(petition, 61, -259, -241, poids)
        with t.le(-250):
            suivi.inscrire_au_conseil(
                petition, par=t.agent, date=t.jour(-150), lieu="Hôtel de la Métropole, Grenoble"
            )
            suivi.rencontrer(
                petition,
                par=t.agent,
                date=t.jour(-215),
                lieu="Maison du tourisme, Grenoble",
                texte="Avec deux vice-présidents.",
            )
        with t.le(-238):
            seuils.clore_collecte(petition, par=None)
        with t.le(-230):
            suivi.transmettre_note(
                petition,
                par=t.agent,
                date=t.jour(-230),
                texte="La note présente la demande, l’état des trois coupures et trois scénarios chiffrés.",
                fichier=SimpleUploadedFile("note-piste-cyclable.txt", NOTE.encode()),
            )
            suivi.ouvrir_panel(
                petition,
                par=t.agent,
                date=t.jour(-205),
                lieu="Maison des habitants, Le Pont-de-Claix",
                texte="Trente personnes tirées au sort se réunissent trois samedis. Elles entendent les pétitionnaires, des techniciens, des élus et des usagers.",
            )
        with t.le(-165):
            suivi.recevoir_avis_panel(
                petition,
                par=t.agent,
                date=t.jour(-165),
                avis="Le panel soutient la demande. Il propose de commencer par la traversée du Pont-de-Claix, de choisir un éclairage à détection, et de réunir chaque année les usagers.\n\nVingt-deux personnes sur trente ont participé aux trois séances.",
            )
        with t.le(-148):
            suivi.constater_debat(
                petition,
                par=t.agent,
                date=t.jour(-150),
                issue="Le conseil a débattu pendant une heure. Tous les groupes reconnaissent que les trois coupures sont dangereuses. Le calendrier et le coût de l’éclairage font débat.",
                lien_video="https://www.example.org/conseil/seance",
            )
            promises = [
                suivi.promettre_suite(
                    petition,
                    par=t.agent,
                    intitule=intitule,
                    direction=t.directions[sigle],
                    date_limite=t.jour(jours),
                    texte_public=texte,
                )
                for intitule, sigle, jours, texte in (
                    ("Relier la piste au carrefour de Pont-Rouge", "VOIRIE", -20, ""),
                    (
                        "Étudier la traversée du Pont-de-Claix",
                        "MOB",
                        40,
                        "Étude confiée à un bureau, avec les usagers.",
                    ),
                    ("Éclairer sept kilomètres de piste", "VOIRIE", 200, ""),
                    ("Réunir les usagers une fois par an", "PART", -8, ""),
                )
            ]
        with t.le(-140):
            suivi.fixer_restitution(petition, par=t.agent, date=t.jour(-110), lieu="Salle des fêtes, Vizille")
        with t.le(-95):
            suivi.repondre(
                petition,
                par=t.agent,
                reponse="La Métropole finit la piste en deux temps. Le carrefour de Pont-Rouge est aménagé cette année. La traversée du Pont-de-Claix est étudiée avec les habitants, pour des travaux l’an prochain.\n\nL’éclairage de toute la piste coûterait trop cher. Les deux kilomètres les plus sombres seront éclairés.",
            )
        for jours, rang, vers, texte, motif in (
            (-70, 0, "suivie", "Les travaux ont commencé.", ""),
            (-24, 0, "realisee", "La piste est ouverte au carrefour depuis le début du mois.", ""),
            (-60, 1, "a_l_etude", "Le bureau d’études a rencontré les pétitionnaires.", ""),
            (
                -40,
                2,
                "suivie_en_partie",
                "Deux kilomètres seront éclairés.",
                "Éclairer les sept kilomètres coûterait 1,4 million d’euros.",
            ),
        ):
            with t.le(jours):
                suites.changer_etat(promises[rang], par=t.agent, vers=vers, texte_public=texte, motif=motif)

    def _encombrants(self) -> None:
        """Closed: debated, answered, every suite at its end."""
        t = self.troupe
        petition = t.ouvrir("encombrants", -560, -510, t.compte("elu"))
        t.signer(
            petition,
            872,
            -510,
            -395,
            autour({"Sassenage": 40, "Fontaine": 35, "Grenoble": 30, "Seyssinet-Pariset": 20}),
        )
        with t.le(-385):
            seuils.clore_collecte(petition, par=None)
            suivi.inscrire_au_conseil(petition, par=t.agent2, date=t.jour(-330))
        with t.le(-329):
            suivi.constater_debat(
                petition,
                par=t.agent2,
                date=t.jour(-330),
                issue="Le conseil soutient la demande et veut commencer par deux déchèteries.",
            )
            suite = suivi.promettre_suite(
                petition,
                par=t.agent2,
                intitule="Ouvrir un espace de réemploi dans deux déchèteries",
                direction=t.directions["DECHETS"],
                date_limite=t.jour(-120),
            )
        with t.le(-290):
            suivi.repondre(
                petition,
                par=t.agent2,
                reponse="Deux déchèteries ouvrent un espace de réemploi, à Sassenage et à Échirolles. La collecte sur rendez-vous est essayée pendant un an.",
            )
        with t.le(-130):
            suites.changer_etat(
                suite, par=t.agent2, vers="suivie", texte_public="Les deux espaces sont en travaux."
            )
            suites.changer_etat(
                suite, par=t.agent2, vers="realisee", texte_public="Les deux espaces sont ouverts."
            )
        with t.le(-110):
            suivi.clore(petition, par=t.agent2, motif="Ce qui était promis est fait. Merci au collectif.")

    def _arbres(self) -> None:
        """Debated: the answer is due."""
        t = self.troupe
        petition = t.ouvrir("arbres", -240, -190, t.compte("elue"))
        t.signer(petition, 1043, -190, -72)
        with t.le(-68):
            seuils.clore_collecte(petition, par=None)
            suivi.inscrire_au_conseil(petition, par=t.agent, date=t.jour(-18))
        with t.le(-17):
            suivi.constater_debat(
                petition,
                par=t.agent,
                date=t.jour(-18),
                issue="Le conseil demande que les abattages prévus soient publiés un mois avant, sauf danger.",
            )
            suivi.promettre_suite(
                petition,
                par=t.agent,
                intitule="Publier les abattages prévus un mois avant",
                direction=t.directions["VOIRIE"],
                date_limite=t.jour(60),
            )
            suivi.promettre_suite(
                petition,
                par=t.agent,
                intitule="Écrire une charte de l’arbre avec les communes",
                direction=t.directions["RISQUES"],
                date_limite=t.jour(180),
            )

    def _eau(self) -> None:
        """The panel is at work."""
        t = self.troupe
        petition = t.ouvrir("eau-sociale", -230, -175, t.compte("elu"))
        t.signer(petition, 805, -175, -130)
        t.signer(petition, 907, -129, -55)
        with t.le(-50):
            seuils.clore_collecte(petition, par=None)
            suivi.inscrire_au_conseil(petition, par=t.agent, date=t.jour(52))
        with t.le(-30):
            suivi.ouvrir_panel(
                petition,
                par=t.agent,
                date=t.jour(-6),
                lieu="Maison de l’habitant, Échirolles",
                texte="Trente personnes, trois samedis.",
            )

    def _bus_jeunes(self) -> None:
        """The debate is fixed; the meeting and the note come before it. Extended once."""
        t = self.troupe
        petition = t.ouvrir("bus-jeunes", -200, -150, t.compte("elue"))
        with t.le(-60):
            collecte.prolonger(
                petition,
                par=t.agent,
                date_fin=t.jour(-8),
                motif="Le formulaire a été en panne pendant trois jours.",
            )
        t.signer(petition, 1124, -150, -9)
        with t.le(-6):
            seuils.clore_collecte(petition, par=None)
        with t.le(-5):
            suivi.inscrire_au_conseil(
                petition, par=t.agent, date=t.jour(24), lieu="Hôtel de la Métropole, Grenoble"
            )
            suivi.rencontrer(
                petition,
                par=t.agent,
                date=t.jour(9),
                lieu="Salle 4, Hôtel de la Métropole",
                texte="Apportez vos questions.",
            )

    def _marche(self) -> None:
        """Not enough signatures: the service writes, then closes."""
        t = self.troupe
        petition = t.ouvrir("marche", -190, -136, t.compte("elu"))
        t.signer(petition, 412, -136, -16, autour({"Domène": 30, "Meylan": 15, "Gières": 12}))
        with t.le(-11):
            seuils.clore_collecte(petition, par=None)

    def _en_collecte(self) -> None:
        t = self.troupe
        bientot = t.ouvrir("serres", -170, -116, t.compte("elu"))
        t.signer(bientot, 268, -116, 0, autour({"Échirolles": 25, "Grenoble": 25}))
        trop = t.ouvrir("bus-nuit", -150, -98, t.compte("elue"))
        t.signer(
            trop,
            1020,
            -98,
            0,
            {**PARTOUT, "Sassenage": 85, "Noyarey": 9, "Veurey-Voroize": 4, "Fontaine": 18},
        )
        proche = t.ouvrir("fontaines", -140, -75, t.compte("elue"))
        t.signer(proche, 741, -75, 0)
        with t.le(-3):
            campagne.ajouter_tache(
                proche,
                par=t.agent,
                intitule="Parler de la pétition aux fêtes de quartier",
                equipe="service",
                date_limite=t.jour(6),
                responsable=t.agent2,
            )
            campagne.ajouter_tache(
                proche,
                par=t.agent,
                intitule="Répondre à la presse sur les points d’eau",
                equipe="direction",
                direction=t.directions["EAU"],
                date_limite=t.jour(2),
            )
            campagne.ajouter_tache(
                proche,
                par=t.agent,
                intitule="Relayer sur les réseaux de la Métropole",
                equipe="communication",
                date_limite=t.jour(-1),
            )

    def _refusees_et_suspendue(self) -> None:
        t = self.troupe
        classe = t.deposer("classe", -120)
        t.refuser(
            classe,
            -95,
            "hors-competence",
            4,
            "L’ouverture d’une classe dépend de l’État, et l’école de la commune. Nous avons transmis votre texte à la mairie pour information.",
        )
        petition = t.ouvrir("haies", -110, -60, t.compte("elu"))
        t.signer(petition, 356, -60, -20)
        with t.le(-20):
            collecte.suspendre(
                petition, par=t.agent, motif="Période électorale : la communication publique est réservée."
            )
        local = t.deposer("local", -88)
        t.refuser(local, -60, "discriminatoire", 3, "Le texte s’en prend à des personnes nommées.")
        train = t.deposer("train", -75)
        t.examiner(train, -45, t.agent, {4: ("non_rempli", "Les trains régionaux relèvent de la Région.")})
        with t.le(-44):
            recevabilite.transmettre(
                train,
                par=t.agent,
                autorite_competente="Région Auvergne-Rhône-Alpes",
                motif="Les trains régionaux relèvent de la Région. La Métropole soutient votre demande auprès d’elle.",
            )

    def _retiree(self) -> None:
        t = self.troupe
        petition = t.ouvrir("dos-d-ane", -130, -85, t.compte("elu"))
        t.signer(petition, 58, -85, -62)
        with t.le(-61):
            auteur = t.auteur_de(t.textes["dos-d-ane"])
            depot.retirer(petition, par=auteur, motif="La rue va être refaite : nous préférons attendre.")

    def _a_examiner(self) -> None:
        """Before the comité: one late, 7, 15 and 30 days left, a rewording awaited, opinions asked; one to open, one just open."""
        t = self.troupe
        t.deposer("toilettes", -64)
        debut = t.ouvrir("composteur", -60, -12, t.compte("elu"))
        t.signer(
            debut,
            37,
            -12,
            0,
            {"Eybens": 20, "Grenoble": 8, "Échirolles": 5, "Poisat": 3, "Gières": 2, "Bresson": 1},
        )
        avis = t.deposer("velo-cargo", -54)
        with t.le(-40):
            demandes = recevabilite.demander_avis(
                avis,
                par=t.agent,
                directions=[t.directions["MOB"], t.directions["JUR"]],
                objet="Louer des vélos-cargos dans chaque commune",
                texte="Cette location entre-t-elle dans le marché actuel ?",
                date_limite=t.jour(4),
            )
        with t.le(-12):
            repondre_demande(demandes[1], reponse="Oui, par avenant.", nom="Affaires juridiques")
        quinze = t.deposer("arrets", -46)
        t.examiner(quinze, -20, t.compte("elue"))
        with t.le(-19):
            recevabilite.se_deporter(quinze, par=t.compte("elu"), motif="J’habite devant l’un des arrêts.")
        reformulation = t.deposer("isere", -40)
        with t.le(-15):
            recevabilite.demander_reformulation(
                reformulation,
                par=t.agent,
                texte="La Métropole n’agit que sur ses 49 communes. Pouvez-vous limiter la demande à la partie entre Domène et Veurey-Voroize ?",
                date_limite=t.jour(10),
            )
        recevable = t.deposer("bruit", -38)
        t.accepter(recevable, -4, t.compte("elue"))
        t.deposer("ecoles-velo", -31)

    def _brouillon(self) -> None:
        t = self.troupe
        t.inviter(t.rediger("brouillon", -9), 31, -8, confirmes=22)

    def _prendre_en_charge(self) -> None:
        """Each follows half of the dossiers; the latest wait for somebody."""
        t = self.troupe
        orphelins = Petition.objects.filter(
            agent__isnull=True, deposee_le__isnull=False, clos_le__isnull=True
        )
        for rang, petition in enumerate(orphelins.exclude(deposee_le__date__gte=t.jour(-35)).order_by("pk")):
            prendre_en_charge(petition, par=t.agent if rang % 3 else t.agent2)

    def _papier(self) -> None:
        """Sheets in each état: one counts, one waits for its check, one is being typed, one was refused, two are out."""
        t = self.troupe
        petition = Petition.objects.get(titre=t.textes["fontaines"].titre)
        with t.le(-14):
            papier.imprimer_feuilles(petition, par=t.agent, nombre=6)
        feuilles = list(petition.feuilles.order_by("numero"))
        with t.le(-2):
            for feuille, lignes in zip(feuilles, (9, 7, 4, 3), strict=False):
                for _ in range(lignes):
                    _, prenom, nom = t.personne("papier")
                    papier.saisir_ligne(
                        feuille,
                        par=t.agent,
                        prenom=prenom,
                        nom=nom,
                        commune=t.communes["Meylan"],
                        qualite="resident",
                        malgre_doublon=True,
                    )
            for feuille in (feuilles[0], feuilles[1], feuilles[3]):
                papier.clore_saisie(feuille, par=t.agent)
        with t.le(-1):
            papier.valider_feuille(feuilles[0], par=t.agent2, conformes=set(feuilles[0].lignes_a_controler))
            papier.rejeter_feuille(feuilles[3], par=t.agent2, motif="Trois lignes sont de la même main.")
        decompte.compter()

    def _a_verifier(self) -> None:
        """Requests from a disposable mailbox and from one machine: set aside by the real checks."""
        t = self.troupe
        petition = Petition.objects.get(titre=t.textes["fontaines"].titre)
        for i in range(14):
            hote, ip = ("yopmail.com", f"198.51.100.{i}") if i < 5 else (DOMAINE, "203.0.113.7")
            demander_signature(
                petition.pk,
                prenom=t.hasard.choice(("Alex", "Sasha", "Lou")),
                nom=t.hasard.choice(("Martin", "Bernard", "Petit")),
                courriel=f"essai{i}@{hote}",
                commune=t.communes["Grenoble"].pk,
                qualite="resident",
                accord_nouvelles=False,
                ip=ip,
            )
        lettres.ecrire_aux_signataires()

    def _lettres(self) -> None:
        """What was written left on its day; two could not: an address that does not exist, a mailbox that is full."""
        ecrits = Courriel.objects.filter(etat=Courriel.Etat.A_ENVOYER)
        for acte, etat, erreur, tentatives in (
            (
                "petitions/inviter_copetitionnaires",
                Courriel.Etat.REJETE,
                "550 5.1.1 Cette adresse n’existe pas.",
                1,
            ),
            ("socle/demander", Courriel.Etat.ECHEC, "452 4.2.2 La boîte du destinataire est pleine.", 30),
        ):
            derniers = ecrits.filter(acte=acte).order_by("-cree_le", "-pk").values("pk")[:1]
            Courriel.objects.filter(pk__in=derniers).update(etat=etat, erreur=erreur, tentatives=tentatives)
        ecrits.update(
            etat=Courriel.Etat.ENVOYE, envoye_le=F("cree_le"), tentatives=1, prochain_essai_le=timezone.now()
        )
