"""What a person may ask about her data; what is eliminated with a visa of the archives; their états and acts."""

from django.db.models import TextChoices

from participation.socle.workflow import ACTES_DE_COURRIER, Apparence, Couleur, Role, Table, Transition, etats


class Droit(TextChoices):
    COPIE = "copie", "copie de ses données"
    EFFACEMENT = "effacement", "effacement de ses données"


class Identite(TextChoices):
    """How we know that who asks is the person."""

    LIEN = "lien", "par le lien envoyé à son adresse"
    PRESENCE = "presence", "au guichet, en la voyant"
    COURRIER = "courrier", "par une lettre signée"
    CONNUE = "connue", "nous la connaissons"
    RAPPEL = "rappel", "en l’appelant au numéro que nous avions déjà"
    INACTIVITE = "inactivite", "compte où personne n’entre plus, après un courriel"


class EtatDemande(TextChoices):
    A_PROUVER = "a_prouver", "à confirmer"
    A_FAIRE = "a_faire", "en cours"
    FAITE = "faite", "faite"
    EMPECHEE = "empechee", "empêchée"
    PREVENUE = "prevenue", "personne prévenue"
    SANS_SUITE = "sans_suite", "sans suite"
    REFUSEE = "refusee", "refusée"


E = EtatDemande
RIEN: frozenset[str] = frozenset()
AGENT = frozenset({Role.AGENT})
SYSTEME = frozenset({Role.SYSTEME})
OUVERTS = (E.A_PROUVER, E.A_FAIRE)

# fmt: off
TRANSITIONS: Table = {
    "enregistrer_demande": Transition(etats(E.A_PROUVER), etats(E.A_FAIRE), AGENT, "Enregistrer la demande d’une personne", "Demande enregistrée"),
    "confirmer_demande": Transition(etats(E.A_PROUVER), etats(E.A_FAIRE), SYSTEME, "Confirmer la demande", "Demande confirmée par le lien reçu", par_lien=True),
    "copier_donnees": Transition(etats(E.A_FAIRE), etats(E.FAITE), SYSTEME, "Copier les données", "Copie des données faite"),
    "effacer_personne": Transition(etats(E.A_FAIRE), etats(E.FAITE), SYSTEME, "Effacer la personne", "Personne effacée"),
    "clore_demande": Transition(etats(E.A_FAIRE), etats(E.FAITE), SYSTEME, "Clore la demande", "La personne était déjà effacée\u00a0: rien n’est cherché"),
    "empecher_demande": Transition(etats(E.A_FAIRE), etats(E.EMPECHEE), SYSTEME, "Noter ce qui empêche", "Demande empêchée"),
    "prevenir_inactif": Transition(etats(E.A_PROUVER), etats(E.PREVENUE), SYSTEME, "Annoncer l’effacement d’un compte", "Effacement annoncé\u00a0: personne n’entre plus dans ce compte"),
    "effacer_inactif": Transition(etats(E.PREVENUE), etats(E.A_FAIRE), SYSTEME, "Effacer un compte inactif", "Le jour dit est passé, personne n’est revenu"),
    "garder_compte": Transition(etats(E.PREVENUE), etats(E.SANS_SUITE), SYSTEME | AGENT, "Garder le compte", "Compte gardé"),
    "refuser_demande": Transition(etats(E.EMPECHEE), etats(E.REFUSEE), AGENT, "Refuser la demande", "Demande refusée", "RGPD, article 12, 4", est_dangereux=True),
    "recommencer_demande": Transition(etats(E.EMPECHEE), etats(E.A_FAIRE), AGENT, "Recommencer", "Demande reprise"),
    "remettre_copie": Transition(etats(E.FAITE), RIEN, AGENT, "Télécharger la copie, pour la remettre", "Copie téléchargée pour être remise", condition="participation.droits.models.copie_gardee"),
    **ACTES_DE_COURRIER,
}
APPARENCES: dict[str, Apparence] = {
    E.A_PROUVER: Apparence(Couleur.NEUTRE, "horloge", "la personne doit confirmer par le lien que nous lui avons écrit."),
    E.A_FAIRE: Apparence(Couleur.INFO, "horloge", "le site cherche partout ce qui parle de la personne. Cela prend moins d’une minute."),
    E.FAITE: Apparence(Couleur.SUCCES, "coche", "{reste}"),
    E.PREVENUE: Apparence(Couleur.INFO, "horloge", "le compte sera effacé le {effacement}, sauf si quelqu’un y entre avant.", {Role.AGENT: "il doit rester\u00a0? [Gardez-le](garder_compte)."}),
    E.SANS_SUITE: Apparence(Couleur.NEUTRE, "coche", "le compte est gardé."),
    E.EMPECHEE: Apparence(Couleur.ERREUR, "alerte", "la demande n’a pas pu être faite. La loi demande de répondre dans le mois{avant}.", {Role.AGENT: "levez ce qui empêche, puis [recommencez](recommencer_demande)\u00a0; sinon, [refusez-la](refuser_demande)."}),
    E.REFUSEE: Apparence(Couleur.NEUTRE, "croix", "{reste}"),
}
# fmt: on


class Avis(TextChoices):
    """What the archives answer for one line."""

    VISA = "visa", "visa\u00a0: peut être éliminé"
    REFUS = "refus", "refus\u00a0: à garder"


class EtatBordereau(TextChoices):
    PREPARE = "prepare", "préparé"
    AU_VISA = "au_visa", "envoyé au visa"
    VISE = "vise", "visé"
    ELIMINE = "elimine", "éliminé"
    ABANDONNE = "abandonne", "abandonné"


B = EtatBordereau

# fmt: off
TRANSITIONS_DU_BORDEREAU: Table = {
    "preparer_bordereau": Transition(etats(B.PREPARE), RIEN, AGENT, "Préparer un bordereau", "Bordereau préparé", "L212-2 du code du patrimoine"),
    "preparer_demarche": Transition(etats(B.PREPARE), RIEN, AGENT, "Préparer l’effacement d’une démarche", "Bordereau d’une démarche entière préparé", "L212-2 du code du patrimoine"),
    "demander_visa": Transition(etats(B.PREPARE, B.AU_VISA), etats(B.AU_VISA), AGENT, "Demander le visa des archives", "Visa demandé aux archives"),
    "viser_bordereau": Transition(etats(B.PREPARE, B.AU_VISA), etats(B.VISE), AGENT | SYSTEME, "Noter la réponse des archives", "Réponse des archives notée", par_lien=True, trop_tard="Ce bordereau n’attend plus de visa."),
    "eliminer_bordereau": Transition(etats(B.VISE), RIEN, AGENT, "Éliminer ce qui a le visa", "Élimination demandée", est_dangereux=True, si_possible=True, condition="participation.droits.models.visa_note"),
    "certifier_bordereau": Transition(etats(B.VISE), etats(B.ELIMINE), AGENT | SYSTEME, "Certifier l’élimination", "Bordereau clos, certificat demandé", si_possible=True, condition="participation.droits.models.rien_ne_reste"),
    "abandonner_bordereau": Transition(etats(B.PREPARE, B.AU_VISA), etats(B.ABANDONNE), AGENT, "Abandonner le bordereau", "Bordereau abandonné", est_dangereux=True),
}
APPARENCES_DU_BORDEREAU: dict[str, Apparence] = {
    B.PREPARE: Apparence(Couleur.INFO, "document", "les archives doivent donner leur visa.", {Role.AGENT: "relisez les lignes, puis [demandez le visa](demander_visa)."}),
    B.AU_VISA: Apparence(Couleur.INFO, "horloge", "les archives répondent ligne par ligne, par le lien reçu ou sur papier.", {Role.AGENT: "si la réponse vient sur papier, [notez-la](viser_bordereau)."}),
    B.VISE: Apparence(Couleur.ATTENTION, "alerte", "ce qui a le visa peut être éliminé.", {Role.AGENT: "[éliminez ce qui a le visa](eliminer_bordereau)."}),
    B.ELIMINE: Apparence(Couleur.SUCCES, "coche", "le certificat dit ce qui a été éliminé. Le bordereau est gardé pour toujours."),
    B.ABANDONNE: Apparence(Couleur.NEUTRE, "croix", "rien n’a été éliminé."),
}
# fmt: on
