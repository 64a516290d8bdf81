"""What people asked, and the slips, by number or by the signed link of their letter."""

from participation.droits.models import Bordereau, DemandeDroit
from participation.socle.views.trouver import par_numero

demande_du_bureau = par_numero(DemandeDroit)
bordereau_du_bureau = par_numero(Bordereau, "certificat")


def demande_du_lien(jeton: str) -> DemandeDroit | None:
    return DemandeDroit.LIEN.trouver(jeton, DemandeDroit.objects.all())


def bordereau_du_lien(jeton: str) -> Bordereau | None:
    return Bordereau.LIEN.trouver(jeton, Bordereau.objects.all())
