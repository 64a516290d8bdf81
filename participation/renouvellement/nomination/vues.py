"""Pages after the list is settled: nomination, waiting list, installation."""

from participation.renouvellement.models import Campagne, Candidature, CollegeCampagne, EtapeInstallation
from participation.renouvellement.nomination import actes
from participation.socle.views.pages import Page, pages_de

PAGES: dict[str, Page[Campagne]] = pages_de(Campagne, actes)


PAGES_DES_ETAPES: dict[str, Page[EtapeInstallation]] = pages_de(Campagne, actes, sur="etapeinstallation")


PAGES_DES_COLLEGES: dict[str, Page[CollegeCampagne]] = pages_de(Campagne, actes, sur="collegecampagne")


PAGES_DES_CANDIDATURES: dict[str, Page[Candidature]] = pages_de(Campagne, actes, sur="candidature")
