"""The decision, written to each applicant when the list is settled."""

from collections import Counter
from collections.abc import Sequence

from participation.renouvellement.candidatures.lettres import contexte_de, ecrire_par_poste
from participation.renouvellement.models import Campagne, Candidature
from participation.renouvellement.workflow import Choix, Eligibilite
from participation.socle.actions.tournees import EtapeDeTournee
from participation.socle.courriels.ecriture import deposer, rediger
from participation.socle.models import ReglageService

LETTRES_ARRET = {
    Choix.RETENUE: "renouvellement/arreter_retenue",
    Choix.ATTENTE: "renouvellement/arreter_attente",
    Choix.NON_RETENUE: "renouvellement/arreter_non_retenue",
}


def lettre_d_arret(candidature: Candidature) -> str:
    return LETTRES_ARRET[Choix(candidature.choix)]


def etape(campagne: Campagne) -> EtapeDeTournee:
    eligibles = campagne.candidatures.deposees().filter(eligibilite=Eligibilite.ELIGIBLE)
    decidees = eligibles.exclude(choix="").select_related("college", "campagne")
    return EtapeDeTournee(decidees, lambda lot: ecrire_la_decision(campagne, lot))


def ecrire_la_decision(campagne: Campagne, candidatures: Sequence[Candidature]) -> int:
    """Write it to these ones, by mail or on paper. Return the number of letters by mail."""
    service = ReglageService.actuel()
    eligibles = campagne.candidatures.deposees().filter(eligibilite=Eligibilite.ELIGIBLE)
    demandes = Counter(eligibles.values_list("college_id", flat=True))
    for candidature in candidatures:
        if not candidature.courriel:
            ecrire_par_poste("arreter", candidature)
    return deposer(
        [
            rediger(
                lettre_d_arret(c),
                [c.courriel],
                {**contexte_de(c), "service": service, "est_pris": demandes[c.college_id] > c.college.sieges},
                cle=f"candidature:{c.pk}:arreter",
                langue=c.langue,
            )
            for c in candidatures
            if c.courriel
        ]
    )


def est_a_ecrire(candidature: Candidature) -> bool:
    return bool(candidature.choix) and candidature.eligibilite == Eligibilite.ELIGIBLE
