"""Letters about a réponse argumentée: to the élu who reads it, to its agent, to who proposed."""

from django.utils import timezone

from participation.engagements.models import ReponseArgumentee
from participation.socle.courriels import porte
from participation.socle.courriels.ecriture import ecrire


def soumettre_reponse(reponse: ReponseArgumentee) -> None:
    _ecrire("soumettre_reponse", reponse, reponse.elu.courriel)


def viser_reponse(reponse: ReponseArgumentee, *, motif: str = "") -> None:
    """Tell the agent that the élu read it, or what she asks to correct."""
    if reponse.agent is not None:
        _ecrire("viser_reponse", reponse, reponse.agent.courriel, motif=motif)


def _ecrire(lettre: str, reponse: ReponseArgumentee, a: str, motif: str = "") -> None:
    ecrire(
        f"engagements/{lettre}",
        a=[a],
        dossier=reponse,
        contexte={
            "reponse": reponse,
            "collectif": reponse.collectif,
            "motif": motif,
            "lien": reponse.get_absolute_url(),
        },
    )


def publier_reponse(reponse: ReponseArgumentee) -> None:
    """Tell the association and each member, by one letter, that all is answered, and when it is given back."""
    assert reponse.restitution_le is not None  # noqa: S101 what `restitution_fixee` said
    for voix in reponse.collectif.voix():
        porte.ecrire(
            "engagements/publier_reponse",
            a=voix.courriel,
            sujet=reponse,
            dossier=reponse,
            mots={
                "titre": porte.lu(reponse, "titre"),
                "combien": reponse.lignes.count(),
                "lieu": porte.lu(reponse, "restitution_lieu"),
                "jour": timezone.localdate(reponse.restitution_le),
                "lien": reponse.get_public_url(),
            },
        )
