"""The letters on paper are in the socle: those of the Contrat de Ville were copied there, answers to a recours among them."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("contrat_ville", "0035_courriers_du_socle")]

    operations = [
        migrations.RemoveField(model_name="courrier", name="document"),
        migrations.RemoveField(model_name="courrier", name="projet"),
        migrations.RemoveConstraint(model_name="recours", name="recours_reponse_imprimee"),
        migrations.RemoveField(model_name="recours", name="date_postee"),
        migrations.RemoveField(model_name="recours", name="document"),
        migrations.DeleteModel(name="Courrier"),
    ]
