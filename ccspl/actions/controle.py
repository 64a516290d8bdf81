"""Acts on the external management control: add, change, end, remove.

Written in the journal of the instance.
"""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from ccspl.models import Controle
from participation.socle.actions import exiger
from participation.socle.models import Compte


@transaction.atomic
def ajouter_controle(controle: Controle, *, par: Compte, **champs: Any) -> Controle:
    """Add an element. `champs`: its fields (nature, service, intitule…). Raises ValidationError."""
    pas = exiger(controle, "ajouter_controle", par=par)
    pas.avancer(champs=champs, fait=f"Contrôle de gestion, suivi : {champs['intitule']}"[:160])
    return controle


@transaction.atomic
def modifier_controle(controle: Controle, *, par: Compte, **champs: Any) -> None:
    pas = exiger(controle, "modifier_controle", par=par)
    pas.avancer(champs=champs, fait=f"Contrôle de gestion, modifié : {champs['intitule']}"[:160])


@transaction.atomic
def finir_controle(controle: Controle, *, par: Compte, le: date) -> None:
    """Mark an element as ended (contract over, audit delivered, deadline met).

    Raises ValidationError for a day to come.
    """
    pas = exiger(controle, "finir_controle", par=par)
    if le > timezone.localdate():
        raise ValidationError({"le": "Cette date n’est pas encore arrivée."})
    pas.avancer(champs={"fini_le": le}, fait=f"Contrôle de gestion, terminé : {controle}"[:160])


@transaction.atomic
def retirer_controle(controle: Controle, *, par: Compte) -> None:
    pas = exiger(controle, "retirer_controle", par=par)
    pas.avancer(champs={"retire_le": timezone.now()}, fait=f"Contrôle de gestion, retiré : {controle}"[:160])
