"""Orders for what people need to come: from whom, at what cost, confirmed or not."""

import django.contrib.postgres.functions
import django.core.validators
import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('inclusion', '0002_lots_de_papier'),
        ('socle', '0022_bienvenue'),
    ]

    operations = [
        migrations.CreateModel(
            name='CommandeDeBesoin',
            fields=[
                ('dossier_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='socle.dossier')),
                ('sceau', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, verbose_name='sceau des liens')),
                ('etat', models.CharField(choices=[('commandee', 'commandée'), ('confirmee', 'confirmée'), ('annulee', 'annulée')], default='commandee', max_length=10, verbose_name='état')),
                ('reunion', models.CharField(max_length=300, verbose_name='rencontre')),
                ('page', models.CharField(max_length=200, verbose_name='page de la rencontre')),
                ('quand', models.DateTimeField(verbose_name='le')),
                ('besoin', models.CharField(max_length=160, verbose_name='besoin')),
                ('combien', models.PositiveIntegerField(validators=[django.core.validators.MinValueValidator(1)], verbose_name='pour combien de personnes')),
                ('prestataire', models.CharField(max_length=160, verbose_name='prestataire')),
                ('courriel', models.EmailField(blank=True, max_length=254, verbose_name='courriel du prestataire')),
                ('precisions', models.TextField(blank=True, max_length=1000, verbose_name='ce qu’il doit savoir')),
                ('cout', models.DecimalField(blank=True, decimal_places=2, max_digits=9, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='coût (€)')),
                ('mot', models.CharField(blank=True, max_length=300, verbose_name='ce que dit le prestataire')),
                ('confirmee_le', models.DateTimeField(blank=True, null=True, verbose_name='confirmée le')),
            ],
            options={
                'verbose_name': 'commande pour un besoin',
                'verbose_name_plural': 'commandes pour des besoins',
                'constraints': [models.UniqueConstraint(models.F('page'), models.F('besoin'), condition=models.Q(('etat', 'annulee'), _negated=True), name='commande_une_fois', violation_error_message='Ce besoin est déjà commandé : annulez d’abord l’autre commande.')],
            },
            bases=('socle.dossier', models.Model),
        ),
    ]
