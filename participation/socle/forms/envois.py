"""Forms that a person may send twice: a retry of a phone, a second click, a page left open."""

import hashlib
import json
import uuid
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django import forms
from django.core.files.base import File
from django.db.models import Model


class EnvoiUnique(forms.Form):
    """Gives each page a key, so that what it says is recorded once however often it is sent.

    The key that comes back was chosen by whoever sends it: `cle_d_envoi` is what may be stored. `ORIGINE`
    names the page, and never changes.
    """

    ORIGINE: ClassVar[str]

    cle = forms.UUIDField(required=False, widget=forms.HiddenInput, initial=uuid.uuid4)

    def cle_d_envoi(self, *autres: Mapping[str, Any]) -> uuid.UUID:
        """Return the key under which a valid form is stored; `autres`: answers of its other steps.

        It is a hash of the page, of the key and of all that is said: the same sending gives the same key, other
        words give another one (they are kept too), and nobody can reach a key that we made (an import, a mail)
        or that another page stores.
        """
        cle = self.cleaned_data.get("cle")
        if cle is None:
            return uuid.uuid4()
        dits = [self.ORIGINE, {**self.cleaned_data, "cle": str(cle)}, *map(dict, autres)]
        ecrit = json.dumps(dits, sort_keys=True, default=_en_json)
        return uuid.UUID(bytes=hashlib.sha256(ecrit.encode()).digest()[:16])


def _en_json(valeur: Any) -> Any:
    if isinstance(valeur, File):
        valeur.seek(0)
        empreinte = hashlib.sha256(valeur.read()).hexdigest()
        valeur.seek(0)
        return empreinte
    if isinstance(valeur, Model):
        return [valeur._meta.label, valeur.pk]
    return list(valeur) if isinstance(valeur, Iterable) else str(valeur)
