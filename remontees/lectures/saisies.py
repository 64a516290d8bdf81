"""What somebody noted, and what became of each."""

from typing import Any

from django.db.models import Prefetch

from participation.socle.models import Compte, Echeance
from remontees.models import Reception, Remontee

ATTENTES_MONTREES = 20


def notees_par(compte: Compte) -> Any:
    """The latest first, each with its `dues`: what is awaited, the nearest first. What went to the circuit of the discriminations is hers no more."""
    ouvertes = Echeance.objects.ouvertes()
    return (
        Remontee.objects.filter(auteur=compte, est_discrimination=False)
        .select_related("categorie", "commune", "quartier", "sujet_commun", "organisme")
        .prefetch_related(Prefetch("echeances", ouvertes.order_by("date_limite", "pk"), "dues"))
        .order_by("-ouvert_le", "-pk")
    )


def en_attente_de(compte: Compte) -> list[Reception]:
    """What she sent that the worker has not made a remontée of yet."""
    return list(
        Reception.objects.filter(faite_le=None, charge__saisie_par=compte.pk).order_by("-recue_le")[
            :ATTENTES_MONTREES
        ]
    )
