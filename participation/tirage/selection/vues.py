"""Pages of a draw once its seed is known: chances, panels, balls, replacements."""

from participation.socle.views.pages import Page, pages_de
from participation.tirage.models import Tirage
from participation.tirage.selection import actes, controle

PAGES: dict[str, Page[Tirage]] = pages_de(Tirage, controle, actes)
