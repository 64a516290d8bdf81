from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('droits', '0005_rappeler_pour_verifier'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='demandedroit',
            index=GinIndex(OpClass(models.Func(models.Func(models.F('telephone'), models.Value('٠۰١۱٢۲٣۳٤۴٥۵٦۶٧۷٨۸٩۹'), models.Value('00112233445566778899'), function='translate', output_field=models.TextField()), models.Value('[^0-9]'), models.Value(''), models.Value('g'), function='regexp_replace', output_field=models.TextField()), name='gin_trgm_ops'), condition=models.Q(('telephone', ''), _negated=True), name='demande_droit_telephone'),
        ),
    ]
