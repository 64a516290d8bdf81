"""États and acts of what is promised for participation."""

from django.db.models import TextChoices

from participation.socle.workflow import Apparence, Couleur, Role, Table, Transition, etats


class EtatEngagement(TextChoices):
    BROUILLON = "brouillon", "à écrire"
    PUBLIE = "publie", "en cours"
    TENU = "tenu", "tenu"
    ABANDONNE = "abandonne", "abandonné"


class Mesure(TextChoices):
    """What an indicator counts. Its sentence is `promesses.regles.PHRASES`."""

    PART_REPONDUE = "part_repondue", "part des suites qui ont reçu une réponse (%)"
    PART_A_TEMPS = "part_a_temps", "part des suites dont la réponse est venue à temps (%)"
    DELAI_MEDIAN = "mediane", "délai de réponse, une fois sur deux (jours)"
    PART_TOTALE = "part_totale", "part des suites totalement mises en œuvre (%)"
    PART_D_ACCORD = "part_d_accord", "part des verdicts qui disent comme la direction (%)"
    COMMUNES = "communes", "part des communes d’où une voix est venue (%)"
    PUBLICS = "publics", "publics moins présents que dans la population (nombre de groupes)"
    SAISIE = "saisie", "valeur écrite par un agent, avec sa source"


E = EtatEngagement
RIEN: frozenset[str] = frozenset()
AGENT = frozenset({Role.AGENT})
OUVERTS = etats(E.BROUILLON, E.PUBLIE)

# fmt: off
ENGAGEMENTS: Table = {
    "ecrire_engagement": Transition(etats(E.BROUILLON), RIEN, AGENT, "Écrire un engagement", "Engagement écrit"),
    "publier_engagement": Transition(etats(E.BROUILLON), etats(E.PUBLIE), AGENT, "Publier l’engagement", "Engagement publié", est_public=True, condition="participation.engagements.models.promesses.ce_qui_manque"),
    "modifier_engagement": Transition(OUVERTS, RIEN, AGENT, "Corriger l’engagement", "Engagement corrigé", est_public=True),
    "ajouter_indicateur": Transition(OUVERTS, RIEN, AGENT, "Ajouter un indicateur", "Indicateur ajouté", est_public=True),
    "retirer_indicateur": Transition(OUVERTS, RIEN, AGENT, "Retirer l’indicateur", "Indicateur retiré", est_public=True, est_dangereux=True, sur="indicateur"),
    "mesurer": Transition(OUVERTS, RIEN, AGENT, "Écrire une valeur", "Valeur écrite", est_public=True, sur="indicateur"),
    "ajouter_suite": Transition(etats(E.PUBLIE), RIEN, AGENT, "Ajouter une suite", "Suite attendue", est_public=True),
    "dire_tenu": Transition(etats(E.PUBLIE), etats(E.TENU), AGENT, "Dire que l’engagement est tenu", "Engagement tenu", est_public=True),
    "abandonner_engagement": Transition(etats(E.PUBLIE), etats(E.ABANDONNE), AGENT, "Abandonner l’engagement", "Engagement abandonné", est_public=True, est_dangereux=True),
}
# fmt: on

APPARENCES_ENGAGEMENTS: dict[str, Apparence] = {
    E.BROUILLON: Apparence(
        Couleur.ATTENTION,
        "document",
        "il se publie quand il est vérifiable, précis, sourcé et daté.",
        {Role.AGENT: "[ajoutez ses indicateurs](ajouter_indicateur), puis [publiez-le](publier_engagement)."},
    ),
    E.PUBLIE: Apparence(
        Couleur.ACCENT,
        "horloge",
        "à tenir le {limite} au plus tard ; ses indicateurs disent où il en est.",
        {Role.AGENT: "le jour venu, [dites s’il est tenu](dire_tenu)."},
    ),
    E.TENU: Apparence(Couleur.SUCCES, "coche", "ce qui a été fait est public."),
    E.ABANDONNE: Apparence(Couleur.NEUTRE, "croix", "la raison est publique."),
}
