"""Demonstration: pétitions whose collecte is over (to debate, debated, closed)."""

from datetime import time

from participation.suites import actes as actes_suites
from participation.suites.suspensions import suspendre
from participation.suites.verdicts import juger, publier_mot
from petitions.collecte import actes as collecte
from petitions.conseil import actes as conseil
from petitions.conseil import panel
from petitions.demo.troupe import Troupe, autour, promis_au_conseil
from petitions.seuils import actes as seuils


def encombrants(t: Troupe) -> None:
    """Closed: debated and answered, all suites ended."""
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
        conseil.inscrire_au_conseil(petition, par=t.agent2, date=t.jour_ouvre(-330))
    with t.le(-329):
        conseil.constater_debat(
            petition,
            par=t.agent2,
            date=t.jour_ouvre(-330),
            issue="Le conseil soutient la demande et veut commencer par deux déchèteries.",
            raison_sans_preparation="Les pétitionnaires ont été entendus par la commission, le même jour que sa réunion.",
        )
        suite = actes_suites.ajouter_suite(
            petition,
            par=t.agent2,
            intitule="Ouvrir un espace de réemploi dans deux déchèteries",
            direction=t.directions["DECHETS"],
            date_limite=t.jour(-120),
            **promis_au_conseil(t.jour_ouvre(-330)),
        )
    with t.le(-290):
        conseil.repondre(
            petition,
            par=t.agent2,
            reponse="Deux déchèteries ouvrent un espace de réemploi, à Sassenage et à Échirolles. La collecte sur rendez-vous est essayée pendant un an.",
        )
    with t.le(-130):
        actes_suites.changer_etat(
            suite, par=t.agent2, vers="suivie", texte_public="Les deux espaces sont en travaux."
        )
        actes_suites.changer_etat(
            suite,
            par=t.agent2,
            vers="realisee",
            texte_public="Les deux espaces sont ouverts.",
            deliberation="2026-0412",
        )
    with t.le(-125):
        verdict = suite.verdicts.earliest("pk")
        juger(
            verdict,
            par=None,
            jugement="en_partie",
            mot="Celui d’Échirolles n’ouvre que deux matins par semaine.",
        )
        publier_mot(verdict, par=t.agent2)
    with t.le(-110):
        conseil.clore(petition, par=t.agent2, motif="Ce qui était promis est fait. Merci au collectif.")


def arbres(t: Troupe) -> None:
    """Debated: the answer is due."""
    petition = t.ouvrir("arbres", -240, -190, t.compte("elue"))
    t.signer(petition, 1043, -190, -72)
    with t.le(-65):  # after its four months, however long they are
        seuils.clore_collecte(petition, par=None)
        conseil.inscrire_au_conseil(petition, par=t.agent, date=t.jour_ouvre(-18))
    with t.le(-17):
        conseil.constater_debat(
            petition,
            par=t.agent,
            date=t.jour_ouvre(-18),
            issue="Le conseil demande que les abattages prévus soient publiés un mois avant, sauf danger.",
            raison_sans_preparation="Les pétitionnaires ont été entendus par la commission, le même jour que sa réunion.",
        )
        actes_suites.ajouter_suite(
            petition,
            par=t.agent,
            intitule="Publier les abattages prévus un mois avant",
            direction=t.directions["VOIRIE"],
            date_limite=t.jour(60),
            **promis_au_conseil(t.jour_ouvre(-18)),
        )
        charte = actes_suites.ajouter_suite(
            petition,
            par=t.agent,
            intitule="Écrire une charte de l’arbre avec les communes",
            direction=t.directions["RISQUES"],
            date_limite=t.jour(180),
            demandee_par="la pétition",
        )
    with t.le(-12):
        suspendre(
            charte,
            par=t.agent,
            raison="complement",
            debut=t.jour(-12),
            precision="Les communes ont jusqu’à la fin du mois prochain pour répondre.",
        )


def eau(t: Troupe) -> None:
    """The panel is in progress."""
    petition = t.ouvrir("eau-sociale", -230, -175, t.compte("elu"))
    t.signer(petition, 805, -175, -130)
    t.signer(petition, 907, -129, -55)
    with t.le(-50):
        seuils.clore_collecte(petition, par=None)
        conseil.inscrire_au_conseil(petition, par=t.agent, date=t.jour_ouvre(52))
    with t.le(-30):
        panel.ouvrir_panel(
            petition,
            par=t.agent,
            date=t.jour(21),
            lieu="Maison de l’habitant, Échirolles",
            texte="Trente personnes, trois samedis.",
        )
        t.noter_les_etapes(petition)


def bus_jeunes(t: Troupe) -> None:
    """Extended once; the debate is set, with the meeting and the note to come."""
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
        conseil.inscrire_au_conseil(
            petition,
            par=t.agent,
            date=t.jour_ouvre(24),
            heure_debut=time(10),
            lieu="Hôtel de la Métropole, Grenoble",
        )
        conseil.rencontrer(
            petition,
            par=t.agent,
            date=t.jour(9),
            heure_debut=time(18),
            heure_fin=time(20),
            lieu="Salle 4, Hôtel de la Métropole",
            texte="Apportez vos questions.",
        )


def marche(t: Troupe) -> None:
    """Not enough signatures: the service writes, then closes."""
    petition = t.ouvrir("marche", -190, -136, t.compte("elu"))
    t.signer(petition, 412, -136, -16, autour({"Domène": 30, "Meylan": 15, "Gières": 12}))
    with t.le(-11):
        seuils.clore_collecte(petition, par=None)
