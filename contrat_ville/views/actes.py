"""Pages of the acts on a projet and on a programmation."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from contrat_ville.actions import depot, programmations, recevabilite
from contrat_ville.forms import instruction as questions
from contrat_ville.forms.programmations import ProgrammationForm, ProlongerForm
from contrat_ville.models import Programmation, Projet
from contrat_ville.views.envois import c_est_dit, et_l_equipe, lettre_vers
from participation.socle.francais import jour_texte
from participation.socle.http import ROLES_BUREAU, RequeteConnectee
from participation.socle.views.pages import Page
from participation.socle.views.trouver import par_numero


def projet_du_bureau(request: RequeteConnectee, pk: int) -> Projet:
    """Return the projet for the back office. 404 for the other accounts: the team has its own pages."""
    if request.user.roles.isdisjoint(ROLES_BUREAU):
        raise Http404
    trouve: Any = get_object_or_404(
        Projet.objects.visibles_par(request.user).select_related(
            "programmation", "porte_par", "axe", "objectif", "agent", "direction", "auteur"
        ),
        pk=pk,
    )
    projet: Projet = trouve
    return projet


def projet_de_l_equipe(request: RequeteConnectee, pk: int) -> Projet:
    """Return the projet for its team; 404 for any other account."""
    trouve: Any = get_object_or_404(
        Projet.objects.de_l_equipe(request.user).select_related(
            "programmation", "porte_par", "axe", "objectif", "agent"
        ),
        pk=pk,
    )
    projet: Projet = trouve
    return projet


programmation_du_bureau = par_numero(Programmation, "contrat")


def nouvelle_programmation(request: RequeteConnectee) -> Programmation:
    return Programmation()


DU_PROJET: dict[str, Page[Projet]] = {
    "declarer_recevable": Page(
        recevabilite.declarer_recevable,
        consequence=et_l_equipe(
            "declarer_recevable",
            "Son équipe reçoit un courriel : recevable ne veut pas dire retenu.",
            "Le projet est instruit.",
        ),
        lettre=lambda p: ("contrat_ville/declarer_recevable", {"projet": p, "lien": p.get_porteur_url()}),
        succes=c_est_dit("declarer_recevable", "Le projet est recevable"),
    ),
    "declarer_irrecevable": Page(
        recevabilite.declarer_irrecevable,
        questions.DeclarerIrrecevableForm,
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
        questions.RetirerForm,
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
}
