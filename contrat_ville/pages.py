"""Tables of the pages of acts on a projet and on a programmation."""

from contrat_ville.cadre import programmations
from contrat_ville.depot import actes as depot
from contrat_ville.instruction import actes as instruction
from contrat_ville.models import Programmation, Projet
from contrat_ville.porteurs import conservation
from participation.socle.views.pages import Page, pages, pages_de

DU_PROJET: dict[str, Page[Projet]] = pages(instruction.declarer_recevable, instruction.declarer_irrecevable)


DE_L_EQUIPE: dict[str, Page[Projet]] = pages(depot.retirer)
NOUVELLE: dict[str, Page[Programmation]] = pages(programmations.preparer_programmation)
DE_LA_PROGRAMMATION: dict[str, Page[Programmation]] = pages(
    programmations.regler_programmation,
    programmations.ouvrir_appel,
    programmations.prolonger_appel,
    programmations.clore_appel,
) | pages_de(Programmation, conservation)
