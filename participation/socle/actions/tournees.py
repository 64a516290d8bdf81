"""What an act owes to many, done lot by lot by a worker (`Tournee`). A lot and its count are one transaction: a killed
worker loses the lot that it was doing, and another begins it again.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist
from django.db import models, transaction
from django.db.models import Count, Max
from django.utils import timezone
from django.utils.module_loading import import_string
from kombu.utils import json as garde

from participation.socle.calendrier import il_y_a_plus_de
from participation.socle.courriels.ecriture import Destinataire, ecrire_a_plusieurs
from participation.socle.courriels.retenue import due_le
from participation.socle.erreurs import ActeInterdit
from participation.socle.models import Compte, Dossier, Tournee
from participation.socle.models.tournees import cle_de
from participation.socle.travaux.differes import confier, confier_chacun

TACHE = "participation.socle.tasks.poursuivre_tournee"
JOURS_GARDEES = 30
LOT = 200  # rows in one transaction, and at once, in the request of the act

# Does the next rows, after `tournee.dernier`, which it moves. Returns how many: 0 when none is left.
Lot = Callable[[Tournee], int]


class EtapeDeTournee(NamedTuple):
    """The rows that are owed something, and what does it for some of them."""

    lignes: models.QuerySet[Any]
    faire: Callable[[Sequence[Any]], object]


class AQuiEcrire(NamedTuple):
    """The rows of people to write to, and how one is written to."""

    lignes: models.QuerySet[Any]
    a: Callable[[Any], Destinataire]


class Arguments(garde.JSONEncoder):
    """Texts, numbers, days and rows: the place of a row is kept, and it is read again by the worker."""

    def default(self, o: object) -> Any:
        if isinstance(o, models.Model):
            return {"__type__": "ligne", "__value__": [o._meta.label_lower, o.pk]}
        return super().default(o)

    @staticmethod
    def relire(o: dict[str, Any]) -> Any:
        if o.get("__type__") != "ligne":
            return garde.object_hook(o)
        modele, numero = o["__value__"]
        return apps.get_model(modele)._default_manager.get(pk=numero)


def a_chacun(etape: Callable[..., EtapeDeTournee], pour: models.Model, *, cle: str, **arguments: Any) -> int:
    """Do it for the first rows at once, with the act; leave those that are there now, after them, to the worker.

    `etape`: a function of a module, called again by the worker with the same arguments: texts, numbers, days, rows.
    `cle`: what is done, once at a time for `pour`. Return the number of rows.
    """
    gardes = json.loads(garde.dumps(arguments, cls=Arguments))
    lignes, faire = etape(**arguments)
    premieres = list(lignes.order_by("pk")[: LOT + 1])
    if lot := premieres[:LOT]:
        faire(lot)
    if len(premieres) <= LOT:
        return len(premieres)
    vues = lignes.order_by().aggregate(combien=Count("pk"), jusqu_a=Max("pk"))
    tournee, _ = Tournee.objects.get_or_create(
        objet=f"{cle_de(pour)}:{hashlib.sha256(cle.encode()).hexdigest()[:16]}",
        finie_le=None,
        defaults={
            "lot": _nom(poursuivre_etape),
            "arguments": {"etape": _nom(etape), "jusqu_a": vues["jusqu_a"], "de": gardes},
            "total": vues["combien"],
            "faits": LOT,
            "dernier": lot[-1].pk,
        },
    )
    confier(TACHE, tournee.pk)
    return int(vues["combien"])


def poursuivre_etape(tournee: Tournee) -> int:
    """Do it for the next rows. What was erased meanwhile is owed to nobody."""
    try:
        arguments = garde.loads(json.dumps(tournee.arguments["de"]), object_hook=Arguments.relire)
    except ObjectDoesNotExist:
        return 0
    lignes, faire = import_string(tournee.arguments["etape"])(**arguments)
    restent = lignes.filter(pk__gt=tournee.dernier, pk__lte=tournee.arguments["jusqu_a"])
    if lot := list(restent.order_by("pk")[:LOT]):
        faire(lot)
        tournee.dernier = lot[-1].pk
    return len(lot)


def ecrire_en_nombre(
    lettre: str,
    liste: Callable[[Any], AQuiEcrire],
    pour: Dossier,
    *,
    contexte: Mapping[str, Any],
    cle: str,
    une_par_boite: bool = True,
) -> int:
    """Write to all of a list, which a function of a module reads from the dossier. Return the number of its rows.

    `cle`: what is told. A mailbox gets one letter of this key, unless each of its rows has its own (`une_par_boite`).
    """
    return a_chacun(
        etape_de_lettres,
        pour.enfant,
        cle=f"{_nom(liste)}:{cle}",
        lettre=lettre,
        liste=_nom(liste),
        dossier=pour.enfant,
        contexte=dict(contexte),
        cle_des_lettres=cle if une_par_boite else None,
    )


def etape_de_lettres(
    lettre: str, liste: str, dossier: Dossier, contexte: Mapping[str, Any], cle_des_lettres: str | None
) -> EtapeDeTournee:
    lignes, a = import_string(liste)(dossier)

    def ecrire(lot: Sequence[Any]) -> None:
        ecrire_a_plusieurs(lettre, map(a, lot), contexte=contexte, dossier=dossier, cle=cle_des_lettres)

    return EtapeDeTournee(lignes, ecrire)


def _nom(fonction: Callable[..., Any]) -> str:
    return f"{fonction.__module__}.{fonction.__name__}"


def commencer(lot: Lot, pour: models.Model, *, par: Compte, total: int, **arguments: int | str) -> Tournee:
    """Leave it to the worker, in the transaction of an act that holds the lock of `pour`. Raises ActeInterdit."""
    if Tournee.objects.pour(pour) is not None:
        raise ActeInterdit("Des lettres sont déjà en préparation ici : attendez qu’elles soient faites.")
    tournee = Tournee.objects.create(
        objet=cle_de(pour), lot=_nom(lot), arguments=arguments, par=par, total=total
    )
    confier(TACHE, tournee.pk)
    return tournee


def poursuivre(numero: int) -> None:
    """Do all that is left. Safe to call twice, even at once."""
    while _un_lot(numero):
        pass


@transaction.atomic
def _un_lot(numero: int) -> bool:
    tournee = (
        Tournee.objects.en_cours().filter(pk=numero).select_for_update(of=("self",), skip_locked=True).first()
    )
    if tournee is None:
        return False
    lot: Lot = import_string(tournee.lot)
    with due_le(tournee.demandee_le):
        faits = lot(tournee)
    tournee.faits += faits
    if not faits:
        tournee.finie_le = timezone.now()
    tournee.save(update_fields=["faits", "dernier", "finie_le"])
    return bool(faits)


def reprendre() -> None:
    """Give again what a killed worker or a lost broker left."""
    confier_chacun(TACHE, Tournee.objects.en_cours().values_list("pk", flat=True))


def oublier_finies() -> None:
    Tournee.objects.filter(finie_le__lt=il_y_a_plus_de(JOURS_GARDEES)).delete()
