"""États and acts of a draw by lot, from its rule to the panel drawn and its replacements."""

from django.db.models import TextChoices

from participation.socle.workflow import Apparence, Couleur, Role, Table, Transition, etats


class EtatTirage(TextChoices):
    PREPARATION = "preparation", "en préparation"
    FIGE = "fige", "liste figée"
    SEME = "seme", "graine connue"
    PUBLIE = "publie", "panels publiés"
    TIRE = "tire", "panel tiré"
    ABANDONNE = "abandonne", "abandonné"


class EtatCalcul(TextChoices):
    """Of the search of the fairest lottery, by a worker."""

    AUCUN = "aucun", "pas encore demandé"
    EN_COURS = "en_cours", "en cours"
    FAIT = "fait", "fait"
    IMPOSSIBLE = "impossible", "impossible"
    ARRETE = "arrete", "arrêté"
    ECHEC = "echec", "en échec"


class Source(TextChoices):
    """Where the seed comes from: known to all at a time said in advance, chosen by nobody."""

    BOULES = "boules", "Dix boules de 0 à 9, ou plus, tirées en public"
    LOTO = "loto", "Les numéros du Loto d’un jour à venir"
    DRAND = "drand", "Un tour à venir de la balise publique drand (quicknet)"


class Place(TextChoices):
    """Where somebody stands once the panel is drawn."""

    AUCUNE = "aucune", "non tirée"
    PANEL = "panel", "tirée"
    ENTREE = "entree", "entrée en remplacement"
    PARTIE = "partie", "a renoncé"


E = EtatTirage
RIEN: frozenset[str] = frozenset()
AGENT = frozenset({Role.AGENT})
SYSTEME = frozenset({Role.SYSTEME})
AVANT_TIRAGE = etats(E.PREPARATION, E.FIGE, E.SEME, E.PUBLIE)
# The rule act, the frozen list and what follows are public.
PUBLICS = etats(E.FIGE, E.SEME, E.PUBLIE, E.TIRE, E.ABANDONNE)

# fmt: off
TRANSITIONS: Table = {
    "preparer_tirage": Transition(etats(E.PREPARATION), etats(E.PREPARATION), AGENT, "Préparer un tirage", "Tirage préparé"),
    "modifier_tirage": Transition(etats(E.PREPARATION), RIEN, AGENT, "Modifier la règle", "Règle du tirage modifiée"),
    "regler_quotas": Transition(etats(E.PREPARATION), RIEN, AGENT, "Régler les quotas", "Quotas réglés"),
    "assouplir_quotas": Transition(etats(E.PREPARATION, E.SEME), RIEN, AGENT, "Assouplir les quotas", "Quotas assouplis", est_public=True, condition="participation.tirage.models.Tirage.avant_d_assouplir"),
    "prevoir_pertes": Transition(etats(E.PREPARATION, E.FIGE, E.SEME), RIEN, AGENT, "Prévoir les pertes", "Pertes prévues", est_public=True),
    "controler_quotas": Transition(etats(E.PREPARATION, E.SEME), RIEN, AGENT, "Contrôler les quotas", "Contrôle des quotas demandé", si_possible=True, condition="participation.tirage.models.Tirage.avant_de_controler"),
    "importer_volontaires": Transition(etats(E.PREPARATION), RIEN, AGENT, "Importer des volontaires", "Volontaires importés", condition="participation.tirage.models.Tirage.avant_d_importer"),
    "annuler_volontaires": Transition(etats(E.PREPARATION), RIEN, AGENT, "Annuler le dernier tableau", "Tableau de volontaires annulé", est_dangereux=True, si_possible=True, condition="participation.tirage.models.Tirage.avant_d_annuler"),
    "ajouter_volontaire": Transition(etats(E.PREPARATION), RIEN, AGENT, "Ajouter une personne", "Volontaire ajouté"),
    "retirer_volontaire": Transition(etats(E.PREPARATION), RIEN, AGENT, "Retirer de la liste", "Volontaire retiré", sur="volontaire"),
    "figer": Transition(etats(E.PREPARATION), etats(E.FIGE), AGENT, "Figer la liste et publier la règle", "Liste figée, règle publiée", est_dangereux=True, est_public=True, condition="participation.tirage.models.Tirage.avant_de_figer"),
    "semer": Transition(etats(E.FIGE), etats(E.SEME), AGENT, "Écrire la graine", "Graine écrite", est_dangereux=True, est_public=True, condition="participation.tirage.models.Tirage.avant_de_semer"),
    "calculer": Transition(etats(E.SEME), RIEN, AGENT, "Calculer les chances", "Calcul demandé", condition="participation.tirage.models.Tirage.avant_de_calculer"),
    "arreter_calcul": Transition(etats(E.SEME), RIEN, AGENT, "Arrêter le calcul", "Calcul arrêté", si_possible=True, condition="participation.tirage.models.Tirage.avant_d_arreter"),
    "publier_panels": Transition(etats(E.SEME), etats(E.PUBLIE), AGENT, "Publier les panels", "Mille panels publiés", est_dangereux=True, est_public=True, condition="participation.tirage.models.Tirage.avant_de_publier"),
    "tirer": Transition(etats(E.PUBLIE), etats(E.TIRE), AGENT, "Écrire les trois boules", "Panel tiré au sort", est_dangereux=True, est_public=True, condition="participation.tirage.models.Tirage.avant_de_tirer"),
    "prevenir_volontaires": Transition(etats(E.PUBLIE, E.TIRE), RIEN, AGENT, "Prévenir les volontaires", "Volontaires prévenus", condition="participation.tirage.models.sans_courriel"),
    "noter_renoncements": Transition(etats(E.TIRE), RIEN, AGENT | SYSTEME, "Noter des renoncements et remplacer", "Renoncements notés, places proposées à la réserve", est_public=True, si_possible=True, condition="participation.tirage.models.Tirage.remplace_ailleurs"),
    "comparer_publie": Transition(etats(E.FIGE, E.SEME, E.PUBLIE), RIEN, AGENT, "Comparer avec ce qui était publié", "Comparé avec ce qui était publié", est_public=True, si_possible=True, condition="participation.tirage.models.Tirage.avant_de_comparer"),
    "preparer_pv": Transition(etats(E.TIRE), RIEN, AGENT, "Préparer le procès-verbal", "Procès-verbal préparé"),
    "abandonner_tirage": Transition(AVANT_TIRAGE, etats(E.ABANDONNE), AGENT, "Abandonner le tirage", "Tirage abandonné", est_dangereux=True, est_public=True),
}

APPARENCES: dict[str, Apparence] = {
    E.PREPARATION: Apparence(Couleur.INFO, "document", "la règle est publiée et la liste des volontaires est figée.", {Role.AGENT: "[écrivez les quotas](regler_quotas), [réunissez les volontaires](importer_volontaires), puis [figez la liste](figer)."}),
    E.FIGE: Apparence(Couleur.ATTENTION, "horloge", "la graine est connue le {jour_graine}, de la source annoncée.", {Role.AGENT: "[écrivez la graine](semer) dès qu’elle est connue de tous."}),
    E.SEME: Apparence(Couleur.ATTENTION, "graphique", "les chances de chacun sont calculées, puis mille panels possibles sont publiés.", {Role.AGENT: "[calculez les chances](calculer), relisez-les, puis [publiez les panels](publier_panels)."}),
    E.PUBLIE: Apparence(Couleur.ACCENT, "rond", "trois boules, tirées en public le {jour_tirage}, désignent l’un des mille panels.", {Role.AGENT: "tirez les trois boules en public, puis [écrivez-les](tirer). [Prévenez les volontaires](prevenir_volontaires) : chacun connaît alors ses chances."}),
    E.TIRE: Apparence(Couleur.SUCCES, "coche", "le panel est tiré. Qui renonce est remplacé dans l’ordre des billets.", {Role.AGENT: "[prévenez les volontaires](prevenir_volontaires) ; [notez chaque renoncement](noter_renoncements)."}),
    E.ABANDONNE: Apparence(Couleur.NEUTRE, "croix", "ce tirage n’aura pas lieu."),
}
# fmt: on
