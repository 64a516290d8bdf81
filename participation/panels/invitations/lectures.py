"""How far the mailing of a panel is."""

from dataclasses import dataclass

from django.db.models import Count, Q

from participation.panels.models import Panel


@dataclass(frozen=True, slots=True)
class Envoi:
    adresses: int
    a_inviter: int
    imprimees: int
    postees: int
    refusees: int


def envoi(panel: Panel) -> Envoi:
    comptes = panel.adresses.aggregate(
        adresses=Count("pk"),
        a_inviter=Count("pk", filter=Q(courrier=None) & ~Q(lignes="")),
        imprimees=Count("pk", filter=Q(courrier__isnull=False)),
        postees=Count("pk", filter=Q(courrier__date_postee__isnull=False)),
    )
    return Envoi(**comptes, refusees=panel.refus_adresses.count())
