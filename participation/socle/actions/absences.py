"""Absences of agents: noted with who stands in, ended."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from participation.socle.bd.verrous import verrou
from participation.socle.courriels import lettres
from participation.socle.models import Absence, Compte


@transaction.atomic
def noter_absence(
    *,
    par: Compte,
    compte: Compte,
    remplacant: Compte,
    date_debut: date,
    date_fin: date | None,
    domaine: str = "",
) -> Absence:
    """Any agent notes that of any other: who is ill does not sign in. In a direction or a commune, that of a colleague.

    Who answers for a direction or a commune is replaced by a colleague, or by an agent of the service: never by another body.
    Raises ValidationError: days gone, another absence, a deputy away on one of these days, or who may not act for her.
    With a `domaine`, a delegation: without end if nobody says one, to somebody who has the rights already.
    """
    verrou("absences")  # two agents could name each other's deputy at the same time
    if date_fin is not None and date_fin < timezone.localdate():
        raise ValidationError({"date_fin": "Ce jour est passé : l’absence serait déjà finie."})
    if compte.est_agent and not remplacant.est_agent:
        raise ValidationError({"remplacant": "Choisissez quelqu’un du service participation."})
    if not compte.est_agent and not Compte.objects.collegues(compte).contains(remplacant):
        if domaine:
            dit = (
                "Une délégation ne prête aucun droit : choisissez quelqu’un de la même direction ou commune."
            )
            raise ValidationError({"remplacant": dit})
        if not remplacant.est_agent:
            dit = "Choisissez quelqu’un de la même direction ou commune, ou du service participation."
            raise ValidationError({"remplacant": dit})
    absence = Absence(
        compte=compte,
        remplacant=remplacant,
        date_debut=date_debut,
        date_fin=date_fin,
        domaine=domaine,
        par=par,
    )
    absence.full_clean()
    # A delegation without end outlasts the leaves of who got it: her own deputy then stands in.
    ailleurs = date_fin is not None and Absence.objects.filter(
        compte=remplacant, domaine="", annulee_le=None, date_debut__lte=date_fin, date_fin__gte=date_debut
    )
    if ailleurs and ailleurs.exists():
        raise ValidationError(
            {"remplacant": f"Absence notée pour {remplacant} à ces dates : choisissez quelqu’un d’autre."}
        )
    absence.save()
    if remplacant != par:
        lettres.remplacer(absence)
    return absence


@transaction.atomic
def finir_absence(absence: Absence) -> None:
    """End it now: yesterday was its last day, or it never began. Safe to do twice."""
    absence = Absence.objects.select_for_update().get(pk=absence.pk)
    hier = timezone.localdate() - timedelta(days=1)
    if absence.annulee_le is not None or (absence.date_fin is not None and absence.date_fin <= hier):
        return
    if absence.date_debut <= hier:
        absence.date_fin = hier
    else:
        absence.annulee_le = timezone.now()
    absence.save(update_fields=["date_fin", "annulee_le"])
