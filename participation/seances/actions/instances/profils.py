"""Acts of a member on their own profile."""

import uuid
from typing import Any

from django.db import transaction

from participation.seances.models import Profil


@transaction.atomic
def modifier_profil(profil: Profil, *, telephone: str | None = None, **champs: Any) -> None:
    """Change needs, presentation and consents. `telephone` is kept on the account. Raises ValidationError."""
    profil.refresh_from_db(from_queryset=Profil.objects.select_for_update())
    for nom, valeur in champs.items():
        setattr(profil, nom, valeur)
    profil.full_clean()
    profil.save()
    if telephone is not None and telephone != profil.compte.telephone:
        profil.compte.telephone = telephone
        profil.compte.save(update_fields=["telephone"])


def renouveler_agenda(profil: Profil) -> None:
    """Give the calendar a new secret URL. The former one stops working."""
    profil.cle_agenda = uuid.uuid4()
    profil.save(update_fields=["cle_agenda"])
