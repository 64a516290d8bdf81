"""Who is registered, in numbers and in lists."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from participation.rencontres.models import Inscription, Rencontre
from participation.rencontres.workflow import ASSISES, Besoin, EtatInscription
from participation.socle.francais import majuscule
from participation.socle.lectures.besoins import compter

E = EtatInscription
# Who has a seat, who is offered one, who waits; then who did not prove her address, then who cancelled.
ORDRE = (E.INSCRITE, E.OFFERTE, E.ATTENTE, E.A_CONFIRMER, E.ANNULEE)


@dataclass(frozen=True, slots=True)
class Chiffres:
    assises: int  # seats taken or offered
    attente: int
    a_confirmer: int
    presentes: int
    libres: int
    besoins: list[tuple[str, int]]


def chiffres(rencontre: Rencontre) -> Chiffres:
    """Exact figures, for the organisers."""
    lus = rencontre.inscriptions.aggregate(
        assises=Count("pk", filter=Q(etat__in=sorted(ASSISES))),
        attente=Count("pk", filter=Q(etat=E.ATTENTE)),
        a_confirmer=Count("pk", filter=Q(etat=E.A_CONFIRMER, efface_le=None)),
        presentes=Count("pk", filter=Q(presente_le__isnull=False)),
    )
    return Chiffres(
        **lus, libres=max(rencontre.places - lus["assises"], 0), besoins=sorted(besoins(rencontre).items())
    )


def besoins(rencontre: Rencontre) -> Counter[str]:
    """Return how many need what: interpreters by language, children counted."""
    return besoins_de(rencontre.inscriptions.all()).get(rencontre.pk, Counter())


def besoins_de(inscriptions: QuerySet[Any]) -> dict[int, Counter[str]]:
    """Return the same for each rencontre of these registrations, by its number. One query."""
    assises = inscriptions.filter(etat__in=sorted(ASSISES))
    comptes = compter(assises, "rencontre", interprete=Besoin.INTERPRETE, garde=Besoin.GARDE)
    return {
        numero: Counter(
            {
                f"{majuscule(Besoin(besoin).label)}{f' ({langue})' if langue else ''}": n
                for (besoin, langue), n in lus.items()
            }
        )
        for numero, lus in comptes.items()
    }


def inscrites(rencontre: Rencontre, mots: str = "") -> Any:
    """Return who is registered, who has a seat first, then by name. `mots`: a part of the name.

    Who did not prove her address, or cancelled, is listed only when she is looked for.
    """
    rang = Case(
        *(When(etat=etat, then=Value(n)) for n, etat in enumerate(ORDRE)), output_field=IntegerField()
    )
    gens = Inscription.objects.filter(rencontre=rencontre, efface_le=None).select_related("rencontre")
    if mots.strip():
        gens = gens.filter(nom__icontains=mots.strip()[:60])
    else:
        gens = gens.exclude(etat__in=[E.A_CONFIRMER, E.ANNULEE])
    return gens.order_by(rang, "nom", "pk")


def a_appeler(rencontre: Rencontre) -> Any:
    """Return who is registered and left no mailbox: called when something changes."""
    return rencontre.inscriptions.vivantes().filter(courriel="").order_by("nom", "pk")
