import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('socle', '0029_courriers_d_une_demande'),
    ]

    # These apps point at `socle`: what points back stands apart.
    dependencies = [
        ('droits', '0001_tables'),
        ('renouvellement', '0001_tables'),
        ('seances', '0001_tables'),
        ('socle', '0001_tables'),
    ]

    operations = [
        migrations.AddField(
            model_name='courrier',
            name='campagne',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='courriers', to='renouvellement.campagne', verbose_name='campagne'),
        ),
        migrations.AddField(
            model_name='courrier',
            name='instance',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='courriers', to='seances.instance', verbose_name='instance'),
        ),
        migrations.AddField(
            model_name='courrier',
            name='seance',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='courriers', to='seances.seance', verbose_name='séance'),
        ),
        migrations.AddField(
            model_name='courrier',
            name='demande',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='courriers', to='droits.demandedroit', verbose_name='demande d’une personne'),
        ),
        migrations.AddConstraint(
            model_name='courrier',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('campagne__isnull', True), ('demande__isnull', True), ('dossier__isnull', False), ('instance__isnull', True), ('seance__isnull', True)), models.Q(('campagne__isnull', True), ('demande__isnull', True), ('dossier__isnull', True), ('instance__isnull', True), ('seance__isnull', False)), models.Q(('campagne__isnull', False), ('demande__isnull', True), ('dossier__isnull', True), ('instance__isnull', True), ('seance__isnull', True)), models.Q(('campagne__isnull', True), ('demande__isnull', True), ('dossier__isnull', True), ('instance__isnull', False), ('seance__isnull', True)), models.Q(('campagne__isnull', True), ('demande__isnull', False), ('dossier__isnull', True), ('instance__isnull', True), ('seance__isnull', True)), _connector='OR'), name='courrier_d_un_seul', violation_error_message='Un courrier est celui d’un dossier, d’une séance, d’une instance, d’une campagne ou de la demande d’une personne.'),
        ),
    ]
