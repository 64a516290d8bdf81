"""Page of the losses foreseen of a draw."""

from participation.socle.views.pages import Page, pages_de
from participation.tirage.models import Tirage
from participation.tirage.pertes import actes

PAGES: dict[str, Page[Tirage]] = pages_de(Tirage, actes)
