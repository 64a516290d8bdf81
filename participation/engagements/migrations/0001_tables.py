import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    replaces = [
        ('engagements', '0001_initial'),
        ('engagements', '0002_propositions'),
        ('engagements', '0003_qui_suit_un_engagement'),
        ('engagements', '0004_deliberations'),
        ('engagements', '0005_refus_de_deliberations'),
        ('engagements', '0006_temps_forts'),
        ('engagements', '0007_temps_fort_change'),
        ('engagements', '0008_etudes'),
        ('engagements', '0009_observations_de_la_chambre'),
    ]

    dependencies = [
        ('rencontres', '0001_tables'),
        ('seances', '0001_tables'),
        ('socle', '0001_tables'),
        ('socle', '__first__'),
        ('suites', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='Collectif',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cle', models.SlugField(help_text='Par exemple « agora ».', max_length=40, unique=True, verbose_name='adresse de sa page')),
                ('nom', models.CharField(max_length=120, unique=True, verbose_name='nom')),
                ('presentation', models.TextField(blank=True, verbose_name='présentation (publique)')),
                ('association', models.CharField(blank=True, max_length=160, verbose_name='association qui suit ses propositions')),
                ('courriel', models.EmailField(blank=True, help_text='Elle dit, par un lien reçu, si c’est fait.', max_length=254, verbose_name='courriel de l’association')),
                ('instance', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='seances.instance', verbose_name='instance')),
            ],
            options={
                'verbose_name': 'collectif',
                'ordering': ['nom'],
            },
        ),
        migrations.CreateModel(
            name='Deliberation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('numero', models.CharField(max_length=120, unique=True, verbose_name='numéro')),
                ('date', models.DateField(verbose_name='date')),
                ('objet', models.TextField(verbose_name='objet')),
                ('matiere_code', models.CharField(blank=True, max_length=20, verbose_name='code de la matière')),
                ('matiere', models.CharField(blank=True, max_length=200, verbose_name='matière')),
                ('collectivite', models.CharField(blank=True, max_length=200, verbose_name='collectivité')),
                ('siret', models.CharField(blank=True, max_length=14, verbose_name='SIRET')),
                ('budget_annee', models.CharField(blank=True, max_length=10, verbose_name='année du budget')),
                ('budget_nom', models.CharField(blank=True, max_length=200, verbose_name='budget')),
                ('prefecture_numero', models.CharField(blank=True, max_length=120, verbose_name='numéro en préfecture')),
                ('prefecture_date', models.DateField(blank=True, null=True, verbose_name='reçue en préfecture le')),
                ('vote_effectif', models.PositiveIntegerField(blank=True, null=True, verbose_name='effectif')),
                ('vote_reel', models.PositiveIntegerField(blank=True, null=True, verbose_name='votants')),
                ('vote_pour', models.PositiveIntegerField(blank=True, null=True, verbose_name='pour')),
                ('vote_contre', models.PositiveIntegerField(blank=True, null=True, verbose_name='contre')),
                ('vote_abstention', models.PositiveIntegerField(blank=True, null=True, verbose_name='abstentions')),
                ('adresse', models.URLField(blank=True, max_length=400, verbose_name='adresse')),
                ('importee_le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='reprise le')),
            ],
            options={
                'verbose_name': 'délibération',
                'ordering': ['-date', 'numero'],
            },
        ),
        migrations.CreateModel(
            name='Principe',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('numero', models.PositiveSmallIntegerField(unique=True, verbose_name='numéro')),
                ('titre', models.CharField(max_length=200, verbose_name='principe')),
                ('source', models.CharField(help_text='Le texte qui l’écrit, où le lire.', max_length=300, verbose_name='source')),
                ('est_actif', models.BooleanField(default=True, verbose_name='en vigueur')),
            ],
            options={
                'verbose_name': 'principe des engagements',
                'verbose_name_plural': 'principes des engagements',
                'ordering': ['numero'],
            },
        ),
        migrations.CreateModel(
            name='TacheType',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('libelle', models.CharField(help_text='À l’infinitif.', max_length=120, verbose_name='à faire')),
                ('jours_avant', models.PositiveSmallIntegerField(verbose_name='jours avant')),
                ('est_active', models.BooleanField(default=True, verbose_name='proposée')),
            ],
            options={
                'verbose_name': 'tâche d’un temps fort',
                'verbose_name_plural': 'tâches des temps forts',
                'ordering': ['-jours_avant', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='EngagementPris',
            fields=[
                ('dossier_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='socle.dossier')),
                ('etat', models.CharField(choices=[('brouillon', 'à écrire'), ('publie', 'en cours'), ('tenu', 'tenu'), ('abandonne', 'abandonné')], default='brouillon', max_length=12, verbose_name='état')),
                ('texte', models.TextField(max_length=4000, verbose_name='ce qui sera fait, pour qui')),
                ('verification', models.TextField(blank=True, max_length=2000, verbose_name='comment on saura que c’est fait')),
                ('source', models.CharField(blank=True, max_length=300, verbose_name='acte ou page qui le porte')),
                ('date_limite', models.DateField(blank=True, null=True, verbose_name='fait au plus tard le')),
                ('bilan', models.TextField(blank=True, max_length=4000, verbose_name='ce qui a été fait, ou pourquoi non')),
                ('suivi_par', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='engagements.collectif', verbose_name='collectif qui le suit')),
                ('principe', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='engagements', to='engagements.principe', verbose_name='principe')),
            ],
            options={
                'verbose_name': 'engagement',
                'constraints': [models.CheckConstraint(condition=models.Q(('etat', 'brouillon'), models.Q(models.Q(('verification', ''), _negated=True), models.Q(('source', ''), _negated=True), ('date_limite__isnull', False)), _connector='OR'), name='engagement_publie_est_complet', violation_error_message='Un engagement publié est vérifiable, sourcé et daté.'), models.CheckConstraint(condition=models.Q(models.Q(('etat__in', ['tenu', 'abandonne']), _negated=True), models.Q(('bilan', ''), _negated=True), _connector='OR'), name='engagement_fini_dit_pourquoi', violation_error_message='Dites ce qui a été fait, ou pourquoi l’engagement est abandonné.')],
            },
            bases=('socle.dossier',),
        ),
        migrations.CreateModel(
            name='Indicateur',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('intitule', models.CharField(max_length=160, verbose_name='intitulé')),
                ('mesure', models.CharField(choices=[('part_repondue', 'part des suites qui ont reçu une réponse (%)'), ('part_a_temps', 'part des suites dont la réponse est venue à temps (%)'), ('mediane', 'délai de réponse, une fois sur deux (jours)'), ('part_totale', 'part des suites totalement mises en œuvre (%)'), ('part_d_accord', 'part des verdicts qui disent comme la direction (%)'), ('communes', 'part des communes d’où une voix est venue (%)'), ('publics', 'publics moins présents que dans la population (nombre de groupes)'), ('saisie', 'valeur écrite par un agent, avec sa source')], max_length=16, verbose_name='ce qui est mesuré')),
                ('instrument', models.CharField(blank=True, max_length=30, verbose_name='sur quelles suites')),
                ('par_commune', models.BooleanField(default=False, verbose_name='montré aussi commune par commune')),
                ('cible', models.DecimalField(decimal_places=1, max_digits=9, verbose_name='valeur visée')),
                ('est_un_plafond', models.BooleanField(default=False, verbose_name='la valeur doit rester en dessous')),
                ('unite', models.CharField(blank=True, max_length=20, verbose_name='unité')),
                ('engagement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='indicateurs', to='engagements.engagementpris', verbose_name='engagement')),
            ],
            options={
                'verbose_name': 'indicateur',
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(models.F('engagement'), models.F('intitule'), name='indicateur_engagement_unique', violation_error_message='Cet engagement a déjà un indicateur de ce nom.')],
            },
        ),
        migrations.CreateModel(
            name='Proposition',
            fields=[
                ('dossier_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='socle.dossier')),
                ('etat', models.CharField(choices=[('a_decider', 'à décider'), ('retenue', 'retenue'), ('retenue_en_partie', 'retenue en partie'), ('non_retenue', 'non retenue')], default='a_decider', max_length=20, verbose_name='état')),
                ('numero', models.CharField(blank=True, max_length=20, verbose_name='numéro donné par le collectif')),
                ('texte', models.TextField(max_length=8000, verbose_name='la proposition, dans les mots des membres')),
                ('portee_par', models.CharField(blank=True, max_length=160, verbose_name='qui la porte')),
                ('retour', models.TextField(blank=True, max_length=8000, verbose_name='réponse')),
                ('deliberation', models.CharField(blank=True, max_length=120, verbose_name='numéro de la délibération')),
                ('decidee_par', models.CharField(blank=True, max_length=160, verbose_name='décidée par')),
                ('decidee_le', models.DateField(blank=True, null=True, verbose_name='décidée le')),
                ('collectif', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='propositions', to='engagements.collectif', verbose_name='collectif')),
                ('suite', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='proposition', to='suites.suite', verbose_name='suite')),
            ],
            options={
                'verbose_name': 'proposition',
                'indexes': [models.Index(models.F('collectif'), models.F('etat'), name='proposition_collectif_etat'), models.Index(models.F('deliberation'), condition=models.Q(('deliberation', ''), _negated=True), name='proposition_deliberation')],
                'constraints': [models.CheckConstraint(condition=models.Q(('etat', 'a_decider'), models.Q(models.Q(('retour', ''), _negated=True), ('decidee_le__isnull', False)), _connector='OR'), name='proposition_repondue_dit_pourquoi', violation_error_message='Dites ce que vous répondez, pourquoi, et quand c’est décidé.'), models.UniqueConstraint(models.F('collectif'), models.F('numero'), condition=models.Q(('numero', ''), _negated=True), name='proposition_numero_unique', violation_error_message='Ce collectif a déjà une proposition de ce numéro.')],
            },
            bases=('socle.dossier',),
        ),
        migrations.CreateModel(
            name='RefusDeDeliberations',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('entetes', models.JSONField(default=list, verbose_name='colonnes')),
                ('refus', models.JSONField(default=list, verbose_name='lignes refusées')),
                ('le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='repris le')),
                ('par', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par')),
            ],
            options={
                'verbose_name': 'lignes refusées d’un fichier de délibérations',
                'verbose_name_plural': 'lignes refusées des fichiers de délibérations',
            },
        ),
        migrations.CreateModel(
            name='ReponseArgumentee',
            fields=[
                ('dossier_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='socle.dossier')),
                ('etat', models.CharField(choices=[('a_ecrire', 'à écrire'), ('a_lire', 'à lire par l’élu'), ('lue', 'lue par l’élu'), ('publiee', 'publiée'), ('rendue', 'rendue')], default='a_ecrire', max_length=12, verbose_name='état')),
                ('introduction', models.TextField(blank=True, max_length=4000, verbose_name='en quelques mots')),
                ('lue_le', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='lue par l’élu le')),
                ('restitution_le', models.DateTimeField(blank=True, null=True, verbose_name='restitution le')),
                ('restitution_lieu', models.CharField(blank=True, max_length=200, verbose_name='lieu de la restitution')),
                ('compte_rendu', models.TextField(blank=True, max_length=8000, verbose_name='ce qui s’y est dit')),
                ('collectif', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reponses', to='engagements.collectif', verbose_name='collectif')),
                ('elu', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='élu en charge, qui la lit avant son départ')),
            ],
            options={
                'verbose_name': 'réponse argumentée',
                'verbose_name_plural': 'réponses argumentées',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('etat__in', ['publiee', 'rendue']), _negated=True), models.Q(('lue_le__isnull', False), ('restitution_le__isnull', False), models.Q(('restitution_lieu', ''), _negated=True)), _connector='OR'), name='reponse_publiee_lue_et_rendue', violation_error_message='Une réponse publiée a été lue par l’élu, et dit le jour et le lieu de sa restitution.')],
            },
            bases=('socle.dossier',),
        ),
        migrations.CreateModel(
            name='LigneDeReponse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sens', models.CharField(blank=True, choices=[('a_decider', 'à décider'), ('retenue', 'retenue'), ('retenue_en_partie', 'retenue en partie'), ('non_retenue', 'non retenue')], max_length=20, verbose_name='réponse')),
                ('retour', models.TextField(blank=True, max_length=8000, verbose_name='parce que')),
                ('deliberation', models.CharField(blank=True, max_length=120, verbose_name='numéro de la délibération')),
                ('date_limite', models.DateField(blank=True, null=True, verbose_name='fait au plus tard le')),
                ('proposition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lignes', to='engagements.proposition', verbose_name='proposition')),
                ('reponse', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lignes', to='engagements.reponseargumentee', verbose_name='reponse')),
            ],
            options={
                'verbose_name': 'réponse à une proposition',
                'verbose_name_plural': 'réponses aux propositions',
                'ordering': ['proposition__numero', 'proposition__reference'],
                'constraints': [models.UniqueConstraint(models.F('reponse'), models.F('proposition'), name='ligne_de_reponse_unique', violation_error_message='Cette proposition est déjà dans cette réponse.'), models.CheckConstraint(condition=models.Q(('sens', ''), models.Q(models.Q(('retour', ''), _negated=True), models.Q(('sens', 'a_decider'), _negated=True)), _connector='OR'), name='ligne_de_reponse_dit_pourquoi', violation_error_message='Dites oui, en partie ou non, et pourquoi.')],
            },
        ),
        migrations.CreateModel(
            name='Reprise',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nom', models.CharField(max_length=160, verbose_name='nom du fichier')),
                ('entetes', models.JSONField(default=list, verbose_name='colonnes')),
                ('lignes', models.JSONField(default=list, verbose_name='lignes à lire')),
                ('relies', models.JSONField(default=dict, verbose_name='colonnes reliées')),
                ('etat', models.CharField(choices=[('a_relier', 'colonnes à relier'), ('finie', 'finie')], default='a_relier', max_length=10, verbose_name='état')),
                ('total', models.PositiveIntegerField(default=0, verbose_name='lignes')),
                ('neuves', models.PositiveIntegerField(default=0, verbose_name='propositions notées')),
                ('refus', models.JSONField(default=list, verbose_name='lignes refusées')),
                ('cree_le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='envoyé le')),
                ('collectif', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reprises', to='engagements.collectif', verbose_name='collectif')),
                ('par', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par')),
            ],
            options={
                'verbose_name': 'reprise d’un tableau',
                'verbose_name_plural': 'reprises de tableaux',
                'ordering': ['-cree_le', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='TempsFort',
            fields=[
                ('dossier_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='socle.dossier')),
                ('etat', models.CharField(choices=[('a_preparer', 'à préparer'), ('tenu', 'tenu'), ('clos', 'clos'), ('annule', 'annulé')], default='a_preparer', max_length=12, verbose_name='état')),
                ('raison', models.TextField(blank=True, db_default='', default='', max_length=1000, verbose_name='raison du changement')),
                ('invite_le', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='invitations du')),
                ('collectif', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='temps_forts', to='engagements.collectif', verbose_name='collectif')),
                ('reunion', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='temps_fort', to='rencontres.rencontre', verbose_name='rencontre')),
            ],
            options={
                'verbose_name': 'temps fort',
                'verbose_name_plural': 'temps forts',
            },
            bases=('socle.dossier',),
        ),
        migrations.CreateModel(
            name='Tache',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('libelle', models.CharField(max_length=120, verbose_name='à faire')),
                ('date_limite', models.DateField(verbose_name='au plus tard le')),
                ('faite_le', models.DateTimeField(blank=True, null=True, verbose_name='faite le')),
                ('temps_fort', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='taches', to='engagements.tempsfort', verbose_name='temps fort')),
            ],
            options={
                'verbose_name': 'tâche',
                'ordering': ['date_limite', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Remarque',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('texte', models.TextField(max_length=4000, verbose_name='ce qui s’est dit')),
                ('reponse', models.TextField(blank=True, max_length=6000, verbose_name='réponse')),
                ('repondue_le', models.DateTimeField(blank=True, null=True, verbose_name='répondue le')),
                ('proposition', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='remarques', to='engagements.proposition', verbose_name='proposition')),
                ('temps_fort', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='remarques', to='engagements.tempsfort', verbose_name='temps fort')),
            ],
            options={
                'verbose_name': 'remarque',
                'ordering': ['temps_fort', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('repondue_le', None), ('reponse', '')), models.Q(models.Q(('reponse', ''), _negated=True), ('repondue_le__isnull', False)), _connector='OR'), name='remarque_repondue_datee', violation_error_message='Une réponse porte son jour.')],
            },
        ),
        migrations.CreateModel(
            name='Valeur',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valeur', models.DecimalField(decimal_places=1, max_digits=9, verbose_name='valeur')),
                ('constatee_le', models.DateField(verbose_name='constatée le')),
                ('source', models.CharField(max_length=300, verbose_name='source')),
                ('le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='écrite le')),
                ('indicateur', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='valeurs', to='engagements.indicateur', verbose_name='indicateur')),
                ('par', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par')),
            ],
            options={
                'verbose_name': 'valeur d’un indicateur',
                'verbose_name_plural': 'valeurs des indicateurs',
                'ordering': ['-constatee_le', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Etude',
            fields=[
                ('dossier_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='socle.dossier')),
                ('etat', models.CharField(choices=[('deposee', 'déposé'), ('publiee', 'publié'), ('presentee', 'entendu par le conseil')], default='deposee', max_length=10, verbose_name='état')),
                ('annee', models.PositiveSmallIntegerField(verbose_name='année')),
                ('constats', models.TextField(max_length=6000, verbose_name='résumé')),
                ('date_limite', models.DateField(verbose_name='à présenter au conseil au plus tard le')),
                ('presentee_le', models.DateField(blank=True, null=True, verbose_name='présentée au conseil le')),
                ('deliberation', models.CharField(blank=True, max_length=120, verbose_name='numéro de la délibération')),
                ('retour', models.TextField(blank=True, max_length=6000, verbose_name='ce que le conseil en a dit')),
                ('instance', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='seances.instance', verbose_name='commission')),
                ('piece', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='etude', to='socle.piece', verbose_name='document')),
            ],
            options={
                'verbose_name': 'étude ou contrôle',
                'verbose_name_plural': 'études et contrôles',
                'constraints': [models.UniqueConstraint(fields=('instance', 'annee'), name='etude_une_par_an', violation_error_message='Cette commission a déjà son étude de cette année.'), models.CheckConstraint(condition=models.Q(models.Q(('etat', 'presentee'), _negated=True), ('presentee_le__isnull', False), _connector='OR'), name='etude_presentee_datee', violation_error_message='Dites quel jour le conseil l’a entendue.')],
            },
            bases=('socle.dossier',),
        ),
    ]
