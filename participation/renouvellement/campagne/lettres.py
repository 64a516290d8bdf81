"""Letter to the applicants of a campaign that is given up."""

from collections.abc import Iterable

from participation.renouvellement.candidatures.lettres import contexte_de, ecrire_par_poste
from participation.renouvellement.models import Campagne, Candidature
from participation.socle.courriels.ecriture import deposer, rediger


def abandonner_campagne(campagne: Campagne, candidatures: Iterable[Candidature], motif: str) -> None:
    candidatures = list(candidatures)
    for candidature in candidatures:
        if not candidature.courriel:
            ecrire_par_poste("abandonner_campagne", candidature, motif=motif)
    deposer(
        [
            rediger(
                "renouvellement/abandonner_campagne",
                [c.courriel],
                contexte_de(c, motif=motif),
                cle=f"candidature:{c.pk}:abandonner",
            )
            for c in candidatures
            if c.courriel
        ]
    )
