from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Upper


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('remontees', '0004_carte_du_bureau'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='rapporteur',
            index=GinIndex(OpClass(models.Func(models.Func(models.F('telephone'), models.Value('٠۰١۱٢۲٣۳٤۴٥۵٦۶٧۷٨۸٩۹'), models.Value('00112233445566778899'), function='translate', output_field=models.TextField()), models.Value('[^0-9]'), models.Value(''), models.Value('g'), function='regexp_replace', output_field=models.TextField()), name='gin_trgm_ops'), condition=models.Q(('telephone', ''), _negated=True), name='rapporteur_telephone'),
        ),
        AddIndexConcurrently(
            model_name="remontee",
            index=models.Index(
                "dossier_ptr", condition=models.Q(("est_discrimination", False)), name="remontee_lisibles"
            ),
        ),
        AddIndexConcurrently(
            model_name="rapporteur",
            index=models.Index(Upper("courriel"), name="rapporteur_courriel_capitales"),
        ),
    ]
