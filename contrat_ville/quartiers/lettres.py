"""Letters to the référents of a quartier."""

from contrat_ville.models import SuiviQuartier
from participation.socle.courriels.ecriture import ecrire
from participation.socle.models import Compte


def nommer_referents(suivi: SuiviQuartier, compte: Compte) -> None:
    ecrire(
        "contrat_ville/nommer_referents",
        a=[compte.courriel],
        contexte={"quartier": suivi.quartier, "lien": suivi.get_absolute_url()},
    )
