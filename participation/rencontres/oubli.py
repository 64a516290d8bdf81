"""Erasure of a person from the rencontres: who animates, who left an address with a note."""

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet

from participation.rencontres.models import (
    Animateur,
    AuteurDeNote,
    Inscription,
    ReglementRencontres,
    Rencontre,
)
from participation.rencontres.workflow import EtatRencontre
from participation.socle.actions.oubli import JOURNAL, Personne
from participation.socle.calendrier import debut_du_jour

GARDE = {"rencontres.EntreeFormat": JOURNAL}


def finies() -> QuerySet[Any, Any]:
    jours = ReglementRencontres.actuel().conservation_jours
    trouvees: QuerySet[Any, Any] = Rencontre.objects.filter(
        etat__in=[EtatRencontre.CLOSE, EtatRencontre.ANNULEE],
        debut__lt=debut_du_jour() - timedelta(days=jours),
    )
    return trouvees


def tient(rencontre: Rencontre) -> dict[str, QuerySet[Any, Any]]:
    return {
        "inscriptions": rencontre.inscriptions.filter(efface_le=None),
        "animateurs": rencontre.animateurs.all(),
        "auteurs de notes": AuteurDeNote.objects.filter(note__table__rencontre=rencontre).exclude(
            courriel=""
        ),
    }


def oublier_la_demarche(rencontre: Rencontre) -> None:
    """Erase who registered, animated, or left an address with a note. Needs, presences and notes stay."""
    Inscription.effacer(list(rencontre.inscriptions.values_list("pk", flat=True)))
    auteurs = AuteurDeNote.objects.filter(note__table__rencontre=rencontre)
    AuteurDeNote.effacer(list(auteurs.values_list("pk", flat=True)))
    rencontre.animateurs.all().delete()


def oublier(personne: Personne) -> None:
    AuteurDeNote.effacer(list(personne.dans(AuteurDeNote).values_list("pk", flat=True)))
    personne.dans(Animateur).delete()
