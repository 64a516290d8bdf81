"""The line of the journal of an instance, and the row locked before its seats are counted."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone

from participation.seances.models import EntreeInstance, Instance, Mandature, Membre
from participation.socle.francais import jour_texte
from participation.socle.models import Compte


def consigner(
    instance: Instance,
    acte: str,
    fait: str,
    *,
    par: Compte | None,
    membre: Membre | None = None,
    motif: str = "",
    **details: Any,
) -> EntreeInstance:
    """Write one line of the instance's journal."""
    return EntreeInstance.objects.create(
        instance=instance, acte=acte, fait=fait[:200], par=par, membre=membre, motif=motif, details=details
    )


def enregistrer(objet: Any, champs: dict[str, Any]) -> list[str]:
    """Set, validate, save; returns the names of what changed. Raises ValidationError."""
    changes = [nom for nom, valeur in champs.items() if getattr(objet, nom) != valeur]
    for nom, valeur in champs.items():
        setattr(objet, nom, valeur)
    objet.full_clean()
    objet.save()
    return changes


def dire_changes(objet: Any, changes: Iterable[str]) -> str:
    return ", ".join(str(objet._meta.get_field(nom).verbose_name) for nom in changes)


def verrouiller_mandature(mandature: Mandature) -> None:
    """What is counted in a mandature (seats, functions) is counted by one act at a time."""
    mandature.refresh_from_db(
        from_queryset=Mandature.objects.select_for_update(of=("self",)).select_related("instance")
    )


def encore_la() -> Q:
    """Sits today or will sit."""
    return Q(au__isnull=True) | Q(au__gte=timezone.localdate())


def dire_jour(jour: date | None) -> str:
    return jour_texte(jour) if jour else ""
