"""Letters to the services, and to the agent about their answers."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from participation.socle.courriels.ecriture import ecrire
from participation.socle.courriels.lettres import adresses_du_service
from participation.socle.erreurs import ErreurMetier
from remontees.models import Attribution, Organisme, Remontee, Sujet
from remontees.personne import prevenir_la_personne, rapporteur_de


def lien_de(part: Attribution) -> str:
    """Page where the service answers without an account."""
    return reverse("remontees:attribution", args=[part.jeton()])


def au_service(part: Attribution, lettre: str, cle: str = "", **contexte: object) -> bool:
    """Write to the service, with its link. False when the letter of this `cle` is already written."""
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


def relancer_attribution(part: Attribution, *, mot: str) -> bool:
    """Remind the service. False when today's reminder is already written."""
    jour = timezone.localdate()
    return au_service(part, "relancer_attribution", f"attribution:{part.pk}:{jour:%Y%m%d}", mot=mot)


def a_l_agent(part: Attribution, lettre: str) -> None:
    agent = part.dossier.agent or part.par
    ecrire(
        f"remontees/{lettre}",
        a=[agent.courriel] if agent is not None else adresses_du_service(part.dossier),
        dossier=part.dossier,
        contexte={"part": part, "dossier": part.suivi.enfant, "lien": part.suivi.enfant.get_absolute_url()},
    )


def moyen_vers(remontee: Remontee) -> str:
    """Means to reach the person, paper included; empty when nothing is sent."""
    rapporteur = rapporteur_de(remontee)
    return rapporteur.moyen_d_envoi if rapporteur is not None else ""


def _a_la_personne(remontee: Remontee, lettre: str, **contexte: Any) -> bool:
    return prevenir_la_personne(remontee, lettre, **contexte) is not None


def repondre(remontee: Remontee, *, sujet: Sujet | None = None) -> bool:
    return _a_la_personne(remontee, "repondre", sujet=sujet)


def renvoyer(remontee: Remontee, *, adresse: str) -> bool:
    """Give the online procedure that settles an individual matter."""
    return _a_la_personne(remontee, "renvoyer", adresse=adresse)


def exiger_transmission(remontee: Remontee, organisme: Organisme, *, transmettre: bool) -> None:
    """Raise ErreurMetier when the remontée cannot be handed over.

    The person must have agreed, and the body must have an address.
    """
    if not transmettre:
        return
    rapporteur = rapporteur_de(remontee)
    if rapporteur is not None and not rapporteur.accepte_transmission:
        raise ErreurMetier(
            "La personne n’a pas accepté que ses coordonnées soient transmises : dites-lui où s’adresser."
        )
    if not organisme.adresses():
        raise ErreurMetier(organisme.sans_adresse(", ou orientez seulement"))


def orienter(remontee: Remontee, *, organisme: Organisme, mot: str, transmise: bool) -> None:
    """Tell the person, and the body when it is handed over. CRPA L114-2: the person is told to whom."""
    contexte = {"organisme": organisme, "mot": mot, "transmise": transmise}
    _a_la_personne(remontee, "orienter", **contexte)
    if transmise:
        ecrire(
            "remontees/transmettre",
            a=organisme.adresses(),
            dossier=remontee,
            contexte={"remontee": remontee, "rapporteur": rapporteur_de(remontee), **contexte},
        )


def rouvrir(remontee: Remontee, sujet: Sujet | None, *, motif: str) -> None:
    """Tell the services that answered, on the remontée or its sujet, that the person is not satisfied."""
    repondues = Attribution.objects.filter(dossier__in=[traite.pk for traite in (remontee, sujet) if traite])
    for part in repondues.exclude(repondue_le=None).select_related("direction", "commune", "organisme"):
        ecrire(
            "remontees/rouvrir",
            a=part.adresses(),
            dossier=remontee,
            contexte={"remontee": remontee, "motif": motif},
        )
