import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.functions
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import participation.cadres.models.reglement
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    replaces = [
        ('cadres', '0001_initial'),
        ('cadres', '0002_evaluations'),
        ('cadres', '0003_debut'),
        ('cadres', '0004_cahiers'),
        ('cadres', '0005_cahiers_d_un_dossier'),
    ]

    dependencies = [
        ('socle', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='Critere',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ordre', models.PositiveSmallIntegerField(default=1, verbose_name='ordre')),
                ('libelle', models.CharField(max_length=120, verbose_name='critère')),
                ('question', models.CharField(max_length=300, verbose_name='question posée')),
                ('source', models.CharField(help_text='L’outil dont il vient, et où le lire.', max_length=200, verbose_name='source')),
                ('est_actif', models.BooleanField(default=True, verbose_name='posé')),
            ],
            options={
                'verbose_name': 'critère d’évaluation',
                'verbose_name_plural': 'critères d’évaluation',
                'ordering': ['ordre', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Cadre',
            fields=[
                ('dossier_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='socle.dossier')),
                ('etat', models.CharField(choices=[('brouillon', 'à écrire'), ('annonce', 'annoncé'), ('verifie', 'vérifié'), ('arrete', 'arrêté')], default='brouillon', max_length=10, verbose_name='état')),
                ('niveau', models.CharField(choices=[('informer', 'informer'), ('consulter', 'consulter'), ('concerter', 'concerter'), ('co_construire', 'co-construire')], max_length=16, verbose_name='niveau')),
                ('objet', models.TextField(max_length=2000, verbose_name='ce qui se décide')),
                ('ouvert', models.TextField(blank=True, max_length=3000, verbose_name='ce qui peut encore changer')),
                ('ferme', models.TextField(blank=True, max_length=3000, verbose_name='ce qui ne changera pas')),
                ('qui_decide', models.CharField(max_length=300, verbose_name='qui décide, et quand')),
                ('date_debut', models.DateField(blank=True, null=True, verbose_name='début')),
                ('date_fin', models.DateField(verbose_name='fin prévue')),
                ('bilan', models.TextField(blank=True, max_length=6000, verbose_name='ce que la démarche a changé')),
            ],
            options={
                'verbose_name': 'cadre de démarche',
                'verbose_name_plural': 'cadres des démarches',
                'constraints': [models.CheckConstraint(condition=models.Q(('niveau', 'informer'), models.Q(('etat', 'annonce'), _negated=True), models.Q(('ouvert', ''), _negated=True), _connector='OR'), name='cadre_annonce_dit_ce_qui_change', violation_error_message='Dites ce qui peut encore changer : au-delà d’informer, une démarche l’annonce.'), models.CheckConstraint(condition=models.Q(models.Q(('etat__in', ['verifie', 'arrete']), _negated=True), models.Q(('bilan', ''), _negated=True), _connector='OR'), name='cadre_fini_dit_pourquoi', violation_error_message='Dites ce que la démarche a changé, ou pourquoi elle s’arrête.'), models.CheckConstraint(condition=models.Q(('date_debut', None), ('date_debut__lte', models.F('date_fin')), _connector='OR'), name='cadre_commence_avant_de_finir', violation_error_message='La démarche commence avant de finir : corrigez le début ou la fin.')],
            },
            bases=('socle.dossier',),
        ),
        migrations.CreateModel(
            name='Condition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('niveau', models.CharField(choices=[('informer', 'informer'), ('consulter', 'consulter'), ('concerter', 'concerter'), ('co_construire', 'co-construire')], max_length=16, verbose_name='niveau')),
                ('ordre', models.PositiveSmallIntegerField(default=1, verbose_name='ordre')),
                ('attente', models.CharField(max_length=300, verbose_name='ce que vous pouvez attendre')),
                ('constat', models.CharField(max_length=300, verbose_name='ce qui se vérifie à la fin')),
                ('source', models.CharField(help_text='Délibération, charte, page.', max_length=300, verbose_name='source')),
                ('en_vigueur_du', models.DateField(verbose_name='en vigueur du')),
                ('en_vigueur_au', models.DateField(blank=True, null=True, verbose_name='en vigueur jusqu’au')),
            ],
            options={
                'verbose_name': 'condition d’un niveau',
                'verbose_name_plural': 'conditions des niveaux',
                'ordering': ['niveau', 'ordre', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('en_vigueur_au__isnull', True), ('en_vigueur_au__gte', models.F('en_vigueur_du')), _connector='OR'), name='condition_dates_ordonnees', violation_error_message='La fin précède le début.')],
            },
        ),
        migrations.CreateModel(
            name='Attente',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ordre', models.PositiveSmallIntegerField(default=1, verbose_name='ordre')),
                ('texte', models.CharField(max_length=300, verbose_name='ce que vous pouvez attendre')),
                ('tenue', models.CharField(blank=True, choices=[('tenue', 'tenu'), ('en_partie', 'tenu en partie'), ('non_tenue', 'pas tenu')], max_length=10, verbose_name='constat')),
                ('constat', models.TextField(blank=True, max_length=2000, verbose_name='ce qui le montre')),
                ('cadre', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attentes', to='cadres.cadre', verbose_name='cadre')),
                ('condition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attentes', to='cadres.condition', verbose_name='condition')),
            ],
            options={
                'verbose_name': 'attente',
                'verbose_name_plural': 'attentes',
                'ordering': ['cadre', 'ordre', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('tenue', ''), models.Q(('constat', ''), _negated=True), _connector='OR'), name='attente_constatee_se_montre', violation_error_message='Dites ce qui le montre.')],
            },
        ),
        migrations.CreateModel(
            name='Evaluateur',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sceau', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, verbose_name='sceau des liens')),
                ('moment', models.CharField(choices=[('avant', 'avant'), ('apres', 'après')], max_length=5, verbose_name='moment')),
                ('nom', models.CharField(blank=True, max_length=120, verbose_name='nom')),
                ('qualite', models.CharField(blank=True, max_length=120, verbose_name='qualité')),
                ('courriel', models.EmailField(blank=True, max_length=254, verbose_name='courriel')),
                ('remarque', models.TextField(blank=True, max_length=3000, verbose_name='ce que les notes ne disent pas')),
                ('rendue_le', models.DateTimeField(blank=True, null=True, verbose_name='rendue le')),
                ('cadre', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='evaluateurs', to='cadres.cadre', verbose_name='cadre')),
            ],
            options={
                'verbose_name': 'personne qui évalue',
                'verbose_name_plural': 'personnes qui évaluent',
                'ordering': ['cadre', '-moment', 'nom', 'pk'],
                'constraints': [models.UniqueConstraint(models.F('cadre'), models.F('moment'), django.db.models.functions.text.Lower('courriel'), condition=models.Q(('courriel', ''), _negated=True), name='evaluateur_unique', violation_error_message='Cette adresse évalue déjà la démarche à ce moment.')],
            },
        ),
        migrations.CreateModel(
            name='NoteDeCritere',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('note', models.PositiveSmallIntegerField(choices=[(4, 'oui'), (3, 'plutôt oui'), (2, 'plutôt non'), (1, 'non')], validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(4)], verbose_name='note')),
                ('critere', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='cadres.critere', verbose_name='critere')),
                ('evaluateur', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='cadres.evaluateur', verbose_name='evaluateur')),
            ],
            options={
                'verbose_name': 'note d’un critère',
                'verbose_name_plural': 'notes des critères',
                'ordering': ['evaluateur', 'critere'],
                'constraints': [models.UniqueConstraint(models.F('evaluateur'), models.F('critere'), name='note_de_critere_unique', violation_error_message='Ce critère a déjà sa note.')],
            },
        ),
        migrations.CreateModel(
            name='Rattachement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('genre', models.CharField(max_length=60, verbose_name='genre')),
                ('numero', models.PositiveBigIntegerField(blank=True, null=True, verbose_name='numéro')),
                ('titre', models.CharField(max_length=200, verbose_name='titre')),
                ('cadre', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rattachements', to='cadres.cadre', verbose_name='cadre')),
            ],
            options={
                'verbose_name': 'page d’une démarche',
                'verbose_name_plural': 'pages des démarches',
                'ordering': ['cadre', 'pk'],
                'constraints': [models.UniqueConstraint(models.F('genre'), models.F('numero'), name='rattachement_unique', nulls_distinct=False, violation_error_message='Cette page a déjà son cadre.')],
            },
        ),
        migrations.CreateModel(
            name='ReglementCadres',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.CharField(max_length=40, verbose_name='version')),
                ('en_vigueur_du', models.DateField(verbose_name='en vigueur du')),
                ('en_vigueur_au', models.DateField(blank=True, null=True, verbose_name='en vigueur jusqu’au')),
                ('source', models.TextField(help_text='Délibération, article, lien : ce qui fonde ces règles.', verbose_name='source')),
                ('rappels', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(validators=[django.core.validators.MaxValueValidator(365)]), blank=True, default=participation.cadres.models.reglement.rappels_de_depart, size=None, verbose_name='rappels avant la fin d’une démarche (jours)')),
                ('relances', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(validators=[django.core.validators.MaxValueValidator(365)]), blank=True, default=participation.cadres.models.reglement.relances_de_depart, size=None, verbose_name='relances après sa fin (jours)')),
                ('ecart_a_dire', models.PositiveSmallIntegerField(db_default=2, default=2, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(3)], verbose_name='avis partagés à partir de cet écart entre deux notes')),
                ('preuve_jours', models.PositiveSmallIntegerField(db_default=7, default=7, verbose_name='un cahier d’acteur attend la preuve de son adresse (jours)')),
                ('lecture_jours', models.PositiveSmallIntegerField(db_default=10, default=10, verbose_name='un cahier d’acteur déposé est lu avant (jours)')),
            ],
            options={
                'verbose_name': 'règlement des cadres',
                'verbose_name_plural': 'règlements des cadres',
                'ordering': ['-en_vigueur_du'],
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('en_vigueur_au__isnull', True), ('en_vigueur_au__gte', models.F('en_vigueur_du')), _connector='OR'), name='reglementcadres_dates_ordonnees', violation_error_message='La fin précède le début.'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.Func(models.F('en_vigueur_du'), models.F('en_vigueur_au'), models.Value('[]'), function='daterange'), '&&')], name='reglementcadres_une_version_par_jour', violation_error_message='Une autre version est déjà en vigueur à ces dates.')],
            },
        ),
        migrations.CreateModel(
            name='Cahier',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sceau', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, verbose_name='sceau des liens')),
                ('demande_le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='demandé le')),
                ('confirme_le', models.DateTimeField(blank=True, null=True, verbose_name='confirmé le')),
                ('etat', models.CharField(choices=[('attendu', 'attendu'), ('a_lire', 'à lire'), ('publie', 'publié'), ('ecarte', 'non publié')], default='attendu', max_length=10, verbose_name='état')),
                ('organisation', models.CharField(max_length=160, verbose_name='organisation')),
                ('courriel', models.EmailField(blank=True, max_length=254, verbose_name='courriel')),
                ('resume', models.TextField(blank=True, max_length=3000, verbose_name='résumé')),
                ('consenti_le', models.DateTimeField(blank=True, null=True, verbose_name='accord pour publier, donné le')),
                ('motif', models.TextField(blank=True, max_length=1000, verbose_name='raison de ne pas publier')),
                ('dossier', models.ForeignKey(db_column='cadre_id', on_delete=django.db.models.deletion.CASCADE, related_name='cahiers', to='socle.dossier', verbose_name='dossier')),
                ('piece', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cahier', to='socle.piece', verbose_name='document')),
            ],
            options={
                'verbose_name': 'cahier d’acteur',
                'verbose_name_plural': 'cahiers d’acteurs',
                'ordering': ['dossier', 'organisation', 'pk'],
                'constraints': [models.UniqueConstraint(models.F('dossier'), django.db.models.functions.text.Lower('courriel'), condition=models.Q(('courriel', ''), _negated=True), name='cahier_adresse_unique', violation_error_message='Cette adresse a déjà un cahier ici.'), models.CheckConstraint(condition=models.Q(('etat', 'attendu'), models.Q(('consenti_le__isnull', False), ('piece__isnull', False), models.Q(('resume', ''), _negated=True)), _connector='OR'), name='cahier_depose_entier', violation_error_message='Un cahier a son résumé, son document et l’accord de l’organisation.'), models.CheckConstraint(condition=models.Q(models.Q(('etat', 'ecarte'), _negated=True), models.Q(('motif', ''), _negated=True), _connector='OR'), name='cahier_ecarte_dit_pourquoi', violation_error_message='Dites pourquoi il n’est pas publié.')],
            },
        ),
    ]
