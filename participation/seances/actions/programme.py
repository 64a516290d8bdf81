"""The year's programme of work: what comes back each year, planned once, moved with a reason, set on an agenda."""

from datetime import date
from itertools import groupby
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from participation.seances.actions.instances import consigner
from participation.seances.models import Deplacement, Instance, Point, Prevision, Recurrence, Seance
from participation.seances.notifications import programme as notifications
from participation.seances.workflow import A_VENIR
from participation.socle.calendrier import prochain_jour_ouvre
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.francais import accorder, jour_texte
from participation.socle.models import Compte

MILIEU_DU_MOIS = 15


@transaction.atomic
def ajouter_recurrence(instance: Instance, *, par: Compte, **champs: Any) -> Recurrence:
    """Raises ValidationError."""
    recurrence = Recurrence(instance=instance, **champs)
    recurrence.full_clean()
    recurrence.save()
    consigner(instance, "ajouter_recurrence", f"Point récurrent ajouté : {recurrence}", par=par)
    return recurrence


@transaction.atomic
def modifier_recurrence(recurrence: Recurrence, *, par: Compte, **champs: Any) -> None:
    """What is planned already stays as it is: the next years follow. Raises ValidationError."""
    recurrence.refresh_from_db(from_queryset=Recurrence.objects.select_for_update(of=("self",)))
    for nom, valeur in champs.items():
        setattr(recurrence, nom, valeur)
    recurrence.full_clean()
    recurrence.save()
    fait = "modifié" if recurrence.est_active else "arrêté"
    consigner(recurrence.instance, "modifier_recurrence", f"Point récurrent {fait} : {recurrence}", par=par)


@transaction.atomic
def preparer_annee(instance: Instance, annee: int, *, par: Compte) -> list[Prevision]:
    """Plan each active recurrence once for `annee`; returns what is new. Each direction concerned gets one letter.

    Done twice, or by two agents at once, it plans nothing more.
    """
    instance.refresh_from_db(from_queryset=Instance.objects.select_for_update())
    deja = set(
        instance.previsions.filter(annee=annee, recurrence__isnull=False).values_list("recurrence", flat=True)
    )
    nouvelles = [
        Prevision(
            instance=instance,
            recurrence=recurrence,
            annee=annee,
            titre=recurrence.titre,
            nature=recurrence.nature,
            direction=recurrence.direction,
            date_prevue=prochain_jour_ouvre(date(annee, recurrence.mois, MILIEU_DU_MOIS)),
        )
        for recurrence in instance.recurrences.filter(est_active=True).select_related("direction")
        if recurrence.pk not in deja
    ]
    if not nouvelles:
        return []
    Prevision.objects.bulk_create(nouvelles)
    consigner(
        instance, "preparer_annee", f"Programme {annee} préparé, {accorder(len(nouvelles), 'point')}", par=par
    )
    avec_direction = sorted(
        (prevision for prevision in nouvelles if prevision.direction_id), key=lambda p: p.direction_id or 0
    )
    for _, siennes in groupby(avec_direction, key=lambda p: p.direction_id):
        previsions = sorted(siennes, key=lambda p: p.date_prevue)
        direction = previsions[0].direction
        if direction is not None:
            notifications.preparer_annee(instance, annee, direction, previsions, par=par)
    return nouvelles


@transaction.atomic
def ajouter_prevision(instance: Instance, annee: int, *, par: Compte, **champs: Any) -> Prevision:
    """An item of this year alone. Raises ValidationError."""
    prevision = Prevision(instance=instance, annee=annee, **champs)
    _verifier_jour(prevision, prevision.date_prevue)
    prevision.full_clean()
    prevision.save()
    consigner(instance, "ajouter_prevision", f"Au programme {annee} : {prevision.titre}", par=par)
    return prevision


@transaction.atomic
def deplacer_prevision(prevision: Prevision, *, par: Compte, vers: date, motif: str) -> Deplacement:
    """The direction is told why. Raises ActeInterdit (on an agenda, given up), ValidationError."""
    _verrouiller(prevision)
    if prevision.date_prevue == vers:
        raise ValidationError({"vers": "C’est déjà le jour prévu. Choisissez un autre jour."})
    _verifier_jour(prevision, vers)
    deplacement = Deplacement(
        prevision=prevision, de=prevision.date_prevue, vers=vers, motif=motif.strip(), par=par
    )
    deplacement.full_clean()
    deplacement.save()
    prevision.date_prevue = vers
    prevision.save(update_fields=["date_prevue"])
    consigner(
        prevision.instance,
        "deplacer_prevision",
        f"{prevision.titre} : déplacé au {jour_texte(vers)}",
        par=par,
        motif=deplacement.motif,
    )
    notifications.deplacer_prevision(deplacement, par=par)
    return deplacement


@transaction.atomic
def abandonner_prevision(prevision: Prevision, *, par: Compte, motif: str) -> None:
    _verrouiller(prevision)
    if not motif.strip():
        raise ValidationError({"motif": "Dites pourquoi ce point ne sera pas présenté."})
    prevision.abandonnee_le, prevision.motif = timezone.now(), motif.strip()
    prevision.full_clean()
    prevision.save(update_fields=["abandonnee_le", "motif"])
    consigner(
        prevision.instance,
        "abandonner_prevision",
        f"{prevision.titre} : retiré du programme {prevision.annee}",
        par=par,
        motif=prevision.motif,
    )
    notifications.abandonner_prevision(prevision, par=par)


@transaction.atomic
def inscrire_prevision(prevision: Prevision, seance: Seance, *, par: Compte) -> Point:
    """Set the item on the agenda of a séance to come. Raises ActeInterdit, ErreurMetier."""
    from participation.seances.actions.preparation import ajouter_point

    seance.refresh_from_db(from_queryset=Seance.objects.select_for_update(of=("self",)))
    _verrouiller(prevision)
    if seance.instance_id != prevision.instance_id:
        raise ErreurMetier("Cette séance est celle d’une autre instance.")
    if seance.etat not in A_VENIR:
        raise ActeInterdit(f"Cette séance est « {seance.get_etat_display()} » : choisissez-en une à venir.")
    point = ajouter_point(
        seance, par=par, titre=prevision.titre, nature=prevision.nature, direction=prevision.direction
    )
    prevision.point = point
    prevision.save(update_fields=["point"])
    consigner(
        prevision.instance,
        "inscrire_prevision",
        f"{prevision.titre} : à l’ordre du jour du {jour_texte(seance.jour)}",
        par=par,
        seance=seance.pk,
    )
    return point


def _verrouiller(prevision: Prevision) -> None:
    """Lock and read again; refuse what is already on an agenda or given up."""
    prevision.refresh_from_db(
        from_queryset=Prevision.objects.select_for_update(of=("self",)).select_related(
            "instance", "direction", "point__seance"
        )
    )
    if prevision.abandonnee_le is not None:
        raise ActeInterdit("Ce point est retiré du programme.")
    if prevision.est_inscrite and prevision.point is not None:
        raise ActeInterdit(
            f"Ce point est à l’ordre du jour du {jour_texte(prevision.point.seance.jour)} : "
            "déplacez-le depuis la séance."
        )


def _verifier_jour(prevision: Prevision, jour: date) -> None:
    """A late item may go over to the following year, and still belongs to its own."""
    if jour.year not in {prevision.annee, prevision.annee + 1}:
        raise ValidationError(
            {
                ("date_prevue" if prevision.pk is None else "vers"): (
                    f"Choisissez un jour de {prevision.annee}, ou de {prevision.annee + 1} s’il est reporté."
                )
            }
        )
