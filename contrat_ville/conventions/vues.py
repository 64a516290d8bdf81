"""Pages of the acts on a payment, and the payments of a projet with their buttons."""

from django.shortcuts import get_object_or_404

from contrat_ville.conventions import actes
from contrat_ville.models import Projet, Versement
from contrat_ville.trouver import projet_du_bureau
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte
from participation.socle.views.dossier import Bouton, boutons_de
from participation.socle.views.pages import Page


def versement_du_bureau(request: RequeteConnectee, pk: int) -> Versement:
    versement = get_object_or_404(Versement.objects.select_related("financement__financeur"), pk=pk)
    versement.financement.projet = projet_du_bureau(request, versement.financement.projet_id)
    return versement


DU_VERSEMENT: dict[str, Page[Versement]] = {
    "corriger_versement": Page(
        actes.corriger_versement,
        actes.CorrigerVersementForm,
        "Le journal garde ce qui était écrit. Les sommes suivent.",
        retour="#apres",
        succes="Le versement est corrigé.",
    ),
    "annuler_versement": Page(
        actes.annuler_versement,
        actes.AnnulerVersementForm,
        "Il ne compte plus dans aucune somme. La ligne reste, barrée, avec sa raison au journal.",
        retour="#apres",
        succes="Le versement est annulé.",
    ),
}


def versements_de(projet: Projet, compte: Compte) -> list[tuple[Versement, list[Bouton]]]:
    """Each payment with its buttons, the cancelled ones included."""
    lignes = []
    for versement in Versement.objects.filter(financement__projet=projet.pk).select_related(
        "financement__financeur"
    ):
        versement.financement.projet = projet
        lignes.append((versement, boutons_de(versement, compte)))
    return lignes
