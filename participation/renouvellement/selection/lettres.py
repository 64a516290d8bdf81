"""The decision, written to each applicant when the list is settled."""

from collections import Counter
from collections.abc import Iterable

from participation.renouvellement.candidatures.lettres import contexte_de, ecrire_par_poste
from participation.renouvellement.models import Campagne, Candidature
from participation.renouvellement.workflow import Choix, Eligibilite
from participation.socle.courriels.ecriture import deposer, rediger
from participation.socle.models import ReglageService

LETTRES_ARRET = {
    Choix.RETENUE: "renouvellement/arreter_retenue",
    Choix.ATTENTE: "renouvellement/arreter_attente",
    Choix.NON_RETENUE: "renouvellement/arreter_non_retenue",
}


def lettre_d_arret(candidature: Candidature) -> str:
    return LETTRES_ARRET[Choix(candidature.choix)]


def arreter(campagne: Campagne, candidatures: Iterable[Candidature]) -> int:
    """Write their decision to all eligible applicants; return the number of letters.

    People declared not eligible already received a letter.
    """
    service, candidatures = ReglageService.actuel(), list(candidatures)
    for candidature in candidatures:
        if est_a_ecrire(candidature) and not candidature.courriel:
            ecrire_par_poste("arreter", candidature)
    demandes = Counter(c.college_id for c in candidatures if c.eligibilite == Eligibilite.ELIGIBLE)
    return deposer(
        [
            rediger(
                lettre_d_arret(c),
                [c.courriel],
                {**contexte_de(c), "service": service, "est_pris": demandes[c.college_id] > c.college.sieges},
                cle=f"candidature:{c.pk}:arreter",
            )
            for c in candidatures
            if c.courriel and est_a_ecrire(c)
        ]
    )


def est_a_ecrire(candidature: Candidature) -> bool:
    return bool(candidature.choix) and candidature.eligibilite == Eligibilite.ELIGIBLE
