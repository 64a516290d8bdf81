"""Acts on the réclamations and their pages."""

from participation.socle.views.pages import Page
from participation.socle.views.trouver import par_numero_visible
from tests.appli_essai.models import Reclamation
from tests.appli_essai.reception import actes

reclamation_du_bureau = par_numero_visible(Reclamation)

NOUVELLE: dict[str, Page[Reclamation]] = {"saisir": Page(actes.saisir, actes.SaisirForm)}
PAGES: dict[str, Page[Reclamation]] = {
    "publier": Page(actes.publier, consequence="Tout le monde peut la lire, et l’appuyer."),
    "traiter": Page(
        actes.traiter, consequence="La réclamation sera close, et ceux qui l’appuient le sauront."
    ),
}
