"""What a desk noted, and the commune of a point."""

from typing import Any

from django.db.models import Prefetch

from participation.socle.calendrier import debut_du_jour
from participation.socle.lectures.cartes import contours_des_communes
from participation.socle.models import Compte, Echeance
from remontees.models import Reception, Remontee
from remontees.reception.regles import commune_de


def commune_du_point(latitude: float, longitude: float) -> str | None:
    """Return the Insee code, or None: the form then asks for the commune."""
    return commune_de(latitude, longitude, contours_des_communes())


ATTENTES_MONTREES = 20


def notees_par(compte: Compte) -> Any:
    """Return the remontées noted by the account, the latest first.

    `dues`: their open échéances, the nearest first. Discriminations are left out, even for their author.
    """
    ouvertes = Echeance.objects.ouvertes()
    return (
        Remontee.objects.filter(auteur=compte, est_discrimination=False)
        .select_related("categorie", "commune", "quartier", "sujet_commun", "organisme")
        .prefetch_related(Prefetch("echeances", ouvertes.order_by("date_limite", "pk"), "dues"))
        .order_by("-ouvert_le", "-pk")
    )


def sur_papier_par(compte: Compte) -> Any:
    """Return the remontées whose code this account may print: its own, on the day that it noted them; an agent, those that
    it reads."""
    if compte.est_agent:
        return Remontee.objects.visibles_par(compte)
    return notees_par(compte).filter(ouvert_le__gte=debut_du_jour())


def en_attente_de(compte: Compte) -> list[Reception]:
    """Return the receptions noted by the account that are not remontées yet."""
    return list(
        Reception.objects.filter(faite_le=None, charge__saisie_par=compte.pk).order_by("-recue_le")[
            :ATTENTES_MONTREES
        ]
    )
