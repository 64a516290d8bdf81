"""Pages of the accounts of a projet."""

from typing import Any

from django.shortcuts import get_object_or_404

from contrat_ville.bilan.comptes import actes
from contrat_ville.models import Projet, Reversement
from contrat_ville.trouver import projet_du_bureau
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte
from participation.socle.views.dossier import Bouton, boutons_de
from participation.socle.views.pages import Page, pages_de


def reversement_du_bureau(request: RequeteConnectee, pk: int) -> Reversement:
    reversement = get_object_or_404(Reversement.objects.select_related("financement__financeur"), pk=pk)
    reversement.financement.projet = projet_du_bureau(request, reversement.financement.projet_id)
    return reversement


DU_PROJET: dict[str, Page[Projet]] = pages_de(Projet, actes)
DU_REVERSEMENT: dict[str, Page[Reversement]] = pages_de(Projet, actes, sur="reversement")


def reversements_de(projet: Projet, compte: Compte) -> list[tuple[Reversement, list[Bouton]]]:
    """Each amount asked back with its buttons."""
    lignes: list[tuple[Reversement, Any]] = []
    for reversement in Reversement.objects.filter(
        financement__projet=projet.pk, annule_le=None
    ).select_related("financement__financeur"):
        reversement.financement.projet = projet
        lignes.append((reversement, boutons_de(reversement, compte)))
    return lignes
