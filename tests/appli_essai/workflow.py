"""États and acts of a réclamation."""

from django.db.models import TextChoices

from participation.socle.workflow import Apparence, Couleur, Role, Table, Transition


class Etat(TextChoices):
    RECUE = "recue", "reçue"
    TRAITEE = "traitee", "traitée"


TRANSITIONS: Table = {
    "traiter": Transition(
        de=frozenset({Etat.RECUE}),
        vers=frozenset({Etat.TRAITEE}),
        par=frozenset({Role.AGENT}),
        libelle="Traiter la réclamation",
        fait="Réclamation traitée",
    )
}
APPARENCES: dict[str, Apparence] = {
    Etat.RECUE: Apparence(Couleur.ATTENTION, "horloge", "Le service traite la réclamation."),
    Etat.TRAITEE: Apparence(Couleur.SUCCES, "coche", "C’est fini."),
}
