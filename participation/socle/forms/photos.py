"""A picture taken with a phone, drawn again without what its file hides."""

from pathlib import PurePosixPath
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile

from participation.socle.actions.pieces import IMAGES, nommer, reconnaitre
from participation.socle.langues import plus_tard as _

FORMATS = ",".join(IMAGES)


EXTENSIONS = frozenset({".jpg", ".jpeg", ".png", ".webp"})


class PhotoField(forms.FileField):
    """File field that returns None or the re-encoded picture. Error code `autre`: not a picture."""

    widget = forms.FileInput
    default_error_messages = {
        "autre": _("Ce fichier n’est pas une photo. Envoyez une image JPEG, PNG ou WebP.")
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(
            **{
                "label": _("Photo"),
                "required": False,
                "max_length": None,
                "allow_empty_file": True,
                **options,
            }
        )
        self.widget.attrs["accept"] = FORMATS

    def clean(self, data: Any, initial: Any = None) -> "ContentFile[bytes] | None":
        fichier = super().clean(data, initial)
        if not fichier:
            return None
        if PurePosixPath(fichier.name or "").suffix.lower() not in EXTENSIONS:
            raise ValidationError(self.error_messages["autre"], code="autre")
        try:
            contenu = reconnaitre(fichier)
        except ValidationError as erreur:
            # Keep the messages only: the field name `fichier` of the pièces does not exist in this form.
            mots = erreur.error_dict["fichier"]
            if any(mot.code == "contenu_autre" for mot in mots):
                raise ValidationError(self.error_messages["autre"], code="autre") from None
            raise ValidationError(mots) from None
        return ContentFile(contenu.octets, name=nommer(fichier.name or "", contenu.extension))
