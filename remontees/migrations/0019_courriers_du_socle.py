"""The letters on paper, and the files in which they were printed together, become those of the socle."""

from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

MOT_DU_LIEN = "Suivre votre remontée en ligne, ou y ajouter quelque chose, sans mot de passe :"


def copier(apps: Apps, editeur: BaseDatabaseSchemaEditor) -> None:
    modele: Any = apps.get_model
    courriers, impressions = modele("socle", "Courrier").objects, modele("socle", "Impression").objects
    nouvelles = {
        ancienne.pk: impressions.create(
            document_id=ancienne.document_id, par_id=ancienne.par_id, faite_le=ancienne.faite_le
        )
        for ancienne in modele("remontees", "Impression").objects.order_by("pk")
    }
    for ancien in modele("remontees", "Courrier").objects.order_by("pk"):
        courriers.create(
            dossier_id=ancien.remontee_id,
            lettre=ancien.lettre,
            objet=ancien.objet,
            document_id=ancien.document_id,
            impression=nouvelles.get(ancien.impression_id),
            a_une_adresse=ancien.a_une_adresse,
            ecrit_le=ancien.ecrit_le,
            date_postee=ancien.date_postee,
            poste_par_id=ancien.poste_par_id,
            abandonne_le=ancien.abandonne_le,
        )
    for document in modele("socle", "Document").objects.filter(
        nature__in=["remontees/courrier", "remontees/courriers"]
    ):
        document.nature = document.nature.replace("remontees", "socle")
        if document.nature == "socle/courrier":
            document.donnees = {**document.donnees, "mot_du_lien": MOT_DU_LIEN}
        document.save(update_fields=["nature", "donnees"])


class Migration(migrations.Migration):
    dependencies = [("remontees", "0018_impressions_de_courriers"), ("socle", "0020_courriers")]

    operations = [migrations.RunPython(copier, migrations.RunPython.noop)]
