"""Letters about the answer to a remontée."""

from typing import Any

from participation.socle.courrier import ecrire
from participation.socle.erreurs import ErreurMetier
from remontees.models import Attribution, Organisme, Remontee, Sujet
from remontees.notifications.communs import ecrire_a_la_personne, rapporteur_de


def moyen_vers(remontee: Remontee) -> str:
    """Means to reach the person, paper included; empty when nothing is sent."""
    rapporteur = rapporteur_de(remontee)
    return rapporteur.moyen_d_envoi if rapporteur is not None else ""


def _a_la_personne(remontee: Remontee, lettre: str, **contexte: Any) -> bool:
    return ecrire_a_la_personne(remontee, lettre, **contexte) is not None


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
    if not organisme.courriel:
        raise ErreurMetier(
            f"{organisme} n’a pas d’adresse électronique : complétez sa fiche, ou orientez seulement."
        )


def orienter(remontee: Remontee, *, organisme: Organisme, mot: str, transmise: bool) -> None:
    """Tell the person, and the body when it is handed over. CRPA L114-2: the person is told to whom."""
    contexte = {"organisme": organisme, "mot": mot, "transmise": transmise}
    _a_la_personne(remontee, "orienter", **contexte)
    if transmise:
        ecrire(
            "remontees/transmettre",
            a=[organisme.courriel],
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
