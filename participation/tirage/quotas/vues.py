"""Pages of the acts on the rule and the quotas of a draw."""

from participation.socle.views.pages import Page, pages_de
from participation.tirage.models import Tirage
from participation.tirage.quotas import actes

PAGES: dict[str, Page[Tirage]] = pages_de(Tirage, actes)
