"""What waits to become a remontée: kept at once, made by the worker, one by one or by lots."""

import uuid
from collections.abc import Mapping, Sequence
from functools import partial

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import IntegrityError, InterfaceError, OperationalError, transaction
from django.db.models import F
from django.utils import timezone

from participation.socle.actions.pieces import joindre_photo
from participation.socle.bd.verrous import verrou_de_session
from participation.socle.courriels.retenue import due_le
from participation.socle.erreurs import ErreurMetier
from participation.socle.models import Compte
from participation.socle.travaux import differes as taches_differees
from remontees.models import Reception, Remontee
from remontees.models.remontees import PHOTO
from remontees.reception.actes import journal, saisir, saisir_en_nombre
from remontees.reception.regles import Charge

TACHE = "remontees.recevoir"


SANS_PHOTO = "La photo jointe ne se trouve pas sur cette machine."


LOT = 200  # receptions of an import made together: who says something meanwhile waits for one lot


def deposer(charge: Charge, *, cle: uuid.UUID | None = None, photo: "File[bytes] | None" = None) -> uuid.UUID:
    """Save what arrived, in one statement, and hand it to the worker; return the key.

    With a known `cle`, the first is kept: a key from outside is that of `EnvoiUnique`, never the one received.
    `photo`: already re-encoded, without metadata.
    """
    reception = Reception(cle=cle or uuid.uuid4(), charge=charge.en_json())
    if photo is None:
        Reception.objects.bulk_create([reception], ignore_conflicts=True)
    else:
        _deposer_avec_photo(reception, photo)
    taches_differees.confier(TACHE, str(reception.cle))
    return reception.cle


def deposer_en_nombre(charges: Mapping[uuid.UUID, Charge]) -> int:
    """Save many receptions in two statements; return how many are new.

    A periodic task makes the remontées.
    """
    deja = set(Reception.objects.filter(pk__in=charges).values_list("pk", flat=True))
    neuves = [
        Reception(cle=cle, charge=charge.en_json(), en_nombre=True)
        for cle, charge in charges.items()
        if cle not in deja
    ]
    Reception.objects.bulk_create(neuves, batch_size=500, ignore_conflicts=True)
    return len(neuves)


def _deposer_avec_photo(reception: Reception, photo: "File[bytes]") -> None:
    """Save the photo, then the row that knows it; a sending already received leaves no second file."""
    reception.photo.save("photo.jpg", photo, save=False)
    est_gardee = False
    try:
        Reception.objects.bulk_create([reception], ignore_conflicts=True)
        est_gardee = Reception.objects.filter(pk=reception.pk, photo=reception.photo.name).exists()
    finally:
        if not est_gardee:
            reception.photo.storage.delete(reception.photo.name)


def recevoir(cle: uuid.UUID | str) -> Remontee | None:
    """Make the remontée of a reception. None when already made, or in progress in another worker.

    A failure keeps its reason. After `Reception.ESSAIS_MAX` tries, agents see the reception.
    """
    try:
        try:
            return _recevoir(cle, en_nombre=True)
        except IntegrityError:
            # Try again with full validation, which gives a sentence in place of the name of a constraint.
            return _recevoir(cle, en_nombre=False)
    except (OperationalError, InterfaceError):
        raise  # the database: nothing can be said of this reception
    except Exception as erreur:
        # Whatever it is, it counts: a reception that fails must neither stop the next ones nor wait unseen.
        journal.warning("Réception : %s", type(erreur).__name__)
        Reception.objects.filter(pk=cle, faite_le=None).update(
            erreur=_raison(erreur)[:300], essais=F("essais") + 1
        )
        return None


def _raison(erreur: Exception) -> str:
    match erreur:
        case ErreurMetier():
            return erreur.message
        case ValidationError():
            return "; ".join(erreur.messages)
        case OSError():  # restored without it, or kept by another machine
            return SANS_PHOTO
        case TypeError() | ValueError():
            return str(erreur)
    return f"Une erreur est survenue ({type(erreur).__name__})."


@transaction.atomic
def _recevoir(cle: uuid.UUID | str, *, en_nombre: bool) -> Remontee | None:
    receptions = Reception.objects.select_for_update(skip_locked=True).order_by()
    reception = receptions.filter(pk=cle, faite_le=None).first()
    if reception is None:
        return None
    with due_le(reception.recue_le):
        remontee = _faire(reception, en_nombre=en_nombre)
    reception.remontee, reception.faite_le = remontee, timezone.now()
    if reception.photo:
        # The photo is now a pièce of the remontée, erased with it: delete the first copy.
        transaction.on_commit(partial(reception.photo.storage.delete, reception.photo.name), robust=True)
    reception.charge, reception.photo, reception.erreur = {}, "", ""
    reception.save()
    return remontee


def recevoir_ce_qui_attend(limite: int = 500) -> int:
    """Process the pending receptions; return how many became remontées.

    What people have just said goes first, then again before each batch of an import. One worker at a time makes
    those of the imports, so that another is free for people.
    """
    faites = _recevoir_une_a_une(limite)
    with verrou_de_session("receptions-en-nombre") as libre:
        while libre and limite > 0:
            cles = list(Reception.objects.qui_attendent(en_nombre=True).values_list("cle", flat=True)[:LOT])
            if not cles:
                break
            faites += recevoir_en_nombre(cles) + _recevoir_une_a_une(LOT)
            limite -= len(cles)
    return faites


def _recevoir_une_a_une(limite: int) -> int:
    attente = Reception.objects.qui_attendent(en_nombre=False).values_list("cle", flat=True)
    return sum(recevoir(cle) is not None for cle in attente[:limite])


def recevoir_en_nombre(cles: Sequence[uuid.UUID]) -> int:
    """Make remontées of receptions without photo, in a few statements; return how many were made.

    When one of them cannot be made, the lot is cut in two until that one is alone and keeps its reason.
    """
    if len(cles) == 1:
        return int(recevoir(cles[0]) is not None)
    try:
        return _recevoir_le_lot(cles)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        milieu = len(cles) // 2
        return recevoir_en_nombre(cles[:milieu]) + recevoir_en_nombre(cles[milieu:])


@transaction.atomic
def _recevoir_le_lot(cles: Sequence[uuid.UUID]) -> int:
    libres = Reception.objects.select_for_update(skip_locked=True).filter(
        pk__in=cles, faite_le=None, photo=""
    )
    receptions = list(libres.order_by("recue_le", "pk"))
    charges = [Charge.de_json(reception.charge) for reception in receptions]
    remontees = saisir_en_nombre(charges)
    maintenant = timezone.now()
    for reception, remontee in zip(receptions, remontees, strict=True):
        reception.remontee, reception.faite_le = remontee, maintenant
        reception.charge, reception.erreur = {}, ""
    Reception.objects.bulk_update(receptions, ["remontee", "faite_le", "charge", "erreur"])
    return len(receptions)


def abandonner(cle: uuid.UUID) -> None:
    """End a reception that an agent noted by hand."""
    Reception.objects.filter(pk=cle, faite_le=None).update(faite_le=timezone.now(), charge={}, erreur="")


def _faire(reception: Reception, *, en_nombre: bool) -> Remontee:
    charge = Charge.de_json(reception.charge)
    par = Compte.objects.filter(pk=charge.saisie_par).first() if charge.saisie_par else None
    remontee = saisir(Remontee(), par=par, charge=charge, en_nombre=en_nombre)
    if reception.photo:
        with reception.photo.open("rb") as fichier:
            joindre_photo(remontee, fichier.read(), titre=PHOTO, par=par)
    return remontee
