"""Tables of the pages of acts on a budget, an idée, a projet, a forum."""

from typing import Any

from django.urls import reverse

from participation.budgets import cycle
from participation.budgets.forums import actes as forums
from participation.budgets.idees import depot
from participation.budgets.models import Idee
from participation.socle.models import Compte
from participation.socle.views.pages import Page, pages


def saisir_idee(idee: Idee, *, par: Compte, **reponses: Any) -> Idee:
    return depot.saisir_idee(idee.budget, par=par, **reponses)


PREPARER_BUDGET = pages(cycle.preparer_budget)
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


PREPARER_FORUM = pages(forums.preparer_forum)
