"""The letters of a dossier, told by the line."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Max, Q
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils.http import urlencode

from participation.socle.models import Courriel, Dossier

COURRIELS_MONTRES = 20
# Letters looked at to make those lines: signing alone may write thousands.
COURRIELS_LUS = 2000


@dataclass(frozen=True, slots=True)
class LigneCourriels:
    """The letters of one act under one subject on one day: one line, be they one or fifty."""

    sujet: str
    nombre: int
    destinataire: str  # empty when they are several
    le: datetime
    en_panne: int
    en_attente: int
    url: str


def lignes_courriels(dossier: Dossier) -> list[LigneCourriels]:
    """One more than what is shown, so that the page knows whether there are others."""
    etats = Courriel.Etat
    groupes = (
        Courriel.objects.filter(pk__in=dossier.courriels.values("pk")[:COURRIELS_LUS])
        .order_by()
        .values("acte", "sujet", jour=TruncDate("cree_le"))
        .annotate(
            nombre=Count("pk"),
            le=Max("cree_le"),
            dernier=Max("pk"),
            adresses=Max("destinataires"),
            en_panne=Count("pk", filter=Q(etat__in=[etats.ECHEC, etats.REJETE])),
            en_attente=Count("pk", filter=Q(etat__in=[etats.A_ENVOYER, etats.EN_COURS])),
        )
        .order_by("-le", "-dernier")[: COURRIELS_MONTRES + 1]
    )
    return [_ligne_courriels(dossier, groupe) for groupe in groupes]


def _ligne_courriels(dossier: Dossier, groupe: Mapping[str, Any]) -> LigneCourriels:
    adresses, seul = groupe["adresses"], groupe["nombre"] == 1
    jour: date = groupe["jour"]
    filtres = {
        "dossier": dossier.pk,
        "acte": groupe["acte"],
        "sujet": groupe["sujet"],
        "le": jour.isoformat(),
    }
    return LigneCourriels(
        sujet=groupe["sujet"],
        nombre=len(adresses) if seul else groupe["nombre"],
        destinataire=adresses[0] if seul and len(adresses) == 1 else "",
        le=groupe["le"],
        en_panne=groupe["en_panne"],
        en_attente=groupe["en_attente"],
        url=reverse("socle:courriel", args=[groupe["dernier"]])
        if seul
        else f"{reverse('socle:courriels')}?{urlencode(filtres)}",
    )
