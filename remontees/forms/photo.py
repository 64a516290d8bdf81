"""A photo taken on the spot: looked at, drawn again upright without what it says of its author, made small."""

from pathlib import PurePosixPath
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile

from participation.socle.actions.pieces import IMAGES, nommer, reconnaitre

FORMATS = ",".join(IMAGES)
EXTENSIONS = frozenset({".jpg", ".jpeg", ".png", ".webp"})


class PhotoField(forms.FileField):
    """None, or the picture ready to be kept. `autre` is what is said of a file that is no picture."""

    widget = forms.FileInput
    default_error_messages = {"autre": "Ce fichier n’est pas une photo. Envoyez une image JPEG, PNG ou WebP."}

    def __init__(self, **options: Any) -> None:
        super().__init__(
            **{"label": "Photo", "required": False, "max_length": None, "allow_empty_file": True, **options}
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
            # A field says its error itself: the name that the pièces give it is not one of this form.
            mots = erreur.error_dict["fichier"]
            if any(mot.code == "contenu_autre" for mot in mots):
                raise ValidationError(self.error_messages["autre"], code="autre") from None
            raise ValidationError(mots) from None
        return ContentFile(contenu.octets, name=nommer(fichier.name or "", contenu.extension))
