"""États, acts and roles of a remontée, of a sujet and of the attribution given to each service."""

from django.db.models import TextChoices
from django.utils.translation import gettext_noop as _

from participation.socle.collectivite import ici_plus_tard
from participation.socle.workflow import Apparence, Couleur, Decision, Role, Table, Transition, etats


class Etat(TextChoices):
    NOUVELLE = "nouvelle", _("à trier")
    TRANSMISE = "transmise", _("transmise aux services")
    A_REPONDRE = "a_repondre", _("réponse à écrire")
    GROUPEE = "groupee", _("suivie dans un sujet")
    REPONDUE = "repondue", _("répondue")
    ORIENTEE = "orientee", _("orientée vers un autre organisme")
    ECARTEE = "ecartee", _("écartée")
    CLOSE = "close", _("close")


class EtatSujet(TextChoices):
    OUVERT = "ouvert", "à traiter"
    TRANSMIS = "transmis", "transmis aux services"
    A_REPONDRE = "a_repondre", "réponse à écrire"
    REPONDU = "repondu", "répondu"
    CLOS = "clos", "clos"


class EtatAttribution(TextChoices):
    ENVOYEE = "envoyee", "envoyée"
    PRISE = "prise", "prise en main"
    REFUSEE = "refusee", "refusée"
    REPONDUE = "repondue", "répondue"
    CLOSE = "close", "terminée"
    RETIREE = "retiree", "retirée"


class Issue(TextChoices):
    """Outcome that the person is told. A closed remontée is not always a settled one: the word says which."""

    TRAITE = "traite", _("traité")
    PREVU = "prevu", _("prévu")
    IMPOSSIBLE = "impossible", _("pas possible")
    TRANSMIS = "transmis", _("transmis à un autre organisme")
    SANS_SUITE = "sans_suite", _("sans suite possible")


class Canal(TextChoices):
    ACCUEIL = "accueil", "accueil"
    TELEPHONE = "telephone", "téléphone"
    TERRAIN = "terrain", "terrain"
    RESEAU = "reseau", "réseau social"
    COURRIEL = "courriel", "courriel"
    COURRIER = "courrier", "courrier"
    REUNION = "reunion", "réunion publique"
    INSTANCE = "instance", "instance"
    SITE = "site", "formulaire du site"
    OPEN311 = "open311", "autre application"


E, S, P = Etat, EtatSujet, EtatAttribution
EN_COURS = etats(E.NOUVELLE, E.TRANSMISE, E.A_REPONDRE)
VIVANTS = EN_COURS | etats(E.GROUPEE)
FINIS = etats(E.REPONDUE, E.ORIENTEE, E.ECARTEE, E.CLOSE)
SUJETS_EN_COURS = etats(S.OUVERT, S.TRANSMIS, S.A_REPONDRE)
SUJETS_PUBLIABLES = frozenset(S.values)
# Parts whose service must still answer.
PARTS_ATTENDUES = etats(P.ENVOYEE, P.PRISE)
PARTS_VIVANTES = etats(P.ENVOYEE, P.PRISE, P.REPONDUE)
# Parts whose service may read the dossier: not those that were withdrawn or refused.
PARTS_LISANTES = PARTS_VIVANTES | etats(P.CLOSE)

AGENT = frozenset({Role.AGENT})
SYSTEME = frozenset({Role.SYSTEME})
SAISIE = frozenset({Role.AGENT, Role.ACCUEIL, Role.SYSTEME})
# SYSTEME: whoever holds the signed link of the part.
LE_SERVICE_SEUL = frozenset({Role.AGENT_DIRECTION, Role.AGENT_COMMUNE, Role.SYSTEME})
SERVICE = LE_SERVICE_SEUL | {Role.AGENT}
RIEN: frozenset[str] = frozenset()


def parts(en_cours: frozenset[str], apres: frozenset[str]) -> Table:
    """Return the acts on the part of a service, for a remontée or a sujet.

    The dossier follows the état of its parts.
    """
    # fmt: off
    return {
        "retirer_attribution": Transition(en_cours, en_cours, AGENT, "Retirer à ce service", "Retirée à un service", "traitement", est_dangereux=True, sur="attribution"),
        "relancer_attribution": Transition(en_cours, RIEN, AGENT, "Relancer", "Service relancé", "traitement", sur="attribution", condition="remontees.models.attributions.Attribution.avant_de_relancer"),
        "prendre_attribution": Transition(en_cours, RIEN, SERVICE, "Prendre en main", "Prise en main par un service", "traitement", sur="attribution", par_lien=True),
        "lire_en_entier": Transition(en_cours, RIEN, LE_SERVICE_SEUL, "Lire ce qui est masqué", "Ce qui était masqué lu par un service", "traitement", sur="attribution", par_lien=True, si_possible=True, condition="remontees.models.attributions.Attribution.masquee"),
        "refuser_attribution": Transition(en_cours, en_cours, SERVICE, "Ce n’est pas pour nous", "Refusée par un service", "traitement", est_dangereux=True, sur="attribution", par_lien=True),
        "repondre_attribution": Transition(en_cours, en_cours, SERVICE, "Répondre au service participation", "Réponse d’un service", "traitement", sur="attribution", par_lien=True),
        "clore_attribution": Transition(en_cours | apres, RIEN, SERVICE, "Dire que c’est fait", "Terminée par un service", "traitement", sur="attribution", par_lien=True),
    }
    # fmt: on


# Acts on a service that does not answer.
SUR_UN_SERVICE_MUET = frozenset({"presser_service", "noter_appel", "saisir_hierarchie", "reprendre_service"})


def au_comite(en_cours: frozenset[str], transmise: str) -> Table:
    """Return the acts that put a dossier on the agenda of the comité de suivi, or that the comité decides."""
    # fmt: off
    return {
        "inscrire_au_comite": Transition(en_cours, RIEN, AGENT, "Inscrire au comité de suivi", "À l’ordre du jour du comité de suivi", "comité de suivi", si_possible=True, condition="remontees.comite.lectures.avant_d_inscrire"),
        "porter_en_seance": Transition(en_cours, RIEN, AGENT, "Porter devant une autre instance", "À l’ordre du jour d’une autre instance", "comité de suivi", condition="remontees.models.manques.hors_du_circuit"),
        "demander_visite": Transition(en_cours, etats(transmise), AGENT, "Demander une visite sur place", "Visite sur place demandée", "comité de suivi", condition="remontees.models.manques.hors_du_circuit"),
        # A service that does not answer: the dossier names it among the parts that it awaits.
        "presser_service": Transition(en_cours, RIEN, AGENT, "Presser un service, avec une date", "Service pressé de répondre", "comité de suivi", si_possible=True, condition="remontees.models.manques.service_attendu"),
        "noter_appel": Transition(en_cours, RIEN, AGENT, "Noter un appel à un service", "Service appelé", "comité de suivi", si_possible=True, condition="remontees.models.manques.service_attendu"),
        "saisir_hierarchie": Transition(en_cours, RIEN, AGENT, "Saisir la hiérarchie d’un service", "Hiérarchie d’un service saisie", "comité de suivi", si_possible=True, condition="remontees.models.manques.service_attendu"),
        "reprendre_service": Transition(en_cours, en_cours, AGENT, "Reprendre à un service", "Reprise à un service", "comité de suivi", est_dangereux=True, si_possible=True, condition="remontees.models.manques.service_attendu"),
    }
    # fmt: on


# fmt: off
TRANSITIONS: Table = {
    "saisir": Transition(etats(E.NOUVELLE), RIEN, SAISIE, "Noter une remontée", "Remontée reçue", "réception"),
    "prendre_en_charge": Transition(VIVANTS, RIEN, AGENT, "Prendre en charge", "Remontée prise en charge"),
    "qualifier": Transition(VIVANTS, RIEN, AGENT, "Qualifier", "Remontée qualifiée", "tri"),
    "classer": Transition(VIVANTS, RIEN, AGENT, "Choisir la catégorie", "Catégorie choisie", "tri"),
    "router": Transition(EN_COURS, etats(E.TRANSMISE), AGENT, "Donner selon la règle", "Donnée selon la règle", "tri", condition="remontees.models.manques.hors_du_circuit"),
    "reunir": Transition(EN_COURS, etats(E.GROUPEE), AGENT, "Réunir avec une autre", "Réunie avec une autre", "tri", condition="remontees.models.manques.hors_du_circuit"),
    "renvoyer": Transition(EN_COURS, etats(E.REPONDUE), AGENT, "Renvoyer vers la démarche", "Renvoyée vers la démarche en ligne", "tri", condition="remontees.models.manques.demarche_connue"),
    "signaler_discrimination": Transition(VIVANTS, etats(E.NOUVELLE), AGENT, "Signaler une discrimination", "Mise dans le circuit des discriminations", "tri", est_dangereux=True, condition="remontees.models.manques.entree_dans_le_circuit"),
    "lever_discrimination": Transition(VIVANTS, etats(E.NOUVELLE), AGENT, "Ce n’est pas une discrimination", "Sortie du circuit des discriminations", "tri", est_dangereux=True, si_possible=True, condition="remontees.models.manques.dans_le_circuit"),
    "signaler_urgence": Transition(VIVANTS, RIEN, AGENT | {Role.ACCUEIL}, "Signaler une urgence", "Signalée comme urgente", "tri", si_possible=True, condition="remontees.models.manques.pas_deja_urgente"),
    "attribuer": Transition(EN_COURS, etats(E.TRANSMISE), AGENT, "Donner à un service", "Donnée à un service", "tri", condition="remontees.models.manques.hors_du_circuit"),
    "rattacher": Transition(EN_COURS, etats(E.GROUPEE), AGENT, "Rattacher à un sujet", "Rattachée à un sujet", "tri", condition="remontees.models.manques.hors_du_circuit"),
    "detacher": Transition(etats(E.GROUPEE), etats(E.NOUVELLE), AGENT, "Détacher du sujet", "Détachée de son sujet", "tri"),
    "orienter": Transition(EN_COURS, etats(E.ORIENTEE), AGENT, "Orienter vers un autre organisme", "Orientée vers un autre organisme", "CRPA L114-2"),
    "ecarter": Transition(etats(E.NOUVELLE), etats(E.ECARTEE), AGENT, "Écarter", "Remontée écartée", "tri", est_dangereux=True),
    **parts(EN_COURS, etats(E.REPONDUE)),
    **au_comite(EN_COURS, E.TRANSMISE),
    "demander_precision": Transition(EN_COURS, RIEN, AGENT, "Demander une précision", "Précision demandée à la personne", "traitement", si_possible=True, condition="remontees.models.manques.pas_de_question"),
    "cesser_attente_message": Transition(frozenset(E.values), RIEN, AGENT | SYSTEME, "Ne plus attendre la réponse", "La réponse de la personne n’est plus attendue", "échanges", sur="message"),
    "ecrire_a_la_personne": Transition(frozenset(E.values), RIEN, AGENT, "Écrire à la personne", "Message envoyé à la personne", "échanges", si_possible=True, condition="remontees.models.manques.joignable"),
    "recevoir_message": Transition(frozenset(E.values), RIEN, AGENT | SYSTEME, "Noter un message de la personne", "Message reçu", "échanges"),
    "rappeler": Transition(frozenset(E.values), RIEN, AGENT, "Noter un appel à la personne", "Personne appelée", "échanges", si_possible=True, condition="remontees.models.manques.personne_nommee"),
    "corriger_coordonnees": Transition(frozenset(E.values), RIEN, AGENT | {Role.ACCUEIL}, "Corriger le courriel ou le téléphone", "Coordonnées de la personne corrigées", "échanges", si_possible=True, condition="remontees.models.manques.coordonnees_gardees"),
    "corriger_adresse_postale": Transition(frozenset(E.values), RIEN, AGENT, "Corriger l’adresse postale", "Adresse postale de la personne corrigée", "échanges", si_possible=True, condition="remontees.models.manques.personne_nommee"),
    "lire_message": Transition(frozenset(E.values), RIEN, AGENT, "Marquer comme lu", "Message lu", "échanges", sur="message"),
    "attribuer_message": Transition(frozenset(E.values), RIEN, AGENT, "Dire qui a écrit", "Auteur d’un message dit par un agent", "échanges", sur="message"),
    "repondre": Transition(EN_COURS, etats(E.REPONDUE), AGENT, "Répondre à la personne", "Réponse envoyée à la personne", "réponse", condition="remontees.models.manques.services_entendus"),
    "repondre_du_sujet": Transition(etats(E.GROUPEE), etats(E.REPONDUE), AGENT | SYSTEME, "Donner la réponse du sujet", "Réponse du sujet donnée à la personne", "réponse"),
    "rouvrir": Transition(FINIS, etats(E.NOUVELLE), AGENT | SYSTEME, "Rouvrir", "Remontée rouverte", "réponse"),
    "ajouter_suite": Transition(VIVANTS | etats(E.REPONDUE), RIEN, AGENT, "Ajouter une suite", "Suite attendue", "suites", condition="remontees.models.manques.hors_du_circuit"),
    "dire_regle": Transition(etats(E.REPONDUE), etats(E.CLOSE), SYSTEME, "Dire que c’est réglé", "La personne dit que c’est réglé", "réponse", par_lien=True),
    "clore": Transition(etats(E.REPONDUE, E.ORIENTEE), etats(E.CLOSE), AGENT | SYSTEME, "Clore", "Remontée close", "réponse"),
    "anonymiser": Transition(FINIS, RIEN, AGENT, "Effacer la personne", "Personne effacée", "conservation", est_dangereux=True),
}

TRANSITIONS_DU_SUJET: Table = {
    "ouvrir_sujet": Transition(etats(S.OUVERT), RIEN, AGENT, "Ouvrir un sujet", "Sujet ouvert", "tri"),
    "prendre_en_charge": Transition(SUJETS_EN_COURS, RIEN, AGENT, "Prendre en charge", "Sujet pris en charge"),
    "rediger_sujet": Transition(frozenset(S.values), RIEN, AGENT, "Écrire le texte du sujet", "Texte du sujet écrit", "tri"),
    "publier_sujet": Transition(SUJETS_PUBLIABLES, RIEN, AGENT, "Publier le sujet", "Sujet publié", "restitution", est_public=True, si_possible=True, condition="remontees.models.manques.sujet_publiable"),
    "depublier_sujet": Transition(SUJETS_PUBLIABLES, RIEN, AGENT, "Retirer de la page publique", "Sujet retiré de la page publique", "restitution", est_dangereux=True, si_possible=True, condition="remontees.models.manques.sujet_public"),
    "attribuer_sujet": Transition(SUJETS_EN_COURS, etats(S.TRANSMIS), AGENT, "Donner à un service", "Sujet donné à un service", "tri"),
    **parts(SUJETS_EN_COURS, etats(S.REPONDU)),
    **au_comite(SUJETS_EN_COURS, S.TRANSMIS),
    # The first answer of a public sujet stays « à répondre » until another agent has read it.
    "repondre_sujet": Transition(SUJETS_EN_COURS, etats(S.A_REPONDRE, S.REPONDU), AGENT, "Répondre à toutes les personnes", "Réponse envoyée à toutes les personnes", "réponse", est_public=True),
    "relire": Transition(etats(S.A_REPONDRE), etats(S.REPONDU), AGENT, "Relire et envoyer la réponse", "Réponse relue et envoyée à toutes les personnes", "réponse", est_public=True, si_possible=True, condition="remontees.models.manques.a_relire_par_un_autre"),
    "rouvrir_sujet": Transition(etats(S.REPONDU, S.CLOS), etats(S.OUVERT), AGENT | SYSTEME, "Rouvrir le sujet", "Sujet rouvert", "réponse", est_public=True),
    "ajouter_suite": Transition(SUJETS_EN_COURS | etats(S.REPONDU), RIEN, AGENT, "Ajouter une suite", "Suite attendue", "suites", est_public=True),
    "clore_sujet": Transition(etats(S.REPONDU), etats(S.CLOS), AGENT, "Clore le sujet", "Sujet clos", "réponse", est_public=True),
}

APPARENCES: dict[str, Apparence] = {
    E.NOUVELLE: Apparence(Couleur.ATTENTION, "horloge", "le service lit la remontée et choisit qui s’en occupe{avant}.", {Role.AGENT: "[qualifiez-la](qualifier), puis [donnez-la à un service](attribuer), [rattachez-la à un sujet](rattacher) ou [orientez-la](orienter)."}),
    E.TRANSMISE: Apparence(Couleur.INFO, "personnes", "les services à qui elle est donnée répondent{avant}.", {Role.AGENT: "suivez les réponses des services.", Role.AGENT_DIRECTION: "prenez-la en main, répondez, ou dites qu’elle n’est pas pour vous.", Role.AGENT_COMMUNE: "prenez-la en main, répondez, ou dites qu’elle n’est pas pour vous."}),
    E.A_REPONDRE: Apparence(Couleur.ATTENTION, "document", "les services ont répondu ; le service participation écrit à la personne{avant}.", {Role.AGENT: "[écrivez la réponse à la personne](repondre)."}),
    E.GROUPEE: Apparence(Couleur.ACCENT, "suites", "la réponse sera celle du sujet {sujet}."),
    E.REPONDUE: Apparence(Couleur.SUCCES, "coche", "la réponse est donnée ({issue}).", {Role.AGENT: "closez-la, ou [rouvrez-la](rouvrir) si la personne n’est pas d’accord."}),
    E.ORIENTEE: Apparence(Couleur.NEUTRE, "lien", ici_plus_tard("ce n’est pas du ressort de la {metropole} : {organisme}.")),
    E.ECARTEE: Apparence(Couleur.NEUTRE, "croix", "elle n’est pas traitée ; la raison est au journal."),
    E.CLOSE: Apparence(Couleur.NEUTRE, "coche", "plus rien n’est attendu ({issue})."),
}
APPARENCES_DU_SUJET: dict[str, Apparence] = {
    S.OUVERT: Apparence(Couleur.ATTENTION, "horloge", "le service choisit qui s’en occupe{avant}.", {Role.AGENT: "[donnez le sujet à un service](attribuer_sujet)."}),
    S.TRANSMIS: Apparence(Couleur.INFO, "personnes", "les services à qui il est donné répondent{avant}.", {Role.AGENT_DIRECTION: "prenez-le en main, répondez, ou dites qu’il n’est pas pour vous.", Role.AGENT_COMMUNE: "prenez-le en main, répondez, ou dites qu’il n’est pas pour vous."}),
    S.A_REPONDRE: Apparence(Couleur.ATTENTION, "document", "les services ont répondu ; une réponse part à toutes les personnes{avant}.", {Role.AGENT: "[écrivez la réponse à toutes les personnes](repondre_sujet)."}),
    S.REPONDU: Apparence(Couleur.SUCCES, "coche", "la réponse est donnée ({issue})."),
    S.CLOS: Apparence(Couleur.NEUTRE, "coche", "plus rien n’est attendu ({issue})."),
}
# The answer of a public sujet is written; it is sent only after another agent has read it.
A_RELIRE = Apparence(Couleur.ATTENTION, "document", "un autre agent relit la réponse{avant} ; alors seulement, elle part à toutes les personnes.", {Role.AGENT: "relisez la réponse, puis envoyez-la."})
APPARENCES_DES_PARTS: dict[str, Apparence] = {
    P.ENVOYEE: Apparence(Couleur.ATTENTION, "horloge"),
    P.PRISE: Apparence(Couleur.ACCENT, "personnes"),
    P.REFUSEE: Apparence(Couleur.ERREUR, "croix"),
    P.REPONDUE: Apparence(Couleur.SUCCES, "coche"),
    P.CLOSE: Apparence(Couleur.NEUTRE, "coche"),
    P.RETIREE: Apparence(Couleur.NEUTRE, "croix"),
}
# fmt: on

# Key of the comité de suivi among the instances; the decisions that it takes in séance.
INSTANCE = "remontees"
AU_SERVICE_MUET: dict[str, Decision] = {
    acte: Decision(
        libelle, f"remontees.comite.actes.{acte}", f"remontees.comite.actes.{forme}", favorable=favorable
    )
    for acte, libelle, forme, favorable in (
        ("presser_service", "Presser le service, avec une date", "PresserServiceForm", True),
        ("saisir_hierarchie", "Saisir la hiérarchie du service", "SaisirHierarchieForm", True),
        ("noter_appel", "Noter un appel au service", "NoterAppelForm", True),
        ("reprendre_service", "Reprendre au service", "ReprendreServiceForm", True),
    )
}
DECISIONS_DE_SEANCE: dict[str, Decision] = {
    "attribuer": Decision(
        "Donner à un service", "remontees.tri.actes.attribuer", "remontees.tri.actes.AttribuerForm"
    ),
    "demander_visite": Decision(
        "Demander une visite sur place",
        "remontees.comite.actes.demander_visite",
        "remontees.comite.actes.DemanderVisiteForm",
    ),
    "porter_en_seance": Decision(
        "Porter devant une autre instance",
        "remontees.comite.actes.porter_en_seance",
        "remontees.comite.actes.PorterEnSeanceForm",
    ),
    **AU_SERVICE_MUET,
    "repondre": Decision(
        "Répondre, avec une raison",
        "remontees.parts.reponse.repondre",
        "remontees.parts.reponse.RepondreForm",
        favorable=False,
    ),
}
DECISIONS_SUR_UN_SUJET: dict[str, Decision] = {
    "attribuer_sujet": Decision(
        "Donner à un service", "remontees.sujets.actes.attribuer_sujet", "remontees.tri.actes.AttribuerForm"
    ),
    "demander_visite": DECISIONS_DE_SEANCE["demander_visite"],
    "porter_en_seance": DECISIONS_DE_SEANCE["porter_en_seance"],
    **AU_SERVICE_MUET,
    "repondre_sujet": Decision(
        "Répondre, avec une raison",
        "remontees.sujets.actes.repondre_sujet",
        "remontees.parts.reponse.RepondreForm",
        favorable=False,
    ),
}

# The act that is due first in each état; empty: none.
ACTES_DUS: dict[str, str] = {
    E.NOUVELLE: "attribuer",
    E.TRANSMISE: "",
    E.GROUPEE: "",
    E.A_REPONDRE: "repondre",
    E.REPONDUE: "",
}
ACTES_DUS_DU_SUJET: dict[str, str] = {
    S.OUVERT: "attribuer_sujet",
    S.TRANSMIS: "",
    S.A_REPONDRE: "repondre_sujet",
    S.REPONDU: "",
}
