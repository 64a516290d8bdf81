"""Letters to the services, and letters to the agent about their answers."""

from django.urls import reverse
from django.utils import timezone

from participation.socle.courrier import ecrire
from participation.socle.notifications import adresses_du_service
from remontees.models import Attribution, Remontee


def lien_de(part: Attribution) -> str:
    """Page where the service answers without an account."""
    return reverse("remontees:attribution", args=[part.jeton()])


def _au_service(part: Attribution, lettre: str, cle: str = "", **contexte: object) -> bool:
    dossier = part.dossier.enfant
    return (
        ecrire(
            f"remontees/{lettre}",
            a=part.adresses(),
            dossier=part.dossier,
            cle=cle or None,
            repondre_a=part.par.courriel if part.par else "",
            contexte={
                "part": part,
                "dossier": dossier,
                "est_urgente": part.est_urgente,
                "aujourd_hui": timezone.localdate(),
                "a_lire": dossier.a_lire(),
                "pieces": dossier.pieces_a_lire().exists(),
                "lien": lien_de(part),
                **contexte,
            },
        )
        is not None
    )


def attribuer(part: Attribution) -> None:
    _au_service(part, "attribuer", f"attribution:{part.pk}")


def relancer_attribution(part: Attribution, *, mot: str) -> bool:
    """Remind the service. False when today's reminder is already written."""
    jour = timezone.localdate()
    return _au_service(part, "relancer_attribution", f"attribution:{part.pk}:{jour:%Y%m%d}", mot=mot)


def signaler_urgence(part: Attribution, remontee: Remontee) -> None:
    """Tell the service that its part has become urgent, by this remontée or one of its sujet."""
    _au_service(part, "signaler_urgence", urgente=remontee)


def retirer_attribution(part: Attribution) -> None:
    _au_service(part, "retirer_attribution")


def _a_l_agent(part: Attribution, lettre: str) -> None:
    agent = part.dossier.agent or part.par
    ecrire(
        f"remontees/{lettre}",
        a=[agent.courriel] if agent is not None else adresses_du_service(part.dossier),
        dossier=part.dossier,
        contexte={"part": part, "dossier": part.suivi.enfant, "lien": part.suivi.enfant.get_absolute_url()},
    )


def refuser_attribution(part: Attribution) -> None:
    _a_l_agent(part, "refuser_attribution")


def repondre_attribution(part: Attribution) -> None:
    _a_l_agent(part, "repondre_attribution")
