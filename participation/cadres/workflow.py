"""États and acts of the cadre of a démarche: the level announced, what may be expected of it, what was kept."""

from django.db.models import TextChoices

from participation.socle.workflow import Apparence, Couleur, Role, Table, Transition, etats


class Niveau(TextChoices):
    """How far a démarche opens a decision: each level owes its own conditions."""

    INFORMER = "informer", "informer"
    CONSULTER = "consulter", "consulter"
    CONCERTER = "concerter", "concerter"
    CO_CONSTRUIRE = "co_construire", "co-construire"


class EtatCadre(TextChoices):
    BROUILLON = "brouillon", "à écrire"
    ANNONCE = "annonce", "annoncé"
    VERIFIE = "verifie", "vérifié"
    ARRETE = "arrete", "arrêté"


class EtatCahier(TextChoices):
    ATTENDU = "attendu", "attendu"
    A_LIRE = "a_lire", "à lire"
    PUBLIE = "publie", "publié"
    ECARTE = "ecarte", "non publié"


class Moment(TextChoices):
    AVANT = "avant", "avant"
    APRES = "apres", "après"


class Tenue(TextChoices):
    TENUE = "tenue", "tenu"
    EN_PARTIE = "en_partie", "tenu en partie"
    NON_TENUE = "non_tenue", "pas tenu"


E = EtatCadre
RIEN: frozenset[str] = frozenset()
AGENT = frozenset({Role.AGENT})
SYSTEME = frozenset({Role.SYSTEME})
OUVERTS = etats(E.BROUILLON, E.ANNONCE)
PUBLICS = etats(E.ANNONCE, E.VERIFIE, E.ARRETE)
SUIVIS = etats(E.BROUILLON, E.ANNONCE, E.VERIFIE)

# fmt: off
TRANSITIONS: Table = {
    "ecrire_cadre": Transition(etats(E.BROUILLON), RIEN, AGENT, "Écrire le cadre d’une démarche", "Cadre écrit"),
    "annoncer_cadre": Transition(etats(E.BROUILLON), etats(E.ANNONCE), AGENT, "Annoncer le cadre", "Cadre annoncé", est_public=True, condition="participation.cadres.models.cadres.avant_d_annoncer"),
    "verifier_cadre": Transition(etats(E.ANNONCE), etats(E.VERIFIE), AGENT, "Dire ce qui a été tenu", "Dit ce qui a été tenu", est_public=True, condition="participation.cadres.models.cadres.tout_constate"),
    "modifier_cadre": Transition(OUVERTS, RIEN, AGENT, "Corriger le cadre", "Cadre corrigé", est_public=True),
    "rattacher": Transition(OUVERTS, RIEN, AGENT, "Rattacher à une page", "Page rattachée"),
    "detacher": Transition(OUVERTS, RIEN, AGENT, "Détacher", "Page détachée", sur="rattachement"),
    "constater_attente": Transition(etats(E.ANNONCE), RIEN, AGENT, "Constater", "Constat écrit", sur="attente"),
    "inviter_evaluateur": Transition(SUIVIS, RIEN, AGENT, "Inviter à évaluer", "Une personne invitée à évaluer", condition="participation.cadres.models.evaluations.sans_critere"),
    "retirer_evaluateur": Transition(SUIVIS, RIEN, AGENT, "Retirer", "Une évaluation retirée", sur="evaluateur", est_dangereux=True, si_possible=True, condition="participation.cadres.models.evaluations.avant_est_clos"),
    "evaluer": Transition(SUIVIS, RIEN, AGENT | SYSTEME, "Recopier sa grille", "Évaluation reçue", sur="evaluateur", par_lien=True, si_possible=True, condition="participation.cadres.models.evaluations.avant_est_clos"),
    "arreter_cadre": Transition(OUVERTS, etats(E.ARRETE), AGENT, "Arrêter la démarche", "Démarche arrêtée", est_public=True, est_dangereux=True),
}
APPARENCES: dict[str, Apparence] = {
    E.BROUILLON: Apparence(Couleur.ATTENTION, "document", "il s’annonce avant que la démarche commence.", {Role.AGENT: "[rattachez-le à ses pages](rattacher), puis [annoncez-le](annoncer_cadre)."}),
    E.ANNONCE: Apparence(Couleur.ACCENT, "horloge", "à la fin, prévue le {fin}, le service dit ce qui a été tenu.", {Role.AGENT: "constatez chaque attente, puis [dites ce qui a été tenu](verifier_cadre)."}),
    E.VERIFIE: Apparence(Couleur.SUCCES, "coche", "ce qui a été tenu, et ce qui ne l’a pas été, est public."),
    E.ARRETE: Apparence(Couleur.NEUTRE, "croix", "la raison est publique."),
}
# fmt: on
