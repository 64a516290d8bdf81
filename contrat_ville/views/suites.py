"""Suites of a dossier of the Contrat de Ville, and the policies that a projet serves."""

from typing import Any

from django.http import Http404

from contrat_ville.actions import suites as actions
from contrat_ville.forms.suites import AjouterSuiteForm, RelierPolitiquesForm
from contrat_ville.models import GroupeDiscussion, Projet, ProjetQuartier
from participation.socle.http import RequeteConnectee
from participation.socle.models import Compte, Dossier
from participation.socle.views.dossier import trouver_dossier
from participation.socle.views.pages import Page
from participation.suites.models import Suite


def voix_du_bureau(request: RequeteConnectee, pk: int) -> Projet | ProjetQuartier | GroupeDiscussion:
    """Return a dossier of the Contrat de Ville that can have suites; 404 else."""
    trouve = trouver_dossier(request.user, pk)
    if not isinstance(trouve, Projet | ProjetQuartier | GroupeDiscussion):
        raise Http404
    return trouve


def contexte_des_suites(dossier: Dossier, compte: Compte) -> dict[str, Any]:
    """Each suite, whether `compte` may change its état, whether `compte` may open its page."""
    lisibles = set(Suite.objects.visibles_par(compte).filter(dossier=dossier.pk).values_list("pk", flat=True))
    return {
        "suites": [
            (suite, suite.permet("changer_etat", compte), suite.pk in lisibles)
            for suite in dossier.suites.select_related("direction", "dossier")
        ],
        "peut_ajouter_suite": dossier.permet("ajouter_suite", compte),
    }


DES_SUITES: dict[str, Page[Any]] = {
    "ajouter_suite": Page(
        actions.ajouter_suite,
        AjouterSuiteForm,
        "La direction reçoit un lien pour répondre. Qui l’a demandé est prévenu, maintenant puis à chaque étape. "
        "La suite est publique si le dossier l’est.",
        retour="#suites",
    )
}
DU_PROJET: dict[str, Page[Projet]] = {
    "relier_politiques": Page(
        actions.relier_politiques,
        RelierPolitiquesForm,
        "Dit sur la fiche du projet, et dans les filtres de la liste.",
    )
}
