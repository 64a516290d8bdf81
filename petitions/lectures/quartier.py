"""Figures about pétitions on the page of a quartier. Pétitions concern communes, not quartiers."""

from typing import Any

from django.db.models import Count, Q
from django.urls import reverse

from participation.socle.francais import nombre, pluriel
from participation.socle.models import Compte, Quartier
from participation.socle.vitrine import Chiffre, ChiffresCles
from petitions.models import Petition
from petitions.workflow import Etat


def chiffres_du_quartier(quartier: Quartier, compte: Compte) -> ChiffresCles:
    """Return the figures of the commune of the quartier, the same as on the public list."""
    commune = quartier.commune
    concernees = Petition.objects.filter(Q(communes=commune) | Q(commune_auteur=commune)).values("pk")
    publiees: Any = Petition.objects.publiees().filter(pk__in=concernees)
    lues = publiees.aggregate(
        toutes=Count("pk"), ouvertes=Count("pk", filter=Q(etat__in=[Etat.EN_COLLECTE, Etat.SUSPENDUE]))
    )
    toutes = lues["toutes"]
    liste = f"{reverse('petitions:liste')}?commune={commune.pk}&liste="
    return ChiffresCles(
        "petitions",
        "Pétitions",
        [
            Chiffre(nombre(toutes), f"pétition{pluriel(toutes)} publiée{pluriel(toutes)}", f"{liste}toutes"),
            Chiffre(nombre(lues["ouvertes"]), "à signer", f"{liste}ouvertes"),
        ],
        "Une pétition dit les communes qu’elle concerne, pas les quartiers : ces chiffres sont ceux de toute la commune.",
    )
