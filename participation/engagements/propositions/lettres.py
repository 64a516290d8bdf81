"""Letters about a proposition, to the association and the members, through the gate."""

from participation.engagements.models import Proposition
from participation.engagements.workflow import EtatProposition
from participation.socle.courriels import porte
from participation.suites.models import ChangementSuite, Suite


def repondre_proposition(proposition: Proposition) -> None:
    """Tell who carries it, once for each answer. Nothing leaves before it is published."""
    if not proposition.est_publie:
        return
    for voix in proposition.voix():
        porte.ecrire(
            "engagements/repondre_proposition",
            a=voix.courriel,
            sujet=proposition,
            dossier=proposition,
            mots={
                "titre": porte.lu(proposition, "titre"),
                "retour": porte.lu(proposition, "retour"),
                "est_oui": int(proposition.etat == EtatProposition.RETENUE),
                "est_non": int(proposition.etat == EtatProposition.NON_RETENUE),
                "lien": proposition.get_public_url(),
            },
        )


def changer_suite(proposition: Proposition, suite: Suite, changement: ChangementSuite) -> None:
    """Tell who proposed that a result moved. The `suites` app writes to the followers itself."""
    if not proposition.est_publie:
        return
    for rang, voix in enumerate(proposition.voix()):
        porte.ecrire(
            "engagements/changer_suite",
            a=voix.courriel,
            sujet=proposition,
            dossier=proposition,
            cle=f"{changement.cle_lettre}:{rang}",
            mots={
                "titre": porte.lu(proposition, "titre"),
                "intitule": porte.lu(suite, "intitule"),
                "lien": f"{proposition.get_public_url()}#suites",
            },
        )
