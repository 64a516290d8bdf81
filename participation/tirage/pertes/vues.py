"""Page of the losses foreseen of a draw."""

from participation.socle.views.pages import Page
from participation.tirage.models import Tirage
from participation.tirage.pertes import actes

PAGES: dict[str, Page[Tirage]] = {
    "prevoir_pertes": Page(
        actes.prevoir_pertes,
        actes.PertesForm,
        "Ces taux disent combien de personnes seront dans la salle, et quelle réserve tirer en même temps que le panel. "
        "Ils sont publiés avec la règle. Les taux proposés d’abord sont ceux des panels passés, s’il y en a.",
        bouton="Enregistrer",
        retour="#pertes",
    )
}
