"""A slip that the archives allow whole, and whose elimination is asked."""

from django.utils import timezone

from participation.droits.eliminations import actes
from participation.droits.models import Bordereau
from participation.droits.workflow import Avis
from participation.socle.models import Compte


def viser_tout(bordereau: Bordereau, agent: Compte) -> None:
    actes.viser_bordereau(
        bordereau,
        par=agent,
        visa="AD38-2027-1",
        vise_par="Une archiviste",
        date_visa=timezone.localdate(),
        reponses={ligne.pk: (Avis.VISA, "") for ligne in bordereau.lignes.all()},
    )
    actes.eliminer_bordereau(bordereau, par=agent)
