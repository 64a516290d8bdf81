"""Erases a person: contact of a porteur. Projets stay, since they use public money."""

from django.db.models import Model, Q

from contrat_ville.models import Porteur
from contrat_ville.porteurs.conservation import courriers_de, oublier_porteurs
from participation.socle.actions.oubli import JOURNAL, ORGANISME, Personne
from participation.socle.models import Courrier

GARDE = {
    "contrat_ville.Partenaire": "les boîtes partagées des partenaires, qui ne sont à personne",
    "contrat_ville.SuiviQuartier": "les boîtes partagées des tables de quartier, qui ne sont à personne",
    "contrat_ville.EntreePartenaire": JOURNAL,
    "contrat_ville.EntreeProgrammation": JOURNAL,
    "contrat_ville.EntreeQuartier": JOURNAL,
    "contrat_ville.EntreeTypePiece": JOURNAL,
}

RESTE = {"contrat_ville.Porteur": ORGANISME}


def lignes(personne: Personne) -> dict[type[Model], Q]:
    """The letters on paper to a collectif, whose address is somebody's home."""
    siens = list(personne.dans(Porteur).values_list("pk", flat=True))
    return {Courrier: Q(pk__in=courriers_de(siens).values("pk"), document__isnull=False)}


def oublier(personne: Personne) -> None:
    oublier_porteurs(list(personne.dans(Porteur).values_list("pk", flat=True)))
