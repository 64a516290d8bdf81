"""Pages of the acts that follow the decision, up to the bilan."""

from contrat_ville.bilan import accompagnement, actes, conventions, fiches
from contrat_ville.bilan.lectures import bilan_a_completer
from contrat_ville.models import Projet
from contrat_ville.porteurs import actes as porteurs
from participation.socle.views.pages import Page, pages

DU_PROJET: dict[str, Page[Projet]] = pages(
    conventions.conventionner,
    conventions.enregistrer_versement,
    accompagnement.demarrer,
    accompagnement.noter_accompagnement,
    actes.attendre_bilan,
    actes.demander_bilan,
    porteurs.corriger_adresse_postale,
    actes.saisir_bilan,
    actes.renvoyer_bilan,
    actes.clore,
    fiches.publier_fiche,
    fiches.depublier_fiche,
)
DE_L_EQUIPE: dict[str, Page[Projet]] = pages(accompagnement.demander_aide) | {
    "rendre_bilan": Page(
        actes.rendre_bilan,
        actes.BilanForm,
        lambda p: (
            f"À compléter : {manque}"
            if (manque := bilan_a_completer(p))
            else "Dites simplement ce qui s’est passé. Le service lit tout, et vous écrit s’il manque quelque chose."
        ),
        est_publique=True,
        retour=lambda p, _: p.get_porteur_url(),
        succes="Votre bilan est rendu. Merci.",
    )
}
