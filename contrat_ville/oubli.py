"""Erases a person: contact of a porteur. Projets stay, since they use public money."""

from contrat_ville.models import Porteur
from contrat_ville.porteurs.conservation.actes import oublier_porteurs
from participation.socle.actions.oubli import JOURNAL, ORGANISME, Personne

GARDE = {
    "contrat_ville.Partenaire": "les boîtes partagées des partenaires, qui ne sont à personne",
    "contrat_ville.SuiviQuartier": "les boîtes partagées des tables de quartier, qui ne sont à personne",
    "contrat_ville.EntreePartenaire": JOURNAL,
    "contrat_ville.EntreeProgrammation": JOURNAL,
    "contrat_ville.EntreeQuartier": JOURNAL,
    "contrat_ville.EntreeTypePiece": JOURNAL,
}

RESTE = {"contrat_ville.Porteur": ORGANISME}


def oublier(personne: Personne) -> None:
    oublier_porteurs(list(personne.dans(Porteur).values_list("pk", flat=True)))
