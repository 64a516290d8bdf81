"""Demonstration: drafts, and pétitions examined, refused, suspended, withdrawn or open to signatures."""

from participation.socle.actions import repondre_demande
from participation.socle.actions.dossiers import prendre_en_charge
from petitions import nouvelles
from petitions.collecte import actes as collecte
from petitions.collecte import campagne
from petitions.demo.troupe import AVANT_LE_COMITE, PARTOUT, Troupe, autour
from petitions.depot import actes as depot
from petitions.models import Petition
from petitions.recevabilite import actes as recevabilite
from petitions.recevabilite import decisions


def en_collecte(t: Troupe) -> None:
    bientot = t.ouvrir("serres", -170, -116, t.compte("elu"))
    t.signer(bientot, 268, -116, 0, autour({"Échirolles": 25, "Grenoble": 25}))
    trop = t.ouvrir("bus-nuit", -150, -98, t.compte("elue"))
    t.signer(
        trop, 1020, -98, 0, {**PARTOUT, "Sassenage": 85, "Noyarey": 9, "Veurey-Voroize": 4, "Fontaine": 18}
    )
    proche = t.ouvrir("fontaines", -140, -75, t.compte("elue"))
    t.signer(proche, 741, -75, 0)
    with t.le(-2):
        nouvelles.proposer_nouvelle(
            proche,
            par=proche.auteur or t.agent,
            titre="Une fontaine rouvre à Fontaine",
            texte="La mairie a remis en service le point d’eau du parc. Merci à elle. Il en reste onze à rouvrir : faites signer vos voisins.",
        )
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


def retiree(t: Troupe) -> None:
    petition = t.ouvrir("dos-d-ane", -130, -85, t.compte("elu"))
    t.signer(petition, 58, -85, -62)
    with t.le(-61):
        auteur = t.auteur_de(t.textes["dos-d-ane"])
        depot.retirer(petition, par=auteur, motif="La rue va être refaite : nous préférons attendre.")


def refusees_et_suspendue(t: Troupe) -> None:
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
        decisions.transmettre(
            train,
            par=t.agent,
            autorite_competente="Région Auvergne-Rhône-Alpes",
            motif="Les trains régionaux relèvent de la Région. La Métropole soutient votre demande auprès d’elle.",
            raison_sans_comite=AVANT_LE_COMITE,
        )


def a_examiner(t: Troupe) -> None:
    """Waiting for the comité: late, with 7, 15 or 30 days left, reformulation or avis asked for.

    And one to open, one just opened.
    """
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
            communes=[t.communes["Vizille"]],
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


def brouillon(t: Troupe) -> None:
    t.inviter(t.rediger("brouillon", -9), 31, -8, confirmes=22)


def confier(t: Troupe) -> None:
    """Share the dossiers between two agents; the latest ones have no agent yet."""
    orphelins = Petition.objects.filter(agent__isnull=True, deposee_le__isnull=False, clos_le__isnull=True)
    for rang, petition in enumerate(orphelins.exclude(deposee_le__date__gte=t.jour(-35)).order_by("pk")):
        prendre_en_charge(petition, par=t.agent if rang % 3 else t.agent2)
