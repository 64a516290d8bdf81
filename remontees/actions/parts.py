"""Acts on the part of a service, for a remontée or a sujet, whose état follows its parts."""

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

# Keys of the échéances of the participation service.
TRI, REPONSE = "trier", "repondre"


def donner(
    dossier: Dossier,
    *,
    par: Compte,
    a: Direction | Commune | Organisme,
    date_limite: date,
    consigne: str = "",
) -> Attribution:
    """Create the part of a service and its échéance, and tell the service. Call within the act.

    Raises ValidationError for a past date, ErreurMetier for a service without address.
    """
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
        est_legale=True,  # suspended with the others while the person is asked something
        rappels=[5, 1],
        relances=[3],
        escalade=ReglementRemontees.actuel().escalade_jours,
        direction=part.direction,
        lien=notifications.lien_de(part),
    )
    notifications.attribuer(part)
    return part


def presser(traite: Remontee | Sujet, urgente: Remontee) -> None:
    """Make the triage and the awaited parts due today, and tell the services. Call within the act.

    Earlier dates stay. A suspended échéance resumes from the new date.
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
    """Give one more service its part and end the triage. Called within `attribuer` and `attribuer_sujet`."""
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
    """Mark the part as taken by the service."""
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
    """Refuse the part, with the reason and another service to ask. Refused by all: back to triage."""
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
    """Answer the part. The participation service then writes to the person.

    Raises ValidationError for « prévu » without a date.
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
    """Raise ValidationError unless « prévu » has a date, and it alone."""
    if issue == Issue.PREVU and date_prevue is None:
        raise ValidationError({"date_prevue": "Dites pour quand c’est prévu, même à peu près."})
    if issue != Issue.PREVU and date_prevue is not None:
        raise ValidationError({"date_prevue": "Choisissez « prévu », ou effacez ce jour."})


def clore_attribution(part: Attribution, *, par: Compte | None) -> None:
    """Close the part: what was planned is done, or nothing is left to do."""
    with transaction.atomic():
        exiger(part, "clore_attribution", par=par).avancer(
            champs={"etat": EtatAttribution.CLOSE, "close_le": timezone.now()},
            fait=f"Terminée par {part.en_phrase}"[:200],
            details={"attribution": part.pk},
        )


@transaction.atomic
def retirer_attribution(part: Attribution, *, par: Compte, motif: str) -> None:
    """Withdraw the part from the service, which is told."""
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
    """Remind the service, at most once a day. Raises ErreurMetier the second time."""
    pas = exiger(part, "relancer_attribution", par=par)
    if not notifications.relancer_attribution(part, mot=mot):
        raise ErreurMetier("Une relance est déjà partie aujourd’hui pour cette part.")
    pas.avancer(
        fait=f"{majuscule(part.en_phrase)} : relance"[:200], motif=mot, details={"attribution": part.pk}
    )


def _appliquer(pas: Pas, part: Attribution, champs: dict[str, Any], *, fait: str, motif: str) -> None:
    """Change the part, then the état of the dossier from all its parts."""
    traite: Any = part.suivi
    est_remontee = isinstance(traite, Remontee)
    siennes = part.dossier.attributions.exclude(pk=part.pk)
    autres = siennes.values_list("etat", flat=True)
    if champs["etat"] not in PARTS_LISANTES and part.direction_id == traite.direction_id:
        # The direction of a dossier can read it: replace one that loses its part.
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
    """Set the échéance of the answer once all parts are answered; cancel it otherwise."""
    if est_due:
        devoir(dossier, REPONSE, "Écrire la réponse")
    else:
        annuler_echeance(dossier, REPONSE)


def devoir(dossier: Dossier, cle: str, libelle: str) -> None:
    traite: Any = dossier.enfant
    jour = timezone.localdate()
    if cle != TRI or not traite.est_urgente:  # a danger is triaged the same day, working day or not
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
