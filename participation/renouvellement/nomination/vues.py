"""Pages after the list is settled: nomination, waiting list, installation."""

from typing import Any

from participation.renouvellement.candidatures.lettres import contexte_de
from participation.renouvellement.models import Campagne, Candidature, CollegeCampagne, EtapeInstallation
from participation.renouvellement.nomination import actes
from participation.renouvellement.nomination.actes import (
    CocherForm,
    EtapeForm,
    InstallerForm,
    NommerForm,
    ReponseForm,
)
from participation.renouvellement.workflow import Choix
from participation.socle.courriels.ecriture import composer
from participation.socle.http.requete import RequeteConnectee
from participation.socle.views.pages import Page


def dire_nomination(campagne: Campagne) -> str:
    nombre = campagne.candidatures.deposees().filter(choix=Choix.RETENUE).count()
    return (
        f"La mandature {campagne.mandature_intitule} est créée avec ses collèges. {nombre} personnes en deviennent "
        "membres, leur espace est ouvert, une lettre leur dit comment entrer. Les élus se nomment ensuite sur la page de l’instance."
    )


def prochaine_place(request: RequeteConnectee, college: CollegeCampagne, form: Any) -> dict[str, Any]:
    """Return the next person on the waiting list, with the preview of their letter."""
    candidature = college.candidatures.suivante()
    if candidature is None:
        return {}
    candidature.campagne, candidature.college = college.campagne, college
    consequence = (
        f"La place est proposée à la candidature {candidature.designation} "
        f"(rang {candidature.rang_attente}). Sans réponse dans les {college.campagne.reponse_jours} jours, "
        "vous pourrez appeler la suivante."
    )
    if candidature.courriel:
        lettre = composer("renouvellement/appeler_suivant", contexte_de(candidature))
        return {"consequence": consequence, "lettre": lettre}
    return {
        "consequence": f"{consequence} Elle n’a pas d’adresse de courriel : appelez-la, puis notez sa réponse."
    }


PAGES: dict[str, Page[Campagne]] = {
    "nommer_membres": Page(actes.nommer_membres, NommerForm, dire_nomination),
    "installer_mandature": Page(
        actes.installer_mandature,
        InstallerForm,
        "La nouvelle mandature siège. La liste d’attente reste utilisable quand une place se libère.",
    ),
    "ajouter_etape": Page(
        actes.ajouter_etape, EtapeForm, succes="L’étape est ajoutée.", retour="#installation"
    ),
}


PAGES_DES_ETAPES: dict[str, Page[EtapeInstallation]] = {
    "cocher_etape": Page(actes.cocher_etape, CocherForm, en_un_clic=True, retour="#installation")
}


PAGES_DES_COLLEGES: dict[str, Page[CollegeCampagne]] = {
    "appeler_suivant": Page(actes.appeler_suivant, contexte=prochaine_place, retour="#attente")
}


PAGES_DES_CANDIDATURES: dict[str, Page[Candidature]] = {
    "noter_reponse": Page(
        actes.noter_reponse,
        ReponseForm,
        en_un_clic=True,
        succes="La réponse est notée.",
        retour=lambda candidature, _: candidature.get_absolute_url(),
    )
}
