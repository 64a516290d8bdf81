"""États and acts of a rencontre, from its preparation to what became of what was said; and of a format of the library."""

from django.db.models import TextChoices
from django.utils.translation import gettext_noop as _

from participation.inscriptions.workflow import transitions
from participation.socle.workflow import Apparence, Couleur, Role, Table, Transition, etats


class EtatRencontre(TextChoices):
    PREPAREE = "preparee", _("en préparation")
    OUVERTE = "ouverte", _("inscriptions ouvertes")
    TENUE = "tenue", _("tenue")
    CLOSE = "close", _("close")
    ANNULEE = "annulee", _("annulée")


class EtatFormat(TextChoices):
    EN_USAGE = "en_usage", "en usage"
    RETIRE = "retire", "retiré"


E, F = EtatRencontre, EtatFormat
RIEN: frozenset[str] = frozenset()
AGENT = frozenset({Role.AGENT})
ACCUEIL = frozenset({Role.AGENT, Role.ACCUEIL})
# No account: a signed link, the public page, a periodic task.
SYSTEME = frozenset({Role.SYSTEME})
A_VENIR = etats(E.PREPAREE, E.OUVERTE)
PUBLIQUES = etats(E.OUVERTE, E.TENUE, E.CLOSE, E.ANNULEE)
RECUEILLENT = etats(E.OUVERTE, E.TENUE)

# fmt: off
TRANSITIONS: Table = {
    "preparer_rencontre": Transition(etats(E.PREPAREE), RIEN, AGENT, "Préparer une rencontre", "Rencontre préparée"),
    "ouvrir_inscriptions": Transition(etats(E.PREPAREE), etats(E.OUVERTE), AGENT, "Ouvrir les inscriptions", "Inscriptions ouvertes", est_public=True, condition="participation.rencontres.models.manques.avant_d_ouvrir"),
    "tenir_rencontre": Transition(etats(E.OUVERTE), etats(E.TENUE), AGENT, "Dire que la rencontre a eu lieu", "Rencontre tenue", est_public=True, condition="participation.rencontres.models.manques.avant_de_tenir"),
    "clore_rencontre": Transition(etats(E.TENUE), etats(E.CLOSE), AGENT, "Clore la rencontre", "Rencontre close", est_public=True, condition="participation.rencontres.models.manques.avant_de_clore"),
    "modifier_rencontre": Transition(A_VENIR, RIEN, AGENT, "Modifier la rencontre", "Rencontre modifiée"),
    "ajouter_animateur": Transition(A_VENIR, RIEN, AGENT, "Ajouter qui anime", "Équipe d’animation complétée"),
    "retirer_animateur": Transition(A_VENIR, RIEN, AGENT, "Retirer", "Équipe d’animation changée", sur="animateur"),
    "ajouter_bloc": Transition(A_VENIR, RIEN, AGENT, "Ajouter une étape", "Étape ajoutée au déroulé"),
    "modifier_bloc": Transition(A_VENIR, RIEN, AGENT, "Modifier l’étape", "Étape du déroulé modifiée", sur="bloc"),
    "retirer_bloc": Transition(A_VENIR, RIEN, AGENT, "Retirer l’étape", "Étape retirée du déroulé", sur="bloc", est_dangereux=True),
    "dire_retard": Transition(A_VENIR, RIEN, AGENT | SYSTEME, "Dire un retard", "Déroulé recalculé", condition="participation.rencontres.models.manques.sans_deroule", si_possible=True, par_lien=True),
    "retablir_deroule": Transition(A_VENIR, RIEN, AGENT, "Revenir au déroulé prévu", "Déroulé rétabli", condition="participation.rencontres.models.manques.rien_a_retablir", si_possible=True),
    "imprimer_deroule": Transition(A_VENIR, RIEN, AGENT, "Imprimer le déroulé", "Déroulé imprimé", condition="participation.rencontres.models.manques.sans_deroule", si_possible=True),
    "dresser_tables": Transition(RECUEILLENT, RIEN, AGENT, "Dresser les tables", "Tables dressées"),
    "modifier_table": Transition(RECUEILLENT, RIEN, AGENT, "Donner un sujet", "Sujet d’une table changé", sur="tablerencontre"),
    "imprimer_tables": Transition(RECUEILLENT, RIEN, AGENT, "Imprimer les codes des tables", "Codes des tables imprimés", condition="participation.rencontres.models.manques.sans_table", si_possible=True),
    "imprimer_badges": Transition(RECUEILLENT, RIEN, AGENT, "Imprimer les badges", "Badges imprimés", condition="participation.rencontres.models.manques.sans_plan", si_possible=True),
    "noter": Transition(RECUEILLENT, RIEN, ACCUEIL | SYSTEME, "Noter ce qui se dit", "Note prise à une table", sur="tablerencontre", par_lien=True),
    "suivre_note": Transition(etats(E.OUVERTE, E.TENUE, E.CLOSE), RIEN, SYSTEME, "Suivre ce que devient ma note", "Adresse d’un auteur confirmée", sur="auteurdenote", par_lien=True),
    "corriger_note": Transition(RECUEILLENT, RIEN, AGENT, "Corriger", "Note corrigée", sur="note"),
    "ecarter_note": Transition(RECUEILLENT, RIEN, AGENT, "Écarter", "Note écartée", sur="note", est_dangereux=True, defait_par="participation.rencontres.recolte.actes.rendre_note"),
    "grouper_notes": Transition(RECUEILLENT, RIEN, AGENT, "Grouper des notes", "Notes groupées", condition="participation.rencontres.models.manques.sans_note", si_possible=True),
    "modifier_groupe": Transition(RECUEILLENT, RIEN, AGENT, "Modifier", "Groupe modifié", sur="groupe"),
    "defaire_groupe": Transition(RECUEILLENT, RIEN, AGENT, "Défaire", "Groupe défait", sur="groupe"),
    "coller_gommettes": Transition(RECUEILLENT, RIEN, SYSTEME, "Coller mes gommettes", "Gommettes collées", sur="inscription", par_lien=True),
    "faire_devenir": Transition(etats(E.TENUE), RIEN, AGENT, "En faire un dossier", "Groupe devenu un dossier", sur="groupe", est_public=True),
    "demander_a_une_direction": Transition(etats(E.TENUE), RIEN, AGENT, "Demander à une direction", "Suite demandée à une direction", sur="groupe", est_public=True),
    "repondre_au_groupe": Transition(etats(E.TENUE), RIEN, AGENT, "Répondre", "Réponse donnée", sur="groupe", est_public=True),
    "evaluer": Transition(RECUEILLENT, RIEN, SYSTEME, "Donner mon avis", "Évaluation reçue", par_lien=True),
    "saisir_evaluation": Transition(RECUEILLENT, RIEN, ACCUEIL, "Recopier une évaluation", "Évaluation recopiée"),
    **transitions("inscription", a_venir=etats(E.OUVERTE), accueillent=RECUEILLENT, finis=etats(E.TENUE, E.CLOSE, E.ANNULEE)),
    "ajouter_suite": Transition(etats(E.TENUE, E.CLOSE), RIEN, AGENT | SYSTEME, "Ajouter une suite", "Suite attendue", est_public=True),
    "annuler_rencontre": Transition(A_VENIR, etats(E.ANNULEE), AGENT, "Annuler la rencontre", "Rencontre annulée", est_dangereux=True, est_public=True),
}

APPARENCES: dict[str, Apparence] = {
    E.PREPAREE: Apparence(Couleur.INFO, "document", "les inscriptions s’ouvrent. La rencontre est prévue le {quand}.", {Role.AGENT: "vérifiez le lieu et l’heure, puis [ouvrez les inscriptions](ouvrir_inscriptions)."}),
    E.OUVERTE: Apparence(Couleur.ACCENT, "personnes", "la rencontre a lieu le {quand}.", {Role.AGENT: "suivez les inscriptions ; ensuite, [dites qu’elle a eu lieu](tenir_rencontre)."}),
    E.TENUE: Apparence(Couleur.ATTENTION, "suites", "le service lit ce qui s’est dit, et dit ce que cela devient.", {Role.AGENT: "dites ce que devient ce qui s’est dit, puis [fermez son dossier](clore_rencontre)."}),
    E.CLOSE: Apparence(Couleur.SUCCES, "coche", "ce que devient ce qui s’est dit est public."),
    E.ANNULEE: Apparence(Couleur.NEUTRE, "croix", "elle n’a pas lieu."),
}

TRANSITIONS_DU_FORMAT: Table = {
    "ecrire_format": Transition(etats(F.EN_USAGE), RIEN, AGENT, "Écrire un format", "Format écrit"),
    "modifier_format": Transition(etats(F.EN_USAGE), RIEN, AGENT, "Modifier le format", "Format modifié"),
    "retirer_format": Transition(etats(F.EN_USAGE), etats(F.RETIRE), AGENT, "Retirer de la bibliothèque", "Format retiré"),
    "remettre_format": Transition(etats(F.RETIRE), etats(F.EN_USAGE), AGENT, "Remettre dans la bibliothèque", "Format remis"),
}
APPARENCES_DU_FORMAT: dict[str, Apparence] = {
    F.EN_USAGE: Apparence(Couleur.ACCENT, "document", "il peut être choisi pour une rencontre."),
    F.RETIRE: Apparence(Couleur.NEUTRE, "croix", "il n’est plus proposé."),
}
# fmt: on
