from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # the indexes are made while the site serves

    dependencies = [
        ('socle', '0028_restaurations'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='dossier',
            index=models.Index(models.F('agent'), models.OrderBy(models.F('ouvert_le'), descending=True), models.OrderBy(models.F('id'), descending=True), condition=models.Q(('clos_le__isnull', True)), name='dossier_suivis_ouverts'),
        ),
        AddIndexConcurrently(
            model_name='dossier',
            index=models.Index(models.F('id'), condition=models.Q(('est_publie', True)), name='dossier_publies'),
        ),
        RemoveIndexConcurrently(
            model_name='dossier',
            name='dossier_ouverts_par_agent',
        ),
    ]
