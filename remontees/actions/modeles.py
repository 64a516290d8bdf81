"""Acts on the models of answers."""

from typing import Any

from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from participation.socle.models import Compte
from participation.socle.versions import exiger_version
from remontees.models import ModeleDeReponse
from remontees.regles.modeles import fautes


@transaction.atomic
def enregistrer_modele(
    modele: ModeleDeReponse, *, par: Compte, vu: str = "", **champs: Any
) -> ModeleDeReponse:
    """Save a model, new or not; its former text is kept in the admin log.

    Raises TexteDepasse, ValidationError.
    """
    avant = ""
    if modele.pk:
        modele.refresh_from_db(from_queryset=ModeleDeReponse.objects.select_for_update(of=("self",)))
        exiger_version(modele, {nom: champs[nom] for nom in ("nom", "texte")}, vu)
        avant = f"{modele.nom}\n\n{modele.texte}"
    if mal := fautes(champs["texte"]):
        raise ValidationError({"texte": mal})
    for nom, valeur in champs.items():
        setattr(modele, nom, valeur)
    modele.modifie_par, modele.modifie_le = par, timezone.now()
    modele.full_clean()
    modele.save()
    LogEntry.objects.create(
        user=par,
        content_type=ContentType.objects.get_for_model(ModeleDeReponse),
        object_id=str(modele.pk),
        object_repr=modele.nom,
        action_flag=CHANGE if avant else ADDITION,
        change_message=avant,
    )
    return modele
