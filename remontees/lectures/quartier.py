"""Figures of the remontées on the page of a quartier."""

from typing import Any

from django.db.models import Count, Q
from django.urls import reverse

from participation.socle.francais import nombre, pluriel
from participation.socle.models import Compte, Quartier
from participation.socle.models.dossiers import hors_reserve
from participation.socle.vitrine import Chiffre, ChiffresCles
from remontees.models import Remontee, Sujet


def chiffres_du_quartier(quartier: Quartier, compte: Compte) -> ChiffresCles:
    """Return the figures of what the reader may see; only agents get links to the lists."""
    siennes: Any = Remontee.objects.filter(hors_reserve(compte), quartiers=quartier)
    if compte.est_agent:
        siennes = siennes.visibles_par(compte)
    lues = siennes.aggregate(toutes=Count("pk"), ouvertes=Count("pk", filter=Q(clos_le__isnull=True)))
    sujets = Sujet.objects.filter(hors_reserve(compte), quartiers=quartier).count()
    question = f"?quartier={quartier.pk}"
    liste = f"{reverse('remontees:remontees')}{question}" if compte.est_agent else ""
    liste_des_sujets = f"{reverse('remontees:sujets')}{question}" if compte.est_agent else ""
    return ChiffresCles(
        "remontees",
        "Remontées",
        [
            Chiffre(nombre(lues["toutes"]), f"remontée{pluriel(lues['toutes'])}", liste),
            Chiffre(nombre(lues["ouvertes"]), "en cours", f"{liste}&ouverts=oui" if liste else ""),
            Chiffre(nombre(sujets), f"sujet{pluriel(sujets)}", liste_des_sujets),
        ],
        "Ce qui est dit de ce quartier, par tous les canaux.",
    )
