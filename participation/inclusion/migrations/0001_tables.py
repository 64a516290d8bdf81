import django.contrib.postgres.constraints
import django.contrib.postgres.functions
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    replaces = [
        ('inclusion', '0001_initial'),
        ('inclusion', '0002_lots_de_papier'),
        ('inclusion', '0003_commandes'),
        ('inclusion', '0004_decomptes_de_profils'),
    ]

    dependencies = [
        ('socle', '0001_tables'),
        ('socle', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='ActionAllerVers',
            fields=[
                ('dossier_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='socle.dossier')),
                ('etat', models.CharField(choices=[('prevue', 'prévue'), ('faite', 'faite'), ('annulee', 'annulée')], default='prevue', max_length=10, verbose_name='état')),
                ('date_prevue', models.DateField(default=django.utils.timezone.localdate, verbose_name='jour')),
                ('lieu', models.CharField(max_length=160, verbose_name='lieu')),
                ('public', models.CharField(max_length=200, verbose_name='qui nous voulons rencontrer')),
                ('relais', models.CharField(blank=True, help_text='Association, gardien, centre social, école…', max_length=200, verbose_name='avec quel relais')),
                ('demarche', models.CharField(blank=True, max_length=160, verbose_name='pour quelle démarche')),
                ('rencontrees', models.PositiveIntegerField(blank=True, null=True, verbose_name='personnes rencontrées')),
                ('venues', models.PositiveIntegerField(blank=True, help_text='Signé, dit quelque chose, inscrites : ce que vous savez. Vide : pas compté.', null=True, verbose_name='personnes qui ont ensuite participé')),
                ('heures', models.DecimalField(blank=True, decimal_places=1, max_digits=6, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='heures de travail')),
                ('cout', models.DecimalField(blank=True, decimal_places=2, max_digits=9, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='dépenses (€)')),
                ('bilan', models.TextField(blank=True, max_length=3000, verbose_name='ce que nous avons entendu et appris')),
            ],
            options={
                'verbose_name': 'action d’aller-vers',
                'verbose_name_plural': 'actions d’aller-vers',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('etat', 'faite'), _negated=True), ('rencontrees__isnull', False), _connector='OR'), name='aller_vers_faite_a_un_bilan', violation_error_message='Dites combien de personnes ont été rencontrées.')],
            },
            bases=('socle.dossier',),
        ),
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
        migrations.CreateModel(
            name='DecompteDeProfil',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nature', models.CharField(max_length=20, verbose_name='démarche')),
                ('numero', models.PositiveBigIntegerField(verbose_name='numéro de la démarche')),
                ('effectifs', models.JSONField(default=dict, verbose_name='effectifs')),
            ],
            options={
                'verbose_name': 'décompte de profils',
                'verbose_name_plural': 'décomptes de profils',
                'constraints': [models.UniqueConstraint(models.F('nature'), models.F('numero'), name='decompte_profil_unique', violation_error_message='Cette démarche a déjà un décompte.')],
            },
        ),
        migrations.CreateModel(
            name='LotPapier',
            fields=[
                ('dossier_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='socle.dossier')),
                ('etat', models.CharField(choices=[('a_lire', 'lecture du fichier'), ('a_approuver', 'à approuver'), ('clos', 'clos'), ('illisible', 'refusé'), ('annule', 'annulé')], default='a_lire', max_length=12, verbose_name='état')),
                ('genre', models.CharField(max_length=20, verbose_name='ce que disent les papiers')),
                ('cible', models.PositiveBigIntegerField(verbose_name='numéro de la démarche')),
                ('empreinte', models.CharField(max_length=64, verbose_name='empreinte du fichier')),
                ('fichier', models.FileField(blank=True, upload_to='inclusion/papier/%Y/%m/', verbose_name='fichier')),
                ('nom', models.CharField(max_length=160, verbose_name='nom du fichier')),
                ('colonnes', models.JSONField(blank=True, default=list, verbose_name='colonnes lues')),
                ('raison', models.CharField(blank=True, max_length=300, verbose_name='pourquoi il est refusé')),
            ],
            options={
                'verbose_name': 'lot de papier',
                'verbose_name_plural': 'lots de papier',
                'constraints': [models.UniqueConstraint(condition=models.Q(('etat__in', ['illisible', 'annule']), _negated=True), fields=('genre', 'cible', 'empreinte'), name='lot_papier_une_fois', violation_error_message='Ce fichier a déjà été envoyé : rien n’est enregistré deux fois.')],
            },
            bases=('socle.dossier',),
        ),
        migrations.CreateModel(
            name='PartDePopulation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('critere', models.CharField(choices=[('age', 'Âge'), ('genre', 'Genre'), ('langue', 'Langue parlée le plus souvent'), ('amenagement', 'Besoin d’un aménagement')], max_length=12, verbose_name='question')),
                ('valeur', models.CharField(max_length=8, verbose_name='groupe')),
                ('pourcent', models.DecimalField(decimal_places=1, max_digits=4, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(100)], verbose_name='part (%)')),
                ('source', models.CharField(help_text='Qui a compté, où le lire.', max_length=200, verbose_name='source')),
                ('annee', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1990)], verbose_name='année')),
            ],
            options={
                'verbose_name': 'part de la population',
                'verbose_name_plural': 'parts de la population',
                'ordering': ['critere', 'valeur'],
                'constraints': [models.UniqueConstraint(models.F('critere'), models.F('valeur'), name='part_population_unique', violation_error_message='La part de ce groupe est déjà donnée.'), models.CheckConstraint(condition=models.Q(models.Q(('critere', 'age'), ('valeur__in', ['0_14', '15_29', '30_44', '45_59', '60_74', '75_plus'])), models.Q(('critere', 'genre'), ('valeur__in', ['femme', 'homme', 'autre'])), models.Q(('critere', 'langue'), ('valeur__in', ['fr', 'en', 'ar', 'pt', 'tr', 'uk', 'autre'])), models.Q(('critere', 'amenagement'), ('valeur__in', ['oui', 'non'])), _connector='OR'), name='part_population_groupe_connu', violation_error_message='Ce groupe n’est pas une réponse à cette question.')],
            },
        ),
        migrations.CreateModel(
            name='ReglementInclusion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.CharField(max_length=40, verbose_name='version')),
                ('en_vigueur_du', models.DateField(verbose_name='en vigueur du')),
                ('en_vigueur_au', models.DateField(blank=True, null=True, verbose_name='en vigueur jusqu’au')),
                ('source', models.TextField(help_text='Délibération, article, lien : ce qui fonde ces règles.', verbose_name='source')),
                ('plus_petit', models.PositiveSmallIntegerField(default=5, help_text='En dessous, un groupe est caché, avec un autre s’il le faut pour qu’il ne se devine pas.', validators=[django.core.validators.MinValueValidator(3)], verbose_name='plus petit nombre montré')),
                ('jours_pour_repondre', models.PositiveSmallIntegerField(default=7, help_text='Depuis le jour où la personne a participé.', verbose_name='jours pour répondre')),
            ],
            options={
                'verbose_name': 'règlement de l’inclusion',
                'verbose_name_plural': 'règlements de l’inclusion',
                'ordering': ['-en_vigueur_du'],
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('en_vigueur_au__isnull', True), ('en_vigueur_au__gte', models.F('en_vigueur_du')), _connector='OR'), name='reglementinclusion_dates_ordonnees', violation_error_message='La fin précède le début.'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.Func(models.F('en_vigueur_du'), models.F('en_vigueur_au'), models.Value('[]'), function='daterange'), '&&')], name='reglementinclusion_une_version_par_jour', violation_error_message='Une autre version est déjà en vigueur à ces dates.')],
            },
        ),
        migrations.CreateModel(
            name='ReponseDeProfil',
            fields=[
                ('cle', models.CharField(editable=False, max_length=64, primary_key=True, serialize=False, verbose_name='clé')),
                ('nature', models.CharField(max_length=20, verbose_name='démarche')),
                ('numero', models.PositiveBigIntegerField(verbose_name='numéro de la démarche')),
                ('critere', models.CharField(choices=[('age', 'âge'), ('genre', 'genre'), ('commune', 'commune'), ('qpv', 'quartier prioritaire'), ('langue', 'langue parlée le plus souvent'), ('amenagement', 'besoin d’un aménagement'), ('reponse', 'a répondu')], max_length=12, verbose_name='question')),
                ('valeur', models.CharField(max_length=8, verbose_name='réponse')),
            ],
            options={
                'verbose_name': 'réponse de profil',
                'verbose_name_plural': 'réponses de profil',
                'indexes': [models.Index(models.F('nature'), models.F('numero'), models.F('critere'), models.F('valeur'), name='reponse_profil_demarche')],
            },
        ),
        migrations.CreateModel(
            name='LignePapier',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('numero', models.PositiveIntegerField(verbose_name='ligne du tableau')),
                ('valeurs', models.JSONField(blank=True, default=dict, verbose_name='réponses, par colonne')),
                ('etat', models.CharField(choices=[('a_voir', 'à voir'), ('retenue', 'retenue'), ('refusee', 'refusée'), ('en_faute', 'en faute')], default='a_voir', max_length=8, verbose_name='état')),
                ('raison', models.CharField(blank=True, max_length=1000, verbose_name='ce qui ne va pas')),
                ('par', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='décidée par')),
                ('lot', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lignes', to='inclusion.lotpapier', verbose_name='lot')),
            ],
            options={
                'verbose_name': 'ligne de papier',
                'verbose_name_plural': 'lignes de papier',
                'ordering': ['lot', 'numero'],
                'constraints': [models.UniqueConstraint(fields=('lot', 'numero'), name='ligne_papier_unique', violation_error_message='Cette ligne est déjà lue.')],
            },
        ),
    ]
