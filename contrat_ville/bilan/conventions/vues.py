"""Pages of the acts on a payment, and the payments of a projet with their buttons."""

from django.shortcuts import get_object_or_404

from contrat_ville.bilan.conventions import actes
from contrat_ville.models import Projet, Versement
from contrat_ville.trouver import projet_du_bureau
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte
from participation.socle.views.dossier import Bouton, boutons_de
from participation.socle.views.pages import Page, pages_de


def versement_du_bureau(request: RequeteConnectee, pk: int) -> Versement:
    versement = get_object_or_404(Versement.objects.select_related("financement__financeur"), pk=pk)
    versement.financement.projet = projet_du_bureau(request, versement.financement.projet_id)
    return versement


DU_VERSEMENT: dict[str, Page[Versement]] = pages_de(Projet, actes, sur="versement")


def versements_de(projet: Projet, compte: Compte) -> list[tuple[Versement, list[Bouton]]]:
    """Each payment with its buttons, the cancelled ones included."""
    lignes = []
    for versement in Versement.objects.filter(financement__projet=projet.pk).select_related(
        "financement__financeur"
    ):
        versement.financement.projet = projet
        lignes.append((versement, boutons_de(versement, compte)))
    return lignes
