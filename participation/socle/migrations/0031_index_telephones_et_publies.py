from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('socle', '0030_cahiers_jusqu_au'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='compte',
            index=GinIndex(OpClass(models.Func(models.Func(models.F('telephone'), models.Value('٠۰١۱٢۲٣۳٤۴٥۵٦۶٧۷٨۸٩۹'), models.Value('00112233445566778899'), function='translate', output_field=models.TextField()), models.Value('[^0-9]'), models.Value(''), models.Value('g'), function='regexp_replace', output_field=models.TextField()), name='gin_trgm_ops'), condition=models.Q(('telephone', ''), _negated=True), name='compte_telephone'),
        ),
        AddIndexConcurrently(
            model_name="dossier",
            index=models.Index(
                models.F("nature"),
                models.F("id"),
                condition=models.Q(("est_publie", True)),
                name="dossier_publies_nature",
            ),
        ),
    ]
