"""États, roles and table of acts of a pétition, as the règlement defines them.

« Comité » is the comité de recevabilité (élus et techniciens).
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_noop as _

from participation.socle.collectivite import ici_plus_tard
from participation.socle.workflow import PARTOUT, Apparence, Couleur, Decision, Role, Table, Transition, etats


class Etat(TextChoices):
    BROUILLON = "brouillon", _("brouillon")
    DEPOSEE = "deposee", _("en examen de recevabilité")
    RECEVABLE = "recevable", _("recevable, collecte à ouvrir")
    IRRECEVABLE = "irrecevable", _("irrecevable")
    TRANSMISE = "transmise", _("transmise à une autre autorité")
    EN_COLLECTE = "en_collecte", _("signatures ouvertes")
    SUSPENDUE = "suspendue", _("suspendue")
    COLLECTE_CLOSE = "collecte_close", _("collecte close, seuil non atteint")
    A_DEBATTRE = "a_debattre", _("débat au conseil à venir")
    EN_PANEL = "en_panel", _("panel citoyen en cours")
    DEBATTUE = "debattue", _("débattue, réponse attendue")
    REPONDUE = "repondue", _("répondue")
    CLOSE = "close", _("close")
    RETIREE = "retiree", _("retirée par ses auteurs")


# Said instead of « retirée » when it stopped to join another one.
REUNIE = _("réunie à une autre pétition")


class Appreciation(TextChoices):
    """What is said of a criterion of the règlement."""

    REMPLI = "rempli", "rempli"
    A_REFORMULER = "a_reformuler", "à reformuler"
    NON_REMPLI = "non_rempli", "non rempli"


E = Etat
# États in which the legal clock may be stopped for an election period: examination, collecte, wait for the
# council or its answer.
SUSPENDABLES = etats(E.DEPOSEE, E.RECEVABLE, E.EN_COLLECTE, E.A_DEBATTRE, E.EN_PANEL, E.DEBATTUE)
PUBLICS = frozenset(E.values) - etats(E.BROUILLON, E.DEPOSEE, E.RECEVABLE)
APRES_RECEVABILITE = PUBLICS - etats(E.IRRECEVABLE, E.TRANSMISE, E.RETIREE) | etats(E.RECEVABLE)
TERMINAUX = etats(E.IRRECEVABLE, E.TRANSMISE, E.CLOSE, E.RETIREE)
# The delay of conservation runs in these états: from the answer, or from the end when no threshold was
# reached, whether the dossier is closed or not.
EFFACABLES = TERMINAUX | etats(E.COLLECTE_CLOSE, E.REPONDUE)
VIVANTS = frozenset(E.values) - TERMINAUX - etats(E.BROUILLON)

AGENT = frozenset({Role.AGENT})
AUTEUR = frozenset({Role.AUTEUR})
SYSTEME = frozenset({Role.SYSTEME})
COMITE = AGENT | {Role.MEMBRE}
RIEN: frozenset[str] = frozenset()
BROUILLON = etats(E.BROUILLON)
# Two close pétitions may be gathered until the end of the collecte; the one that goes on is recevable already.
RAPPROCHABLES = etats(E.DEPOSEE, E.RECEVABLE, E.EN_COLLECTE)
ACCUEILLANTES = etats(E.RECEVABLE, E.EN_COLLECTE)
# From the opening of the collecte to the answer: there are signers to write to.
AVEC_SIGNATAIRES = APRES_RECEVABILITE - etats(E.RECEVABLE, E.CLOSE)

# fmt: off
TRANSITIONS: Table = {
    # Deposit (règlement: 50 co-pétitionnaires, 16 ans, résidents ou contribuables)
    "enregistrer_brouillon": Transition(BROUILLON, RIEN, AUTEUR, "Enregistrer le brouillon", "Brouillon enregistré", "dépôt", trop_tard="La pétition est déjà déposée : son texte ne change plus ici."),
    "se_presenter": Transition(BROUILLON, RIEN, AUTEUR, "Dire qui vous êtes", "Auteur présenté", "dépôt"),
    "inviter_copetitionnaires": Transition(BROUILLON, RIEN, AUTEUR, "Inviter des co-pétitionnaires", "Co-pétitionnaires invités", "dépôt"),
    "relancer_copetitionnaires": Transition(BROUILLON, RIEN, AUTEUR, "Relancer les co-pétitionnaires", "Co-pétitionnaires relancés", "dépôt"),
    "retirer_invitation": Transition(BROUILLON, RIEN, AUTEUR, "Retirer l’invitation", "Invitation retirée", "dépôt", sur="copetitionnaire"),
    "demander_a_rejoindre": Transition(BROUILLON, RIEN, SYSTEME, "Demander à rejoindre la pétition", "Demande de rejoindre la pétition", "dépôt", trop_tard="Cette pétition est déjà déposée : elle ne cherche plus de co-pétitionnaires."),
    "confirmer_copetitionnaire": Transition(BROUILLON, RIEN, SYSTEME, "Porter la pétition", "Co-pétitionnaire confirmé", "dépôt", sur="copetitionnaire", par_lien=True, trop_tard="La pétition est déjà déposée : vous pourrez la signer à l’ouverture de la collecte."),
    "retirer_copetitionnaire": Transition(PARTOUT, RIEN, SYSTEME, "Ne plus porter la pétition", "Co-pétitionnaire retiré à sa demande", "retrait", sur="copetitionnaire", par_lien=True, condition="petitions.models.copetitionnaire.CoPetitionnaire.pas_l_auteur"),
    "preparer_feuille": Transition(BROUILLON, RIEN, AUTEUR, "Préparer une feuille à signer", "Feuille de co-pétitionnaires préparée", "dépôt"),
    "saisir_copetitionnaire": Transition(BROUILLON, RIEN, AGENT, "Saisir un co-pétitionnaire", "Co-pétitionnaire saisi d’une feuille papier", "dépôt"),
    "effacer_copetitionnaire": Transition(BROUILLON, RIEN, AGENT, "Effacer la ligne", "Ligne d’une feuille de co-pétitionnaires effacée", "dépôt", sur="copetitionnaire"),
    "prevenir_du_changement": Transition(etats(E.BROUILLON, E.DEPOSEE), RIEN, SYSTEME, "Prévenir d’un changement de texte", "Texte changé : co-pétitionnaires prévenus", "dépôt"),
    "deposer": Transition(etats(E.BROUILLON), etats(E.DEPOSEE), AUTEUR, "Déposer la pétition", "Pétition déposée", "dépôt", est_public=True, condition="petitions.models.manques.depot_complet"),
    "retirer": Transition(etats(E.BROUILLON, E.DEPOSEE, E.RECEVABLE, E.EN_COLLECTE, E.SUSPENDUE), etats(E.RETIREE), AUTEUR, "Retirer la pétition", "Pétition retirée par ses auteurs", "retrait", est_dangereux=True, est_public=True),
    # Two close pétitions, with the consent of both authors: one stops, no signature moves
    "proposer_rapprochement": Transition(RAPPROCHABLES, RIEN, AGENT, "Proposer un rapprochement", "Rapprochement proposé aux deux auteurs", "rapprochement", condition="petitions.models.manques.rapprochement_possible"),
    "annuler_rapprochement": Transition(PARTOUT, RIEN, AGENT, "Annuler la proposition", "Proposition de rapprochement annulée", "rapprochement", sur="rapprochement"),
    "accepter_rapprochement": Transition(RAPPROCHABLES, RIEN, SYSTEME, "Accepter de réunir les pétitions", "Rapprochement accepté par un auteur", "rapprochement", sur="rapprochement", par_lien=True),
    "refuser_rapprochement": Transition(PARTOUT, RIEN, SYSTEME, "Refuser de réunir les pétitions", "Rapprochement refusé par un auteur", "rapprochement", sur="rapprochement", par_lien=True),
    "reunir": Transition(RAPPROCHABLES, etats(E.RETIREE), SYSTEME, "Réunir à une autre pétition", "Pétition réunie à une autre, avec l’accord des deux auteurs", "rapprochement", est_public=True),
    "accueillir": Transition(ACCUEILLANTES, RIEN, SYSTEME, "Accueillir une autre pétition", "Une pétition proche s’y est jointe, avec l’accord des deux auteurs", "rapprochement", est_public=True),
    # Recevabilité (comité de recevabilité, réponse sous 2 mois)
    "prendre_en_charge": Transition(VIVANTS, RIEN, AGENT, "Prendre en charge", "Dossier pris en charge"),
    "examiner": Transition(etats(E.DEPOSEE), RIEN, COMITE, "Remplir la grille d’examen", "Grille d’examen remplie", "recevabilité"),
    "arreter_avis": Transition(etats(E.DEPOSEE), RIEN, AGENT, "Arrêter l’avis du comité", "Avis du comité arrêté", "recevabilité"),
    "se_deporter": Transition(etats(E.DEPOSEE), RIEN, COMITE, "Se déporter", "Déport d’un membre du comité", "recevabilité"),
    "demander_reformulation": Transition(etats(E.DEPOSEE), RIEN, AGENT, "Demander une reformulation", "Reformulation demandée", "recevabilité", si_possible=True, condition="petitions.models.manques.reformulation_possible"),
    "reformuler": Transition(etats(E.DEPOSEE), RIEN, AUTEUR, "Proposer une nouvelle rédaction", "Texte reformulé par l’auteur", "recevabilité", condition="petitions.models.manques.reformulation_demandee"),
    "demander_avis": Transition(etats(E.DEPOSEE), RIEN, AGENT, "Demander un avis", "Avis demandé", "recevabilité"),
    "declarer_recevable": Transition(etats(E.DEPOSEE), etats(E.RECEVABLE), AGENT, "Déclarer recevable", "Pétition déclarée recevable", "recevabilité", est_public=True, condition="petitions.models.manques.examen_fini"),
    "declarer_irrecevable": Transition(etats(E.DEPOSEE), etats(E.IRRECEVABLE), AGENT, "Déclarer irrecevable", "Pétition déclarée irrecevable", "recevabilité", est_dangereux=True, est_public=True, condition="petitions.models.manques.examen_fini"),
    "transmettre": Transition(etats(E.DEPOSEE), etats(E.TRANSMISE), AGENT, "Transmettre à l’autorité compétente", "Pétition transmise à l’autorité compétente", "CRPA L114-2", est_dangereux=True, est_public=True, condition="petitions.models.manques.examen_fini"),
    # Collecte (4 mois)
    "programmer_ouverture": Transition(etats(E.RECEVABLE), RIEN, AGENT, "Choisir le jour de l’ouverture", "Jour de l’ouverture choisi", "collecte"),
    "ouvrir_collecte": Transition(etats(E.RECEVABLE), etats(E.EN_COLLECTE), AGENT | SYSTEME, "Ouvrir la collecte", "Collecte de signatures ouverte", "collecte", est_public=True),
    "amender": Transition(APRES_RECEVABILITE - etats(E.CLOSE), RIEN, AGENT, "Corriger le texte publié", "Texte publié corrigé par le service", "collecte", est_public=True),
    "prolonger": Transition(etats(E.EN_COLLECTE), RIEN, AGENT, "Prolonger la collecte", "Collecte prolongée", "collecte", est_public=True),
    "suspendre": Transition(SUSPENDABLES, etats(E.SUSPENDUE), AGENT, "Suspendre la pétition", "Pétition suspendue", "période électorale", est_dangereux=True, est_public=True),
    "reprendre": Transition(etats(E.SUSPENDUE), SUSPENDABLES, AGENT, "Reprendre la pétition", "Pétition reprise", "période électorale", est_public=True),
    "atteindre_seuil": Transition(etats(E.EN_COLLECTE, E.SUSPENDUE, E.A_DEBATTRE), RIEN, SYSTEME, "Constater un seuil", "Seuil atteint", "seuils", est_public=True),
    "perdre_seuil": Transition(etats(E.EN_COLLECTE, E.SUSPENDUE, E.A_DEBATTRE), RIEN, SYSTEME, "Constater qu’un seuil n’est plus atteint", "Seuil perdu", "seuils", est_public=True),
    "confirmer_seuil": Transition(etats(E.EN_COLLECTE, E.SUSPENDUE, E.A_DEBATTRE), RIEN, AGENT, "Confirmer le seuil", "Seuil vérifié et confirmé", "seuils", sur="seuilenattente"),
    "ecarter_seuil": Transition(etats(E.EN_COLLECTE, E.SUSPENDUE, E.A_DEBATTRE), RIEN, AGENT, "Ne pas retenir le seuil", "Seuil non retenu", "seuils", est_dangereux=True, sur="seuilenattente"),
    "clore_collecte": Transition(etats(E.EN_COLLECTE), etats(E.COLLECTE_CLOSE, E.A_DEBATTRE), AGENT | SYSTEME, "Clore la collecte", "Collecte close", "collecte", est_dangereux=True, est_public=True, condition="petitions.models.manques.seuils_decides"),
    "invalider_signatures": Transition(APRES_RECEVABILITE, RIEN, AGENT | SYSTEME, "Invalider des signatures", "Signatures invalidées", "collecte", est_dangereux=True),
    "retablir_signatures": Transition(APRES_RECEVABILITE, RIEN, AGENT | SYSTEME, "Rétablir des signatures", "Signatures rétablies", "collecte"),
    "admettre_signatures": Transition(PARTOUT, RIEN, AGENT, "Admettre des signatures mises à l’écart", "Signatures mises à l’écart admises", "collecte"),
    "rejeter_signatures": Transition(PARTOUT, RIEN, AGENT, "Rejeter des signatures mises à l’écart", "Signatures mises à l’écart rejetées", "collecte"),
    "retirer_signataire": Transition(PARTOUT, RIEN, AGENT, "Retirer une signature à la demande de la personne", "Signature retirée à la demande de la personne", "collecte", est_dangereux=True, sur="signature"),
    "reexaminer_signatures": Transition(PARTOUT, RIEN, AGENT, "Remettre à examiner", "Signatures rejetées remises à examiner", "collecte"),
    "imprimer_feuilles": Transition(etats(E.EN_COLLECTE, E.SUSPENDUE), RIEN, AGENT, "Imprimer des feuilles", "Feuilles de signatures imprimées", "collecte", si_possible=True, condition="petitions.models.manques.papier_admis"),
    "valider_feuille": Transition(etats(E.EN_COLLECTE, E.SUSPENDUE), RIEN, AGENT, "Valider une feuille papier", "Feuille papier validée", "collecte"),
    # After: debate, panel, answer
    "transmettre_note": Transition(etats(E.EN_COLLECTE, E.A_DEBATTRE, E.EN_PANEL), RIEN, AGENT, "Transmettre la note d’information", "Note d’information transmise à la commission", "suites", est_public=True, si_possible=True, condition="petitions.models.manques.seuil_atteint"),
    "rencontrer": Transition(etats(E.EN_COLLECTE, E.A_DEBATTRE, E.EN_PANEL), RIEN, AGENT, "Fixer la rencontre avec les élus", "Rencontre entre pétitionnaires et élus fixée", "suites", est_public=True, si_possible=True, condition="petitions.models.manques.seuil_atteint"),
    "inscrire_au_conseil": Transition(etats(E.EN_COLLECTE, E.A_DEBATTRE, E.EN_PANEL), RIEN, AGENT, "Inscrire au conseil", "Débat inscrit à l’ordre du jour du conseil", "seuil 1", est_public=True, si_possible=True, condition="petitions.models.manques.seuil_atteint"),
    "ouvrir_panel": Transition(etats(E.A_DEBATTRE), etats(E.EN_PANEL), AGENT, "Ouvrir le panel citoyen", "Panel citoyen ouvert", "seuil 2", est_public=True, si_possible=True, condition="petitions.models.manques.seuil_atteint"),
    "recevoir_avis_panel": Transition(etats(E.EN_PANEL), etats(E.A_DEBATTRE), AGENT, "Recevoir l’avis du panel", "Avis du panel citoyen rendu", "seuil 2", est_public=True),
    "constater_debat": Transition(etats(E.A_DEBATTRE), etats(E.DEBATTUE), AGENT, "Constater le débat", "Pétition débattue au conseil", "suites", est_public=True),
    "ajouter_suite": Transition(etats(E.A_DEBATTRE, E.EN_PANEL, E.DEBATTUE, E.REPONDUE), RIEN, AGENT, "Ajouter une suite", "Suite attendue", "suites", est_public=True),
    "fixer_restitution": Transition(etats(E.DEBATTUE, E.REPONDUE), RIEN, AGENT, "Fixer la réunion de restitution", "Réunion publique de restitution fixée", "suites", est_public=True),
    "repondre": Transition(etats(E.DEBATTUE, E.COLLECTE_CLOSE), etats(E.REPONDUE), AGENT, "Publier la réponse", "Réponse publiée et envoyée", "suites", est_public=True),
    "clore": Transition(etats(E.REPONDUE, E.COLLECTE_CLOSE), etats(E.CLOSE), AGENT, "Clore le dossier", "Dossier clos", "suites", est_public=True, condition="petitions.models.manques.suites_realisees"),
    "pseudonymiser": Transition(EFFACABLES, RIEN, AGENT, "Pseudonymiser les signatures", "Données des signataires pseudonymisées", "conservation", est_dangereux=True, si_possible=True, condition="petitions.models.manques.conservation_passee"),
    # Messages of the author to the signers; an agent reads each one before it is sent
    "proposer_nouvelle": Transition(AVEC_SIGNATAIRES, RIEN, AUTEUR, "Écrire aux signataires", "Message de l’auteur proposé", "nouvelles", condition="petitions.models.manques.message_permis"),
    "reprendre_nouvelle": Transition(PARTOUT, RIEN, AUTEUR, "Reprendre le message", "Message repris par l’auteur avant d’être relu", "nouvelles", sur="nouvelle"),
    "publier_nouvelle": Transition(AVEC_SIGNATAIRES, RIEN, AGENT, "Publier et envoyer le message", "Message de l’auteur publié et envoyé", "nouvelles", est_public=True, sur="nouvelle"),
    "refuser_nouvelle": Transition(PARTOUT, RIEN, AGENT, "Ne pas publier le message", "Message de l’auteur non publié", "nouvelles", sur="nouvelle", defait_par="petitions.nouvelles.rendre_nouvelle"),
    "depublier_nouvelle": Transition(PARTOUT, RIEN, AGENT, "Retirer le message de la page", "Message de l’auteur retiré de la page", "nouvelles", est_dangereux=True, sur="nouvelle", defait_par="petitions.nouvelles.rendre_nouvelle"),
    # Campaign
    "faire_tache": Transition(PARTOUT, RIEN, AGENT | {Role.AGENT_DIRECTION}, "Marquer faite", "Tâche de campagne faite", sur="tachecampagne"),
    "rouvrir_tache": Transition(PARTOUT, RIEN, AGENT | {Role.AGENT_DIRECTION}, "Rouvrir", "Tâche de campagne rouverte", sur="tachecampagne"),
    "supprimer_tache": Transition(PARTOUT, RIEN, AGENT, "Supprimer", "Tâche de campagne supprimée", sur="tachecampagne"),
}
# The page of a dossier shows the buttons of these acts in places of their own.
ACTES_A_LEUR_PLACE: Table = {
    "inscrire_au_comite": Transition(etats(E.DEPOSEE), RIEN, AGENT, "Inscrire au comité", "À l’ordre du jour du comité", "recevabilité"),
    "ajouter_tache": Transition(PARTOUT, RIEN, AGENT, "Ajouter une tâche de campagne", "Tâche de campagne ajoutée"),
}
# Two Suivis around the signatures: invalidations, which can be undone, and sheets, checked by a second agent.
ACTES_DES_INVALIDATIONS: Table = {
    "lancer_invalidation": Transition(etats("preparee"), etats("en_cours"), AGENT, "Invalider les signatures", "Invalidation lancée", "collecte", est_dangereux=True),
    "abandonner_invalidation": Transition(etats("preparee", "en_cours"), etats("abandonnee", "en_retablissement"), AGENT, "Abandonner", "Invalidation abandonnée", "collecte"),
    "retablir_invalidation": Transition(etats("faite"), etats("en_retablissement"), AGENT, "Rétablir ces signatures", "Rétablissement lancé", "collecte"),
}
ACTES_DES_FEUILLES: Table = {
    "saisir_ligne": Transition(etats("imprimee", "en_saisie"), etats("en_saisie"), AGENT, "Enregistrer la ligne", "Ligne saisie", "collecte", condition="petitions.models.signature.FeuillePapier.avant_de_saisir"),
    "effacer_ligne": Transition(etats("en_saisie"), RIEN, AGENT, "Effacer la ligne", "Ligne effacée", "collecte", condition="petitions.models.signature.FeuillePapier.saisie_par_une_autre"),
    "clore_saisie": Transition(etats("en_saisie"), etats("a_controler"), AGENT, "Clore la saisie", "Saisie close", "collecte", condition="petitions.models.signature.FeuillePapier.saisie_par_une_autre"),
    "valider_feuille": Transition(etats("a_controler"), etats("validee"), AGENT, "Valider la feuille", "Feuille validée", "collecte", si_possible=True, condition="petitions.models.signature.FeuillePapier.a_controler_par_une_autre"),
    "renvoyer_feuille": Transition(etats("a_controler"), etats("en_saisie"), AGENT, "Renvoyer à la saisie", "Feuille renvoyée à la saisie", "collecte", si_possible=True, condition="petitions.models.signature.FeuillePapier.a_controler_par_une_autre"),
    "rejeter_feuille": Transition(etats("a_controler"), etats("rejetee"), AGENT, "Rejeter la feuille", "Feuille rejetée", "collecte", est_dangereux=True, si_possible=True, condition="petitions.models.signature.FeuillePapier.a_controler_par_une_autre"),
}
# fmt: on

# These acts need a reached threshold with one of these effects. A threshold that opens the panel opens the
# debate too.
ACTES_APRES_SEUIL: dict[str, tuple[str, ...]] = {
    "transmettre_note": ("debat", "panel"),
    "rencontrer": ("debat", "panel"),
    "inscrire_au_conseil": ("debat", "panel"),
    "ouvrir_panel": ("panel",),
}

# Key of the instance « comité de recevabilité », and the decisions it may take in séance.
INSTANCE = "recevabilite"
DECISIONS_DE_SEANCE: dict[str, Decision] = {
    "declarer_recevable": Decision(
        "Déclarer recevable",
        action="petitions.recevabilite.decisions.declarer_recevable",
        form="petitions.recevabilite.decisions.DeclarerRecevableForm",
        apercu="petitions.recevabilite.lettres.lettre_de_decision",
        dit_sa_seance=True,
    ),
    "declarer_irrecevable": Decision(
        "Déclarer irrecevable",
        action="petitions.recevabilite.decisions.declarer_irrecevable",
        form="petitions.recevabilite.decisions.DeclarerIrrecevableForm",
        apercu="petitions.recevabilite.lettres.lettre_de_decision",
        dit_sa_seance=True,
        favorable=False,
    ),
    "transmettre": Decision(
        "Transmettre à l’autorité compétente",
        action="petitions.recevabilite.decisions.transmettre",
        form="petitions.recevabilite.decisions.TransmettreForm",
        apercu="petitions.recevabilite.lettres.lettre_de_decision",
        dit_sa_seance=True,
        favorable=False,
    ),
}

# Refusal told to a member who stepped aside (déport) from the pétition, for the acts below.
DEPORTE = "Vous vous êtes déporté de cette pétition : vous ne participez pas à son examen."
ACTES_DU_COMITE = frozenset(
    {
        "examiner",
        "arreter_avis",
        "se_deporter",
        "demander_reformulation",
        "demander_avis",
        "declarer_recevable",
        "declarer_irrecevable",
        "transmettre",
    }
)

# fmt: off
APPARENCES: dict[str, Apparence] = {
    E.BROUILLON: Apparence(Couleur.NEUTRE, "document", "la pétition est déposée quand {requis} co-pétitionnaires ont confirmé ; il en manque {manque}.", {Role.AUTEUR: "invitez des co-pétitionnaires, puis déposez la pétition."}),
    E.DEPOSEE: Apparence(Couleur.ATTENTION, "horloge", "le comité de recevabilité répond{avant}.", {Role.AGENT: "[remplissez la grille d’examen](examiner) et [demandez les avis utiles](demander_avis).", Role.MEMBRE: "[remplissez la grille d’examen](examiner), ou [déportez-vous](se_deporter).", Role.AUTEUR: "nous vous écrivons dès que le comité a décidé."}),
    E.RECEVABLE: Apparence(Couleur.ATTENTION, "coche", "le service ouvre la collecte de signatures{avant}.", {Role.AGENT: "[ouvrez la collecte](ouvrir_collecte) à la date convenue avec les pétitionnaires."}),
    E.IRRECEVABLE: Apparence(Couleur.ERREUR, "croix", "le dossier est clos ; la décision et ses raisons sont publiques."),
    E.TRANSMISE: Apparence(Couleur.NEUTRE, "lien", "l’autorité compétente répond directement aux pétitionnaires."),
    E.EN_COLLECTE: Apparence(Couleur.ACCENT, "rond", "les signatures sont ouvertes jusqu’au {fin_collecte}.", {Role.AUTEUR: "faites connaître la pétition.", Role.AGENT: "surveillez les signatures mises à l’écart et [la campagne](ajouter_tache)."}),
    E.SUSPENDUE: Apparence(Couleur.INFO, "horloge", "les délais sont arrêtés ; ils reprennent à la fin de la suspension."),
    E.COLLECTE_CLOSE: Apparence(Couleur.NEUTRE, "croix", "le seuil n’est pas atteint ; le service écrit aux pétitionnaires, puis clôt le dossier.", {Role.AGENT: "[répondez aux pétitionnaires](repondre), ou passez à la [clôture du dossier](clore)."}),
    E.A_DEBATTRE: Apparence(Couleur.ATTENTION, "calendrier", "{debat}.", {Role.AGENT: "préparez [la note d’information](transmettre_note) et [la rencontre avec les élus](rencontrer)."}),
    E.EN_PANEL: Apparence(Couleur.ACCENT, "personnes", "des habitantes et habitants tirés au sort rendent un avis avant le débat au conseil.", {Role.AGENT: "[recevez l’avis du panel](recevoir_avis_panel) ; s’il n’est pas prêt à temps, changez [la date du conseil](inscrire_au_conseil)."}),
    E.DEBATTUE: Apparence(Couleur.ATTENTION, "suites", ici_plus_tard("la {metropole} donne sa réponse{avant}."), {Role.AGENT: "[recueillez les suites des directions](ajouter_suite) et [publiez la réponse](repondre)."}),
    E.REPONDUE: Apparence(Couleur.SUCCES, "coche", "la réponse est publiée ; le service suit les suites, s’il y en a.", {Role.AGENT: "[clôturez le dossier](clore) quand les suites sont réalisées."}),
    E.CLOSE: Apparence(Couleur.SUCCES, "coche", "le dossier est clos."),
    E.RETIREE: Apparence(Couleur.NEUTRE, "croix", "{fin}."),
}
# fmt: on
