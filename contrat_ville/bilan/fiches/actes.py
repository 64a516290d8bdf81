"""Publish the page of a supported projet, or withdraw it."""

from contrat_ville.models import Projet
from participation.socle.actions import avancer
from participation.socle.forms.actes import demander_texte
from participation.socle.models import Compte
from participation.socle.views.pages import Page, acte


@acte(
    Page[Projet](
        consequence="La fiche dit le projet, son porteur et ce qu’il reçoit. Ni coordonnées, ni pièces."
    )
)
def publier_fiche(projet: Projet, *, par: Compte) -> None:
    avancer(projet, "publier_fiche", par=par, champs={"est_publie": True})


DepublierForm = demander_texte("Pourquoi la retirer")


@acte(Page[Projet](form=DepublierForm))
def depublier_fiche(projet: Projet, *, par: Compte, motif: str) -> None:
    avancer(projet, "depublier_fiche", par=par, champs={"est_publie": False}, motif=motif)
