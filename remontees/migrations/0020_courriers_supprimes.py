"""The letters on paper are in the socle: those of the remontées were copied there."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("remontees", "0019_courriers_du_socle")]

    operations = [
        migrations.RemoveField(model_name="impression", name="document"),
        migrations.RemoveField(model_name="impression", name="par"),
        migrations.DeleteModel(name="Courrier"),
        migrations.DeleteModel(name="Impression"),
    ]
