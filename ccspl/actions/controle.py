"""What the external management control follows: added, changed, ended, taken off. Each act is in the journal of the instance."""

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
    """`champs`: nature, service, intitule… and what it is linked to. Raises ValidationError on the fields."""
    pas = exiger(controle, "ajouter_controle", par=par)
    pas.avancer(champs=champs, fait=f"Contrôle de gestion, suivi : {champs['intitule']}"[:160])
    return controle


@transaction.atomic
def modifier_controle(controle: Controle, *, par: Compte, **champs: Any) -> None:
    pas = exiger(controle, "modifier_controle", par=par)
    pas.avancer(champs=champs, fait=f"Contrôle de gestion, modifié : {champs['intitule']}"[:160])


@transaction.atomic
def finir_controle(controle: Controle, *, par: Compte, le: date) -> None:
    """The contract is over, the audit handed in, the deadline met. ValidationError: a day to come."""
    pas = exiger(controle, "finir_controle", par=par)
    if le > timezone.localdate():
        raise ValidationError({"le": "Cette date n’est pas encore arrivée."})
    pas.avancer(champs={"fini_le": le}, fait=f"Contrôle de gestion, terminé : {controle}"[:160])


@transaction.atomic
def retirer_controle(controle: Controle, *, par: Compte) -> None:
    pas = exiger(controle, "retirer_controle", par=par)
    pas.avancer(champs={"retire_le": timezone.now()}, fait=f"Contrôle de gestion, retiré : {controle}"[:160])
