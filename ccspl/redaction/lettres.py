"""Letters about the drafting and the vote of an avis."""

from django.urls import reverse

from ccspl.avis import au_demandeur, aux_membres
from ccspl.models import Avis, Proposition
from participation.socle.courriels.ecriture import ecrire
from participation.suites.abonnements import prevenir_abonnes


def proposer(proposition: Proposition) -> None:
    """Write to the agent in charge of the avis."""
    avis = proposition.avis
    if avis.agent is not None and avis.agent_id != proposition.auteur_id:
        ecrire(
            "ccspl/proposer",
            a=[avis.agent.courriel],
            dossier=avis,
            cle=f"proposer:{proposition.pk}",
            contexte={
                "avis": avis,
                "proposition": proposition,
                "lien": reverse("ccspl:accepter", args=[proposition.pk]),
            },
        )


def a_l_auteur(proposition: Proposition, lettre: str, **contexte: object) -> None:
    ecrire(
        f"ccspl/{lettre}",
        a=[proposition.auteur.courriel],
        dossier=proposition.avis,
        cle=f"{lettre}:{proposition.pk}",
        contexte={
            "avis": proposition.avis,
            "proposition": proposition,
            "lien": reverse("ccspl:redaction", args=[proposition.avis_id]),
            **contexte,
        },
    )


def adopter(avis: Avis) -> None:
    """Write to the members, to the followers of the dossier, and to the requester."""
    cle = f"adopter:{avis.pk}"
    aux_membres(avis, "adopter", cle=cle, lien=avis.get_public_url(), desabonnement="")
    prevenir_abonnes(avis, "ccspl/adopter", {"avis": avis}, cle=cle)
    au_demandeur(avis, "adopter", f"{cle}:demandeur", lien=avis.get_public_url(), desabonnement="")
