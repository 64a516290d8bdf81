"""Linked data of a page (schema.org), as dicts: `donnees_liees` of its context."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.urls import reverse

from participation.socle.collectivite import collectivite

LienDeDonnees = Mapping[str, Any]


class EtatEvenement(StrEnum):
    PREVU = "https://schema.org/EventScheduled"
    ANNULE = "https://schema.org/EventCancelled"
    REPORTE = "https://schema.org/EventPostponed"


def evenement(
    *,
    titre: str,
    debut: datetime,
    fin: datetime,
    page: str,
    etat: EtatEvenement = EtatEvenement.PREVU,
    lieu: str = "",
    adresse: str = "",
    est_en_ligne: bool = False,
) -> LienDeDonnees:
    """An event that anybody may attend. `lieu` empty: on line only. `adresse`: that of the place, when it is apart."""
    adresse_page = settings.SITE_URL + page
    sur_place = [{"@type": "Place", "name": lieu, "address": adresse or lieu}] if lieu else []
    en_ligne = [{"@type": "VirtualLocation", "url": adresse_page}] if est_en_ligne or not lieu else []
    mode = "Mixed" if sur_place and en_ligne else "Offline" if sur_place else "Online"
    return {
        "@type": "Event",
        "name": titre,
        "startDate": debut,
        "endDate": fin,
        "eventStatus": str(etat),
        "eventAttendanceMode": f"https://schema.org/{mode}EventAttendanceMode",
        "location": [*sur_place, *en_ligne],
        "isAccessibleForFree": True,
        "url": adresse_page,
        "organizer": {
            "@type": "GovernmentOrganization",
            "name": collectivite().nom,
            "url": settings.SITE_URL,
        },
    }


def site() -> LienDeDonnees:
    """The site itself, and how it is searched."""
    recherche = settings.SITE_URL + reverse("socle:chercher")
    return {
        "@type": "WebSite",
        "name": collectivite().site,
        "url": settings.SITE_URL,
        "publisher": {"@type": "GovernmentOrganization", "name": collectivite().nom},
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": f"{recherche}?q={{search_term_string}}"},
            "query-input": "required name=search_term_string",
        },
    }


def fil_d_ariane(liens: Sequence[tuple[str, str]]) -> LienDeDonnees | None:
    """The pages above a page: (words, address)."""
    rangs = [
        {"@type": "ListItem", "position": rang, "name": str(mots), "item": settings.SITE_URL + adresse}
        for rang, (mots, adresse) in enumerate(liens, 1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": rangs} if rangs else None
