"""Acts in a quartier: référents, meetings, observations."""

import hashlib
from collections.abc import Sequence
from datetime import date
from functools import partial

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from contrat_ville.models import ObservationQuartier, ReunionQuartier, SuiviQuartier
from contrat_ville.notifications import quartiers as notifications
from participation.socle.actions import exiger
from participation.socle.actions.pieces import IMAGES, Contenu, reconnaitre
from participation.socle.francais import jour_texte
from participation.socle.models import Compte


@transaction.atomic
def nommer_referents(
    suivi: SuiviQuartier,
    *,
    par: Compte,
    referents: Sequence[Compte],
    table_de_quartier: str = "",
    courriel: str = "",
) -> None:
    """Set the référents. The new ones get a letter."""
    pas = exiger(suivi, "nommer_referents", par=par)
    avant = set(suivi.referents.values_list("pk", flat=True))
    suivi.referents.set(referents)
    pas.avancer(
        champs={"table_de_quartier": table_de_quartier, "courriel": courriel},
        details={"referents": [compte.pk for compte in referents]},
    )
    for compte in referents:
        if compte.pk not in avant and compte != par:
            notifications.nommer_referents(suivi, compte)


@transaction.atomic
def noter_reunion(
    suivi: SuiviQuartier, *, par: Compte, date: date, participants: str, notes: str, decisions: str = ""
) -> ReunionQuartier:
    pas = exiger(suivi, "noter_reunion", par=par)
    _pas_demain(date)
    reunion = ReunionQuartier(
        quartier_suivi=suivi, date=date, participants=participants, notes=notes, decisions=decisions, par=par
    )
    reunion.full_clean()
    reunion.save()
    pas.avancer(fait=f"Réunion du {jour_texte(date)} notée")
    return reunion


@transaction.atomic
def corriger_reunion(
    reunion: ReunionQuartier, *, par: Compte, date: date, participants: str, notes: str, decisions: str = ""
) -> None:
    pas = exiger(reunion, "corriger_reunion", par=par)
    _pas_demain(date)
    champs = {"date": date, "participants": participants, "notes": notes, "decisions": decisions}
    pas.avancer(champs=champs, fait=f"Réunion du {jour_texte(date)} corrigée")


@transaction.atomic
def noter_observation(
    suivi: SuiviQuartier,
    *,
    par: Compte,
    date: date,
    texte: str,
    lieu: str = "",
    photo: UploadedFile | None = None,
    description_photo: str = "",
) -> ObservationQuartier:
    """Record an observation. Raises ValidationError if the photo is not an image, or has no description."""
    pas = exiger(suivi, "noter_observation", par=par)
    _pas_demain(date)
    observation = ObservationQuartier(
        quartier_suivi=suivi,
        date=date,
        lieu=lieu,
        texte=texte,
        description_photo=description_photo if photo is not None else "",
        par=par,
    )
    contenu = _image(photo, description_photo) if photo is not None else None
    if contenu is not None:
        observation.type_photo = contenu.type_mime
        observation.sha256 = hashlib.sha256(contenu.octets).hexdigest()
    observation.full_clean(exclude=["photo"])
    if contenu is not None:
        observation.photo.save("photo", ContentFile(contenu.octets), save=False)
    try:
        observation.save()
        pas.avancer(fait=f"Observation du {jour_texte(date)} notée")
    except Exception:
        _effacer(observation)
        raise
    return observation


@transaction.atomic
def retirer_observation(observation: ObservationQuartier, *, par: Compte, motif: str) -> None:
    """Erase an observation and its photo. The journal keeps the reason."""
    pas = exiger(observation, "retirer_observation", par=par)
    transaction.on_commit(partial(_effacer, observation))
    ObservationQuartier.objects.filter(pk=observation.pk).delete()
    pas.avancer(fait=f"Observation du {jour_texte(observation.date)} retirée", motif=motif)


def _effacer(observation: ObservationQuartier) -> None:
    if observation.photo:
        observation.photo.storage.delete(observation.photo.name)


def _image(photo: UploadedFile, description: str) -> Contenu:
    if not description.strip():
        raise ValidationError({"description_photo": "Dites ce que montre la photo, pour qui ne la voit pas."})
    try:
        contenu = reconnaitre(photo)
    except ValidationError as erreur:
        raise ValidationError({"photo": erreur.messages}) from erreur
    if contenu.type_mime not in IMAGES:
        raise ValidationError({"photo": "Choisissez une image : JPEG, PNG ou WebP."})
    return contenu


def _pas_demain(jour: date) -> None:
    if jour > timezone.localdate():
        raise ValidationError({"date": "Ce jour n’est pas encore venu."})
