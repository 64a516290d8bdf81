"""Acts of triage: qualify, flag as urgent, give to a service, refer elsewhere, set aside."""

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
    """Set the subject and the place in the agent's words. The verbatim is never changed."""
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
    """Flag a danger. `qui_est_prevenu`: who was called and when, kept in the journal.

    The triage and the awaited parts, those of the sujet included, become due today, and the services are
    told.
    """
    with transaction.atomic():
        if remontee.sujet_commun is not None:
            # Sujet first, as in its own acts: two concurrent dangers wait for each other without a deadlock.
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
    """Give a part to a service; several may have one. Raises ValidationError when it already has one."""
    return confier(remontee, "attribuer", "Donnée", par=par, a=a, date_limite=date_limite, consigne=consigne)


@transaction.atomic
def orienter(
    remontee: Remontee, *, par: Compte, organisme: Organisme, mot: str = "", transmettre: bool = False
) -> None:
    """Refer the person to the competent body, or hand over with their consent (CRPA L114-2).

    Raises ErreurMetier to hand over without consent, or to a body without address.
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
    """Set aside what needs no treatment: insults, advertising, test, duplicate. It can be reopened."""
    avancer(remontee, "ecarter", par=par, motif=motif, champs={"clos_le": timezone.now()})
    annuler_echeance(remontee)
