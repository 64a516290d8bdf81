"""Competent body outside the metropolis, from the category and, for a commune, the place."""

from collections.abc import Sequence

from participation.socle.models import Commune
from remontees.lectures.categories import Proposee, proposees
from remontees.models import Categorie, Organisme, Remontee

DEFENSEUR = "Défenseur des droits"


def organisme_de(categorie: Categorie | None, commune: Commune | None) -> Organisme | None:
    """Return the body of the category; when it is a commune, the mairie of the place."""
    if categorie is None or categorie.est_metropolitaine:
        return None
    organisme = categorie.organisme
    if organisme is not None and organisme.nature == Organisme.Nature.COMMUNE and commune is not None:
        mairie = Organisme.objects.filter(
            nature=Organisme.Nature.COMMUNE, commune=commune, est_actif=True
        ).first()
        return mairie or organisme
    return organisme


def organisme_propose(
    remontee: Remontee, vraisemblables: Sequence[Proposee] | None = None
) -> Organisme | None:
    """Return the body for a remontée; without category, from its most likely one.

    `vraisemblables`: proposed categories, when already computed.
    """
    if remontee.est_discrimination:
        return Organisme.objects.filter(nom=DEFENSEUR, est_actif=True).first()
    if remontee.categorie is not None:
        return organisme_de(remontee.categorie, remontee.commune)
    premiere = next(iter(proposees(remontee) if vraisemblables is None else vraisemblables), None)
    return organisme_de(premiere.categorie, remontee.commune) if premiere else None
