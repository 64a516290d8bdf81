"""Triage: what it is about, who deals with it, or why nobody does."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from participation.socle.actions import annuler_echeance, avancer, exiger, verrouiller
from participation.socle.models import Commune, Compte, Direction, Quartier
from remontees.actions.parts import confier, presser
from remontees.models import Attribution, Categorie, Organisme, Remontee
from remontees.notifications import reponse as notifications


@transaction.atomic
def qualifier(
    remontee: Remontee,
    *,
    par: Compte,
    titre: str,
    categorie: Categorie | None,
    commune: Commune | None,
    quartier: Quartier | None,
    lieu: str = "",
    est_contestation: bool = False,
    est_individuelle: bool = False,
) -> None:
    """Say what it is about and where, in the agent's words; what was said stays as it was."""
    if quartier is not None:
        commune = quartier.commune
    avant = {"categorie": str(remontee.categorie or ""), "commune": str(remontee.commune or "")}
    champs: dict[str, Any] = {
        "titre": titre,
        "categorie": categorie,
        "commune": commune,
        "quartier": quartier,
        "lieu": lieu,
        "est_contestation": est_contestation,
        "est_individuelle": est_individuelle,
    }
    avancer(
        remontee,
        "qualifier",
        par=par,
        champs=champs,
        details={**avant, "categorie_apres": str(categorie or ""), "commune_apres": str(commune or "")},
    )
    remontee.communes.set([commune] if commune else [])
    remontee.quartiers.set([quartier] if quartier else [])


def signaler_urgence(remontee: Remontee, *, par: Compte, qui_est_prevenu: str) -> None:
    """A danger: who was called, and when, is in the journal. The triage is due at once; so is the answer of the services that
    have it, or its sujet, and they are told."""
    with transaction.atomic():
        if remontee.sujet_commun is not None:
            # First, as the acts of a sujet do: two dangers under one wait for each other and never lock up.
            verrouiller(remontee.sujet_commun)
        avancer(remontee, "signaler_urgence", par=par, champs={"est_urgente": True}, motif=qui_est_prevenu)
        for traite in remontee.traites():
            presser(traite, remontee)


@transaction.atomic
def attribuer(
    remontee: Remontee,
    *,
    par: Compte,
    a: Direction | Commune | Organisme,
    date_limite: date,
    consigne: str = "",
) -> Attribution:
    """Give it to a service, one more if others have it already. Raises ValidationError when that service has its part."""
    return confier(remontee, "attribuer", "Donnée", par=par, a=a, date_limite=date_limite, consigne=consigne)


@transaction.atomic
def orienter(
    remontee: Remontee, *, par: Compte, organisme: Organisme, mot: str = "", transmettre: bool = False
) -> None:
    """Not the metropolis's: the person is told where to go, or that it was handed over with her consent (CRPA L114-2).

    Raises ErreurMetier when it is to be handed over without her consent, or to a body without address.
    """
    pas = exiger(remontee, "orienter", par=par)
    notifications.exiger_transmission(remontee, organisme, transmettre=transmettre)
    pas.avancer(
        champs={"organisme": organisme, "reponse": mot, "issue": "transmis", "repondue_le": timezone.now()},
        fait=f"{'Transmise' if transmettre else 'Orientée vers'} {'à ' if transmettre else ''}{organisme}"[
            :200
        ],
        motif=mot,
        details={"organisme": organisme.pk, "transmise": transmettre},
    )
    annuler_echeance(remontee)
    notifications.orienter(remontee, organisme=organisme, mot=mot, transmise=transmettre)


@transaction.atomic
def ecarter(remontee: Remontee, *, par: Compte, motif: str) -> None:
    """Nothing to deal with: insults, advertising, a trial, twice the same. The reason stays; it can be opened again."""
    avancer(remontee, "ecarter", par=par, motif=motif, champs={"clos_le": timezone.now()})
    annuler_echeance(remontee)
