"""Tables of the pages of acts on a projet and on a programmation."""

from contrat_ville.depot import actes as depot
from contrat_ville.instruction import actes as instruction
from contrat_ville.models import Projet
from participation.socle.views.pages import Page, pages

DU_PROJET: dict[str, Page[Projet]] = pages(instruction.declarer_recevable, instruction.declarer_irrecevable)


DE_L_EQUIPE: dict[str, Page[Projet]] = pages(depot.retirer)
