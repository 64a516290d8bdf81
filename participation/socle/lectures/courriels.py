"""The letters of a dossier, told by the line."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import phonenumbers
from django.conf import settings
from django.db.models import Count, Max, Q, Sum
from django.db.models.functions import TruncDate, TruncMonth
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from participation.socle.calendrier import ajouter_mois
from participation.socle.francais import accorder, enumerer, nombre
from participation.socle.models import Courriel, Dossier, JourSms

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
    en_souffrance: int  # of them, those that an agent has still to look at
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
            en_souffrance=Count("pk", filter=Q(etat__in=[etats.ECHEC, etats.REJETE], est_a_suivre=True)),
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
        en_souffrance=groupe["en_souffrance"],
        en_attente=groupe["en_attente"],
        url=reverse("socle:courriel", args=[groupe["dernier"]])
        if seul
        else f"{reverse('socle:courriels')}?{urlencode(filtres)}",
    )


MOIS_MONTRES = 24


@dataclass(frozen=True, slots=True)
class MoisSms:
    """`cout`: euros; None when the price of a message is not known."""

    mois: date
    sms: int
    messages: int
    retenus: int
    cout: Decimal | None


def mois_des_sms() -> list[MoisSms]:
    """Return the last months with SMS, the latest first."""
    prix = settings.SMS_BORNES["PRIX"]
    depuis = ajouter_mois(timezone.localdate().replace(day=1), 1 - MOIS_MONTRES)
    lignes = (
        JourSms.objects.filter(jour__gte=depuis)
        .order_by()
        .annotate(mois=TruncMonth("jour"))
        .values("mois")
        .annotate(n_sms=Sum("sms"), n_messages=Sum("messages"), n_retenus=Sum("retenus"))
        .order_by("-mois")
    )
    return [
        MoisSms(
            ligne["mois"],
            ligne["n_sms"],
            ligne["n_messages"],
            ligne["n_retenus"],
            ligne["n_messages"] * prix if prix else None,
        )
        for ligne in lignes
    ]


def prix_en_mots() -> str:
    """Return the sentence of the price of a message; "" when it is not known."""
    prix = settings.SMS_BORNES["PRIX"]
    decimales = max(-int(prix.normalize().as_tuple().exponent), 0)
    return f"Un message compté coûte {nombre(prix, decimales)} € (réglage du site)." if prix else ""


def limites_en_mots() -> list[str]:
    """Return the limits in force, a sentence each."""
    bornes = settings.SMS_BORNES
    indicatifs = sorted({f"+{phonenumbers.country_code_for_region(pays)}" for pays in bornes["PAYS"]})
    return [
        f"Les SMS ne partent qu’aux numéros de mobile en {enumerer(indicatifs)}.",
        f"Un même numéro reçoit {accorder(bornes['PAR_NUMERO_JOUR'], 'SMS', 'SMS')} par jour au plus, et "
        f"{nombre(bornes['PAR_NUMERO_MOIS'])} en trente jours. Au-delà, le SMS est retenu : il est parmi les lettres "
        "en échec, et se renvoie plus tard.",
        f"Le site en envoie {nombre(bornes['PAR_JOUR'])} par jour au plus. Au-delà, ils partent le lendemain matin.",
        f"Une application Open311 demande {nombre(bornes['PAR_APPLICATION_JOUR'])} fois par jour au plus que quelqu’un "
        "soit prévenu par SMS seulement.",
    ]
