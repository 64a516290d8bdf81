"""Pages of the acts on the suites of a dossier, and on the policies that a projet serves."""

from typing import Any

from django.http import Http404

from contrat_ville.models import GroupeDiscussion, Projet
from contrat_ville.projets.suites import actes
from contrat_ville.projets.suites.actes import AjouterSuiteForm
from participation.socle.http.requete import RequeteConnectee
from participation.socle.views.dossier import trouver_dossier
from participation.socle.views.pages import Page, pages_de


def voix_du_bureau(request: RequeteConnectee, pk: int) -> Projet | GroupeDiscussion:
    """Return a dossier of the Contrat de Ville that can have suites; 404 else."""
    trouve = trouver_dossier(request.user, pk)
    if not isinstance(trouve, Projet | GroupeDiscussion):
        raise Http404
    return trouve


DES_SUITES: dict[str, Page[Any]] = {
    "ajouter_suite": Page(
        actes.ajouter_suite,
        AjouterSuiteForm,
        "La direction reçoit un lien pour répondre. Qui l’a demandé est prévenu, maintenant puis à chaque étape. "
        "La suite est publique si le dossier l’est.",
        retour="#suites",
    )
}
DU_PROJET: dict[str, Page[Projet]] = pages_de(Projet, actes)
