"""The part of each service, whatever is treated: a remontée or a sujet. What is followed goes where its parts lead."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from participation.socle.actions import annuler_echeance, exiger, faire_echeance, fixer_echeance
from participation.socle.actions.avancer import Pas
from participation.socle.calendrier import ajouter_jours_ouvres
from participation.socle.erreurs import ErreurMetier
from participation.socle.francais import a_qui, de, majuscule
from participation.socle.models import Commune, Compte, Direction, Dossier
from remontees.models import Attribution, Organisme, ReglementRemontees, Remontee, Sujet
from remontees.notifications import parts as notifications
from remontees.regles.parts import etat_des_parts
from remontees.workflow import PARTS_LISANTES, Etat, EtatAttribution, EtatSujet, Issue

# Keys of what is due by the participation service itself.
TRI, REPONSE = "trier", "repondre"


def donner(
    dossier: Dossier,
    *,
    par: Compte,
    a: Direction | Commune | Organisme,
    date_limite: date,
    consigne: str = "",
) -> Attribution:
    """Write the part of a service with its échéance, and tell it. Inside the act that gives it."""
    if date_limite < timezone.localdate():
        raise ValidationError({"date_limite": "La date de réponse est déjà passée."})
    part = Attribution(
        dossier_id=dossier.pk,
        par=par,
        direction=a if isinstance(a, Direction) else None,
        commune=a if isinstance(a, Commune) else None,
        organisme=a if isinstance(a, Organisme) else None,
        date_limite=date_limite,
        consigne=consigne,
    )
    if not part.adresses():
        raise ErreurMetier(f"{a} n’a pas d’adresse électronique : complétez sa fiche avant de lui donner.")
    part.full_clean()
    part.save()
    fixer_echeance(
        dossier,
        part.cle_echeance,
        libelle=f"Répondre : {dossier.titre}"[:160],
        date_limite=date_limite,
        est_legale=True,  # stops with the others while the person is asked something
        rappels=[5, 1],
        relances=[3],
        escalade=ReglementRemontees.actuel().escalade_jours,
        direction=part.direction,
        lien=notifications.lien_de(part),
    )
    notifications.attribuer(part)
    return part


def presser(traite: Remontee | Sujet, urgente: Remontee) -> None:
    """Inside the act that makes it urgent: what its services owe, and its triage, are due today; the services are told.

    A day that comes sooner, or is past, stays. A clock that stands still goes on from the new day.
    """
    jour = timezone.localdate()
    parts = list(Attribution.attendues_de(traite))
    a_presser = traite.echeances.ouvertes().filter(
        cle__in=[TRI, *(part.cle_echeance for part in parts)], date_limite__gt=jour
    )
    a_presser.filter(suspendue_le__isnull=False).update(suspendue_le=jour)
    a_presser.update(date_limite=jour, fixee_le=jour)
    for part in parts:
        if part.date_limite > jour:
            part.date_limite = jour
            part.save(update_fields=["date_limite"])
        notifications.signaler_urgence(part, urgente)


def confier(
    dossier: Remontee | Sujet,
    acte: str,
    fait: str,
    *,
    par: Compte,
    a: Direction | Commune | Organisme,
    date_limite: date,
    consigne: str,
) -> Attribution:
    """Inside `attribuer`, `attribuer_sujet`: one more service has its part, and the triage is done."""
    pas = exiger(dossier, acte, par=par)
    part = donner(dossier, par=par, a=a, date_limite=date_limite, consigne=consigne)
    pas.avancer(
        champs={"direction": a} if isinstance(a, Direction) and dossier.direction_id is None else {},
        fait=f"{fait} {a_qui(part.en_phrase)}"[:200],
        motif=consigne,
        details={"attribution": part.pk, "date_limite": date_limite.isoformat()},
    )
    faire_echeance(dossier, TRI)
    return part


def prendre_attribution(part: Attribution, *, par: Compte | None) -> None:
    """The service says that it has it in hand."""
    with transaction.atomic():
        exiger(part, "prendre_attribution", par=par).avancer(
            champs={"etat": EtatAttribution.PRISE, "prise_le": timezone.now()},
            fait=f"Prise en main par {part.en_phrase}"[:200],
            details={"attribution": part.pk},
        )


@transaction.atomic
def refuser_attribution(
    part: Attribution, *, par: Compte | None, motif: str, oriente_vers: str = "", nom: str = ""
) -> None:
    """Not for this service: why, and whom to ask. Refused by all, it goes back to triage."""
    pas = exiger(part, "refuser_attribution", par=par)
    champs = {
        "etat": EtatAttribution.REFUSEE,
        "motif": motif,
        "oriente_vers": oriente_vers,
        "repondue_par": nom,
    }
    _appliquer(pas, part, champs, fait=f"Refusée par {part.en_phrase}", motif=motif)
    annuler_echeance(part.dossier, part.cle_echeance)
    notifications.refuser_attribution(part)


@transaction.atomic
def repondre_attribution(
    part: Attribution,
    *,
    par: Compte | None,
    issue: str,
    reponse: str,
    date_prevue: date | None = None,
    nom: str = "",
) -> None:
    """What the service did or will do: the participation service writes to the person from it.

    Raises ValidationError without a day when something is planned.
    """
    exiger_jour(issue, date_prevue)
    pas = exiger(part, "repondre_attribution", par=par)
    champs = {
        "etat": EtatAttribution.REPONDUE,
        "issue": issue,
        "reponse": reponse,
        "date_prevue": date_prevue,
        "repondue_le": timezone.now(),
        "repondue_par": nom or str(par or ""),
    }
    _appliquer(pas, part, champs, fait=f"Réponse {de(part.en_phrase)} : {Issue(issue).label}", motif=reponse)
    faire_echeance(part.dossier, part.cle_echeance)
    notifications.repondre_attribution(part)


def exiger_jour(issue: str, date_prevue: date | None) -> None:
    """« prévu » says when. Raises ValidationError."""
    if issue == Issue.PREVU and date_prevue is None:
        raise ValidationError({"date_prevue": "Dites pour quand c’est prévu, même à peu près."})
    if issue != Issue.PREVU and date_prevue is not None:
        raise ValidationError({"date_prevue": "Choisissez « prévu », ou effacez ce jour."})


def clore_attribution(part: Attribution, *, par: Compte | None) -> None:
    """What was planned is done, or nothing is left to do."""
    with transaction.atomic():
        exiger(part, "clore_attribution", par=par).avancer(
            champs={"etat": EtatAttribution.CLOSE, "close_le": timezone.now()},
            fait=f"Terminée par {part.en_phrase}"[:200],
            details={"attribution": part.pk},
        )


@transaction.atomic
def retirer_attribution(part: Attribution, *, par: Compte, motif: str) -> None:
    """It is no more for this service, which is told."""
    pas = exiger(part, "retirer_attribution", par=par)
    _appliquer(
        pas,
        part,
        {"etat": EtatAttribution.RETIREE, "motif": motif},
        fait=f"Retirée {a_qui(part.en_phrase)}",
        motif=motif,
    )
    annuler_echeance(part.dossier, part.cle_echeance)
    notifications.retirer_attribution(part)


@transaction.atomic
def relancer_attribution(part: Attribution, *, par: Compte, mot: str = "") -> None:
    """Write again to the service, once a day at most."""
    pas = exiger(part, "relancer_attribution", par=par)
    if not notifications.relancer_attribution(part, mot=mot):
        raise ErreurMetier("Une relance est déjà partie aujourd’hui pour cette part.")
    pas.avancer(
        fait=f"{majuscule(part.en_phrase)} : relance"[:200], motif=mot, details={"attribution": part.pk}
    )


def _appliquer(pas: Pas, part: Attribution, champs: dict[str, Any], *, fait: str, motif: str) -> None:
    """Change the part, then lead what is followed where its parts say."""
    traite: Any = part.suivi
    est_remontee = isinstance(traite, Remontee)
    siennes = part.dossier.attributions.exclude(pk=part.pk)
    autres = siennes.values_list("etat", flat=True)
    if champs["etat"] not in PARTS_LISANTES and part.direction_id == traite.direction_id:
        # What opens to the direction of a dossier opens no more to this one.
        suivante = siennes.filter(direction__isnull=False, etat__in=sorted(PARTS_LISANTES)).first()
        traite.direction = suivante.direction if suivante is not None else None
    etat = etat_des_parts(
        [*autres, champs["etat"]],
        aucune=Etat.NOUVELLE if est_remontee else EtatSujet.OUVERT,
        attendue=Etat.TRANSMISE if est_remontee else EtatSujet.TRANSMIS,
        rendues=Etat.A_REPONDRE if est_remontee else EtatSujet.A_REPONDRE,
    )
    pas.avancer(vers=etat, champs=champs, fait=fait[:200], motif=motif, details={"attribution": part.pk})
    attendre_la_reponse(part.dossier, etat == Etat.A_REPONDRE)
    if etat in {Etat.NOUVELLE, EtatSujet.OUVERT}:
        devoir(part.dossier, TRI, "Choisir qui s’en occupe : les services l’ont refusée")


def attendre_la_reponse(dossier: Dossier, est_due: bool) -> None:
    """The answer to the person is due once all services have spoken."""
    if est_due:
        devoir(dossier, REPONSE, "Écrire la réponse")
    else:
        annuler_echeance(dossier, REPONSE)


def devoir(dossier: Dossier, cle: str, libelle: str) -> None:
    traite: Any = dossier.enfant
    jour = timezone.localdate()
    if cle != TRI or not traite.est_urgente:  # a danger waits for no worked day
        jour = ajouter_jours_ouvres(jour, ReglementRemontees.actuel().delai_tri_jours)
    fixer_echeance(
        dossier,
        cle,
        libelle=libelle,
        date_limite=jour,
        est_legale=True,
        rappels=[1],
        responsable=dossier.agent,
    )
