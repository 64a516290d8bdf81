"""Fix, complete and cancel échéances; stop and restart the legal clock of a dossier."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from participation.socle.models import Compte, Demande, Direction, Dossier, Echeance, Suspension

# Columns that `fixer_echeance` updates: all but the key of the row.
ECRITES = [
    champ.name for champ in Echeance._meta.concrete_fields if champ.name not in {"id", "dossier", "cle"}
]


@transaction.atomic
def fixer_echeance(
    dossier: Dossier,
    cle: str,
    *,
    libelle: str,
    date_limite: date,
    est_legale: bool = False,
    rappels: Sequence[int] = (),
    escalade: int | None = None,
    responsable: Compte | None = None,
    direction: Direction | None = None,
    demande: Demande | None = None,
    relances: Sequence[int] = (),
    escalade_elu: int | None = None,
    lien: str = "",
    page: str = "",
) -> Echeance:
    """Write or move the échéance `cle` of the dossier. Moved, it is open again and gets new reminders.

    `rappels`, `relances`, `escalade`, `escalade_elu`: calendar days, before the due date for the first, after
    it for the others. Written again with the same date, it gives no second reminder. `lien`: path of the page
    to do it without an account. `page`: path of its page in the back office.
    """
    avant = Echeance.objects.select_for_update().filter(dossier_id=dossier.pk, cle=cle).first()
    a_change = avant is None or not avant.est_ouverte or avant.date_limite != date_limite
    echeance = avant or Echeance(dossier_id=dossier.pk, cle=cle)
    echeance.libelle, echeance.date_limite, echeance.est_legale = libelle, date_limite, est_legale
    echeance.rappels, echeance.relances = sorted(set(rappels), reverse=True), sorted(set(relances))
    echeance.escalade, echeance.escalade_elu = escalade, escalade_elu
    echeance.lien, echeance.page = lien, page
    echeance.responsable, echeance.direction, echeance.demande = responsable, direction, demande
    echeance.faite_le = echeance.annulee_le = None
    echeance.suspendue_le = timezone.localdate() if est_legale and _horloge_arretee(dossier) else None
    if a_change:
        echeance.fixee_le = timezone.localdate()
    if avant is not None:
        echeance.save()
    else:  # written by two transactions at once: the second overwrites the first
        Echeance.objects.bulk_create(
            [echeance], update_conflicts=True, unique_fields=["dossier", "cle"], update_fields=ECRITES
        )
    return echeance


def fixer_echeance_des_neufs(
    dossiers: Iterable[Dossier],
    cle: str,
    *,
    libelle: str,
    date_limite: date,
    est_legale: bool = False,
    rappels: Sequence[int] = (),
    relances: Sequence[int] = (),
    escalade: int | None = None,
) -> None:
    """Write the same échéance on dossiers that this transaction has just created.

    None of them has the échéance yet, and no clock is stopped.
    """
    Echeance.objects.bulk_create(
        [
            Echeance(
                dossier_id=dossier.pk,
                cle=cle,
                libelle=libelle,
                date_limite=date_limite,
                est_legale=est_legale,
                rappels=sorted(set(rappels), reverse=True),
                relances=sorted(set(relances)),
                escalade=escalade,
            )
            for dossier in dossiers
        ]
    )


def faire_echeance(dossier: Dossier, cle: str) -> None:
    """Mark the échéance as done. Does nothing when it does not exist or is not open."""
    dossier.echeances.filter(cle=cle).ouvertes().update(faite_le=timezone.now())


def annuler_echeance(dossier: Dossier, cle: str | None = None) -> None:
    """Cancel one échéance, or all the open ones (`cle` is None) when the dossier closes."""
    echeances = dossier.echeances.ouvertes()
    (echeances if cle is None else echeances.filter(cle=cle)).update(annulee_le=timezone.now())


def _horloge_arretee(dossier: Dossier) -> bool:
    return dossier.suspensions.filter(fin__isnull=True).exists()


@transaction.atomic
def suspendre_horloge(dossier: Dossier, *, motif: str, demande: Demande | None = None) -> Suspension:
    """Stop the legal clock. Suspensions may overlap: the clock restarts when the last one ends."""
    Dossier.objects.select_for_update(no_key=True).get(pk=dossier.pk)
    suspension = Suspension.objects.create(dossier_id=dossier.pk, motif=motif, demande=demande)
    dossier.echeances.actives().filter(est_legale=True).update(suspendue_le=suspension.debut)
    return suspension


@transaction.atomic
def reprendre_horloge(suspension: Suspension) -> int:
    """End a suspension. If it was the last, move every stopped échéance by the days of the stop.

    Return this number of days, or 0 when another suspension still stops the clock. Safe to call twice.
    """
    dossier = Dossier.objects.select_for_update(no_key=True).get(pk=suspension.dossier_id)
    jour = timezone.localdate()
    if not Suspension.objects.filter(pk=suspension.pk, fin__isnull=True).update(fin=jour) or _horloge_arretee(
        dossier
    ):
        return 0
    jours = 0
    for echeance in dossier.echeances.ouvertes().filter(suspendue_le__isnull=False).select_for_update():
        jours = (jour - (echeance.suspendue_le or jour)).days
        echeance.date_limite += timedelta(days=jours)
        echeance.suspendue_le = None
        if jours:
            echeance.fixee_le = jour
        echeance.save(update_fields=["date_limite", "suspendue_le", "fixee_le"])
    return jours
