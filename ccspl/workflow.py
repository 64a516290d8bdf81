"""États, roles and table of acts of an avis of the CCSPL (L1413-1 CGCT), and of the life of the
commission."""

from django.db.models import TextChoices
from django.utils.translation import gettext_noop as _

from participation.socle.collectivite import ici_plus_tard
from participation.socle.workflow import PARTOUT, Apparence, Couleur, Decision, Role, Table, Transition, etats


class Etat(TextChoices):
    SAISIE = "saisie", "saisine reçue"
    EN_REDACTION = "en_redaction", "en rédaction"
    SOUMIS = "soumis", "soumis au vote"
    ADOPTE = "adopte", "adopté"
    TRANSMIS = "transmis", "transmis, réponse attendue"
    REPONDU = "repondu", "répondu"
    CLOS = "clos", "clos"
    ABANDONNE = "abandonne", "sans objet"


class Sens(TextChoices):
    FAVORABLE = "favorable", _("favorable")
    RESERVES = "reserves", _("favorable avec réserves")
    PRECONISATIONS = "preconisations", _("favorable avec préconisations")
    DEFAVORABLE = "defavorable", _("défavorable")
    PARTAGE = "partage", _("partagé")
    PRISE_ACTE = "prise_acte", _("prise d’acte")


E = Etat
RIEN: frozenset[str] = frozenset()
AGENT = frozenset({Role.AGENT})
MEMBRE = frozenset({Role.MEMBRE})
AUTEUR = frozenset({Role.AUTEUR})
SYSTEME = frozenset({Role.SYSTEME})
VIVANTS = etats(E.SAISIE, E.EN_REDACTION, E.SOUMIS, E.ADOPTE, E.TRANSMIS, E.REPONDU)
ECRIT = etats(E.EN_REDACTION)
# In these états the text is frozen.
RENDUS = etats(E.ADOPTE, E.TRANSMIS, E.REPONDU, E.CLOS)

# fmt: off
TRANSITIONS: Table = {
    "saisir": Transition(etats(E.SAISIE), RIEN, AGENT, "Enregistrer une saisine", "Commission saisie", "L1413-1", est_public=True),
    "prendre_en_charge": Transition(VIVANTS, RIEN, AGENT, "Prendre en charge", "Dossier pris en charge"),
    "fonder": Transition(VIVANTS, RIEN, AGENT, "Dire le fondement de la saisine", "Fondement de la saisine noté", "L1413-1"),
    "inscrire_en_seance": Transition(etats(E.SAISIE, E.EN_REDACTION, E.SOUMIS), RIEN, AGENT, "Mettre à l’ordre du jour", "Avis mis à l’ordre du jour", "L1413-1", si_possible=True, condition="ccspl.models.saisines.Avis.avant_d_inscrire"),
    "ouvrir_redaction": Transition(etats(E.SAISIE), etats(E.EN_REDACTION), AGENT, "Ouvrir la rédaction", "Rédaction ouverte aux membres", "avis"),
    "rediger": Transition(ECRIT, RIEN, AGENT, "Écrire le texte", "Texte modifié", "avis"),
    "rediger_paragraphe": Transition(ECRIT, RIEN, AGENT, "Réécrire", "Texte modifié", "avis", sur="paragraphe"),
    "completer_paragraphe": Transition(ECRIT, RIEN, AGENT, "Ajouter après", "Texte modifié", "avis", sur="paragraphe"),
    "monter_paragraphe": Transition(ECRIT, RIEN, AGENT, "Monter", "Texte modifié", "avis", sur="paragraphe"),
    "descendre_paragraphe": Transition(ECRIT, RIEN, AGENT, "Descendre", "Texte modifié", "avis", sur="paragraphe"),
    "supprimer_paragraphe": Transition(ECRIT, RIEN, AGENT, "Supprimer", "Texte modifié", "avis", sur="paragraphe"),
    "proposer": Transition(ECRIT, RIEN, MEMBRE | AGENT, "Proposer une rédaction", "Rédaction proposée", "avis"),
    "proposer_paragraphe": Transition(ECRIT, RIEN, MEMBRE | AGENT, "Proposer une rédaction", "Rédaction proposée", "avis", sur="paragraphe"),
    "accepter": Transition(ECRIT, RIEN, AGENT, "Accepter la proposition", "Proposition acceptée", "avis", sur="proposition"),
    "refuser": Transition(ECRIT, RIEN, AGENT, "Refuser la proposition", "Proposition refusée", "avis", sur="proposition"),
    "retirer_proposition": Transition(ECRIT, RIEN, AUTEUR, "Retirer ma proposition", "Proposition retirée", "avis", sur="proposition"),
    "preconiser": Transition(ECRIT, RIEN, AGENT, "Écrire les préconisations", "Préconisations modifiées", "avis"),
    "modifier_preconisation": Transition(ECRIT, RIEN, AGENT, "Réécrire", "Préconisations modifiées", "avis", sur="preconisation"),
    "retirer_preconisation": Transition(ECRIT, RIEN, AGENT, "Retirer", "Préconisations modifiées", "avis", sur="preconisation"),
    "soumettre": Transition(ECRIT, etats(E.SOUMIS), AGENT, "Soumettre au vote", "Texte soumis au vote", "avis", condition="ccspl.models.saisines.Avis.avant_de_soumettre"),
    "rouvrir_redaction": Transition(etats(E.SOUMIS), ECRIT, AGENT, "Reprendre la rédaction", "Rédaction reprise", "avis"),
    "adopter": Transition(etats(E.SOUMIS), etats(E.ADOPTE), AGENT, "Adopter l’avis", "Avis adopté", "L1413-1", est_public=True),
    "rejeter": Transition(etats(E.SOUMIS), ECRIT, AGENT, "Rejeter le texte", "Texte rejeté en séance", "avis"),
    "noter_position": Transition(etats(E.EN_REDACTION, E.SOUMIS, E.ADOPTE), RIEN, MEMBRE | AGENT, "Noter une position minoritaire", "Position minoritaire notée", "R133-13"),
    "repondre": Transition(etats(E.TRANSMIS), etats(E.REPONDU), AGENT | SYSTEME, "Constater la réponse", "Réponse complète reçue", "suites", est_public=True, si_possible=True, condition="ccspl.models.saisines.Avis.avant_de_repondre"),
    "rendre_aux_membres": Transition(etats(E.TRANSMIS, E.REPONDU), RIEN, AGENT, "Rendre compte aux membres", "Réponses mises à l’ordre du jour", "suites"),
    "clore": Transition(etats(E.REPONDU), etats(E.CLOS), AGENT, "Clore le dossier", "Dossier clos", "suites", est_public=True),
    "transmettre": Transition(RENDUS - {E.CLOS}, etats(E.TRANSMIS), AGENT, "Transmettre l’avis", "Avis transmis", "R133-13", est_public=True),
    "accuser": Transition(RENDUS, RIEN, SYSTEME, "Accuser réception", "Réception accusée", "R133-13", sur="transmission", par_lien=True),
    "remettre": Transition(RENDUS, RIEN, AGENT, "Noter la remise", "Avis remis", "R133-13", sur="transmission"),
    "citer": Transition(RENDUS - {E.CLOS}, RIEN, AGENT, "Noter la délibération qui cite l’avis", "Délibération notée", "L1413-1", est_public=True),
    "resumer": Transition(RENDUS - {E.CLOS}, RIEN, AGENT, "Résumer l’avis", "Résumé de l’avis modifié", "avis"),
    "faire_fiche": Transition(RENDUS, RIEN, AGENT, "Fiche pour le public", "Fiche demandée"),
    "demander_intervention": Transition(RENDUS, RIEN, AGENT | {Role.ELU}, "Intervention en conseil", "Fiche d’intervention demandée"),
    "ajouter_suite": Transition(RENDUS - {E.CLOS}, RIEN, AGENT | SYSTEME, "Ajouter une suite", "Suite attendue", "suites", est_public=True),
    "abandonner": Transition(etats(E.SAISIE, E.EN_REDACTION, E.SOUMIS), etats(E.ABANDONNE), AGENT, "Classer sans objet", "Saisine sans objet", est_dangereux=True),
}

# Acts on the dates of the council.
REUNIONS: Table = {
    "ajouter_reunion": Transition(PARTOUT, RIEN, AGENT, "Ajouter cette date", "Date ajoutée"),
    "modifier_reunion": Transition(PARTOUT, RIEN, AGENT, "Changer cette date", "Date changée"),
    "supprimer_reunion": Transition(PARTOUT, RIEN, AGENT, "Supprimer cette date", "Date supprimée", est_dangereux=True, condition="ccspl.models.saisines.ReunionDuConseil.sans_avis"),
}

# Acts on the life of the commission, written in the journal of its instance.
BIBLIOTHEQUE: Table = {
    "ajouter_document": Transition(PARTOUT, RIEN, AGENT, "Ajouter un document", "Document ajouté"),
    "remplacer_document": Transition(PARTOUT, RIEN, AGENT, "Remplacer le fichier", "Document remplacé"),
    "modifier_document": Transition(PARTOUT, RIEN, AGENT, "Modifier la présentation", "Document modifié"),
    "retirer_document": Transition(PARTOUT, RIEN, AGENT, "Retirer le document", "Document retiré", est_dangereux=True),
}
CONTROLE: Table = {
    "ajouter_controle": Transition(PARTOUT, RIEN, AGENT, "Ajouter un élément suivi", "Élément suivi ajouté"),
    "modifier_controle": Transition(PARTOUT, RIEN, AGENT, "Modifier l’élément suivi", "Élément suivi modifié"),
    "finir_controle": Transition(PARTOUT, RIEN, AGENT, "Noter comme terminé", "Élément suivi terminé"),
    "retirer_controle": Transition(PARTOUT, RIEN, AGENT, "Ne plus suivre", "Élément retiré du suivi", est_dangereux=True),
}
APPELS: Table = {
    "prendre_des_nouvelles": Transition(PARTOUT, RIEN, AGENT, "Noter l’appel", "Nouvelles prises"),
}
RAPPORT: Table = {
    "publier_rapport": Transition(PARTOUT, RIEN, AGENT, "Publier le rapport", "Rapport publié", "L1413-1"),
    "arreter_rapport": Transition(PARTOUT, RIEN, AGENT, "Arrêter le rapport", "Rapport arrêté", "L1413-1", est_dangereux=True, si_possible=True, condition="ccspl.models.commission.RapportAnnuel.avant_d_arreter"),
    "rediger_rapport": Transition(PARTOUT, RIEN, AGENT, "Écrire les textes", "Textes du rapport écrits"),
    "preparer_rapport": Transition(PARTOUT, RIEN, AGENT, "Mettre en page le rapport", "Rapport mis en page"),
}

APPARENCES: dict[str, Apparence] = {
    E.SAISIE: Apparence(Couleur.INFO, "document", "la commission écrit son avis{avant}.", {Role.AGENT: "[vérifiez le fondement de la saisine](fonder), puis [ouvrez la rédaction](ouvrir_redaction)."}),
    E.EN_REDACTION: Apparence(Couleur.ACCENT, "rond", "les membres écrivent le texte, l’avis est attendu{avant}.", {Role.MEMBRE: "lisez le texte et proposez vos rédactions.", Role.AGENT: "décidez des propositions, puis [soumettez le texte au vote](soumettre)."}),
    E.SOUMIS: Apparence(Couleur.ATTENTION, "main", "la commission vote le texte en séance."),
    E.ADOPTE: Apparence(Couleur.ATTENTION, "coche", ici_plus_tard("l’avis est transmis à la {metropole}."), {Role.AGENT: "[transmettez l’avis](transmettre) et ses préconisations."}),
    E.TRANSMIS: Apparence(Couleur.INFO, "horloge", ici_plus_tard("la {metropole} répond à chaque préconisation{avant}."), {Role.AGENT: "relancez les directions qui n’ont pas répondu."}),
    E.REPONDU: Apparence(Couleur.SUCCES, "suites", "les réponses sont présentées aux membres, puis suivies.", {Role.AGENT: "{rendre}"}),
    E.CLOS: Apparence(Couleur.SUCCES, "coche", "le dossier est clos."),
    E.ABANDONNE: Apparence(Couleur.NEUTRE, "croix", "la saisine est sans objet."),
}

# Act due in an état: none once the avis is transmitted (directions must answer); once it is answered, present
# it to the members.
ACTES_DUS: dict[str, str] = {E.TRANSMIS: "", E.REPONDU: "rendre_aux_membres"}

# Decisions in séance. The text is voted as submitted; the sens is asked at adoption.
DECISIONS_DE_SEANCE: dict[str, Decision] = {
    "adopter": Decision("Adopter l’avis", "ccspl.redaction.vote.adopter", "ccspl.redaction.vote.AdopterForm"),
    "rejeter": Decision("Rejeter le texte", "ccspl.redaction.vote.rejeter", "ccspl.redaction.vote.RejeterForm", favorable=False),
}
# fmt: on
