import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.functions
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import participation.socle.models.documents
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension, UnaccentExtension
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('renouvellement', '0001_initial'),
        ('seances', '0001_initial'),
    ]

    operations = [
        TrigramExtension(),
        UnaccentExtension(),
        BtreeGistExtension(),
        migrations.CreateModel(
            name='Battement',
            fields=[
                ('nom', models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name='nom')),
                ('le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='le')),
            ],
            options={
                'verbose_name': 'battement',
            },
        ),
        migrations.CreateModel(
            name='ChiffreTenu',
            fields=[
                ('cle', models.CharField(max_length=100, primary_key=True, serialize=False, verbose_name='chiffre')),
                ('valeur', models.JSONField(verbose_name='valeur')),
                ('le', models.DateTimeField(verbose_name='compté le')),
            ],
            options={
                'verbose_name': 'chiffre tenu',
                'verbose_name_plural': 'chiffres tenus',
            },
        ),
        migrations.CreateModel(
            name='DossierDesFichiers',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('marque', models.CharField(max_length=40, verbose_name='marque')),
            ],
            options={
                'verbose_name': 'dossier des fichiers',
            },
        ),
        migrations.CreateModel(
            name='ExamenPdf',
            fields=[
                ('sha256', models.CharField(max_length=64, primary_key=True, serialize=False, verbose_name='empreinte SHA-256')),
                ('agit', models.BooleanField(verbose_name='agit, ou ne se lit pas')),
                ('regle', models.PositiveSmallIntegerField(verbose_name='règle de l’examen')),
                ('vu_le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='vu le')),
            ],
            options={
                'verbose_name': 'examen d’un PDF',
                'verbose_name_plural': 'examens des PDF',
            },
        ),
        migrations.CreateModel(
            name='JourSms',
            fields=[
                ('jour', models.DateField(primary_key=True, serialize=False, verbose_name='jour')),
                ('sms', models.PositiveIntegerField(default=0, verbose_name='SMS partis')),
                ('messages', models.PositiveIntegerField(default=0, verbose_name='messages comptés')),
                ('retenus', models.PositiveIntegerField(default=0, verbose_name='SMS retenus par nos limites')),
            ],
            options={
                'verbose_name': 'SMS d’un jour',
                'verbose_name_plural': 'SMS par jour',
                'ordering': ['-jour'],
            },
        ),
        migrations.CreateModel(
            name='Restauration',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sauvegarde_le', models.DateTimeField(verbose_name='sauvegarde du')),
                ('le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='restaurée le')),
                ('marge', models.PositiveIntegerField(verbose_name='numéros sautés dans chaque série')),
                ('planchers', models.JSONField(default=dict, verbose_name='dernier numéro possible de chaque série de références')),
            ],
            options={
                'verbose_name': 'restauration',
                'ordering': ['-le'],
            },
        ),
        migrations.CreateModel(
            name='Compte',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('sceau', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, verbose_name='sceau des liens')),
                ('courriel', models.EmailField(error_messages={'unique': 'Un compte existe déjà pour cette adresse.'}, max_length=254, unique=True, verbose_name='courriel')),
                ('prenom', models.CharField(blank=True, max_length=80, verbose_name='prénom')),
                ('nom', models.CharField(blank=True, max_length=80, verbose_name='nom')),
                ('fonction', models.CharField(blank=True, max_length=120, verbose_name='fonction')),
                ('telephone', models.CharField(blank=True, max_length=20, verbose_name='téléphone')),
                ('is_active', models.BooleanField(default=True, verbose_name='actif')),
                ('is_staff', models.BooleanField(default=False, verbose_name='accès aux tables de référence')),
                ('cree_le', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='créé le')),
                ('mfa_exigee_le', models.DateField(blank=True, null=True, verbose_name='second facteur exigé à partir du')),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'compte',
                'ordering': ['nom', 'prenom', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='AuditAccessibilite',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('date', models.DateField(verbose_name='date de l’audit')),
                ('referentiel', models.CharField(default='RGAA 4.1.2', max_length=40, verbose_name='référentiel')),
                ('auditeur', models.CharField(max_length=160, verbose_name='auditeur')),
                ('criteres_applicables', models.PositiveSmallIntegerField(verbose_name='critères applicables')),
                ('criteres_conformes', models.PositiveSmallIntegerField(verbose_name='critères conformes')),
                ('non_conformites', models.TextField(blank=True, help_text='Une par ligne.', verbose_name='non-conformités')),
                ('derogations', models.TextField(blank=True, verbose_name='dérogations')),
                ('environnement', models.TextField(blank=True, verbose_name='environnement de test')),
            ],
            options={
                'verbose_name': 'audit d’accessibilité',
                'verbose_name_plural': 'audits d’accessibilité',
                'ordering': ['-date'],
                'constraints': [models.CheckConstraint(condition=models.Q(('criteres_conformes__lte', models.F('criteres_applicables')), ('criteres_applicables__gt', 0)), name='audit_criteres_coherents', violation_error_message='Les critères conformes dépassent les critères applicables.')],
            },
        ),
        migrations.CreateModel(
            name='Commune',
            fields=[
                ('code_insee', models.CharField(max_length=5, primary_key=True, serialize=False, verbose_name='code Insee')),
                ('nom', models.CharField(max_length=80, verbose_name='nom')),
                ('cle_tri', models.CharField(editable=False, help_text='Nom sans accent, en minuscules : l’ordre français.', max_length=80, verbose_name='clé de tri')),
                ('sigle', models.CharField(help_text='Trois lettres, pour la carte par tuiles.', max_length=4, verbose_name='sigle')),
                ('siren', models.CharField(blank=True, max_length=9, verbose_name='SIREN')),
                ('codes_postaux', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=5), blank=True, default=list, size=None, verbose_name='codes postaux')),
                ('population', models.PositiveIntegerField(verbose_name='population')),
                ('longitude', models.FloatField(verbose_name='longitude')),
                ('latitude', models.FloatField(verbose_name='latitude')),
                ('tuile_x', models.PositiveSmallIntegerField(verbose_name='colonne de la tuile')),
                ('tuile_y', models.PositiveSmallIntegerField(verbose_name='ligne de la tuile')),
                ('courriel', models.EmailField(blank=True, help_text='Où arrivent les demandes d’avis. Vide : aucune ne peut lui être envoyée.', max_length=254, verbose_name='courriel de la mairie')),
            ],
            options={
                'verbose_name': 'commune',
                'ordering': ['cle_tri'],
                'constraints': [models.UniqueConstraint(models.F('tuile_x'), models.F('tuile_y'), name='commune_une_par_tuile', violation_error_message='Une autre commune occupe déjà cette tuile.'), models.UniqueConstraint(models.F('sigle'), name='commune_sigle_unique', violation_error_message='Une autre commune porte déjà ce sigle.')],
            },
        ),
        migrations.CreateModel(
            name='Direction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nom', models.CharField(max_length=120, verbose_name='nom')),
                ('sigle', models.CharField(blank=True, max_length=20, verbose_name='sigle')),
                ('courriel', models.EmailField(blank=True, help_text='Boîte partagée où arrivent les demandes.', max_length=254, verbose_name='courriel')),
                ('est_active', models.BooleanField(default=True, verbose_name='active')),
                ('elu', models.ForeignKey(blank=True, help_text='Prévenu quand ce qui est demandé à la direction, ou promis par la Métropole, reste sans réponse.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='directions_en_charge', to=settings.AUTH_USER_MODEL, verbose_name='élu en charge')),
                ('referents', models.ManyToManyField(blank=True, related_name='directions_suivies', to=settings.AUTH_USER_MODEL, verbose_name='référents')),
                ('superieure', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='services', to='socle.direction', verbose_name='direction supérieure')),
            ],
            options={
                'verbose_name': 'direction',
                'ordering': ['nom'],
            },
        ),
        migrations.CreateModel(
            name='Appartenance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('agent', 'agent du service participation'), ('agent_direction', 'agent d’une direction'), ('agent_commune', 'agent d’une commune'), ('elu', 'élu'), ('accueil', 'agent d’accueil ou de terrain'), ('membre', 'membre d’une instance')], max_length=20, verbose_name='rôle')),
                ('lit_les_reserves', models.BooleanField(default=False, help_text='Référent des discriminations : les autres agents ne voient pas ces dossiers.', verbose_name='lit les dossiers réservés')),
                ('depuis', models.DateField(default=django.utils.timezone.localdate, verbose_name='depuis le')),
                ('jusqu_a', models.DateField(blank=True, null=True, verbose_name='jusqu’au')),
                ('compte', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='appartenances', to=settings.AUTH_USER_MODEL, verbose_name='compte')),
                ('commune', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='appartenances', to='socle.commune', verbose_name='commune')),
                ('direction', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='appartenances', to='socle.direction', verbose_name='direction')),
            ],
            options={
                'verbose_name': 'appartenance',
                'ordering': ['compte', 'role', 'depuis'],
            },
        ),
        migrations.CreateModel(
            name='Dossier',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nature', models.CharField(editable=False, max_length=30, verbose_name='nature')),
                ('reference', models.CharField(editable=False, help_text='Donnée au dépôt, par exemple PET-2026-0012.', max_length=20, null=True, unique=True, verbose_name='référence')),
                ('titre', models.CharField(max_length=160, verbose_name='titre')),
                ('est_publie', models.BooleanField(default=False, verbose_name='publié')),
                ('est_reserve', models.BooleanField(default=False, editable=False, verbose_name='réservé')),
                ('cree_le', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='créé le')),
                ('modifie_le', models.DateTimeField(auto_now=True, verbose_name='modifié le')),
                ('ouvert_le', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='ouvert le')),
                ('clos_le', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='clos le')),
                ('resume', models.TextField(blank=True, editable=False, help_text='Texte cherché par la recherche commune.', verbose_name='résumé')),
                ('recherche', models.GeneratedField(db_persist=True, expression=django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.SearchVector('reference', config='simple', weight='A'), '||', django.contrib.postgres.search.SearchVector('titre', config='french', weight='A'), django.contrib.postgres.search.SearchConfig('simple')), '||', django.contrib.postgres.search.SearchVector('resume', config='french', weight='C'), django.contrib.postgres.search.SearchConfig('simple')), output_field=django.contrib.postgres.search.SearchVectorField())),
                ('titre_simple', models.GeneratedField(db_persist=True, expression=models.Func(django.db.models.functions.text.Lower('titre'), models.Value('àâäáãçéèêëîïíôöóûüùúÿñÀÂÄÁÃÇÉÈÊËÎÏÍÔÖÓÛÜÙÚŸÑ’'), models.Value("aaaaaceeeeiiiooouuuuynaaaaaceeeeiiiooouuuuyn'"), function='translate', output_field=models.TextField()), help_text='Titre en minuscules et sans accent, pour chercher ce qui se ressemble.', output_field=models.TextField())),
                ('agent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='dossiers_suivis', to=settings.AUTH_USER_MODEL, verbose_name='agent chargé du suivi')),
                ('auteur', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='dossiers', to=settings.AUTH_USER_MODEL, verbose_name='auteur')),
                ('communes', models.ManyToManyField(blank=True, related_name='dossiers', to='socle.commune', verbose_name='communes')),
                ('direction', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='dossiers', to='socle.direction', verbose_name='direction')),
            ],
            options={
                'verbose_name': 'dossier',
                'ordering': ['-ouvert_le', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cle_publique', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='clé publique')),
                ('nature', models.CharField(help_text='Le gabarit, par exemple « petitions/affiche ».', max_length=40, verbose_name='nature')),
                ('titre', models.CharField(max_length=160, verbose_name='titre')),
                ('etat', models.CharField(choices=[('en_preparation', 'en préparation'), ('pret', 'prêt'), ('echec', 'en échec')], default='en_preparation', max_length=16, verbose_name='état')),
                ('progression', models.PositiveSmallIntegerField(default=0, verbose_name='progression (%)')),
                ('erreur', models.TextField(blank=True, verbose_name='erreur')),
                ('fichier', models.FileField(blank=True, upload_to=participation.socle.models.documents.chemin_document, verbose_name='fichier')),
                ('sha256', models.CharField(blank=True, max_length=64, verbose_name='empreinte SHA-256')),
                ('donnees', models.JSONField(blank=True, default=dict, verbose_name='données du gabarit')),
                ('est_public', models.BooleanField(default=False, verbose_name='public')),
                ('est_interne', models.BooleanField(default=False, verbose_name='réservé aux agents du service')),
                ('cree_le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='créé le')),
                ('demande_le', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='demandé le')),
                ('tentatives', models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='tentatives')),
                ('fige_le', models.DateTimeField(blank=True, null=True, verbose_name='figé le')),
                ('par', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='demandé par')),
                ('dossier', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='socle.dossier', verbose_name='dossier')),
            ],
            options={
                'verbose_name': 'document',
                'ordering': ['-cree_le', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Demande',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sceau', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, verbose_name='sceau des liens')),
                ('nature', models.CharField(choices=[('complement', 'demande de complément'), ('reformulation', 'demande de reformulation'), ('avis', 'demande d’avis'), ('reponse', 'demande de réponse')], max_length=20, verbose_name='nature')),
                ('objet', models.CharField(max_length=160, verbose_name='objet')),
                ('texte', models.TextField(verbose_name='texte')),
                ('proposition', models.TextField(blank=True, help_text='Une rédaction que la personne peut reprendre.', verbose_name='réponse proposée')),
                ('ouverte_le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='ouverte le')),
                ('date_limite', models.DateField(verbose_name='réponse attendue le')),
                ('suspend_le_delai', models.BooleanField(default=False, verbose_name='suspend le délai')),
                ('reponse', models.TextField(blank=True, verbose_name='réponse')),
                ('repondue_le', models.DateTimeField(blank=True, null=True, verbose_name='répondue le')),
                ('repondue_par', models.CharField(blank=True, help_text='Nom dit par la personne qui répond.', max_length=160, verbose_name='répondue par')),
                ('est_hors_ressort', models.BooleanField(default=False, verbose_name='n’est pas de son ressort')),
                ('oriente_vers', models.CharField(blank=True, max_length=160, verbose_name='à demander plutôt à')),
                ('annulee_le', models.DateTimeField(blank=True, null=True, verbose_name='annulée le')),
                ('commune', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='demandes', to='socle.commune', verbose_name='commune')),
                ('compte', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='demandes_recues', to=settings.AUTH_USER_MODEL, verbose_name='personne')),
                ('par', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='demandée par')),
                ('direction', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='demandes', to='socle.direction', verbose_name='direction')),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='demandes', to='socle.dossier', verbose_name='dossier')),
            ],
            options={
                'verbose_name': 'demande',
                'ordering': ['-ouverte_le', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Courriel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('moyen', models.CharField(choices=[('courriel', 'courriel'), ('sms', 'SMS')], default='courriel', max_length=8, verbose_name='par')),
                ('acte', models.CharField(blank=True, help_text='La lettre dont il s’agit, par exemple « petitions/rejeter ».', max_length=60, verbose_name='acte')),
                ('cle', models.CharField(blank=True, help_text='Empêche d’écrire deux fois la même lettre.', max_length=120, null=True, unique=True, verbose_name='clé')),
                ('expediteur', models.CharField(max_length=254, verbose_name='expéditeur')),
                ('destinataires', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=320), size=None, verbose_name='destinataires')),
                ('repondre_a', models.CharField(blank=True, max_length=254, verbose_name='répondre à')),
                ('sujet', models.CharField(max_length=255, verbose_name='sujet')),
                ('corps', models.TextField(verbose_name='corps')),
                ('corps_html', models.TextField(blank=True, verbose_name='corps HTML')),
                ('entetes', models.JSONField(blank=True, default=dict, verbose_name='en-têtes')),
                ('en_nombre', models.BooleanField(default=False, help_text='Laisse passer devant elle les lettres écrites une à une.', verbose_name='envoi en nombre')),
                ('attendue', models.BooleanField(default=False, help_text='Quelqu’un l’attend devant son écran, un code par exemple : elle passe avant toutes les autres.', verbose_name='attendue')),
                ('est_secrete', models.BooleanField(db_default=False, default=False, help_text='Porte un code ou la clé d’un compte : seule la personne qui la reçoit en lit le texte.', verbose_name='secrète')),
                ('etat', models.CharField(choices=[('a_envoyer', 'à envoyer'), ('en_cours', 'en cours d’envoi'), ('envoye', 'envoyé'), ('echec', 'en échec'), ('rejete', 'rejeté par le destinataire'), ('annule', 'annulé'), ('retenu', 'retenu')], default='a_envoyer', max_length=12, verbose_name='état')),
                ('tentatives', models.PositiveSmallIntegerField(default=0, verbose_name='tentatives')),
                ('erreur', models.TextField(blank=True, verbose_name='dernière erreur')),
                ('cree_le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='écrit le')),
                ('due_le', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='due depuis le')),
                ('prochain_essai_le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='prochain essai le')),
                ('pris_le', models.DateTimeField(blank=True, null=True, verbose_name='pris le')),
                ('envoye_le', models.DateTimeField(blank=True, null=True, verbose_name='envoyé le')),
                ('dossier', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='courriels', to='socle.dossier', verbose_name='dossier')),
            ],
            options={
                'verbose_name': 'courriel',
                'ordering': ['-cree_le', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Echeance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cle', models.CharField(help_text='Ce qui la rend unique dans son dossier, par exemple « recevabilite ».', max_length=60, verbose_name='clé')),
                ('libelle', models.CharField(help_text='À l’infinitif, avec son objet.', max_length=160, verbose_name='à faire')),
                ('date_limite', models.DateField(verbose_name='date limite')),
                ('est_legale', models.BooleanField(default=False, verbose_name='délai du règlement ou de la loi')),
                ('rappels', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), blank=True, default=list, size=None, verbose_name='rappels (jours avant)')),
                ('relances', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), blank=True, default=list, size=None, verbose_name='relances (jours après)')),
                ('escalade', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='escalade (jours après)')),
                ('escalade_elu', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='élu prévenu (jours après)')),
                ('lien', models.CharField(blank=True, max_length=300, verbose_name='adresse pour répondre')),
                ('page', models.CharField(blank=True, max_length=200, verbose_name='page')),
                ('fixee_le', models.DateField(default=django.utils.timezone.localdate, editable=False, verbose_name='date fixée le')),
                ('suspendue_le', models.DateField(blank=True, null=True, verbose_name='suspendue depuis le')),
                ('faite_le', models.DateTimeField(blank=True, null=True, verbose_name='faite le')),
                ('annulee_le', models.DateTimeField(blank=True, null=True, verbose_name='annulée le')),
                ('demande', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='echeance', to='socle.demande', verbose_name='demande')),
                ('direction', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='echeances', to='socle.direction', verbose_name='direction')),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='echeances', to='socle.dossier', verbose_name='dossier')),
                ('responsable', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='echeances', to=settings.AUTH_USER_MODEL, verbose_name='responsable')),
            ],
            options={
                'verbose_name': 'échéance',
                'ordering': ['date_limite', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Entree',
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
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='journal', to='socle.dossier', verbose_name='dossier')),
                ('par', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par')),
            ],
            options={
                'verbose_name': 'entrée du journal',
                'verbose_name_plural': 'journal',
                'ordering': ['-le', '-pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Export',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cle', models.CharField(help_text='Les mêmes lignes ne sont écrites qu’une fois.', max_length=64, unique=True, verbose_name='clé du contenu')),
                ('cle_publique', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='clé publique')),
                ('adresse', models.TextField(help_text='Le serveur la demande de nouveau, au nom de la même personne.', verbose_name='adresse demandée')),
                ('nom', models.CharField(max_length=160, verbose_name='nom du fichier')),
                ('etat', models.CharField(choices=[('en_preparation', 'en préparation'), ('pret', 'prêt'), ('echec', 'en échec')], default='en_preparation', max_length=16, verbose_name='état')),
                ('total', models.PositiveIntegerField(verbose_name='lignes')),
                ('ecrites', models.PositiveIntegerField(default=0, verbose_name='lignes écrites')),
                ('fichier', models.FileField(blank=True, upload_to=participation.socle.models.documents.chemin_export, verbose_name='fichier')),
                ('demande_le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='demandé le')),
                ('tentatives', models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='tentatives')),
                ('compte', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='exports', to=settings.AUTH_USER_MODEL, verbose_name='compte')),
            ],
            options={
                'verbose_name': 'export',
                'ordering': ['-demande_le', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='FiltreEnregistre',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('liste', models.CharField(max_length=60, verbose_name='liste')),
                ('nom', models.CharField(max_length=80, verbose_name='nom')),
                ('requete', models.CharField(max_length=1000, verbose_name='filtres')),
                ('est_partage', models.BooleanField(default=False, verbose_name='partagé avec l’équipe')),
                ('compte', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='filtres', to=settings.AUTH_USER_MODEL, verbose_name='compte')),
            ],
            options={
                'verbose_name': 'filtre enregistré',
                'verbose_name_plural': 'filtres enregistrés',
                'ordering': ['nom', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Impression',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('faite_le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='imprimés le')),
                ('document', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='socle.document', verbose_name='document')),
                ('par', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='imprimés par')),
            ],
            options={
                'verbose_name': 'impression de courriers',
                'verbose_name_plural': 'impressions de courriers',
                'ordering': ['-faite_le', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Courrier',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('lettre', models.CharField(help_text='Par exemple « remontees/repondre ».', max_length=60, verbose_name='lettre')),
                ('objet', models.CharField(max_length=255, verbose_name='objet')),
                ('a_une_adresse', models.BooleanField(default=False, verbose_name='adresse postale connue')),
                ('est_a_signer', models.BooleanField(default=False, verbose_name='à signer avant de poster')),
                ('signe_le', models.DateTimeField(blank=True, null=True, verbose_name='signé le')),
                ('ecrit_le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='écrit le')),
                ('date_postee', models.DateField(blank=True, null=True, verbose_name='posté le')),
                ('abandonne_le', models.DateTimeField(blank=True, null=True, verbose_name='abandonné le')),
                ('campagne', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='courriers', to='renouvellement.campagne', verbose_name='campagne')),
                ('poste_par', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='posté par')),
                ('seance', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='courriers', to='seances.seance', verbose_name='séance')),
                ('document', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='socle.document', verbose_name='document')),
                ('dossier', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='courriers', to='socle.dossier', verbose_name='dossier')),
                ('impression', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='courriers', to='socle.impression', verbose_name='imprimé avec d’autres')),
            ],
            options={
                'verbose_name': 'courrier',
                'ordering': ['ecrit_le', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Passage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tache', models.CharField(max_length=100, verbose_name='tâche')),
                ('arguments', models.CharField(blank=True, max_length=200, verbose_name='arguments')),
                ('le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='dernière réussite')),
                ('essai_le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='dernier essai')),
                ('echecs', models.PositiveSmallIntegerField(default=0, verbose_name='échecs de suite')),
                ('erreur', models.CharField(blank=True, max_length=300, verbose_name='raison du dernier échec')),
            ],
            options={
                'verbose_name': 'passage d’une tâche',
                'constraints': [models.UniqueConstraint(models.F('tache'), models.F('arguments'), name='passage_unique', violation_error_message='Le passage de cette tâche est déjà noté.')],
            },
        ),
        migrations.CreateModel(
            name='Piece',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('titre', models.CharField(max_length=160, verbose_name='titre')),
                ('fichier', models.FileField(upload_to=participation.socle.models.documents.chemin_piece, verbose_name='fichier')),
                ('nom', models.CharField(max_length=160, verbose_name='nom du fichier')),
                ('type_mime', models.CharField(max_length=100, verbose_name='type')),
                ('taille', models.PositiveIntegerField(verbose_name='taille (octets)')),
                ('sha256', models.CharField(max_length=64, verbose_name='empreinte SHA-256')),
                ('est_publique', models.BooleanField(default=False, verbose_name='publique')),
                ('jointe_le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='jointe le')),
                ('retiree_le', models.DateTimeField(blank=True, null=True, verbose_name='retirée le')),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pieces', to='socle.dossier', verbose_name='dossier')),
                ('par', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='jointe par')),
            ],
            options={
                'verbose_name': 'pièce jointe',
                'verbose_name_plural': 'pièces jointes',
                'ordering': ['jointe_le', 'pk'],
            },
        ),
        migrations.AddField(
            model_name='demande',
            name='piece',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='socle.piece', verbose_name='fichier joint à la réponse'),
        ),
        migrations.CreateModel(
            name='PieceCourriel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nom', models.CharField(max_length=160, verbose_name='nom')),
                ('type_mime', models.CharField(max_length=100, verbose_name='type')),
                ('contenu', models.BinaryField(verbose_name='contenu')),
                ('courriel', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pieces', to='socle.courriel', verbose_name='courriel')),
            ],
            options={
                'verbose_name': 'pièce d’un courriel',
                'verbose_name_plural': 'pièces des courriels',
            },
        ),
        migrations.CreateModel(
            name='Quartier',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nom', models.CharField(max_length=120, verbose_name='nom')),
                ('code', models.CharField(blank=True, help_text='Code QN de la géographie 2024, par exemple QN03814M.', max_length=10, null=True, verbose_name='code national')),
                ('population', models.PositiveIntegerField(blank=True, null=True, verbose_name='population')),
                ('annee_population', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='année de la population')),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='quartiers', to='socle.commune', verbose_name='commune')),
            ],
            options={
                'verbose_name': 'quartier prioritaire',
                'verbose_name_plural': 'quartiers prioritaires',
                'ordering': ['commune__cle_tri', 'nom'],
            },
        ),
        migrations.AddField(
            model_name='dossier',
            name='quartiers',
            field=models.ManyToManyField(blank=True, related_name='dossiers', to='socle.quartier', verbose_name='quartiers'),
        ),
        migrations.CreateModel(
            name='Contour',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('geometrie', models.JSONField(help_text='GeoJSON (WGS 84).', verbose_name='géométrie')),
                ('commune', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='trace', to='socle.commune', verbose_name='commune')),
                ('quartier', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='trace', to='socle.quartier', verbose_name='quartier')),
            ],
            options={
                'verbose_name': 'contour',
            },
        ),
        migrations.CreateModel(
            name='Rappel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('etape', models.CharField(help_text='J-30, J-7, retard, escalade…', max_length=12, verbose_name='étape')),
                ('date_limite', models.DateField(verbose_name='date limite')),
                ('le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='le')),
                ('echeance', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rappels_envoyes', to='socle.echeance', verbose_name='échéance')),
            ],
            options={
                'verbose_name': 'rappel',
            },
        ),
        migrations.CreateModel(
            name='ReglagePorte',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('par_personne', models.PositiveSmallIntegerField(default=100, help_text='Tout ce qu’elle a commencé ensemble, brouillons supprimés compris.', verbose_name='lettres par jour et par personne qui invite')),
                ('par_personne_et_adresse', models.PositiveSmallIntegerField(default=2, verbose_name='lettres par jour d’une personne à une même boîte')),
                ('par_adresse', models.PositiveSmallIntegerField(default=10, help_text='Qui que ce soit qui les fait partir. Une boîte : avec ou sans « +mot », avec ou sans points.', verbose_name='lettres par jour et par boîte')),
                ('par_reseau_et_adresse', models.PositiveSmallIntegerField(default=5, verbose_name='lettres par jour d’un réseau à une même boîte')),
                ('par_reseau', models.PositiveSmallIntegerField(default=200, verbose_name='lettres par jour et par réseau')),
                ('par_domaine', models.PositiveSmallIntegerField(default=200, help_text='Les fournisseurs courants n’ont pas cette limite : personne ne la ferme à leurs autres clients.', verbose_name='lettres par jour et par domaine de messagerie')),
                ('memoire_jours', models.PositiveSmallIntegerField(default=365, help_text='Gardée sous une empreinte chiffrée, jamais l’adresse.', verbose_name='mémoire des lettres et des refus (jours)')),
            ],
            options={
                'verbose_name': 'réglage des lettres à qui n’a rien demandé',
                'verbose_name_plural': 'réglages des lettres à qui n’a rien demandé',
                'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='reglage_porte_une_ligne', violation_error_message='Les réglages tiennent en une ligne.')],
            },
        ),
        migrations.CreateModel(
            name='ReglageService',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nom_service', models.CharField(default='Participation', max_length=120, verbose_name='nom du service')),
                ('editeur', models.TextField(blank=True, verbose_name='éditeur')),
                ('directeur_publication', models.CharField(blank=True, max_length=160, verbose_name='directeur de la publication')),
                ('hebergeur', models.TextField(blank=True, verbose_name='hébergeur')),
                ('contact', models.EmailField(blank=True, max_length=254, verbose_name='courriel du service')),
                ('adresse_postale', models.TextField(blank=True, help_text='Où l’on rapporte ou renvoie un papier, par exemple une feuille de signatures.', verbose_name='adresse postale du service')),
                ('telephone', models.CharField(blank=True, max_length=30, verbose_name='téléphone du service')),
                ('dpo', models.TextField(blank=True, verbose_name='délégué à la protection des données')),
                ('voies_de_recours', models.TextField(blank=True, help_text='Repris dans les lettres de décision, l’accusé de dépôt d’une pétition et la réception d’un recours. Vide : ces lettres n’en disent rien.', verbose_name='voies et délais de recours')),
                ('signataire', models.CharField(blank=True, db_default='', default='', help_text='Prénom, nom et qualité, par exemple « Camille Exemple, vice-présidente chargée de la participation » (code des relations entre le public et l’administration, article L212-1). Vide : ces lettres ne nomment personne.', max_length=200, verbose_name='qui signe les lettres de décision')),
            ],
            options={
                'verbose_name': 'réglage du service',
                'verbose_name_plural': 'réglages du service',
                'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='reglage_une_ligne', violation_error_message='Les réglages tiennent en une ligne.')],
            },
        ),
        migrations.CreateModel(
            name='ReglementCourriels',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.CharField(max_length=40, verbose_name='version')),
                ('en_vigueur_du', models.DateField(verbose_name='en vigueur du')),
                ('en_vigueur_au', models.DateField(blank=True, null=True, verbose_name='en vigueur jusqu’au')),
                ('source', models.TextField(help_text='Délibération, article, lien : ce qui fonde ces règles.', verbose_name='source')),
                ('jours_codes', models.PositiveSmallIntegerField(help_text='Codes, changement d’adresse ou de mot de passe.', verbose_name='codes de connexion et lettres du compte (jours)')),
                ('jours', models.PositiveSmallIntegerField(verbose_name='toutes les autres lettres (jours)')),
            ],
            options={
                'verbose_name': 'règlement des courriels',
                'verbose_name_plural': 'règlements des courriels',
                'ordering': ['-en_vigueur_du'],
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('en_vigueur_au__isnull', True), ('en_vigueur_au__gte', models.F('en_vigueur_du')), _connector='OR'), name='reglementcourriels_dates_ordonnees', violation_error_message='La fin précède le début.'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.Func(models.F('en_vigueur_du'), models.F('en_vigueur_au'), models.Value('[]'), function='daterange'), '&&')], name='reglementcourriels_une_version_par_jour', violation_error_message='Une autre version est déjà en vigueur à ces dates.')],
            },
        ),
        migrations.CreateModel(
            name='DelaiCourriel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('lettre', models.CharField(help_text='Son nom, « petitions/signer », ou son début, « renouvellement/ ».', max_length=60, verbose_name='lettre')),
                ('jours', models.PositiveSmallIntegerField(verbose_name='gardée (jours)')),
                ('reglement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='delais', to='socle.reglementcourriels', verbose_name='reglement')),
            ],
            options={
                'verbose_name': 'délai d’une lettre',
                'verbose_name_plural': 'délais des lettres',
                'ordering': ['lettre'],
            },
        ),
        migrations.CreateModel(
            name='Suspension',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('motif', models.CharField(max_length=160, verbose_name='motif')),
                ('debut', models.DateField(default=django.utils.timezone.localdate, verbose_name='début')),
                ('fin', models.DateField(blank=True, null=True, verbose_name='fin')),
                ('demande', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='suspension', to='socle.demande', verbose_name='demande')),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='suspensions', to='socle.dossier', verbose_name='dossier')),
            ],
            options={
                'verbose_name': 'suspension du délai',
                'verbose_name_plural': 'suspensions du délai',
                'ordering': ['-debut', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='TraceLettre',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nature', models.CharField(choices=[('lettre', 'lettre'), ('refus', 'refus')], default='lettre', max_length=6, verbose_name='nature')),
                ('adresse', models.CharField(max_length=32, verbose_name='empreinte de l’adresse')),
                ('auteur', models.CharField(blank=True, max_length=32, verbose_name='empreinte de l’auteur')),
                ('reseau', models.CharField(blank=True, max_length=32, verbose_name='empreinte du réseau')),
                ('domaine', models.CharField(blank=True, help_text='Vide pour un fournisseur courant.', max_length=32, verbose_name='empreinte du domaine')),
                ('sujet', models.CharField(max_length=60, verbose_name='au sujet de')),
                ('le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='le')),
            ],
            options={
                'verbose_name': 'trace d’une lettre',
                'verbose_name_plural': 'traces des lettres',
                'indexes': [models.Index(fields=['adresse', 'le'], name='trace_lettre_adresse'), models.Index(fields=['auteur', 'le'], name='trace_lettre_auteur'), models.Index(fields=['reseau', 'le'], name='trace_lettre_reseau'), models.Index(fields=['domaine', 'le'], name='trace_lettre_domaine')],
            },
        ),
        migrations.AddConstraint(
            model_name='compte',
            constraint=models.CheckConstraint(condition=models.Q(('courriel', django.db.models.functions.text.Lower('courriel'))), name='compte_courriel_en_minuscules', violation_error_message='L’adresse se garde en minuscules.'),
        ),
        migrations.AddConstraint(
            model_name='direction',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('nom'), name='direction_nom_unique', violation_error_message='Cette direction existe déjà.'),
        ),
        migrations.AddConstraint(
            model_name='appartenance',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('direction__isnull', False), ('role', 'agent_direction')), models.Q(models.Q(('role', 'agent_direction'), _negated=True), ('direction__isnull', True)), _connector='OR'), name='appartenance_direction_dite', violation_error_message='Dites de quelle direction, et seulement pour l’agent d’une direction.'),
        ),
        migrations.AddConstraint(
            model_name='appartenance',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('commune__isnull', False), ('role', 'agent_commune')), models.Q(models.Q(('role', 'agent_commune'), _negated=True), ('commune__isnull', True)), _connector='OR'), name='appartenance_commune_dite', violation_error_message='Dites de quelle commune, et seulement pour l’agent d’une commune.'),
        ),
        migrations.AddConstraint(
            model_name='appartenance',
            constraint=models.CheckConstraint(condition=models.Q(('lit_les_reserves', False), ('role', 'agent'), _connector='OR'), name='appartenance_reserves_par_un_agent', violation_error_message='Seul un agent du service participation lit les dossiers réservés.'),
        ),
        migrations.AddConstraint(
            model_name='appartenance',
            constraint=models.CheckConstraint(condition=models.Q(('jusqu_a__isnull', True), ('jusqu_a__gte', models.F('depuis')), _connector='OR'), name='appartenance_dates_ordonnees', violation_error_message='La fin précède le début.'),
        ),
        migrations.AddConstraint(
            model_name='appartenance',
            constraint=models.UniqueConstraint(fields=('compte', 'role', 'direction', 'commune', 'depuis'), name='appartenance_unique', nulls_distinct=False, violation_error_message='Cette appartenance existe déjà.'),
        ),
        migrations.AddIndex(
            model_name='document',
            index=models.Index(models.F('demande_le'), condition=models.Q(('etat', 'en_preparation')), name='document_en_preparation'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('etat', 'pret'), _negated=True), models.Q(models.Q(('sha256', ''), _negated=True), models.Q(('fichier', ''), _negated=True)), _connector='OR'), name='document_pret_a_son_empreinte', violation_error_message='Un document prêt a un fichier et son empreinte.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='document',
            trigger=pgtrigger.compiler.Trigger(name='document_fige', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."fige_le" IS NOT NULL AND (OLD."fichier" IS DISTINCT FROM (NEW."fichier") OR OLD."sha256" IS DISTINCT FROM (NEW."sha256") OR OLD."fige_le" IS DISTINCT FROM (NEW."fige_le")))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='8946b86dbd12ba7aff962ec8d4962f81f0fa7308', operation='UPDATE', pgid='pgtrigger_document_fige_5c456', table='socle_document', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='document',
            trigger=pgtrigger.compiler.Trigger(name='document_fige_ineffacable', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."fige_le" IS NOT NULL)', func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='5c322c0529da9122fb30c8c7cd485f69a46098cc', operation='DELETE', pgid='pgtrigger_document_fige_ineffacable_b38bd', table='socle_document', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='courriel',
            index=models.Index(models.OrderBy(models.F('attendue'), descending=True), models.F('en_nombre'), models.F('prochain_essai_le'), condition=models.Q(('etat', 'a_envoyer')), name='courriel_dans_l_ordre'),
        ),
        migrations.AddIndex(
            model_name='courriel',
            index=models.Index(models.F('prochain_essai_le'), condition=models.Q(('etat', 'a_envoyer'), ('moyen', 'sms')), name='courriel_sms_a_envoyer'),
        ),
        migrations.AddIndex(
            model_name='courriel',
            index=models.Index(models.F('pris_le'), condition=models.Q(('etat', 'en_cours')), name='courriel_en_cours'),
        ),
        migrations.AddIndex(
            model_name='courriel',
            index=models.Index(models.OrderBy(models.F('cree_le'), descending=True, nulls_last=True), models.F('id'), name='courriel_liste'),
        ),
        migrations.AddIndex(
            model_name='courriel',
            index=models.Index(fields=['dossier', '-cree_le', '-id'], name='courriel_du_dossier'),
        ),
        migrations.AddIndex(
            model_name='courriel',
            index=models.Index(condition=models.Q(('etat__in', ['echec', 'rejete'])), fields=['-cree_le'], name='courriel_en_panne'),
        ),
        migrations.AddIndex(
            model_name='courriel',
            index=models.Index(models.F('cree_le'), condition=models.Q(('etat', 'retenu')), name='courriel_retenus'),
        ),
        migrations.AddIndex(
            model_name='courriel',
            index=models.Index(models.F('envoye_le'), condition=models.Q(('etat', 'envoye')), name='courriel_envoyes'),
        ),
        migrations.AddIndex(
            model_name='courriel',
            index=django.contrib.postgres.indexes.GinIndex(fields=['destinataires'], name='courriel_destinataires'),
        ),
        migrations.AddIndex(
            model_name='courriel',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper('sujet'), name='gin_trgm_ops'), name='courriel_sujet_trigrammes'),
        ),
        migrations.AddIndex(
            model_name='echeance',
            index=models.Index(models.F('date_limite'), condition=models.Q(('annulee_le__isnull', True), ('faite_le__isnull', True)), name='echeance_ouvertes_par_date'),
        ),
        migrations.AddConstraint(
            model_name='echeance',
            constraint=models.UniqueConstraint(models.F('dossier'), models.F('cle'), name='echeance_cle_unique', violation_error_message='Cette échéance existe déjà sur ce dossier.'),
        ),
        migrations.AddIndex(
            model_name='entree',
            index=models.Index(fields=['dossier', '-le'], name='entree_dossier_le'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='entree',
            trigger=pgtrigger.compiler.Trigger(name='entree_ineffacable', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d4daa6fc37a00e9d63cf167671dfda646e386be4', operation='UPDATE OR DELETE', pgid='pgtrigger_entree_ineffacable_29fd2', table='socle_entree', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='export',
            index=models.Index(models.F('demande_le'), condition=models.Q(('etat', 'en_preparation')), name='export_en_preparation'),
        ),
        migrations.AddConstraint(
            model_name='filtreenregistre',
            constraint=models.UniqueConstraint(models.F('compte'), models.F('liste'), models.F('nom'), name='filtre_nom_unique', violation_error_message='Vous avez déjà un filtre de ce nom.'),
        ),
        migrations.AddIndex(
            model_name='courrier',
            index=models.Index(models.F('ecrit_le'), condition=models.Q(('abandonne_le__isnull', True), ('date_postee__isnull', True)), name='courriers_a_poster'),
        ),
        migrations.AddConstraint(
            model_name='courrier',
            constraint=models.CheckConstraint(condition=models.Q(('date_postee__isnull', True), ('abandonne_le__isnull', True), _connector='OR'), name='courrier_poste_ou_abandonne', violation_error_message='Un courrier posté n’est pas abandonné.'),
        ),
        migrations.AddConstraint(
            model_name='courrier',
            constraint=models.CheckConstraint(condition=models.Q(('date_postee__isnull', True), ('est_a_signer', False), ('signe_le__isnull', False), _connector='OR'), name='courrier_signe_avant_la_poste', violation_error_message='Ce courrier se poste une fois signé.'),
        ),
        migrations.AddConstraint(
            model_name='courrier',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('campagne__isnull', True), ('dossier__isnull', False), ('seance__isnull', True)), models.Q(('campagne__isnull', True), ('dossier__isnull', True), ('seance__isnull', False)), models.Q(('campagne__isnull', False), ('dossier__isnull', True), ('seance__isnull', True)), _connector='OR'), name='courrier_d_un_seul', violation_error_message='Un courrier est celui d’un dossier, d’une séance ou d’une campagne.'),
        ),
        migrations.AddConstraint(
            model_name='piece',
            constraint=models.UniqueConstraint(condition=models.Q(('retiree_le__isnull', True)), fields=('dossier', 'sha256'), name='piece_contenu_unique', violation_error_message='Ce fichier est déjà joint à ce dossier.'),
        ),
        migrations.AddConstraint(
            model_name='demande',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('commune__isnull', True), ('compte__isnull', True), ('direction__isnull', False)), models.Q(('commune__isnull', False), ('compte__isnull', True), ('direction__isnull', True)), models.Q(('commune__isnull', True), ('compte__isnull', False), ('direction__isnull', True)), _connector='OR'), name='demande_un_destinataire', violation_error_message='Une demande s’adresse à une direction, à une commune ou à une personne, et à une seule.'),
        ),
        migrations.AddConstraint(
            model_name='demande',
            constraint=models.CheckConstraint(condition=models.Q(('repondue_le__isnull', True), ('annulee_le__isnull', True), _connector='OR'), name='demande_une_issue', violation_error_message='Une demande répondue ne peut plus être annulée.'),
        ),
        migrations.AddConstraint(
            model_name='demande',
            constraint=models.CheckConstraint(condition=models.Q(('est_hors_ressort', False), models.Q(('oriente_vers', ''), _negated=True), _connector='OR'), name='demande_orientee', violation_error_message='Dites à qui il faut le demander.'),
        ),
        migrations.AddConstraint(
            model_name='quartier',
            constraint=models.UniqueConstraint(models.F('commune'), django.db.models.functions.text.Lower('nom'), name='quartier_nom_unique', violation_error_message='Ce quartier existe déjà dans cette commune.'),
        ),
        migrations.AddConstraint(
            model_name='quartier',
            constraint=models.UniqueConstraint(models.F('code'), name='quartier_code_unique', violation_error_message='Un autre quartier porte déjà ce code.'),
        ),
        migrations.AddIndex(
            model_name='dossier',
            index=django.contrib.postgres.indexes.GinIndex(fields=['recherche'], name='dossier_recherche'),
        ),
        migrations.AddIndex(
            model_name='dossier',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(models.F('titre'), name='gin_trgm_ops'), name='dossier_titre_trigrammes'),
        ),
        migrations.AddIndex(
            model_name='dossier',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(models.F('titre_simple'), name='gin_trgm_ops'), name='dossier_titre_simple'),
        ),
        migrations.AddIndex(
            model_name='dossier',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper('reference'), name='gin_trgm_ops'), name='dossier_reference_trigrammes'),
        ),
        migrations.AddIndex(
            model_name='dossier',
            index=models.Index(models.F('nature'), models.OrderBy(models.F('ouvert_le'), descending=True, nulls_last=True), name='dossier_nature_ouvert_le'),
        ),
        migrations.AddIndex(
            model_name='dossier',
            index=models.Index(models.OrderBy(models.F('ouvert_le'), descending=True, nulls_last=True), models.F('id'), name='dossier_ouvert_le'),
        ),
        migrations.AddIndex(
            model_name='dossier',
            index=models.Index(models.Func(models.F('reference'), models.Value('0123456789'), function='RTRIM', output_field=models.CharField()), models.OrderBy(django.db.models.functions.text.Length('reference'), descending=True), models.OrderBy(models.F('reference'), descending=True), name='dossier_derniere_reference'),
        ),
        migrations.AddIndex(
            model_name='dossier',
            index=models.Index(models.F('agent'), models.OrderBy(models.F('ouvert_le'), descending=True), models.OrderBy(models.F('id'), descending=True), condition=models.Q(('clos_le__isnull', True)), name='dossier_suivis_ouverts'),
        ),
        migrations.AddIndex(
            model_name='dossier',
            index=models.Index(models.F('id'), condition=models.Q(('est_reserve', True)), name='dossier_reserves'),
        ),
        migrations.AddIndex(
            model_name='dossier',
            index=models.Index(models.F('id'), condition=models.Q(('est_publie', True)), name='dossier_publies'),
        ),
        migrations.AddIndex(
            model_name='dossier',
            index=models.Index(models.F('nature'), models.F('ouvert_le'), models.F('id'), condition=models.Q(('agent__isnull', True), ('clos_le__isnull', True)), name='dossier_sans_agent'),
        ),
        migrations.AddConstraint(
            model_name='contour',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('commune__isnull', False), ('quartier__isnull', True)), models.Q(('commune__isnull', True), ('quartier__isnull', False)), _connector='OR'), name='contour_un_lieu', violation_error_message='Un contour est celui d’une commune, ou celui d’un quartier.'),
        ),
        migrations.AddConstraint(
            model_name='rappel',
            constraint=models.UniqueConstraint(models.F('echeance'), models.F('etape'), models.F('date_limite'), name='rappel_unique', violation_error_message='Ce rappel est déjà parti.'),
        ),
        migrations.AddConstraint(
            model_name='delaicourriel',
            constraint=models.UniqueConstraint(models.F('reglement'), models.F('lettre'), name='delai_courriel_unique', violation_error_message='Cette lettre a déjà son délai dans cette version.'),
        ),
        migrations.AddConstraint(
            model_name='suspension',
            constraint=models.CheckConstraint(condition=models.Q(('fin__isnull', True), ('fin__gte', models.F('debut')), _connector='OR'), name='suspension_dates_ordonnees', violation_error_message='La fin précède le début.'),
        ),
    ]
