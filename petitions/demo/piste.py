"""Demonstration: one pétition through all its steps."""

from datetime import time

from django.core.files.uploadedfile import SimpleUploadedFile

from participation.socle.actions import repondre_demande
from participation.socle.actions.dossiers import prendre_en_charge
from participation.suites import actes as actes_suites
from participation.suites.degres import dire_degre
from participation.suites.models import Suite
from petitions import nouvelles
from petitions.collecte import actes as collecte
from petitions.collecte import campagne
from petitions.conseil import actes as conseil
from petitions.conseil import panel
from petitions.demo.troupe import Troupe, autour, promis_au_conseil
from petitions.models import Petition
from petitions.recevabilite import actes as recevabilite
from petitions.seuils import actes as seuils

NOTE = "Note transmise à la commission.\n\nLa demande, les avis des directions et les coûts estimés.\n"


def piste(t: Troupe) -> None:
    """All the steps, as for the first real pétition: two thresholds, panel, debate, answer, suites."""
    petition = _deposer_la_piste(t)
    _faire_connaitre(t, petition)
    _recueillir(t, petition)
    _consulter(t, petition)
    _repondre(t, petition, _debattre(t, petition))


def _deposer_la_piste(t: Troupe) -> Petition:
    elue = t.compte("elue")
    petition = t.rediger("piste", -430)
    t.inviter(petition, 57, -428)
    t.deposer_le(petition, -415)
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
    return petition


# By public text, the words of each of its paragraphs: the pictogram, then what is said.
FACILE = {
    "titre": [("", "Une piste pour les vélos de Vizille à Grenoble")],
    "demande": [
        (
            "lieu",
            "Beaucoup de personnes vont à vélo de Vizille à Grenoble.\nLa piste s’arrête à trois endroits.",
        ),
        ("main", "Nous demandons à la Métropole de finir la piste.\nNous demandons des lampes."),
    ],
    "raisons": [("alerte", "Il faut rouler à côté des camions.\nC’est dangereux.")],
}
EN_ARABE = {"titre": [("", "مسار دراجات متواصل ومضاء من فيزيل إلى غرونوبل")]}


def _faire_connaitre(t: Troupe, petition: Petition) -> None:
    with t.le(-359):
        t.traduire(petition, "falc", FACILE)
        t.traduire(petition, "ar", EN_ARABE)
        for intitule, equipe, jours in (
            ("Annoncer la pétition dans le magazine", "communication", -350),
            ("Prévenir les maires des six communes", "cabinet", -352),
            ("Poser l’affiche dans les accueils", "service", -345),
        ):
            tache = campagne.ajouter_tache(
                petition, par=t.agent, intitule=intitule, equipe=equipe, date_limite=t.jour(jours)
            )
            campagne.faire_tache(tache, par=t.agent)


def _recueillir(t: Troupe, petition: Petition) -> None:
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
            demande=petition.demande.replace("carrefour de Pont-Rouge", "carrefour de Pont-Rouge, à Claix"),
            raisons=petition.raisons,
            competence=petition.competence,
        )
    t.signer(petition, 730, -309, -260, poids)
    with t.le(-258):
        message = nouvelles.proposer_nouvelle(
            petition,
            par=t.compte("petitionnaire"),
            titre="Venez rouler avec nous samedi",
            texte="Nous faisons ensemble les trois coupures à vélo, de la place de Vizille à Grenoble.\n\nDépart à 10 h. Casque et lumières conseillés.",
        )
    with t.le(-256):
        nouvelles.publier_nouvelle(message, par=t.agent)
    t.signer(petition, 61, -259, -241, poids)
    with t.le(-250):
        conseil.inscrire_au_conseil(
            petition,
            par=t.agent,
            date=t.jour_ouvre(-150),
            heure_debut=time(10),
            lieu="Hôtel de la Métropole, Grenoble",
        )
        conseil.rencontrer(
            petition,
            par=t.agent,
            date=t.jour(-215),
            heure_debut=time(18),
            heure_fin=time(19, 30),
            lieu="Maison du tourisme, Grenoble",
            texte="Avec deux vice-présidents.",
        )
    with t.le(-238):
        seuils.clore_collecte(petition, par=None)


def _consulter(t: Troupe, petition: Petition) -> None:
    with t.le(-230):
        conseil.transmettre_note(
            petition,
            par=t.agent,
            date=t.jour(-230),
            texte="La note présente la demande, l’état des trois coupures et trois scénarios chiffrés.",
            fichier=SimpleUploadedFile("note-piste-cyclable.txt", NOTE.encode()),
        )
        panel.ouvrir_panel(
            petition,
            par=t.agent,
            date=t.jour(-205),
            lieu="Maison des habitants, Le Pont-de-Claix",
            texte="Trente personnes tirées au sort se réunissent trois samedis. Elles entendent les pétitionnaires, des techniciens, des élus et des usagers.",
        )
    with t.le(-165):
        t.noter_les_etapes(petition)
        panel.recevoir_avis_panel(
            petition,
            par=t.agent,
            date=t.jour(-165),
            avis="Le panel soutient la demande. Il propose de commencer par la traversée du Pont-de-Claix, de choisir un éclairage à détection, et de réunir chaque année les usagers.\n\nVingt-deux personnes sur trente ont participé aux trois séances.",
        )


def _debattre(t: Troupe, petition: Petition) -> list[Suite]:
    with t.le(-148):
        conseil.constater_debat(
            petition,
            par=t.agent,
            date=t.jour_ouvre(-150),
            issue="Le conseil a débattu pendant une heure. Tous les groupes reconnaissent que les trois coupures sont dangereuses. Le calendrier et le coût de l’éclairage font débat.",
            lien_video="https://www.example.org/conseil/seance",
        )
        return [
            actes_suites.ajouter_suite(
                petition,
                par=t.agent,
                intitule=intitule,
                direction=t.directions[sigle],
                date_limite=t.jour(jours),
                texte_public=texte,
                **(promis_au_conseil(t.jour_ouvre(-150)) if est_promise else {"demandee_par": "la pétition"}),
            )
            for intitule, sigle, jours, texte, est_promise in (
                ("Relier la piste au carrefour de Pont-Rouge", "VOIRIE", -20, "", True),
                (
                    "Étudier la traversée du Pont-de-Claix",
                    "MOB",
                    40,
                    "Étude confiée à un bureau, avec les usagers.",
                    True,
                ),
                ("Éclairer sept kilomètres de piste", "VOIRIE", 200, "", False),
                ("Réunir les usagers une fois par an", "PART", -8, "", True),
            )
        ]


def _repondre(t: Troupe, petition: Petition, attendues: list[Suite]) -> None:
    with t.le(-140):
        conseil.fixer_restitution(
            petition,
            par=t.agent,
            date=t.jour(-110),
            heure_debut=time(18, 30),
            lieu="Salle des fêtes, Vizille",
        )
    with t.le(-95):
        conseil.repondre(
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
            actes_suites.changer_etat(
                attendues[rang], par=t.agent, vers=vers, texte_public=texte, motif=motif
            )
    with t.le(-15):
        dire_degre(
            attendues[2],
            par=t.agent,
            degre="en_cours",
            constate_le=t.jour(-16),
            precision="Un kilomètre sur deux est éclairé",
            adresse="https://www.example.org/piste/eclairage",
        )
