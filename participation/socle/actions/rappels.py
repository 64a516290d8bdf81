"""Reminders of échéances: before, on the day and after; then escalation to those above."""

from collections import defaultdict
from datetime import date, timedelta

from django.db import transaction
from django.db.models import F, Prefetch
from django.db.models.functions import TruncDate
from django.utils import timezone

from participation.socle.bd.verrous import verrou_libre
from participation.socle.courriels import lettres as lettres_courriels
from participation.socle.courriels.lettres import LigneRappel, adresses_du_service
from participation.socle.courriels.retenue import due_le
from participation.socle.models import Compte, Direction, Dossier, Echeance, Rappel

JOUR, RETARD, ESCALADE, ESCALADE_ELU = "J", "retard", "escalade", "elu"
HORIZON = timedelta(days=400)  # further than any reminder


@transaction.atomic
def rappeler_echeances(jour: date | None = None) -> int:
    """Write the reminders due on `jour`. Return the number of letters.

    Each reminder is written once, even if several tasks run at once: its `Rappel` row and its letter are one
    transaction. After an interruption only the latest step missed is sent. Échéances whose clock is stopped
    get none; the échéances of closed dossiers are cancelled.
    """
    if not verrou_libre("rappels"):
        return 0
    jour = jour or timezone.localdate()
    Echeance.objects.ouvertes().filter(
        dossier__clos_le__isnull=False, fixee_le__lt=TruncDate("dossier__clos_le")
    ).update(annulee_le=timezone.now())
    par_adresse: dict[tuple[str, bool], list[LigneRappel]] = defaultdict(list)
    faits = []
    for echeance, etape, due in _a_rappeler(jour):
        faits.append(Rappel(echeance=echeance, etape=etape, date_limite=echeance.date_limite))
        ligne = LigneRappel(echeance, etape, (echeance.date_limite - jour).days, due)
        for adresse in _adresses(echeance, etape):
            par_adresse[adresse, ligne.monte].append(ligne)
    Rappel.objects.bulk_create(faits)
    for (adresse, _), lignes in par_adresse.items():
        with due_le(min(ligne.due for ligne in lignes)):
            if len(lignes) > 1:  # one letter for all that a person is reminded of in a run
                lettres_courriels.rappeler_ensemble(adresse, lignes)
            else:
                lettres_courriels.rappeler(adresse, lignes[0])
    return len(par_adresse)


def _a_rappeler(jour: date) -> list[tuple[Echeance, str, date]]:
    """Return the échéances with a step not told yet. The others, nearly all, are read by their dates alone."""
    actives = Echeance.objects.actives().filter(date_limite__lte=jour + HORIZON)
    dits = Rappel.objects.filter(echeance__in=actives, date_limite=F("echeance__date_limite"))
    faits = set(dits.values_list("echeance_id", "etape"))
    datees = actives.only("date_limite", "fixee_le", "rappels", "relances", "escalade", "escalade_elu")
    dernieres = ((echeance.pk, *derniere_etape(echeance, jour)) for echeance in datees.iterator())
    etapes = {pk: (nom, due) for pk, nom, due in dernieres if nom and (pk, nom) not in faits}
    a_dire = (
        actives.filter(pk__in=etapes)
        .exclude(demande__attend_la_liste=True)  # told first by its letter
        .select_related("responsable", "direction__elu", "direction__superieure__elu")
        .select_related("demande__compte", "demande__commune")
        .select_related("demande__direction__superieure")
        .prefetch_related(Prefetch("dossier", Dossier.objects.avec_enfants().select_related("agent")))
        .order_by("date_limite", "pk")
    )
    return [(echeance, *etapes[echeance.pk]) for echeance in a_dire]


def etape_du(echeance: Echeance, jour: date) -> str:
    """Return the latest step between the day the date was fixed (excluded) and `jour`; "" when there is none."""
    return derniere_etape(echeance, jour)[0]


def derniere_etape(echeance: Echeance, jour: date) -> tuple[str, date]:
    """Return the latest step, as `etape_du`, and its day."""
    limite = echeance.date_limite
    etapes = [(limite - timedelta(days=n), f"J-{n}") for n in sorted(echeance.rappels, reverse=True) if n]
    etapes += [(limite, JOUR), (limite + timedelta(days=1), RETARD)]
    etapes += [(limite + timedelta(days=n), f"J+{n}") for n in sorted(echeance.relances) if n > 1]
    if echeance.escalade is not None:
        etapes.append((limite + timedelta(days=max(echeance.escalade, 1)), ESCALADE))
    if echeance.escalade_elu is not None:
        etapes.append((limite + timedelta(days=max(echeance.escalade_elu, 1)), ESCALADE_ELU))
    venues = [
        (quand, rang, nom) for rang, (quand, nom) in enumerate(etapes) if echeance.fixee_le < quand <= jour
    ]
    quand, _, nom = max(venues, default=(jour, 0, ""))
    return nom, quand


def _adresses(echeance: Echeance, etape: str) -> list[str]:
    if etape == ESCALADE_ELU:
        adresses = _elu(echeance) or _hierarchie(echeance)
    else:
        adresses = _hierarchie(echeance) if etape == ESCALADE else []
    return list(dict.fromkeys(adresses or _responsables(echeance)))


def _responsables(echeance: Echeance) -> list[str]:
    """Return the addresses of those who must act.

    In this order: the person asked, the account named, the direction, the agent of the dossier, the whole
    service.
    """
    dossier: Dossier = echeance.dossier
    if echeance.demande is not None:
        adresses = echeance.demande.adresses()
    elif echeance.responsable is not None:
        adresses = _joignable(echeance.responsable)
    elif echeance.direction is not None:
        adresses = echeance.direction.adresses()
    else:
        adresses = _joignable(dossier.agent)
    return adresses or adresses_du_service(dossier)


def _hierarchie(echeance: Echeance) -> list[str]:
    """Return the addresses of those above: the direction above the late one, and the agent of the dossier.

    When the service itself is late: the whole service.
    """
    direction: Direction | None = echeance.direction or (
        echeance.demande.direction if echeance.demande else None
    )
    if direction is None and echeance.demande is None:
        return adresses_du_service(echeance.dossier)
    adresses = direction.superieure.adresses() if direction and direction.superieure else []
    return [*adresses, *(_joignable(echeance.dossier.agent) or adresses_du_service(echeance.dossier))]


def _elu(echeance: Echeance) -> list[str]:
    """Return the élu in charge of the late direction, or of the one above.

    Empty when there is none: the letter then goes to `_hierarchie` again.
    """
    direction: Direction | None = echeance.direction
    if direction is None:
        return []
    return _joignable(direction.elu) or (_joignable(direction.superieure.elu) if direction.superieure else [])


def _joignable(compte: Compte | None) -> list[str]:
    return [compte.courriel] if compte is not None and compte.is_active else []
