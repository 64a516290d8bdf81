"""Write the address of a body. Its history is that of the reference tables, where an administrator reads it."""

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from participation.socle.erreurs import ErreurMetier
from participation.socle.models import Compte, Joignable


@transaction.atomic
def ecrire_adresse(corps: Joignable, *, par: Compte, courriel: str, avant: str) -> None:
    """Replace the address `avant`, which the page showed. Raises ErreurMetier when another was written meanwhile."""
    corps = type(corps)._base_manager.select_for_update(of=("self",)).get(pk=corps.pk)
    if corps.courriel not in {avant, courriel}:
        raise ErreurMetier(
            f"L’adresse a changé pendant que vous l’écriviez. Aujourd’hui, il est écrit : « {corps.courriel or 'rien'} »."
        )
    corps.courriel = courriel
    corps.full_clean(exclude={champ.name for champ in corps._meta.fields} - {"courriel"})
    corps.save(update_fields=["courriel"])
    LogEntry.objects.create(
        user=par,
        content_type=ContentType.objects.get_for_model(corps),
        object_id=str(corps.pk),
        object_repr=str(corps)[:200],
        action_flag=CHANGE,
        change_message="adresse écrite" if courriel else "adresse effacée",
    )
