"""Demonstration: next séances of the commission, and a working group in progress."""

from datetime import timedelta
from itertools import cycle

from django.utils import timezone

from ccspl import controle
from ccspl.demo.annee import A_DISTANCE, ABSENTS, Annee, N
from ccspl.demo.troupe import Troupe
from ccspl.models import Controle
from ccspl.redaction import actes as redaction
from participation.seances import fiche as participants
from participation.seances import preparation
from participation.seances.ecrans import tenue
from participation.seances.models import Membre, Point, Prevision, Seance, Vote
from participation.seances.ordre_du_jour import actes as ordre_du_jour
from participation.seances.ordre_du_jour.demandes import demander_point, soutenir
from participation.seances.ordre_du_jour.programme.actes import deplacer_prevision, preparer_annee
from participation.seances.points import actes as points
from participation.seances.points import parole
from participation.seances.votes import actes as votes
from participation.socle.calendrier import prochain_jour_ouvre
from participation.socle.management.scene import DOMAINE


def preparer(annee: Annee) -> None:
    t = annee.t
    with t.le(-40):
        preparer_annee(t.ccspl, t.jour(60).year, par=t.agent)
    _reporter(t)
    annee.saisir("gaz", -30)
    annee.saisir("marche", -28)
    annee.saisir("tourisme", -12, 24)
    annee.ecrire("gaz", -20)
    marche = annee.soumettre("marche", -22)
    gaz = annee.avis["gaz"]
    paragraphe = gaz.paragraphes.earliest("ordre")
    with t.le(-2):
        redaction.proposer_paragraphe(
            paragraphe, par=t.compte_de("Perrin-Bey"),
            texte=paragraphe.texte.replace("a reçu les rapports", "a entendu les concessionnaires et reçu les deux rapports"), raison="Nous les avons entendus le même jour.",
        )  # fmt: skip
    derniere = (
        Seance.objects.filter(instance=t.ccspl, proces_verbal__etat="soumis").order_by("-debut").first()
    )
    eau = annee.avis["eau"]
    seance = t.seance(
        9, t.pleniere(9),
        [
            {"nature": N.APPROBATION, "titre": f"Procès-verbal : {derniere}", "pv_de": derniere, "duree": 5},
            {"nature": N.AVIS, "titre": marche.titre, "duree": 40, "dossiers": [marche], "direction": marche.direction},
            {"nature": N.PRISE_ACTE, "titre": gaz.titre, "duree": 30, "dossiers": [gaz], "direction": gaz.direction},
            {"nature": N.INFORMATION, "titre": f"Réponses de la Métropole : {eau.titre}", "duree": 15, "dossiers": [eau]},
            {"nature": N.DIVERS, "titre": "Questions diverses", "duree": 10},
        ],
    )  # fmt: skip
    with t.le(-8):
        participants.inviter(
            seance, par=t.agent, nom="Karim Lafarge", qualite="délégataire du chauffage urbain",
            courriel=f"delegataire@{DOMAINE}", point=_point(seance, 2),
        )  # fmt: skip
    t.convoquer(seance, -6)
    t.repondre(seance, -2, ABSENTS[1], A_DISTANCE)
    _controler(annee)
    _en_cours(t)
    annee.sortie(
        30,
        Seance.Nature.VISITE,
        "Visite du réseau de chaleur",
        "Chaufferie de la Villeneuve, Grenoble",
        15,
        ("Guillot", "Ziani", "Ravix"),
    )
    t.seance(
        70,
        t.pleniere(70),
        [{"nature": N.INFORMATION, "titre": "Rapport d’activité de la commission", "duree": 30}],
    )
    _demander_un_point(annee)


RETARDS = (
    "Rapport remis en retard par le service.",
    "Les comptes du délégataire ne sont pas encore certifiés.",
    "La direction a demandé un mois pour compléter ses chiffres.",
)


def _reporter(t: Troupe) -> None:
    """Postpone planned items more than three weeks late, whatever the day of the demonstration."""
    attendues = Prevision.objects.a_inscrire().filter(instance=t.ccspl, date_prevue__lt=t.jour(-21))
    with t.le(-20):
        for prevision, motif in zip(attendues, cycle(RETARDS), strict=False):
            deplacer_prevision(
                prevision, par=t.agent, vers=prochain_jour_ouvre(t.jour(9)), motif=motif
            )  # fmt: skip


def _demander_un_point(annee: Annee) -> None:
    t = annee.t
    auteur = Membre.objects.en_fonction().get(compte__nom="Chabert", college__mandature=annee.mandature)
    with t.le(-15):
        demande = demander_point(
            t.ccspl,
            auteur=auteur,
            titre="Du compost dans chaque quartier",
            texte="Les points de compost manquent dans les quartiers prioritaires.",
        )
        for nom in ("Ziani", "Baret", "Perrin-Bey", "Keïta", "Odru"):
            soutenir(
                demande,
                membre=Membre.objects.en_fonction().get(compte__nom=nom, college__mandature=annee.mandature),
            )


def _controler(annee: Annee) -> None:
    """Elements of the external management control: a contract, an audit, a past deadline."""
    t, marche = annee.t, annee.avis["marche"]
    for nature, intitule, par_qui, debut, echeance, avis in (
        (Controle.Nature.CONTRAT, f"Contrat du service : {marche.service}", "Société du Marché alpin", -900, 400, marche),
        (Controle.Nature.AUDIT, "Audit des comptes de l’exploitant", "Cabinet Belledonne", -60, 45, None),
        (Controle.Nature.ECHEANCE, "Remise du rapport du délégataire", "", None, -10, None),
    ):  # fmt: skip
        with t.le(-50):
            controle.ajouter_controle(
                Controle(), par=t.agent, nature=nature, service=marche.service, intitule=intitule[:160],
                par_qui=par_qui, date_debut=t.jour(debut) if debut else None, date_echeance=t.jour(echeance), avis=avis,
            )  # fmt: skip


def _en_cours(t: Troupe) -> None:
    """A working group in progress, to try the three screens."""
    debut = timezone.now() - timedelta(minutes=25)
    with t.le(-30):
        seance = preparation.programmer(
            t.ccspl, par=t.agent, nature=Seance.Nature.GROUPE, titre="Groupe de travail : la facture d’eau", debut=debut,
            fin=debut + timedelta(hours=3), tenue=Seance.Tenue.HYBRIDE, lieu="Salle Bonne, Grenoble", lien_visio="https://visio.example.org/facture",
        )  # fmt: skip
        for nature, titre in (
            (N.INFORMATION, "Ce que dit la facture aujourd’hui"),
            (N.DECISION, "Choisir la page qui sera réécrite d’abord"),
            (N.DIVERS, "Suite du travail"),
        ):
            ordre_du_jour.ajouter_point(seance, par=t.agent, nature=nature, titre=titre, duree=30)
    t.convoquer(seance, -12)
    t.repondre(seance, -3, ABSENTS[0], A_DISTANCE)
    with t.a_l_heure(seance, 0):
        venus = t.presents(seance, ABSENTS[0], A_DISTANCE)
        tenue.ouvrir(seance, par=t.agent, presidee_par=venus[0].membre, secretaire="Claire Montel")
        points.passer_au_point(_point(seance, 1), par=t.agent)
    with t.a_l_heure(seance, 20):
        point = _point(seance, 2)
        points.passer_au_point(point, par=t.agent)
        votes.ouvrir_vote(
            point, par=t.agent, objet="Commencer par la page du prix", forme=Vote.Forme.NOMINATIF
        )
        parole.demander_la_parole(venus[4])


def _point(seance: Seance, ordre: int) -> Point:
    point = seance.points.get(ordre=ordre)
    point.seance = seance
    return point
