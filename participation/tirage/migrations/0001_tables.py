import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    replaces = [
        ('tirage', '0001_initial'),
        ('tirage', '0002_origine_du_volontaire'),
        ('tirage', '0003_travail_a_part'),
        ('tirage', '0004_pertes_prevues'),
        ('tirage', '0005_proces_verbal'),
        ('tirage', '0006_deja_publie'),
        ('tirage', '0007_parts_de_la_population'),
        ('tirage', '0008_regle_liee_a_la_graine'),
        ('tirage', '0009_import_de_tableau'),
        ('tirage', '0010_langue_des_volontaires'),
        ('tirage', '0011_telephones'),
        ('tirage', '0012_tableau_du_volontaire'),
    ]

    dependencies = [
        ('socle', '0001_tables'),
        ('socle', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Tirage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('titre', models.CharField(help_text='Par exemple « Panel sur l’eau, 2027 ».', max_length=160, verbose_name='titre')),
                ('objet', models.TextField(help_text='En quelques phrases, pour tous.', max_length=2000, verbose_name='à quoi sert ce panel')),
                ('places', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(2), django.core.validators.MaxValueValidator(500)], verbose_name='places tirées au sort')),
                ('est_repetition', models.BooleanField(default=False, help_text='Pour s’exercer, avec des personnes inventées. Rien n’est publié.', verbose_name='c’est une répétition')),
                ('source', models.CharField(choices=[('boules', 'Dix boules de 0 à 9, ou plus, tirées en public'), ('loto', 'Les numéros du Loto d’un jour à venir'), ('drand', 'Un tour à venir de la balise publique drand (quicknet)')], default='boules', max_length=6, verbose_name='source de la graine')),
                ('date_graine', models.DateField(verbose_name='jour où la graine est connue')),
                ('precision_source', models.CharField(help_text='Où et à quelle heure les boules sont tirées, ou quel tirage, ou quel tour.', max_length=300, verbose_name='précision')),
                ('repli', models.CharField(help_text='La source qui la remplace, dite d’avance.', max_length=300, verbose_name='si la source manque')),
                ('tirage_le', models.DateTimeField(verbose_name='tirage public le')),
                ('lieu', models.CharField(max_length=200, verbose_name='lieu du tirage public')),
                ('source_parts', models.CharField(blank=True, db_default='', max_length=200, verbose_name='d’où viennent les parts de la population')),
                ('seances', models.PositiveSmallIntegerField(db_default=1, default=1, verbose_name='séances')),
                ('pertes', models.JSONField(blank=True, db_default=[], default=list, verbose_name='pertes prévues')),
                ('etat', models.CharField(choices=[('preparation', 'en préparation'), ('fige', 'liste figée'), ('seme', 'graine connue'), ('publie', 'panels publiés'), ('tire', 'panel tiré'), ('abandonne', 'abandonné')], default='preparation', max_length=12, verbose_name='état')),
                ('cree_le', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='créé le')),
                ('fige_le', models.DateTimeField(blank=True, null=True, verbose_name='figé le')),
                ('empreinte_liste', models.CharField(blank=True, max_length=64, verbose_name='empreinte de la liste')),
                ('regle', models.TextField(blank=True, db_default='', default='', verbose_name='règle, comme elle est publiée')),
                ('texte_graine', models.CharField(blank=True, max_length=200, verbose_name='graine, comme elle est publiée')),
                ('graine', models.CharField(blank=True, max_length=64, verbose_name='graine')),
                ('panels', models.JSONField(blank=True, default=list, help_text='Les numéros des personnes de chacun.', verbose_name='panels')),
                ('empreinte_panels', models.CharField(blank=True, max_length=64, verbose_name='empreinte des panels')),
                ('publie_le', models.DateTimeField(blank=True, null=True, verbose_name='panels publiés le')),
                ('boules', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MaxValueValidator(999)], verbose_name='boules')),
                ('tire_le', models.DateTimeField(blank=True, null=True, verbose_name='tiré le')),
                ('publies', models.JSONField(blank=True, db_default={}, default=dict, verbose_name='déjà publié')),
                ('calcul', models.CharField(choices=[('aucun', 'pas encore demandé'), ('en_cours', 'en cours'), ('fait', 'fait'), ('impossible', 'impossible'), ('arrete', 'arrêté'), ('echec', 'en échec')], default='aucun', max_length=12, verbose_name='calcul')),
                ('calcul_le', models.DateTimeField(blank=True, null=True, verbose_name='calcul demandé le')),
                ('calcul_essais', models.PositiveSmallIntegerField(default=0, verbose_name='essais')),
                ('calcul_etape', models.CharField(blank=True, max_length=60, verbose_name='étape du calcul')),
                ('calcul_part', models.FloatField(default=0, verbose_name='part faite')),
                ('mesures', models.JSONField(blank=True, default=dict, verbose_name='mesures')),
                ('controle', models.JSONField(blank=True, db_default={}, default=dict, verbose_name='contrôle des quotas')),
                ('comptes', models.JSONField(blank=True, db_default={}, default=dict, verbose_name='comptes')),
                ('proces_verbal', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='socle.document', verbose_name='proces verbal')),
            ],
            options={
                'verbose_name': 'tirage au sort',
                'verbose_name_plural': 'tirages au sort',
                'ordering': ['-tirage_le', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('tirage_le__date__gte', models.F('date_graine'))), name='tirage_apres_sa_graine', violation_error_message='Le tirage public vient après le jour de la graine, ou le même jour.'), models.CheckConstraint(condition=models.Q(models.Q(('etat', 'tire'), _negated=True), models.Q(('boules__isnull', False), ('tire_le__isnull', False)), _connector='OR'), name='tirage_tire_a_ses_boules', violation_error_message='Un panel tiré porte le nombre qui l’a désigné.')],
            },
        ),
        migrations.CreateModel(
            name='ImportDeVolontaires',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fichier', models.FileField(upload_to='tableaux/%Y/%m/', verbose_name='fichier')),
                ('nom', models.CharField(max_length=160, verbose_name='nom du fichier')),
                ('etat', models.CharField(choices=[('en_cours', 'en cours'), ('fini', 'fini'), ('echec', 'arrêté'), ('annule', 'annulé')], default='en_cours', max_length=10, verbose_name='état')),
                ('entetes', models.JSONField(default=list, verbose_name='colonnes')),
                ('total', models.PositiveIntegerField(default=0, verbose_name='lignes')),
                ('lues', models.PositiveIntegerField(default=0, verbose_name='lignes lues')),
                ('ajoutees', models.PositiveIntegerField(default=0, verbose_name='ajoutées')),
                ('refusees', models.PositiveIntegerField(default=0, verbose_name='refusées')),
                ('erreur', models.CharField(blank=True, max_length=500, verbose_name='ce qui l’a arrêté')),
                ('cree_le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='envoyé le')),
                ('par', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par')),
                ('tirage', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='imports', to='tirage.tirage', verbose_name='tirage')),
            ],
            options={
                'verbose_name': 'import de volontaires',
                'verbose_name_plural': 'imports de volontaires',
                'ordering': ['-cree_le', '-pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='LigneRefusee',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('numero', models.PositiveIntegerField(verbose_name='ligne')),
                ('valeurs', models.JSONField(default=list, verbose_name='valeurs')),
                ('raison', models.CharField(max_length=300, verbose_name='raison')),
                ('import_fichier', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='refus', to='tirage.importdevolontaires', verbose_name='import fichier')),
            ],
            options={
                'verbose_name': 'ligne refusée',
                'verbose_name_plural': 'lignes refusées',
                'ordering': ['import_fichier', 'numero'],
            },
        ),
        migrations.CreateModel(
            name='Quota',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ordre', models.PositiveSmallIntegerField(default=1, verbose_name='ordre')),
                ('categorie', models.CharField(max_length=60, verbose_name='catégorie')),
                ('valeur', models.CharField(max_length=80, verbose_name='valeur')),
                ('minimum', models.PositiveSmallIntegerField(verbose_name='minimum')),
                ('maximum', models.PositiveSmallIntegerField(verbose_name='maximum')),
                ('part', models.DecimalField(blank=True, decimal_places=1, max_digits=4, null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(100)], verbose_name='part de la population (%)')),
                ('tirage', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='quotas', to='tirage.tirage', verbose_name='tirage')),
            ],
            options={
                'verbose_name': 'quota',
                'verbose_name_plural': 'quotas',
                'ordering': ['tirage', 'ordre'],
                'constraints': [models.UniqueConstraint(fields=('tirage', 'categorie', 'valeur'), name='quota_une_fois', violation_error_message='Cette valeur est déjà décrite dans cette catégorie.'), models.CheckConstraint(condition=models.Q(('maximum__gte', models.F('minimum'))), name='quota_bornes_ordonnees', violation_error_message='Le minimum dépasse le maximum.')],
            },
        ),
        migrations.CreateModel(
            name='EntreeTirage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('acte', models.CharField(max_length=40, verbose_name='acte')),
                ('fait', models.CharField(help_text='Ce qui s’est passé, en une phrase sans sujet.', max_length=200, verbose_name='fait')),
                ('etat_avant', models.CharField(blank=True, max_length=30, verbose_name='état avant')),
                ('etat_apres', models.CharField(blank=True, max_length=30, verbose_name='état après')),
                ('motif', models.TextField(blank=True, verbose_name='motif')),
                ('details', models.JSONField(blank=True, default=dict, verbose_name='détails')),
                ('est_publique', models.BooleanField(default=False, verbose_name='publique')),
                ('le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='le')),
                ('par', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par')),
                ('tirage', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='journal', to='tirage.tirage', verbose_name='tirage')),
            ],
            options={
                'verbose_name': 'entrée du journal d’un tirage',
                'verbose_name_plural': 'journal des tirages',
                'ordering': ['-le', '-pk'],
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='entree_tirage_ineffacable', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='89db6cba9413b452ad8e8aa1c621da62ac60dc22', operation='UPDATE OR DELETE', pgid='pgtrigger_entree_tirage_ineffacable_e3220', table='tirage_entreetirage', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='Volontaire',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('numero', models.CharField(blank=True, max_length=8, verbose_name='numéro')),
                ('nom', models.CharField(blank=True, max_length=120, verbose_name='nom')),
                ('courriel', models.EmailField(blank=True, max_length=254, verbose_name='adresse électronique')),
                ('telephone', models.CharField(blank=True, max_length=20, verbose_name='téléphone')),
                ('foyer', models.CharField(blank=True, help_text='Son adresse : une personne par foyer.', max_length=200, verbose_name='foyer')),
                ('profil', models.JSONField(blank=True, default=dict, verbose_name='profil')),
                ('origine', models.CharField(blank=True, db_default='', editable=False, max_length=60, verbose_name='origine')),
                ('langue', models.CharField(db_default='fr', default='fr', editable=False, max_length=2, verbose_name='langue des lettres')),
                ('nonce', models.CharField(blank=True, editable=False, max_length=32, verbose_name='secret de l’engagement')),
                ('engagement', models.CharField(blank=True, editable=False, max_length=64, verbose_name='engagement')),
                ('billet', models.CharField(blank=True, editable=False, max_length=64, verbose_name='billet')),
                ('est_ecarte_par_foyer', models.BooleanField(default=False, verbose_name='une autre personne de son foyer est gardée')),
                ('chances', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='panels où elle siège')),
                ('place', models.CharField(choices=[('aucune', 'non tirée'), ('panel', 'tirée'), ('entree', 'entrée en remplacement'), ('partie', 'a renoncé')], default='aucune', max_length=8, verbose_name='place')),
                ('est_en_reserve', models.BooleanField(db_default=False, default=False, verbose_name='en réserve')),
                ('place_le', models.DateTimeField(blank=True, null=True, verbose_name='depuis le')),
                ('import_fichier', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='personnes', to='tirage.importdevolontaires', verbose_name='tableau')),
                ('tirage', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='volontaires', to='tirage.tirage', verbose_name='tirage')),
            ],
            options={
                'verbose_name': 'volontaire',
                'verbose_name_plural': 'volontaires',
                'ordering': ['tirage', 'numero', 'pk'],
                'indexes': [django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(models.Func(models.Func(models.F('telephone'), models.Value('٠۰١۱٢۲٣۳٤۴٥۵٦۶٧۷٨۸٩۹'), models.Value('00112233445566778899'), function='translate', output_field=models.TextField()), models.Value('[^0-9]'), models.Value(''), models.Value('g'), function='regexp_replace', output_field=models.TextField()), name='gin_trgm_ops'), condition=models.Q(('telephone', ''), _negated=True), name='volontaire_telephone')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('numero', ''), _negated=True), fields=('tirage', 'numero'), name='volontaire_numero_unique', violation_error_message='Ce numéro est déjà donné.'), models.UniqueConstraint(condition=models.Q(('origine', ''), _negated=True), fields=('tirage', 'origine'), name='volontaire_origine_unique', violation_error_message='Cette inscription est déjà dans le tirage.')],
            },
        ),
    ]
