"""What SMS cost, by month, and their limits in words."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import phonenumbers
from django.conf import settings
from django.db.models import Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone

from participation.socle.calendrier import ajouter_mois
from participation.socle.francais import accorder, enumerer, nombre
from participation.socle.models import JourSms

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
