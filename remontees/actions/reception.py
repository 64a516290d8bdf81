"""Reception: what arrives is saved in one statement, then becomes one remontée, however often it is sent."""

import logging
import uuid
from collections.abc import Mapping
from functools import partial

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from participation.socle import taches_differees
from participation.socle.actions import donner_reference, exiger
from participation.socle.actions.echeances import fixer_echeance_des_neufs
from participation.socle.actions.pieces import joindre_photo
from participation.socle.calendrier import ajouter_jours_ouvres
from participation.socle.erreurs import ErreurMetier
from participation.socle.models import Commune, Compte, Quartier
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
        Reception(cle=cle, charge=charge.en_json()) for cle, charge in charges.items() if cle not in deja
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
    except OSError as erreur:
        # Restored without its photo, or kept by another machine: it must stop neither the others nor for ever.
        journal.warning("Réception : photo illisible (%s)", type(erreur).__name__)
        Reception.objects.filter(pk=cle, faite_le=None).update(erreur=SANS_PHOTO, essais=F("essais") + 1)
        return None
    except (ErreurMetier, ValidationError, TypeError, ValueError) as erreur:
        journal.warning("Réception %s : %s", cle, type(erreur).__name__)
        mots = (
            erreur.message
            if isinstance(erreur, ErreurMetier)
            else "; ".join(getattr(erreur, "messages", [str(erreur)]))
        )
        Reception.objects.filter(pk=cle, faite_le=None).update(erreur=mots[:300], essais=F("essais") + 1)
        return None


@transaction.atomic
def _recevoir(cle: uuid.UUID | str, *, en_nombre: bool) -> Remontee | None:
    receptions = Reception.objects.select_for_update(skip_locked=True).order_by()
    reception = receptions.filter(pk=cle, faite_le=None).first()
    if reception is None:
        return None
    remontee = _faire(reception, en_nombre=en_nombre)
    reception.remontee, reception.faite_le = remontee, timezone.now()
    if reception.photo:
        # The photo is now a pièce of the remontée, erased with it: delete the first copy.
        transaction.on_commit(partial(reception.photo.storage.delete, reception.photo.name), robust=True)
    reception.charge, reception.photo, reception.erreur = {}, "", ""
    reception.save()
    return remontee


def recevoir_ce_qui_attend(limite: int = 500) -> int:
    """Process the pending receptions in order of arrival; return how many became remontées."""
    attente = Reception.objects.filter(faite_le=None, essais__lt=Reception.ESSAIS_MAX).order_by("recue_le")
    return sum(recevoir(cle) is not None for cle in attente.values_list("cle", flat=True)[:limite])


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
    if not charge.verbatim.strip():
        raise ErreurMetier("Écrivez ce qui a été dit.")
    jour = timezone.localdate()
    commune, quartier = _lieu(charge)
    sujet = Sujet.objects.filter(pk=charge.sujet, est_publie=True).first() if charge.sujet else None
    pas.avancer(
        champs={
            "reference": donner_reference(remontee),
            "titre": charge.titre.strip() or titre_de(charge.verbatim),
            "verbatim": charge.verbatim,
            "resume": charge.verbatim,
            "canal": charge.canal,
            "entendue_le": min(charge.entendue_le or jour, jour),
            "categorie": Categorie.objects.filter(pk=charge.categorie).first() if charge.categorie else None,
            "commune": commune,
            "quartier": quartier,
            "lieu": charge.lieu,
            "latitude": charge.latitude,
            "longitude": charge.longitude,
            "sujet_propose": sujet,
            "au_nom_de": charge.au_nom_de,
            "est_urgente": charge.est_urgente,
            "source": charge.source,
            "auteur": par,
            "ouvert_le": timezone.now(),
        },
        details={"canal": charge.canal},
        en_nombre=en_nombre,
    )
    if commune is not None:
        remontee.communes.add(commune)
    if remontee.quartier is not None:
        remontee.quartiers.add(remontee.quartier)
    if charge.contact != Contact():
        _nommer(remontee, charge.contact)
    if sujet is not None and charge.contact.courriel:
        suivre(sujet, charge.contact.courriel)
    reglement = ReglementRemontees.actuel()
    fixer_echeance_des_neufs(
        [remontee],
        TRI,
        libelle="Choisir qui s’en occupe",
        date_limite=jour if charge.est_urgente else ajouter_jours_ouvres(jour, reglement.delai_tri_jours),
        est_legale=True,
        rappels=[1],
        escalade=reglement.escalade_jours,
    )
    if charge.accuse:
        notifications.saisir(remontee)
    return remontee


def _lieu(charge: Charge) -> tuple[Commune | None, Quartier | None]:
    """Return the commune (declared, of the quartier, or of the point) and the quartier if it is in it."""
    commune = Commune.objects.filter(pk=charge.commune).first() if charge.commune else None
    quartier = Quartier.objects.filter(pk=charge.quartier).first() if charge.quartier else None
    if quartier is not None and commune is None:
        commune = quartier.commune
    if commune is None and charge.latitude is not None and charge.longitude is not None:
        code = commune_du_point(charge.latitude, charge.longitude)
        commune = Commune.objects.filter(pk=code).first() if code else None
    return commune, quartier if quartier is None or quartier.commune == commune else None


def _nommer(remontee: Remontee, contact: Contact) -> None:
    rapporteur = Rapporteur(
        remontee=remontee,
        nom=contact.nom,
        courriel=contact.courriel.strip().lower(),
        telephone=contact.telephone,
        adresse=contact.adresse,
        prefere=contact.prefere or Rapporteur.Prefere.COURRIEL,
        accepte_transmission=contact.accepte_transmission,
    )
    rapporteur.full_clean()
    rapporteur.save()
    remontee.rapporteur = rapporteur
