"""Tables of the pages of acts on a budget, an idée, a projet, a forum."""

from typing import Any

from django.urls import reverse

from participation.budgets import cycle
from participation.budgets.forums import actes as forums
from participation.budgets.idees import actes as idees
from participation.budgets.idees import depot, reunion
from participation.budgets.models import (
    Budget,
    Forum,
    Idee,
    JalonProjet,
    NoteDeTable,
    Phase,
    ProjetQuartier,
    TableForum,
)
from participation.budgets.projets import actes as projets
from participation.budgets.projets import faisabilite as faisabilite_des_projets
from participation.budgets.projets import realisation
from participation.inscriptions import actes as inscriptions
from participation.socle.models import Compte
from participation.socle.views.pages import Page, pages, pages_de


def saisir_idee(idee: Idee, *, par: Compte, **reponses: Any) -> Idee:
    return depot.saisir_idee(idee.budget, par=par, **reponses)


PREPARER_BUDGET = pages(cycle.preparer_budget)
DU_BUDGET: dict[str, Page[Budget]] = pages(
    cycle.modifier_budget,
    cycle.fixer_phases,
    cycle.publier_budget,
    projets.creer_projet_quartier,
    cycle.clore_budget,
    cycle.effacer_auteurs,
)
DE_LA_PHASE: dict[str, Page[Phase]] = pages_de(Budget, cycle, sur="phase")
SAISIR_IDEE: Page[Idee] = Page(
    saisir_idee,
    depot.SaisirIdeeForm,
    "Si la personne laisse un courriel, elle reçoit un lien pour suivre son idée.",
    bouton="Enregistrer l’idée",
    succes=lambda _, idee: f"Idée {idee.reference} enregistrée.",
    retour=lambda idee, _: reverse("budgets:idees", args=[idee.budget_id]),
    gabarit="budgets/idees/saisir_idee.html",
    contexte=lambda request, idee, form: {"sujet": idee.budget.titre},
)
DE_L_IDEE: dict[str, Page[Idee]] = pages_de(Idee, idees, depot, reunion)
DU_PROJET: dict[str, Page[ProjetQuartier]] = pages_de(
    ProjetQuartier, projets, faisabilite_des_projets, realisation
)
DES_JALONS: dict[str, Page[JalonProjet]] = pages_de(ProjetQuartier, realisation, sur="jalonprojet")


PREPARER_FORUM = pages(forums.preparer_forum)
DU_FORUM: dict[str, Page[Forum]] = pages(
    forums.modifier_forum,
    forums.ouvrir_inscriptions,
    forums.fermer_inscriptions,
    forums.dresser_tables,
    forums.ajouter_table,
    forums.tenir_forum,
    forums.annuler_forum,
)
DU_FORUM |= pages_de(Forum, inscriptions)
DES_TABLES: dict[str, Page[TableForum]] = pages_de(Forum, forums, sur="tableforum")
DES_NOTES: dict[str, Page[NoteDeTable]] = pages_de(Forum, forums, sur="notedetable")
DES_INSCRITS = pages_de(Forum, inscriptions, sur="inscriptionforum")
