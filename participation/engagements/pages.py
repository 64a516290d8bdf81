"""Acts on engagements and their pages."""

from participation.engagements.models import EngagementPris
from participation.engagements.promesses import actes as promesses
from participation.socle.views.pages import Page, pages_de

ENGAGEMENTS: dict[str, Page[EngagementPris]] = pages_de(EngagementPris, promesses)
NOUVEL_ENGAGEMENT = {"ecrire_engagement": ENGAGEMENTS.pop("ecrire_engagement")}
INDICATEURS = pages_de(EngagementPris, promesses, sur="indicateur")
