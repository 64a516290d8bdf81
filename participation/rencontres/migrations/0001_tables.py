import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.functions
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import participation.inscriptions.models
import pgtrigger.compiler
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    replaces = [
        ('rencontres', '0001_initial'),
        ('rencontres', '0002_deroule'),
        ('rencontres', '0003_recolte'),
        ('rencontres', '0004_inscriptions_communes'),
        ('rencontres', '0005_langue_des_inscriptions'),
        ('rencontres', '0006_langue_de_qui_parle'),
        ('rencontres', '0007_telephones'),
    ]

    dependencies = [
        ('socle', '0001_tables'),
        ('socle', '__first__'),
        ('suites', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='Format',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nom', models.CharField(error_messages={'unique': 'Un format a déjà ce nom.'}, max_length=80, unique=True, verbose_name='nom')),
                ('but', models.TextField(max_length=600, verbose_name='à quoi il sert')),
                ('personnes_min', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(2)], verbose_name='personnes, au moins')),
                ('personnes_max', models.PositiveSmallIntegerField(verbose_name='personnes, au plus')),
                ('minutes', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(5)], verbose_name='durée (minutes)')),
                ('materiel', models.TextField(blank=True, max_length=1000, verbose_name='matériel')),
                ('etapes', models.TextField(help_text='Une par ligne.', max_length=4000, verbose_name='étapes')),
                ('etat', models.CharField(choices=[('en_usage', 'en usage'), ('retire', 'retiré')], default='en_usage', max_length=10, verbose_name='état')),
            ],
            options={
                'verbose_name': 'format',
                'verbose_name_plural': 'formats',
                'ordering': ['nom'],
            },
        ),
        migrations.CreateModel(
            name='EntreeFormat',
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
                ('format', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='journal', to='rencontres.format', verbose_name='format')),
            ],
            options={
                'verbose_name': 'entrée du journal de format',
                'verbose_name_plural': 'journal des formats',
                'ordering': ['-le', '-pk'],
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='entree_format_ineffacable', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='69b75c78d67793a2355adafc0abd7a16d490a41b', operation='UPDATE OR DELETE', pgid='pgtrigger_entree_format_ineffacable_7a63e', table='rencontres_entreeformat', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='ReglementRencontres',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.CharField(max_length=40, verbose_name='version')),
                ('en_vigueur_du', models.DateField(verbose_name='en vigueur du')),
                ('en_vigueur_au', models.DateField(blank=True, null=True, verbose_name='en vigueur jusqu’au')),
                ('source', models.TextField(help_text='Délibération, article, lien : ce qui fonde ces règles.', verbose_name='source')),
                ('delai_confirmation_jours', models.PositiveSmallIntegerField(default=3, verbose_name='une inscription en ligne attend la preuve de son adresse (jours)')),
                ('offre_jours', models.PositiveSmallIntegerField(db_default=2, default=2, help_text='Ensuite, elle va à la personne suivante. 0 : une place libre est donnée, sans demander.', verbose_name='une place proposée attend une réponse (jours)')),
                ('rappels_jours', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(validators=[django.core.validators.MaxValueValidator(60)]), blank=True, db_default=[7, 1], default=participation.inscriptions.models.rappels_de_depart, size=None, verbose_name='rappels aux personnes inscrites (jours avant)')),
                ('inscriptions_par_boite', models.PositiveSmallIntegerField(db_default=4, default=4, help_text='Une famille s’inscrit avec une seule adresse. L’accueil peut en inscrire davantage.', validators=[django.core.validators.MinValueValidator(1)], verbose_name='inscriptions pour une adresse de courriel')),
                ('part_sans_courriel', models.PositiveSmallIntegerField(db_default=30, default=30, help_text='Au-delà, ces personnes entrent en liste d’attente : un agent les inscrit, ou leur propose une place. 0 : en ligne, l’adresse est demandée.', validators=[django.core.validators.MaxValueValidator(100)], verbose_name='places données en ligne sans adresse de courriel (%)')),
                ('notes_par_heure', models.PositiveSmallIntegerField(db_default=200, default=200, help_text='Au-delà, le lien de la table ne prend plus rien pendant une heure.', verbose_name='notes prises à une table en une heure')),
                ('gommettes_par_personne', models.PositiveSmallIntegerField(db_default=3, default=3, verbose_name='gommettes de chaque personne')),
                ('conservation_jours', models.PositiveSmallIntegerField(default=60, verbose_name='effacer qui était inscrit, tant de jours après')),
            ],
            options={
                'verbose_name': 'règlement des rencontres',
                'verbose_name_plural': 'règlements des rencontres',
                'ordering': ['-en_vigueur_du'],
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('en_vigueur_au__isnull', True), ('en_vigueur_au__gte', models.F('en_vigueur_du')), _connector='OR'), name='reglementrencontres_dates_ordonnees', violation_error_message='La fin précède le début.'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.Func(models.F('en_vigueur_du'), models.F('en_vigueur_au'), models.Value('[]'), function='daterange'), '&&')], name='reglementrencontres_une_version_par_jour', violation_error_message='Une autre version est déjà en vigueur à ces dates.')],
            },
        ),
        migrations.CreateModel(
            name='Rencontre',
            fields=[
                ('dossier_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='socle.dossier')),
                ('debut', models.DateTimeField(verbose_name='début')),
                ('fin', models.DateTimeField(verbose_name='fin')),
                ('lieu', models.CharField(max_length=160, verbose_name='lieu')),
                ('adresse', models.CharField(max_length=200, verbose_name='adresse')),
                ('acces', models.TextField(help_text='Arrêt de transport, entrée sans marche, boucle magnétique, toilettes adaptées, garde d’enfants.', max_length=1500, verbose_name='comment venir et entrer')),
                ('places', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(5000)], verbose_name='places')),
                ('date_limite', models.DateField(verbose_name='dernier jour pour s’inscrire')),
                ('motif', models.TextField(blank=True, max_length=1000, verbose_name='raison de l’annulation')),
                ('sequence', models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='version')),
                ('etat', models.CharField(choices=[('preparee', 'en préparation'), ('ouverte', 'inscriptions ouvertes'), ('tenue', 'tenue'), ('close', 'close'), ('annulee', 'annulée')], default='preparee', max_length=10, verbose_name='état')),
                ('but', models.TextField(max_length=2000, verbose_name='pourquoi se réunir')),
                ('plan', models.JSONField(blank=True, db_default=[], default=list, editable=False, verbose_name='tables')),
                ('format', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='rencontres', to='rencontres.format', verbose_name='format')),
                ('origine', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='rencontres', to='socle.dossier', verbose_name='démarche')),
            ],
            options={
                'verbose_name': 'rencontre',
                'verbose_name_plural': 'rencontres',
                'ordering': ['-debut', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('fin__gt', models.F('debut'))), name='rencontre_heures_ordonnees', violation_error_message='La rencontre finit après avoir commencé.')],
            },
            bases=('socle.dossier', models.Model),
        ),
        migrations.CreateModel(
            name='Animateur',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sceau', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, verbose_name='sceau des liens')),
                ('nom', models.CharField(max_length=120, verbose_name='nom')),
                ('role', models.CharField(blank=True, help_text='« Garde le temps », « anime l’est ».', max_length=120, verbose_name='ce qu’elle ou il fait')),
                ('courriel', models.EmailField(blank=True, max_length=254, verbose_name='courriel')),
                ('rencontre', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='animateurs', to='rencontres.rencontre', verbose_name='rencontre')),
            ],
            options={
                'verbose_name': 'personne qui anime',
                'verbose_name_plural': 'personnes qui animent',
                'ordering': ['rencontre', 'nom', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Bloc',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rang', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1)], verbose_name='place dans le déroulé')),
                ('titre', models.CharField(max_length=120, verbose_name='titre')),
                ('minutes', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(1440)], verbose_name='durée (minutes)')),
                ('piste', models.CharField(blank=True, max_length=40, verbose_name='piste')),
                ('qui', models.CharField(blank=True, max_length=200, verbose_name='qui fait quoi')),
                ('consignes', models.TextField(blank=True, max_length=2000, verbose_name='consignes pour l’animation')),
                ('materiel', models.CharField(blank=True, max_length=200, verbose_name='matériel')),
                ('est_public', models.BooleanField(default=True, verbose_name='dans le programme public')),
                ('au_moins', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='peut être raccourci à (minutes)')),
                ('peut_sauter', models.BooleanField(default=False, verbose_name='peut être coupé')),
                ('jouees', models.PositiveSmallIntegerField(blank=True, editable=False, null=True, verbose_name='durée jouée')),
                ('rencontre', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='blocs', to='rencontres.rencontre', verbose_name='rencontre')),
            ],
            options={
                'verbose_name': 'étape du déroulé',
                'verbose_name_plural': 'étapes du déroulé',
                'ordering': ['rencontre', 'rang', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Evaluation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('parole', models.PositiveSmallIntegerField(choices=[(4, 'oui, tout à fait'), (3, 'plutôt oui'), (2, 'plutôt non'), (1, 'non')], validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(4)], verbose_name='j’ai pu dire ce que j’avais à dire')),
                ('suite', models.PositiveSmallIntegerField(choices=[(4, 'oui, tout à fait'), (3, 'plutôt oui'), (2, 'plutôt non'), (1, 'non')], validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(4)], verbose_name='je sais ce que deviendra ce qui s’est dit')),
                ('mot', models.TextField(blank=True, max_length=1000, verbose_name='à changer la prochaine fois')),
                ('sur_papier', models.BooleanField(default=False, verbose_name='sur papier')),
                ('cle', models.UUIDField(editable=False, null=True, unique=True, verbose_name='clé de l’envoi')),
                ('rencontre', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='evaluations', to='rencontres.rencontre', verbose_name='rencontre')),
            ],
            options={
                'verbose_name': 'évaluation',
                'verbose_name_plural': 'évaluations',
            },
        ),
        migrations.CreateModel(
            name='Groupe',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('titre', models.CharField(max_length=160, verbose_name='titre')),
                ('texte', models.TextField(blank=True, max_length=3000, verbose_name='ce qui s’est dit')),
                ('gommettes_papier', models.PositiveSmallIntegerField(default=0, verbose_name='gommettes collées')),
                ('reponse', models.TextField(blank=True, max_length=2000, verbose_name='ce que cela devient')),
                ('fait_le', models.DateTimeField(blank=True, null=True, verbose_name='dit le')),
                ('devenu', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='socle.dossier', verbose_name='devenu')),
                ('suite', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='suites.suite', verbose_name='suite')),
                ('rencontre', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='groupes', to='rencontres.rencontre', verbose_name='rencontre')),
            ],
            options={
                'verbose_name': 'groupe de notes',
                'verbose_name_plural': 'groupes de notes',
                'ordering': ['rencontre', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Inscription',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sceau', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, verbose_name='sceau des liens')),
                ('etat', models.CharField(choices=[('a_confirmer', 'adresse à confirmer'), ('inscrite', 'place réservée'), ('attente', 'en liste d’attente'), ('offerte', 'place proposée'), ('annulee', 'inscription annulée'), ('rendue', 'adresse à confirmer')], default='inscrite', max_length=12, verbose_name='état')),
                ('canal', models.CharField(choices=[('web', 'en ligne'), ('telephone', 'par téléphone'), ('papier', 'sur papier'), ('porte', 'à l’entrée')], db_default='web', default='web', max_length=10, verbose_name='reçue')),
                ('nom', models.CharField(blank=True, max_length=120, verbose_name='nom')),
                ('courriel', models.EmailField(blank=True, max_length=254, verbose_name='courriel')),
                ('telephone', models.CharField(blank=True, max_length=30, verbose_name='téléphone')),
                ('besoins', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('interprete', 'un interprète'), ('lsf', 'la langue des signes'), ('garde', 'une garde d’enfants'), ('transport', 'un transport'), ('boucle', 'une boucle magnétique'), ('fauteuil', 'une place pour un fauteuil roulant'), ('autre', 'autre chose')], max_length=12), blank=True, default=list, size=None, verbose_name='besoins')),
                ('langue', models.CharField(blank=True, max_length=60, verbose_name='langue de l’interprète')),
                ('enfants', models.PositiveSmallIntegerField(default=0, validators=[django.core.validators.MaxValueValidator(12)], verbose_name='enfants à garder')),
                ('precisions', models.TextField(blank=True, max_length=600, verbose_name='précisions')),
                ('inscrite_le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='inscription du')),
                ('confirmee_le', models.DateTimeField(blank=True, null=True, verbose_name='confirmée le')),
                ('offerte_jusqu_a', models.DateTimeField(blank=True, null=True, verbose_name='place proposée jusqu’au')),
                ('presente_le', models.DateTimeField(blank=True, null=True, verbose_name='présence notée le')),
                ('efface_le', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='effacée le')),
                ('cle', models.UUIDField(editable=False, null=True, unique=True, verbose_name='clé de l’envoi')),
                ('langue_lettres', models.CharField(db_default='fr', default='fr', max_length=2, verbose_name='langue des lettres')),
                ('evenement', models.ForeignKey(db_column='rencontre_id', on_delete=django.db.models.deletion.PROTECT, related_name='inscriptions', to='rencontres.rencontre', verbose_name='rencontre')),
            ],
            options={
                'verbose_name': 'inscription à une rencontre',
                'verbose_name_plural': 'inscriptions aux rencontres',
                'ordering': ['evenement', 'inscrite_le', 'pk'],
                'abstract': False,
                'indexes': [models.Index(models.F('evenement'), models.F('etat'), models.F('inscrite_le'), name='rencontre_file'), models.Index(models.F('offerte_jusqu_a'), condition=models.Q(('etat', 'offerte')), name='rencontre_offres'), django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(models.Func(models.Func(models.F('telephone'), models.Value('٠۰١۱٢۲٣۳٤۴٥۵٦۶٧۷٨۸٩۹'), models.Value('00112233445566778899'), function='translate', output_field=models.TextField()), models.Value('[^0-9]'), models.Value(''), models.Value('g'), function='regexp_replace', output_field=models.TextField()), name='gin_trgm_ops'), condition=models.Q(('telephone', ''), _negated=True), name='rencontre_telephone')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('besoins__contains', ['interprete']), _negated=True), models.Q(('langue', ''), _negated=True), ('efface_le__isnull', False), _connector='OR'), name='rencontre_langue_dite', violation_error_message='Dites quelle langue l’interprète doit parler.'), models.CheckConstraint(condition=models.Q(models.Q(('besoins__contains', ['garde']), _negated=True), ('enfants__gt', 0), ('efface_le__isnull', False), _connector='OR'), name='rencontre_enfants_comptes', violation_error_message='Dites combien d’enfants sont à garder.'), models.CheckConstraint(condition=models.Q(models.Q(('etat', 'offerte'), ('offerte_jusqu_a__isnull', False)), models.Q(models.Q(('etat', 'offerte'), _negated=True), ('offerte_jusqu_a__isnull', True)), _connector='OR'), name='rencontre_offre_datee', violation_error_message='Une place proposée l’est jusqu’à un instant.')],
            },
        ),
        migrations.CreateModel(
            name='Gommette',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('groupe', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='gommettes', to='rencontres.groupe', verbose_name='groupe')),
                ('inscription', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='gommettes', to='rencontres.inscription', verbose_name='inscription')),
            ],
            options={
                'verbose_name': 'gommette',
                'constraints': [models.UniqueConstraint(fields=('groupe', 'inscription'), name='gommette_unique', violation_error_message='Cette gommette est déjà collée.')],
            },
        ),
        migrations.CreateModel(
            name='TableRencontre',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sceau', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, verbose_name='sceau des liens')),
                ('numero', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1)], verbose_name='numéro')),
                ('sujet', models.CharField(blank=True, max_length=160, verbose_name='sujet')),
                ('rencontre', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tables', to='rencontres.rencontre', verbose_name='rencontre')),
            ],
            options={
                'verbose_name': 'table',
                'ordering': ['rencontre', 'numero'],
                'constraints': [models.UniqueConstraint(models.F('rencontre'), models.F('numero'), name='table_rencontre_numero_unique', violation_error_message='Cette rencontre a déjà une table de ce numéro.')],
            },
        ),
        migrations.CreateModel(
            name='Note',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('texte', models.TextField(max_length=2000, verbose_name='ce qui s’est dit')),
                ('le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='notée le')),
                ('cle', models.UUIDField(editable=False, null=True, unique=True, verbose_name='clé de l’envoi')),
                ('ecartee_le', models.DateTimeField(blank=True, null=True, verbose_name='écartée le')),
                ('groupe', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='notes', to='rencontres.groupe', verbose_name='groupe')),
                ('photo', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='socle.piece', verbose_name='photo')),
                ('table', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='rencontres.tablerencontre', verbose_name='table')),
            ],
            options={
                'verbose_name': 'note',
                'ordering': ['table', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='AuteurDeNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sceau', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, verbose_name='sceau des liens')),
                ('courriel', models.EmailField(max_length=254, verbose_name='courriel')),
                ('demande_le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='demandé le')),
                ('confirme_le', models.DateTimeField(blank=True, null=True, verbose_name='confirmé le')),
                ('langue', models.CharField(db_default='fr', default='fr', max_length=2, verbose_name='langue des lettres')),
                ('note', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='auteurs', to='rencontres.note', verbose_name='note')),
            ],
            options={
                'verbose_name': 'auteur d’une note',
                'verbose_name_plural': 'auteurs de notes',
                'constraints': [models.UniqueConstraint(models.F('note'), django.db.models.functions.text.Lower('courriel'), name='auteur_note_unique', violation_error_message='Cette adresse est déjà donnée pour cette note.')],
            },
        ),
    ]
