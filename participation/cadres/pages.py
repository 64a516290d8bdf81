"""Acts on the cadres and their pages."""

from participation.cadres import cahiers, evaluations, niveaux
from participation.cadres.models import Cadre
from participation.socle.models import Dossier
from participation.socle.views.pages import Page, pages_de

PAGES: dict[str, Page[Cadre]] = pages_de(Cadre, niveaux, evaluations)
NOUVEAU = {"ecrire_cadre": PAGES.pop("ecrire_cadre")}
RATTACHEMENTS = pages_de(Cadre, niveaux, sur="rattachement")
ATTENTES = pages_de(Cadre, niveaux, sur="attente")
EVALUATEURS = pages_de(Cadre, evaluations, sur="evaluateur")
# On any dossier.
DU_DOSSIER: dict[str, Page[Dossier]] = pages_de(Dossier, cahiers)
CAHIERS = pages_de(Dossier, cahiers, sur="cahier")
