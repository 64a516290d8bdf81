"""Acts of the rights of people and of the elimination slips, and their pages."""

from participation.droits import inactifs
from participation.droits.eliminations import actes as eliminations
from participation.droits.models import Bordereau, DemandeDroit
from participation.droits.personnes import actes as personnes
from participation.socle.views.pages import Page, pages_de

PAGES: dict[str, Page[DemandeDroit]] = pages_de(DemandeDroit, personnes) | pages_de(DemandeDroit, inactifs)
NOUVELLE = {"enregistrer_demande": PAGES.pop("enregistrer_demande")}
PAGES_DES_BORDEREAUX: dict[str, Page[Bordereau]] = pages_de(Bordereau, eliminations)
NOUVEAU = {nom: PAGES_DES_BORDEREAUX.pop(nom) for nom in ("preparer_bordereau", "preparer_demarche")}
