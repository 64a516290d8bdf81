"""Acts of the person on the follow-up page: message with a photo, « c’est réglé »."""

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from participation.socle.actions import annuler_echeance, exiger
from participation.socle.actions.pieces import joindre_photo
from participation.socle.models import Compte
from remontees.actions import messages
from remontees.models import Message, Remontee


@transaction.atomic
def recevoir_avec_photo(
    remontee: Remontee, recu: messages.Recu, *, photo: "ContentFile[bytes] | None" = None
) -> Message | None:
    """Save a message and its photo; None when already saved. Raises ValidationError."""
    message = messages.recevoir(remontee, recu)
    if message is not None and photo is not None:
        joindre_photo(remontee, photo.read(), titre="Photo envoyée par la personne", par=None)
    return message


@transaction.atomic
def dire_regle(remontee: Remontee, *, par: Compte | None) -> None:
    """Close the remontée: the person says that it is settled."""
    exiger(remontee, "dire_regle", par=par).avancer(champs={"clos_le": timezone.now()})
    annuler_echeance(remontee)
