"""Tables of the pages of acts on a projet and on a programmation."""

from typing import Any

from django.urls import reverse

from contrat_ville.conservation import actes as conservation
from contrat_ville.depot import actes as depot
from contrat_ville.instruction import actes as instruction
from contrat_ville.models import Programmation, Projet
from contrat_ville.porteurs.vues import c_est_dit, et_l_equipe, lettre_vers
from contrat_ville.programmations import actes as programmations
from contrat_ville.programmations.actes import ProgrammationForm, ProlongerForm
from participation.socle.francais import jour_texte
from participation.socle.views.pages import Page, pages_de

DU_PROJET: dict[str, Page[Projet]] = {
    "declarer_recevable": Page(
        instruction.declarer_recevable,
        consequence=et_l_equipe(
            "declarer_recevable",
            "Son équipe reçoit un courriel : recevable ne veut pas dire retenu.",
            "Le projet est instruit.",
        ),
        lettre=lambda p: ("contrat_ville/declarer_recevable", {"projet": p, "lien": p.get_porteur_url()}),
        succes=c_est_dit("declarer_recevable", "Le projet est recevable"),
    ),
    "declarer_irrecevable": Page(
        instruction.declarer_irrecevable,
        instruction.DeclarerIrrecevableForm,
        et_l_equipe(
            "declarer_irrecevable",
            "Son équipe reçoit la raison par courriel.",
            "Le projet n’est pas examiné.",
        ),
        apercu=lambda p, reponses: lettre_vers(
            p, "declarer_irrecevable", projet={**_lu(p), "motif_decision": reponses["motif"]}
        ),
        retour="#courriers",
        succes=c_est_dit("declarer_irrecevable", "Le projet est irrecevable"),
    ),
}


def _lu(projet: Projet) -> dict[str, Any]:
    return {"titre": projet.titre, "reference": projet.reference}


DE_L_EQUIPE: dict[str, Page[Projet]] = {
    "retirer": Page(
        depot.retirer,
        depot.RetirerForm,
        "Le projet n’est plus examiné.",
        est_publique=True,
        retour=lambda p, _: reverse("contrat_ville:mes_projets"),
        succes="Votre projet est retiré.",
    )
}
NOUVELLE: dict[str, Page[Programmation]] = {
    "preparer_programmation": Page(
        programmations.preparer_programmation,
        ProgrammationForm,
        "Rien n’est publié avant que vous ouvriez l’appel.",
        retour=lambda p, _: p.get_absolute_url() if p.pk else reverse("contrat_ville:programmations"),
        succes="La programmation est préparée.",
    )
}
DE_LA_PROGRAMMATION: dict[str, Page[Programmation]] = {
    "regler_programmation": Page(programmations.regler_programmation, ProgrammationForm),
    "ouvrir_appel": Page(
        programmations.ouvrir_appel,
        consequence=lambda p: (
            f"La page de l’appel est publique. Les projets se déposent du {jour_texte(p.date_ouverture)} au {jour_texte(p.date_cloture)}. "
            "Le règlement et la grille ne changent plus."
        ),
        succes="L’appel à projets est publié.",
    ),
    "prolonger_appel": Page(
        programmations.prolonger_appel,
        ProlongerForm,
        lambda p: f"L’appel finit aujourd’hui le {jour_texte(p.date_cloture)}.",
    ),
    "clore_appel": Page(
        programmations.clore_appel,
        consequence="Plus aucun projet ne se dépose en ligne. L’appel se clôt de lui-même le lendemain de son dernier jour.",
        succes="L’appel à projets est clos.",
    ),
    **pages_de(Programmation, conservation),
}
