"""Reception: what arrives is saved in one statement, then becomes one remontée, however often it is sent."""

import logging
import uuid
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import IntegrityError, InterfaceError, OperationalError, transaction
from django.db.models import F, Model
from django.utils import timezone

from participation.socle import taches_differees
from participation.socle.actions import Neuf, donner_reference, exiger, ouvrir_en_nombre, references_libres
from participation.socle.actions.echeances import fixer_echeance_des_neufs
from participation.socle.actions.pieces import joindre_photo
from participation.socle.calendrier import ajouter_jours_ouvres
from participation.socle.erreurs import ErreurMetier
from participation.socle.models import Commune, Compte, Dossier, Quartier
from participation.socle.retenue import due_le
from participation.socle.verrous import verrou_de_session
from participation.suites.actions import suivre
from remontees.actions.parts import TRI
from remontees.lectures.lieux import commune_du_point
from remontees.models import Categorie, Rapporteur, Reception, ReglementRemontees, Remontee, Sujet
from remontees.models.remontees import PHOTO
from remontees.notifications import reception as notifications
from remontees.regles.charge import Charge, Contact, titre_de

journal = logging.getLogger(__name__)
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


@transaction.atomic
def saisir(remontee: Remontee, *, par: Compte | None, charge: Charge, en_nombre: bool = False) -> Remontee:
    """Register a remontée on a new row: reference, échéance of the triage, receipt.

    `en_nombre`: as in `Pas.avancer`, for a worker. Raises ErreurMetier for an empty verbatim.
    """
    pas = exiger(remontee, "saisir", par=par)
    champs = _champs(charge, par, Tables())
    pas.avancer(
        champs={**champs, "reference": donner_reference(remontee)},
        details={"canal": charge.canal},
        en_nombre=en_nombre,
    )
    _situer([remontee])
    if charge.contact != Contact():
        _nommer([remontee], [charge.contact])
    _fixer_le_tri([remontee])
    _prevenir(remontee, charge)
    return remontee


@transaction.atomic
def saisir_en_nombre(charges: Sequence[Charge]) -> list[Remontee]:
    """Register many remontées as `saisir` does, in a few statements, in the same order."""
    if not charges:
        return []
    tables, remontees = Tables(), [Remontee() for _ in charges]
    neufs = [
        Neuf(
            remontee,
            tables.compte(charge.saisie_par),
            _champs(charge, tables.compte(charge.saisie_par), tables),
            {"canal": charge.canal},
        )
        for remontee, charge in zip(remontees, charges, strict=True)
    ]
    # Last: who says something meanwhile waits for this lock.
    references = references_libres(remontees[0])
    for remontee in remontees:
        remontee.reference = next(references)
    ouvrir_en_nombre("saisir", neufs)
    _situer(remontees)
    nommes = [(r, c.contact) for r, c in zip(remontees, charges, strict=True) if c.contact != Contact()]
    _nommer([remontee for remontee, _ in nommes], [contact for _, contact in nommes])
    _fixer_le_tri(remontees)
    for remontee, charge in zip(remontees, charges, strict=True):
        if charge.contact != Contact():
            _prevenir(remontee, charge)
    return remontees


class Tables:
    """Rows of reference, each read once: a batch names the same few hundred times."""

    def __init__(self) -> None:
        self._lues: dict[tuple[type[Model], object], Any] = {}

    def _lire(self, modele: Any, cle: object) -> Any:
        if not cle:
            return None
        if (modele, cle) not in self._lues:
            self._lues[modele, cle] = modele.objects.filter(pk=cle).first()
        return self._lues[modele, cle]

    def compte(self, cle: int | None) -> Compte | None:
        compte: Compte | None = self._lire(Compte, cle)
        return compte

    def categorie(self, cle: int | None) -> Categorie | None:
        categorie: Categorie | None = self._lire(Categorie, cle)
        return categorie

    def commune(self, cle: str | None) -> Commune | None:
        commune: Commune | None = self._lire(Commune, cle)
        return commune

    def quartier(self, cle: int | None) -> Quartier | None:
        quartier: Quartier | None = self._lire(Quartier, cle)
        return quartier


def _champs(charge: Charge, par: Compte | None, tables: Tables) -> dict[str, Any]:
    if not charge.verbatim.strip():
        raise ErreurMetier("Écrivez ce qui a été dit.")
    jour = timezone.localdate()
    commune, quartier = _lieu(charge, tables)
    return {
        "titre": charge.titre.strip() or titre_de(charge.verbatim),
        "verbatim": charge.verbatim,
        "resume": charge.verbatim,
        "canal": charge.canal,
        "entendue_le": min(charge.entendue_le or jour, jour),
        "categorie": tables.categorie(charge.categorie),
        "commune": commune,
        "quartier": quartier,
        "lieu": charge.lieu,
        "latitude": charge.latitude,
        "longitude": charge.longitude,
        "sujet_propose": _sujet(charge),
        "au_nom_de": charge.au_nom_de,
        "est_urgente": charge.est_urgente,
        "source": charge.source,
        "auteur": par,
        "ouvert_le": timezone.now(),
    }


def _sujet(charge: Charge) -> Any:
    """Return the public sujet that the person recognised; None without one."""
    return Sujet.objects.filter(pk=charge.sujet, est_publie=True).first() if charge.sujet else None


def _lieu(charge: Charge, tables: Tables) -> tuple[Commune | None, Quartier | None]:
    """Return the commune (declared, of the quartier, or of the point) and the quartier if it is in it."""
    commune, quartier = tables.commune(charge.commune), tables.quartier(charge.quartier)
    if quartier is not None and commune is None:
        commune = quartier.commune
    if commune is None and charge.latitude is not None and charge.longitude is not None:
        commune = tables.commune(commune_du_point(charge.latitude, charge.longitude))
    return commune, quartier if quartier is None or quartier.commune == commune else None


def _situer(remontees: Sequence[Remontee]) -> None:
    """Give the communes and quartiers that the lists of all dossiers read to new remontées."""
    for champ, sien in ((Dossier.communes, "commune"), (Dossier.quartiers, "quartier")):
        lien: Any = champ.through
        lien.objects.bulk_create(
            lien(**{"dossier_id": remontee.pk, f"{sien}_id": getattr(remontee, f"{sien}_id")})
            for remontee in remontees
            if getattr(remontee, f"{sien}_id")
        )


def _fixer_le_tri(remontees: Sequence[Remontee]) -> None:
    reglement, jour = ReglementRemontees.actuel(), timezone.localdate()
    for est_urgente in (True, False):
        fixer_echeance_des_neufs(
            [remontee for remontee in remontees if remontee.est_urgente == est_urgente],
            TRI,
            libelle="Choisir qui s’en occupe",
            date_limite=jour if est_urgente else ajouter_jours_ouvres(jour, reglement.delai_tri_jours),
            est_legale=True,
            rappels=[1],
            escalade=reglement.escalade_jours,
        )


def _prevenir(remontee: Remontee, charge: Charge) -> None:
    if remontee.sujet_propose is not None and charge.contact.courriel:
        suivre(remontee.sujet_propose, charge.contact.courriel)
    if charge.accuse:
        notifications.saisir(remontee)


def _nommer(remontees: Sequence[Remontee], contacts: Sequence[Contact]) -> None:
    rapporteurs = [
        Rapporteur(
            remontee=remontee,
            nom=contact.nom,
            courriel=contact.courriel.strip().lower(),
            telephone=contact.telephone,
            adresse=contact.adresse,
            prefere=contact.prefere or Rapporteur.Prefere.COURRIEL,
            accepte_transmission=contact.accepte_transmission,
        )
        for remontee, contact in zip(remontees, contacts, strict=True)
    ]
    for rapporteur in rapporteurs:
        # Of a remontée that was just made: no other has it, and the database checks the rest.
        rapporteur.full_clean(exclude={"remontee"}, validate_unique=False, validate_constraints=False)
    Rapporteur.objects.bulk_create(rapporteurs)
    for rapporteur in rapporteurs:
        rapporteur.remontee.rapporteur = rapporteur
