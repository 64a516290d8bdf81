"""Erasure of a person from the CCSPL: addresses of transmissions and of saisines."""

from ccspl.models import Avis, Transmission
from participation.socle.actions.oubli import ACTES, FIGES, JOURNAL, Personne

GARDE = {"ccspl.VersionAvis": FIGES, "ccspl.VersionDocument": JOURNAL}
RESTE = {"ccspl.Avis": ACTES, "ccspl.Transmission": ACTES}


def oublier(personne: Personne) -> None:
    personne.dans(Transmission, "adresse").update(adresse="", accusee_par="")
    personne.dans(Avis, "adresse_demandeur").update(adresse_demandeur="")
