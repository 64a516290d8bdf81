from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("socle", "0018_contours_deja_importes")]

    operations = [
        migrations.RemoveField(model_name="commune", name="contour"),
        migrations.RemoveField(model_name="quartier", name="contour"),
    ]
