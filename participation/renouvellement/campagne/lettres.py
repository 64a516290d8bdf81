"""Letter to the applicants of a campaign that is given up."""

from collections.abc import Sequence

from participation.renouvellement.candidatures.lettres import contexte_de, ecrire_par_poste
from participation.renouvellement.models import Campagne, Candidature
from participation.socle.actions.tournees import Etape, a_chacun
from participation.socle.courriels.ecriture import deposer, rediger


def abandonner_campagne(campagne: Campagne, motif: str) -> None:
    a_chacun(etape, campagne, cle="abandonner_campagne", campagne=campagne, motif=motif)


def etape(campagne: Campagne, motif: str) -> Etape:
    def ecrire(lot: Sequence[Candidature]) -> None:
        for candidature in lot:
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
                for c in lot
                if c.courriel
            ]
        )

    return Etape(campagne.candidatures.deposees().select_related("campagne", "college"), ecrire)
