"""États and acts of a réclamation."""

from django.db.models import TextChoices

from participation.socle.workflow import PARTOUT, Apparence, Couleur, Role, Table, Transition


class Etat(TextChoices):
    RECUE = "recue", "reçue"
    PUBLIEE = "publiee", "publiée"
    TRAITEE = "traitee", "traitée"


RIEN: frozenset[str] = frozenset()
AGENT = frozenset({Role.AGENT})
SYSTEME = frozenset({Role.SYSTEME})

TRANSITIONS: Table = {
    "saisir": Transition(frozenset({Etat.RECUE}), RIEN, AGENT, "Noter une réclamation", "Réclamation reçue"),
    "publier": Transition(
        frozenset({Etat.RECUE}),
        frozenset({Etat.PUBLIEE}),
        AGENT,
        "Publier la réclamation",
        "Réclamation publiée",
        est_public=True,
    ),
    "traiter": Transition(
        frozenset({Etat.PUBLIEE}),
        frozenset({Etat.TRAITEE}),
        AGENT,
        "Traiter la réclamation",
        "Réclamation traitée",
        est_public=True,
    ),
    "appuyer": Transition(
        PARTOUT, RIEN, SYSTEME, "Appuyer la réclamation", "Réclamation appuyée", sur="appui", par_lien=True
    ),
}
APPARENCES: dict[str, Apparence] = {
    Etat.RECUE: Apparence(Couleur.ATTENTION, "horloge", "Le service lit la réclamation."),
    Etat.PUBLIEE: Apparence(Couleur.ACCENT, "horloge", "Le service traite la réclamation."),
    Etat.TRAITEE: Apparence(Couleur.SUCCES, "coche", "C’est fini."),
}
