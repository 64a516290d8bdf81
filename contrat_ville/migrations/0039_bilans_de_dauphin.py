from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Exists, OuterRef

DEMANDES = ("contrat_ville/attendre_bilan", "contrat_ville/renvoyer_bilan")


def taire(apps: Apps, editeur: BaseDatabaseSchemaEditor) -> None:
    """A team that nobody asked for its bilan is reminded of none: the day is kept for the service, as it is for who comes now.

    What says that nobody asked is what the agents read: no convention here, no letter, none to post.
    """
    ici = {"dossier": OuterRef("dossier")}
    a_suivre = apps.get_model("contrat_ville", "Projet").objects.filter(etat="bilan_attendu", convention=None)
    echeances = apps.get_model("socle", "Echeance").objects.filter(
        ~Exists(apps.get_model("socle", "Courriel").objects.filter(**ici, acte__in=DEMANDES)),
        ~Exists(
            apps.get_model("socle", "Courrier").objects.filter(**ici, lettre__in=DEMANDES, abandonne_le=None)
        ),
        cle="bilan",
        faite_le=None,
        annulee_le=None,
        dossier__in=a_suivre.values("pk"),
    )
    echeances.update(
        libelle="Suivre le bilan demandé dans Dauphin",
        rappels=[],
        relances=[],
        escalade=None,
        responsable=None,
        lien="",
    )


class Migration(migrations.Migration):
    dependencies = [("contrat_ville", "0038_lien_de_table"), ("socle", "0020_courriers")]

    operations = [migrations.RunPython(taire, migrations.RunPython.noop)]
