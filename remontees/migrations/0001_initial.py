import django.contrib.postgres.constraints
import django.contrib.postgres.functions
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import remontees.models.receptions
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('socle', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Apprentissage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('appris_le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='appris le')),
                ('exemples', models.PositiveIntegerField(default=0, verbose_name='remontées lues')),
                ('mesures', models.PositiveIntegerField(default=0, verbose_name='remontées mises de côté pour mesurer')),
                ('premiere', models.PositiveIntegerField(default=0, verbose_name='première proposition juste')),
                ('parmi_trois', models.PositiveIntegerField(default=0, verbose_name='juste parmi les trois')),
                ('frequente', models.PositiveIntegerField(default=0, verbose_name='juste en disant toujours la plus fréquente')),
                ('secondes', models.FloatField(default=0, verbose_name='durée (secondes)')),
                ('par_categorie', models.JSONField(default=dict, verbose_name='par catégorie')),
                ('modele', models.JSONField(default=dict, verbose_name='modèle')),
            ],
            options={
                'verbose_name': 'apprentissage',
                'ordering': ['-appris_le', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Boite',
            fields=[
                ('nom', models.CharField(max_length=200, primary_key=True, serialize=False, verbose_name='boîte')),
                ('validite', models.BigIntegerField(default=0, verbose_name='série des numéros')),
                ('dernier', models.BigIntegerField(default=0, verbose_name='dernier numéro lu')),
                ('relevee_le', models.DateTimeField(blank=True, null=True, verbose_name='relevée le')),
                ('erreur', models.CharField(blank=True, max_length=300, verbose_name='dernière panne')),
                ('en_panne_depuis', models.DateTimeField(blank=True, null=True, verbose_name='en panne depuis')),
                ('echecs', models.PositiveSmallIntegerField(db_default=0, default=0, help_text='De suite : le courriel que le serveur ne rend pas est alors laissé dans la boîte, et dit.', verbose_name='échecs sur le prochain courriel')),
            ],
            options={
                'verbose_name': 'boîte relevée',
                'verbose_name_plural': 'boîtes relevées',
            },
        ),
        migrations.CreateModel(
            name='ColonnesReliees',
            fields=[
                ('empreinte', models.CharField(max_length=64, primary_key=True, serialize=False, verbose_name='empreinte des colonnes')),
                ('relies', models.JSONField(default=dict, verbose_name='colonnes reliées')),
                ('le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='le')),
            ],
            options={
                'verbose_name': 'colonnes reliées',
                'verbose_name_plural': 'colonnes reliées',
            },
        ),
        migrations.CreateModel(
            name='Categorie',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=60, unique=True, verbose_name='code')),
                ('nom', models.CharField(max_length=120, verbose_name='nom')),
                ('description', models.CharField(blank=True, help_text='Une ligne, avec les mots que les gens emploient : elle sert à proposer la catégorie.', max_length=300, verbose_name='description')),
                ('est_metropolitaine', models.BooleanField(default=True, verbose_name='du ressort de la Métropole')),
                ('adresse_demarche', models.URLField(blank=True, help_text='Proposée avant d’écrire : la démarche traite la demande plus vite qu’une remontée.', verbose_name='démarche en ligne')),
                ('conseil', models.CharField(blank=True, help_text='Par exemple : en cas de danger, appelez le 112.', max_length=400, verbose_name='à dire avant d’écrire')),
                ('ordre', models.PositiveSmallIntegerField(default=0, verbose_name='ordre')),
                ('est_active', models.BooleanField(default=True, verbose_name='proposée')),
                ('direction', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='categories_remontees', to='socle.direction', verbose_name='direction qui s’en occupe')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sous_categories', to='remontees.categorie', verbose_name='thème')),
            ],
            options={
                'verbose_name': 'catégorie',
                'ordering': ['ordre', 'nom'],
            },
        ),
        migrations.CreateModel(
            name='ClientOpen311',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nom', models.CharField(max_length=120, verbose_name='nom')),
                ('courriel', models.EmailField(help_text='À qui écrire si l’application se trompe.', max_length=254, verbose_name='courriel de contact')),
                ('debut', models.CharField(editable=False, max_length=8, verbose_name='début de la clé')),
                ('empreinte', models.CharField(editable=False, max_length=64, unique=True, verbose_name='empreinte de la clé')),
                ('cree_le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='donnée le')),
                ('retire_le', models.DateTimeField(blank=True, null=True, verbose_name='retirée le')),
                ('cree_par', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='donnée par')),
                ('retire_par', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='retirée par')),
            ],
            options={
                'verbose_name': 'application Open311',
                'verbose_name_plural': 'applications Open311',
                'ordering': ['nom'],
            },
        ),
        migrations.CreateModel(
            name='DepotOpen311',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cle', models.UUIDField(unique=True, verbose_name='jeton')),
                ('recu_le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='reçu le')),
                ('par_sms', models.BooleanField(db_default=False, default=False, verbose_name='à prévenir par SMS')),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='depots', to='remontees.clientopen311', verbose_name='client')),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='remontees.categorie', verbose_name='service')),
            ],
            options={
                'verbose_name': 'dépôt Open311',
                'verbose_name_plural': 'dépôts Open311',
                'ordering': ['-recu_le', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Import',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fichier', models.FileField(upload_to='remontees/imports/%Y/%m/', verbose_name='fichier')),
                ('nom', models.CharField(max_length=160, verbose_name='nom du fichier')),
                ('encodage', models.CharField(max_length=20, verbose_name='encodage')),
                ('separateur', models.CharField(max_length=1, verbose_name='séparateur')),
                ('entetes', models.JSONField(default=list, verbose_name='colonnes')),
                ('extrait', models.JSONField(blank=True, null=True, verbose_name='premières lignes')),
                ('relies', models.JSONField(default=dict, verbose_name='colonnes reliées')),
                ('etat', models.CharField(choices=[('a_lire', 'lecture du fichier'), ('a_relier', 'colonnes à relier'), ('en_cours', 'en cours'), ('fini', 'fini'), ('echec', 'arrêté')], default='a_relier', max_length=10, verbose_name='état')),
                ('total', models.PositiveIntegerField(default=0, verbose_name='lignes')),
                ('lues', models.PositiveIntegerField(default=0, verbose_name='lignes lues')),
                ('nouvelles', models.PositiveIntegerField(default=0, verbose_name='nouvelles')),
                ('doublons', models.PositiveIntegerField(default=0, verbose_name='déjà reçues')),
                ('rejetees', models.PositiveIntegerField(default=0, verbose_name='refusées')),
                ('cree_le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='envoyé le')),
                ('fini_le', models.DateTimeField(blank=True, null=True, verbose_name='fini le')),
                ('erreur', models.CharField(blank=True, max_length=300, verbose_name='ce qui l’a arrêté')),
                ('par', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par')),
            ],
            options={
                'verbose_name': 'import',
                'ordering': ['-cree_le', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='LigneRejetee',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('numero', models.PositiveIntegerField(verbose_name='ligne')),
                ('valeurs', models.JSONField(default=list, verbose_name='valeurs')),
                ('raison', models.CharField(max_length=300, verbose_name='raison')),
                ('import_fichier', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lignes_rejetees', to='remontees.import', verbose_name='import fichier')),
            ],
            options={
                'verbose_name': 'ligne refusée',
                'verbose_name_plural': 'lignes refusées',
                'ordering': ['numero'],
            },
        ),
        migrations.CreateModel(
            name='ModeleDeReponse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nom', models.CharField(error_messages={'unique': 'Un modèle porte déjà ce nom.'}, max_length=80, unique=True, verbose_name='nom')),
                ('etat', models.CharField(blank=True, choices=[('nouvelle', 'à trier'), ('transmise', 'transmise aux services'), ('a_repondre', 'réponse à écrire')], max_length=12, verbose_name='état de la remontée')),
                ('issue', models.CharField(blank=True, choices=[('traite', 'traité'), ('prevu', 'prévu'), ('impossible', 'pas possible'), ('transmis', 'transmis à un autre organisme'), ('sans_suite', 'sans suite possible')], max_length=12, verbose_name='ce qu’il en devient')),
                ('texte', models.TextField(verbose_name='texte')),
                ('est_actif', models.BooleanField(default=True, verbose_name='proposé')),
                ('modifie_le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='modifié le')),
                ('categorie', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='modeles', to='remontees.categorie', verbose_name='catégorie')),
                ('modifie_par', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='modifié par')),
            ],
            options={
                'verbose_name': 'modèle de réponse',
                'verbose_name_plural': 'modèles de réponse',
                'ordering': ['nom'],
            },
        ),
        migrations.CreateModel(
            name='Organisme',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nom', models.CharField(max_length=160, verbose_name='nom')),
                ('nature', models.CharField(choices=[('commune', 'commune'), ('departement', 'département'), ('region', 'région'), ('etat', 'État'), ('mobilites', 'autorité des mobilités'), ('bailleur', 'bailleur'), ('operateur', 'opérateur'), ('autre', 'autre organisme')], default='autre', max_length=12, verbose_name='nature')),
                ('courriel', models.EmailField(blank=True, help_text='Où transmettre, avec l’accord de la personne.', max_length=254, verbose_name='courriel')),
                ('adresse_web', models.URLField(blank=True, verbose_name='page où s’adresser à lui')),
                ('telephone', models.CharField(blank=True, max_length=30, verbose_name='téléphone')),
                ('est_actif', models.BooleanField(default=True, verbose_name='actif')),
                ('commune', models.ForeignKey(blank=True, help_text='Quand il n’agit que dans une commune.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='organismes', to='socle.commune', verbose_name='commune')),
            ],
            options={
                'verbose_name': 'organisme',
                'ordering': ['nature', 'nom'],
            },
        ),
        migrations.AddField(
            model_name='categorie',
            name='organisme',
            field=models.ForeignKey(blank=True, help_text='Quand ce n’est pas la Métropole. Vide pour une commune : c’est celle du lieu.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='categories', to='remontees.organisme', verbose_name='organisme compétent'),
        ),
        migrations.CreateModel(
            name='Attribution',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sceau', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, verbose_name='sceau des liens')),
                ('etat', models.CharField(choices=[('envoyee', 'envoyée'), ('prise', 'prise en main'), ('refusee', 'refusée'), ('repondue', 'répondue'), ('close', 'terminée'), ('retiree', 'retirée')], default='envoyee', max_length=10, verbose_name='état')),
                ('consigne', models.TextField(blank=True, verbose_name='ce qui est attendu')),
                ('date_limite', models.DateField(verbose_name='réponse attendue le')),
                ('envoyee_le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='envoyée le')),
                ('prise_le', models.DateTimeField(blank=True, null=True, verbose_name='prise en main le')),
                ('motif', models.TextField(blank=True, verbose_name='pourquoi elle est refusée ou retirée')),
                ('oriente_vers', models.CharField(blank=True, max_length=160, verbose_name='à donner plutôt à')),
                ('issue', models.CharField(blank=True, choices=[('traite', 'traité'), ('prevu', 'prévu'), ('impossible', 'pas possible'), ('transmis', 'transmis à un autre organisme'), ('sans_suite', 'sans suite possible')], max_length=12, verbose_name='issue')),
                ('reponse', models.TextField(blank=True, verbose_name='réponse')),
                ('date_prevue', models.DateField(blank=True, null=True, verbose_name='prévu le')),
                ('repondue_le', models.DateTimeField(blank=True, null=True, verbose_name='répondue le')),
                ('repondue_par', models.CharField(blank=True, max_length=160, verbose_name='répondue par')),
                ('close_le', models.DateTimeField(blank=True, null=True, verbose_name='terminée le')),
                ('lue_en_entier_le', models.DateTimeField(blank=True, null=True, verbose_name='lue en entier le')),
                ('commune', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='attributions', to='socle.commune', verbose_name='commune')),
                ('direction', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='attributions', to='socle.direction', verbose_name='direction')),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attributions', to='socle.dossier', verbose_name='dossier')),
                ('par', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='donnée par')),
                ('piece', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='socle.piece', verbose_name='fichier joint à la réponse')),
                ('organisme', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='attributions', to='remontees.organisme', verbose_name='organisme')),
            ],
            options={
                'verbose_name': 'part d’un service',
                'verbose_name_plural': 'parts des services',
                'ordering': ['envoyee_le', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='RegleDeRoutage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ordre', models.PositiveSmallIntegerField(default=100, verbose_name='ordre')),
                ('canal', models.CharField(blank=True, choices=[('accueil', 'accueil'), ('telephone', 'téléphone'), ('terrain', 'terrain'), ('reseau', 'réseau social'), ('courriel', 'courriel'), ('courrier', 'courrier'), ('reunion', 'réunion publique'), ('instance', 'instance'), ('site', 'formulaire du site'), ('open311', 'autre application')], max_length=10, verbose_name='canal')),
                ('delai_jours', models.PositiveSmallIntegerField(blank=True, help_text='Vide : celui du règlement.', null=True, verbose_name='délai de réponse (jours ouvrés)')),
                ('est_active', models.BooleanField(default=True, verbose_name='appliquée')),
                ('categorie', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='regles', to='remontees.categorie', verbose_name='catégorie')),
                ('commune', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='regles_de_routage', to='socle.commune', verbose_name='commune')),
                ('directions', models.ManyToManyField(related_name='regles_de_routage', to='socle.direction', verbose_name='directions')),
                ('quartier', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='regles_de_routage', to='socle.quartier', verbose_name='quartier')),
                ('referent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='regles_de_routage', to=settings.AUTH_USER_MODEL, verbose_name='agent chargé du suivi')),
            ],
            options={
                'verbose_name': 'règle de routage',
                'verbose_name_plural': 'règles de routage',
                'ordering': ['ordre', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='ChangementDeRegle',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='le')),
                ('avant', models.JSONField(default=dict, verbose_name='avant')),
                ('apres', models.JSONField(default=dict, verbose_name='après')),
                ('deplacees', models.PositiveSmallIntegerField(default=0, verbose_name='remontées récentes qui iraient ailleurs')),
                ('par', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par')),
                ('regle', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changements', to='remontees.reglederoutage', verbose_name='règle')),
            ],
            options={
                'verbose_name': 'changement d’une règle de routage',
                'verbose_name_plural': 'changements des règles de routage',
                'ordering': ['-le', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='ReglementRemontees',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.CharField(max_length=40, verbose_name='version')),
                ('en_vigueur_du', models.DateField(verbose_name='en vigueur du')),
                ('en_vigueur_au', models.DateField(blank=True, null=True, verbose_name='en vigueur jusqu’au')),
                ('source', models.TextField(help_text='Délibération, article, lien : ce qui fonde ces règles.', verbose_name='source')),
                ('delai_tri_jours', models.PositiveSmallIntegerField(default=3, verbose_name='délai pour trier, puis pour écrire la réponse une fois les services entendus (jours ouvrés)')),
                ('delai_service_jours', models.PositiveSmallIntegerField(default=15, verbose_name='réponse d’un service (jours ouvrés)')),
                ('escalade_jours', models.PositiveSmallIntegerField(default=7, verbose_name='alerte de la direction après le retard (jours)')),
                ('satisfaction_jours', models.PositiveSmallIntegerField(default=7, verbose_name='question de satisfaction après la réponse (jours)')),
                ('cloture_jours', models.PositiveSmallIntegerField(default=30, verbose_name='clôture après la réponse (jours)')),
                ('reouvertures_par_courriel', models.PositiveSmallIntegerField(default=3, verbose_name='réouvertures par courriel, au plus')),
                ('conservation_mois', models.PositiveSmallIntegerField(default=12, verbose_name='conservation des coordonnées après la réponse (mois)')),
                ('secret_statistique', models.PositiveSmallIntegerField(default=5, verbose_name='plus petit nombre publié')),
            ],
            options={
                'verbose_name': 'règlement des remontées',
                'verbose_name_plural': 'règlements des remontées',
                'ordering': ['-en_vigueur_du'],
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('en_vigueur_au__isnull', True), ('en_vigueur_au__gte', models.F('en_vigueur_du')), _connector='OR'), name='reglementremontees_dates_ordonnees', violation_error_message='La fin précède le début.'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.Func(models.F('en_vigueur_du'), models.F('en_vigueur_au'), models.Value('[]'), function='daterange'), '&&')], name='reglementremontees_une_version_par_jour', violation_error_message='Une autre version est déjà en vigueur à ces dates.')],
            },
        ),
        migrations.CreateModel(
            name='Remontee',
            fields=[
                ('dossier_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='socle.dossier')),
                ('sceau', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, verbose_name='sceau des liens')),
                ('etat', models.CharField(choices=[('nouvelle', 'à trier'), ('transmise', 'transmise aux services'), ('a_repondre', 'réponse à écrire'), ('groupee', 'suivie dans un sujet'), ('repondue', 'répondue'), ('orientee', 'orientée vers un autre organisme'), ('ecartee', 'écartée'), ('close', 'close')], default='nouvelle', max_length=12, verbose_name='état')),
                ('verbatim', models.TextField(help_text='Mot pour mot. Jamais public sans relecture.', verbose_name='ce qui a été dit')),
                ('canal', models.CharField(choices=[('accueil', 'accueil'), ('telephone', 'téléphone'), ('terrain', 'terrain'), ('reseau', 'réseau social'), ('courriel', 'courriel'), ('courrier', 'courrier'), ('reunion', 'réunion publique'), ('instance', 'instance'), ('site', 'formulaire du site'), ('open311', 'autre application')], max_length=10, verbose_name='canal')),
                ('entendue_le', models.DateField(default=django.utils.timezone.localdate, verbose_name='entendue le')),
                ('lieu', models.CharField(blank=True, max_length=200, verbose_name='lieu')),
                ('latitude', models.FloatField(blank=True, null=True, verbose_name='latitude')),
                ('longitude', models.FloatField(blank=True, null=True, verbose_name='longitude')),
                ('au_nom_de', models.BooleanField(default=False, verbose_name='dite au nom de quelqu’un')),
                ('est_urgente', models.BooleanField(default=False, verbose_name='urgente')),
                ('est_contestation', models.BooleanField(default=False, verbose_name='conteste une décision')),
                ('est_individuelle', models.BooleanField(default=False, verbose_name='affaire individuelle')),
                ('est_discrimination', models.BooleanField(default=False, verbose_name='discrimination')),
                ('source', models.CharField(blank=True, help_text='Adresse du message d’origine.', max_length=500, verbose_name='source')),
                ('issue', models.CharField(blank=True, choices=[('traite', 'traité'), ('prevu', 'prévu'), ('impossible', 'pas possible'), ('transmis', 'transmis à un autre organisme'), ('sans_suite', 'sans suite possible')], max_length=12, verbose_name='issue')),
                ('reponse', models.TextField(blank=True, verbose_name='réponse à la personne')),
                ('date_prevue', models.DateField(blank=True, null=True, verbose_name='prévu le')),
                ('repondue_le', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='répondue le')),
                ('reouvertures', models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='réouvertures')),
                ('mots', models.GeneratedField(db_persist=True, expression=django.db.models.functions.text.Trim(models.Func(models.Func(models.Func(django.db.models.functions.text.Lower(django.db.models.functions.text.Left('verbatim', 600)), models.Value('àâäáãçéèêëîïíôöóûüùúÿñÀÂÄÁÃÇÉÈÊËÎÏÍÔÖÓÛÜÙÚŸÑ’'), models.Value("aaaaaceeeeiiiooouuuuynaaaaaceeeeiiiooouuuuyn'"), function='translate', output_field=models.TextField()), models.Value('\\W+'), models.Value(' '), models.Value('g'), function='regexp_replace', output_field=models.TextField()), models.Value('\\m(a|afin|ai|aie|aient|ait|alors|apres|as|au|aucun|aussi|autre|autres|aux|avait|avant|avec|avez|avoir|avons|beaucoup|bien|bonjour|bonsoir|c|ca|car|ce|ceci|cela|celle|celui|ces|cet|cette|ceux|chez|comme|comment|cordialement|d|dans|de|deja|depuis|des|dire|dit|dois|doit|donc|du|elle|elles|en|encore|entre|est|et|etait|etre|eu|eux|faire|fait|faut|fois|font|il|ils|j|je|jour|jours|jusque|l|la|le|les|leur|leurs|lui|m|ma|madame|mais|me|meme|merci|mes|mme|moi|mois|mon|monsieur|n|ne|ni|non|nos|notre|nous|on|ont|ou|par|parce|pas|peu|peut|plus|pour|pourquoi|pouvez|qu|quand|que|quel|quelle|quelques|qui|quoi|rien|s|sa|sans|se|semaine|semaines|sera|ses|si|soit|son|sont|sous|sur|t|ta|te|tes|toi|ton|toujours|tous|tout|toute|toutes|tres|trop|tu|un|une|va|vers|voici|voila|vos|votre|vous|y)\\M ?'), models.Value(''), models.Value('g'), function='regexp_replace', output_field=models.TextField())), help_text='Ce qui a été dit, sans accent ni mots vides : pour trouver ce qui se ressemble.', output_field=models.TextField())),
                ('categorie', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='remontees', to='remontees.categorie', verbose_name='catégorie')),
                ('commune', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='remontees', to='socle.commune', verbose_name='commune')),
                ('organisme', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='remontees', to='remontees.organisme', verbose_name='organisme compétent')),
                ('quartier', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='remontees', to='socle.quartier', verbose_name='quartier')),
            ],
            options={
                'verbose_name': 'remontée',
                'ordering': ['-ouvert_le', '-pk'],
            },
            bases=('socle.dossier', models.Model),
        ),
        migrations.CreateModel(
            name='Reception',
            fields=[
                ('cle', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False, verbose_name='clé')),
                ('charge', models.JSONField(default=dict, verbose_name='ce qui est arrivé')),
                ('photo', models.FileField(blank=True, upload_to=remontees.models.receptions.chemin_photo, verbose_name='photo')),
                ('recue_le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='reçue le')),
                ('faite_le', models.DateTimeField(blank=True, null=True, verbose_name='faite le')),
                ('erreur', models.CharField(blank=True, max_length=300, verbose_name='pourquoi elle attend')),
                ('essais', models.PositiveSmallIntegerField(default=0, verbose_name='essais')),
                ('en_nombre', models.BooleanField(db_default=False, default=False, verbose_name='reçue en nombre')),
                ('remontee', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='reception', to='remontees.remontee', verbose_name='remontee')),
            ],
            options={
                'verbose_name': 'réception',
                'ordering': ['recue_le'],
            },
        ),
        migrations.CreateModel(
            name='Rapporteur',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nom', models.CharField(blank=True, max_length=120, verbose_name='nom')),
                ('courriel', models.EmailField(blank=True, max_length=254, verbose_name='courriel')),
                ('telephone', models.CharField(blank=True, max_length=30, verbose_name='téléphone')),
                ('adresse', models.CharField(blank=True, max_length=300, verbose_name='adresse postale')),
                ('prefere', models.CharField(choices=[('courriel', 'par courriel'), ('sms', 'par SMS'), ('lettre', 'par une lettre'), ('rappel', 'par un appel'), ('aucun', 'ne veut pas de nouvelles')], default='courriel', max_length=10, verbose_name='à prévenir')),
                ('accepte_transmission', models.BooleanField(default=False, verbose_name='accepte que ses coordonnées soient transmises à l’organisme compétent')),
                ('efface_le', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='effacé le')),
                ('remontee', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='rapporteur', to='remontees.remontee', verbose_name='remontee')),
            ],
            options={
                'verbose_name': 'rapporteur',
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cle', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='clé')),
                ('sens', models.CharField(choices=[('entrant', 'reçu'), ('sortant', 'envoyé')], max_length=8, verbose_name='sens')),
                ('moyen', models.CharField(choices=[('courriel', 'par courriel'), ('sms', 'par SMS'), ('lettre', 'par lettre'), ('site', 'par la page de suivi'), ('vive_voix', 'de vive voix'), ('open311', 'par une autre application')], max_length=10, verbose_name='moyen')),
                ('auteur', models.CharField(choices=[('agent', 'le service participation'), ('personne', 'la personne'), ('service', 'un service'), ('autre', 'une autre adresse'), ('a_verifier', 'une adresse non vérifiée')], max_length=10, verbose_name='auteur')),
                ('de', models.CharField(blank=True, help_text='Nom de qui écrit, s’il est dit.', max_length=160, verbose_name='de')),
                ('texte', models.TextField(verbose_name='texte')),
                ('cite', models.TextField(blank=True, verbose_name='texte cité')),
                ('numero', models.CharField(blank=True, max_length=255, verbose_name='numéro du message')),
                ('preuve', models.CharField(blank=True, db_default='', default='', max_length=120, verbose_name='adresse vérifiée par')),
                ('ecrit_le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='écrit le')),
                ('est_apres_cloture', models.BooleanField(default=False, verbose_name='dit après la réponse')),
                ('lu_le', models.DateTimeField(blank=True, null=True, verbose_name='lu le')),
                ('date_limite', models.DateField(blank=True, null=True, verbose_name='réponse attendue le')),
                ('attente_close_le', models.DateTimeField(blank=True, null=True, verbose_name='n’est plus attendue depuis')),
                ('courriel', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='socle.courriel', verbose_name='courriel')),
                ('lu_par', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='lu par')),
                ('par', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='écrit ou noté par')),
                ('reponse', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='questions', to='remontees.message', verbose_name='réponse')),
                ('suspension', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='question', to='socle.suspension', verbose_name='suspension')),
                ('remontee', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='remontees.remontee', verbose_name='remontée')),
            ],
            options={
                'verbose_name': 'message',
                'ordering': ['ecrit_le', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='CourrielRecu',
            fields=[
                ('cle', models.UUIDField(primary_key=True, serialize=False, verbose_name='clé')),
                ('octets', models.BinaryField(default=b'', verbose_name='message')),
                ('taille', models.PositiveIntegerField(default=0, verbose_name='taille')),
                ('recu_le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='reçu le')),
                ('expediteur', models.CharField(blank=True, max_length=254, verbose_name='de')),
                ('boite', models.CharField(blank=True, db_default='', default='', max_length=254, verbose_name='boîte de l’expéditeur')),
                ('objet', models.CharField(blank=True, max_length=255, verbose_name='objet')),
                ('sort', models.CharField(choices=[('a_traiter', 'à traiter'), ('remontee', 'nouvelle remontée'), ('message', 'message d’une remontée'), ('rebond', 'lettre revenue'), ('automatique', 'réponse automatique'), ('notre', 'écrit par nous'), ('trop', 'trop de messages de cette adresse'), ('lourd', 'trop lourd'), ('suspect', 'en quarantaine'), ('illisible', 'n’a pas pu être lu')], default='a_traiter', max_length=12, verbose_name='ce qu’il est devenu')),
                ('traite_le', models.DateTimeField(blank=True, null=True, verbose_name='traité le')),
                ('essais', models.PositiveSmallIntegerField(default=0, verbose_name='essais')),
                ('erreur', models.CharField(blank=True, max_length=500, verbose_name='ce qui n’a pas été gardé')),
                ('lu', models.JSONField(blank=True, null=True, verbose_name='ce qui en a été lu')),
                ('preuve', models.CharField(blank=True, db_default='', default='', max_length=120, verbose_name='vérification passée')),
                ('vu_le', models.DateTimeField(blank=True, null=True, verbose_name='vu le')),
                ('vu_par', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='vu par')),
                ('message', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='remontees.message', verbose_name='message')),
                ('remontee', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='courriels_recus', to='remontees.remontee', verbose_name='remontée')),
            ],
            options={
                'verbose_name': 'courriel reçu',
                'verbose_name_plural': 'courriels reçus',
                'ordering': ['-recu_le', 'cle'],
            },
        ),
        migrations.CreateModel(
            name='Satisfaction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sceau', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, verbose_name='sceau des liens')),
                ('demandee_le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='demandée le')),
                ('avis', models.CharField(blank=True, choices=[('oui', 'oui'), ('en_partie', 'en partie'), ('non', 'non')], max_length=10, verbose_name='la réponse convient')),
                ('mot', models.TextField(blank=True, verbose_name='un mot')),
                ('repondue_le', models.DateTimeField(blank=True, null=True, verbose_name='répondue le')),
                ('remontee', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='satisfaction', to='remontees.remontee', verbose_name='remontée')),
            ],
            options={
                'verbose_name': 'satisfaction',
            },
        ),
        migrations.CreateModel(
            name='Sujet',
            fields=[
                ('dossier_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='socle.dossier')),
                ('etat', models.CharField(choices=[('ouvert', 'à traiter'), ('transmis', 'transmis aux services'), ('a_repondre', 'réponse à écrire'), ('repondu', 'répondu'), ('clos', 'clos')], default='ouvert', max_length=12, verbose_name='état')),
                ('texte_public', models.TextField(blank=True, help_text='Ce que les gens disent, en vos mots. Aucun nom, aucune adresse.', verbose_name='texte public')),
                ('issue', models.CharField(blank=True, choices=[('traite', 'traité'), ('prevu', 'prévu'), ('impossible', 'pas possible'), ('transmis', 'transmis à un autre organisme'), ('sans_suite', 'sans suite possible')], max_length=12, verbose_name='issue')),
                ('reponse', models.TextField(blank=True, verbose_name='réponse')),
                ('repondu_le', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='répondu le')),
                ('date_prevue', models.DateField(blank=True, null=True, verbose_name='prévu le')),
                ('relue_le', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='réponse relue le')),
                ('mots', models.TextField(blank=True, editable=False, help_text='Ceux du titre puis du texte, sans accent ni mots vides : pour trouver ce qui se ressemble.', verbose_name='mots comparés')),
                ('categorie', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sujets', to='remontees.categorie', verbose_name='catégorie')),
                ('commune', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sujets', to='socle.commune', verbose_name='commune')),
                ('ecrite_par', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='réponse écrite par')),
                ('quartier', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sujets', to='socle.quartier', verbose_name='quartier')),
                ('relue_par', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='réponse relue par')),
            ],
            options={
                'verbose_name': 'sujet',
                'ordering': ['-ouvert_le', '-pk'],
            },
            bases=('socle.dossier',),
        ),
        migrations.AddField(
            model_name='remontee',
            name='sujet_commun',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='remontees', to='remontees.sujet', verbose_name='sujet'),
        ),
        migrations.AddField(
            model_name='remontee',
            name='sujet_propose',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='remontees_proposees', to='remontees.sujet', verbose_name='sujet reconnu par la personne'),
        ),
        migrations.AddConstraint(
            model_name='clientopen311',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('nom'), name='client_open311_nom_unique', violation_error_message='Une application porte déjà ce nom.'),
        ),
        migrations.AddIndex(
            model_name='depotopen311',
            index=models.Index(models.F('client'), models.F('recu_le'), name='depot_open311_client'),
        ),
        migrations.AddConstraint(
            model_name='organisme',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('nom'), name='organisme_nom_unique', violation_error_message='Cet organisme existe déjà.'),
        ),
        migrations.AddConstraint(
            model_name='categorie',
            constraint=models.UniqueConstraint(models.F('parent'), django.db.models.functions.text.Lower('nom'), name='categorie_nom_unique', violation_error_message='Cette catégorie existe déjà dans ce thème.'),
        ),
        migrations.AddConstraint(
            model_name='categorie',
            constraint=models.CheckConstraint(condition=models.Q(('est_metropolitaine', True), ('direction__isnull', True), _connector='OR'), name='categorie_un_seul_ressort', violation_error_message='Une catégorie hors du ressort de la Métropole n’a pas de direction.'),
        ),
        migrations.AddIndex(
            model_name='attribution',
            index=models.Index(models.F('direction'), condition=models.Q(('etat__in', ['envoyee', 'prise'])), name='attribution_attendues'),
        ),
        migrations.AddIndex(
            model_name='attribution',
            index=models.Index(models.F('direction'), models.F('dossier'), condition=models.Q(('etat__in', ['close', 'envoyee', 'prise', 'repondue'])), name='attribution_lues_par_direction'),
        ),
        migrations.AddIndex(
            model_name='attribution',
            index=models.Index(models.F('date_limite'), models.F('dossier'), condition=models.Q(('etat__in', ['envoyee', 'prise'])), name='attribution_attendues_par_date'),
        ),
        migrations.AddIndex(
            model_name='attribution',
            index=models.Index(models.F('dossier'), condition=models.Q(('etat', 'refusee')), name='attribution_refusees'),
        ),
        migrations.AddConstraint(
            model_name='attribution',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('commune__isnull', True), ('direction__isnull', False), ('organisme__isnull', True)), models.Q(('commune__isnull', False), ('direction__isnull', True), ('organisme__isnull', True)), models.Q(('commune__isnull', True), ('direction__isnull', True), ('organisme__isnull', False)), _connector='OR'), name='attribution_un_service', violation_error_message='Choisissez une direction, une commune ou un organisme, et un seul.'),
        ),
        migrations.AddConstraint(
            model_name='attribution',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('etat__in', ['refusee', 'retiree']), _negated=True), models.Q(('motif', ''), _negated=True), _connector='OR'), name='attribution_refus_motive', violation_error_message='Dites pourquoi.'),
        ),
        migrations.AddConstraint(
            model_name='attribution',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('etat', 'repondue'), _negated=True), models.Q(models.Q(('reponse', ''), _negated=True), models.Q(('issue', ''), _negated=True)), _connector='OR'), name='attribution_repondue_a_sa_reponse', violation_error_message='Dites ce qui est fait, et écrivez la réponse.'),
        ),
        migrations.AddConstraint(
            model_name='attribution',
            constraint=models.UniqueConstraint(models.F('dossier'), models.F('direction'), condition=models.Q(('etat__in', ['envoyee', 'prise', 'repondue'])), name='attribution_direction_une_fois', violation_error_message='Ce service a déjà sa part.'),
        ),
        migrations.AddConstraint(
            model_name='attribution',
            constraint=models.UniqueConstraint(models.F('dossier'), models.F('commune'), condition=models.Q(('etat__in', ['envoyee', 'prise', 'repondue'])), name='attribution_commune_une_fois', violation_error_message='Ce service a déjà sa part.'),
        ),
        migrations.AddConstraint(
            model_name='attribution',
            constraint=models.UniqueConstraint(models.F('dossier'), models.F('organisme'), condition=models.Q(('etat__in', ['envoyee', 'prise', 'repondue'])), name='attribution_organisme_une_fois', violation_error_message='Ce service a déjà sa part.'),
        ),
        migrations.AddIndex(
            model_name='reception',
            index=models.Index(models.F('recue_le'), condition=models.Q(('faite_le__isnull', True)), name='reception_a_faire'),
        ),
        migrations.AddIndex(
            model_name='reception',
            index=models.Index(models.F('en_nombre'), models.F('recue_le'), condition=models.Q(('faite_le__isnull', True)), name='reception_dans_l_ordre'),
        ),
        migrations.AddIndex(
            model_name='rapporteur',
            index=models.Index(models.F('courriel'), condition=models.Q(('courriel', ''), _negated=True), name='rapporteur_courriel'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(models.F('remontee'), models.F('ecrit_le'), condition=models.Q(('lu_le__isnull', True), ('sens', 'entrant')), name='message_non_lus'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(models.F('date_limite'), condition=models.Q(('attente_close_le__isnull', True), ('date_limite__isnull', False)), name='message_attentes'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(models.F('ecrit_le'), condition=models.Q(('texte__in', ('(texte effacé au terme du délai de conservation)', '(texte effacé par le service avant le terme du délai de conservation)')), _negated=True), name='message_non_effaces'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(('texte', ''), _negated=True), name='message_dit_quelque_chose', violation_error_message='Écrivez le message.'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(('date_limite__isnull', True), ('sens', 'sortant'), _connector='OR'), name='message_question_envoyee', violation_error_message='Seul un message envoyé attend une réponse.'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.UniqueConstraint(models.F('remontee'), condition=models.Q(('attente_close_le__isnull', True), ('date_limite__isnull', False)), name='message_une_question', violation_error_message='Une question est déjà posée à la personne.'),
        ),
        migrations.AddIndex(
            model_name='courrielrecu',
            index=models.Index(models.F('recu_le'), condition=models.Q(('sort', 'a_traiter')), name='courriel_recu_a_traiter'),
        ),
        migrations.AddIndex(
            model_name='courrielrecu',
            index=models.Index(fields=['-recu_le'], name='courriel_recu_liste'),
        ),
        migrations.AddIndex(
            model_name='courrielrecu',
            index=models.Index(models.F('expediteur'), models.F('recu_le'), name='courriel_recu_expediteur'),
        ),
        migrations.AddIndex(
            model_name='courrielrecu',
            index=models.Index(models.F('boite'), models.F('recu_le'), name='courriel_recu_boite'),
        ),
        migrations.AddIndex(
            model_name='courrielrecu',
            index=models.Index(models.F('recu_le'), condition=models.Q(('vu_le__isnull', True), models.Q(('sort__in', ('illisible', 'lourd', 'suspect', 'trop')), models.Q(('essais__gte', 5), ('sort', 'a_traiter')), _connector='OR')), name='courriel_recu_a_voir'),
        ),
        migrations.AddIndex(
            model_name='satisfaction',
            index=models.Index(models.F('avis'), condition=models.Q(('avis', ''), _negated=True), name='satisfaction_avis'),
        ),
        migrations.AddIndex(
            model_name='satisfaction',
            index=models.Index(models.F('remontee'), condition=models.Q(('mot', ''), _negated=True), name='satisfaction_mots'),
        ),
        migrations.AddIndex(
            model_name='sujet',
            index=django.contrib.postgres.indexes.GistIndex(django.contrib.postgres.indexes.OpClass(models.F('mots'), name='gist_trgm_ops(siglen=128)'), name='sujet_mots'),
        ),
        migrations.AddIndex(
            model_name='sujet',
            index=models.Index(models.F('categorie'), models.OrderBy(models.F('dossier_ptr'), descending=True), name='sujet_categorie'),
        ),
        migrations.AddIndex(
            model_name='sujet',
            index=models.Index(models.F('etat'), models.F('dossier_ptr'), condition=models.Q(('etat__in', ['a_repondre', 'ouvert', 'transmis'])), name='sujet_en_cours'),
        ),
        migrations.AddConstraint(
            model_name='sujet',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('etat__in', ['repondu', 'clos']), _negated=True), models.Q(models.Q(('issue', ''), _negated=True), models.Q(('reponse', ''), _negated=True)), _connector='OR'), name='sujet_repondu_a_sa_reponse', violation_error_message='Dites ce que devient le sujet, et la réponse.'),
        ),
        migrations.AddIndex(
            model_name='remontee',
            index=models.Index(models.F('etat'), models.OrderBy(models.F('dossier_ptr'), descending=True), name='remontee_etat'),
        ),
        migrations.AddIndex(
            model_name='remontee',
            index=models.Index(models.F('categorie'), models.OrderBy(models.F('dossier_ptr'), descending=True), name='remontee_categorie'),
        ),
        migrations.AddIndex(
            model_name='remontee',
            index=models.Index(models.F('commune'), models.OrderBy(models.F('dossier_ptr'), descending=True), name='remontee_commune'),
        ),
        migrations.AddIndex(
            model_name='remontee',
            index=models.Index(models.F('entendue_le'), name='remontee_entendue_le'),
        ),
        migrations.AddIndex(
            model_name='remontee',
            index=models.Index(models.F('entendue_le'), models.F('commune'), condition=models.Q(('commune__isnull', False), ('est_discrimination', False)), name='remontee_voix'),
        ),
        migrations.AddIndex(
            model_name='remontee',
            index=models.Index(models.F('entendue_le'), models.F('sujet_commun'), condition=models.Q(('sujet_commun__isnull', False)), name='remontee_groupees_par_jour'),
        ),
        migrations.AddIndex(
            model_name='remontee',
            index=models.Index(models.OrderBy(models.F('est_urgente'), descending=True), models.F('dossier_ptr'), condition=models.Q(('etat', 'nouvelle')), name='remontee_a_trier'),
        ),
        migrations.AddIndex(
            model_name='remontee',
            index=models.Index(models.F('etat'), models.F('dossier_ptr'), condition=models.Q(('est_discrimination', False), ('etat__in', ['a_repondre', 'nouvelle', 'transmise'])), name='remontee_en_cours'),
        ),
        migrations.AddIndex(
            model_name='remontee',
            index=models.Index(models.F('etat'), models.F('dossier_ptr'), condition=models.Q(('est_discrimination', True)), name='remontee_discriminations'),
        ),
        migrations.AddIndex(
            model_name='remontee',
            index=models.Index(models.F('etat'), models.F('dossier_ptr'), condition=models.Q(('est_urgente', True)), name='remontee_urgentes'),
        ),
        migrations.AddIndex(
            model_name='remontee',
            index=models.Index(models.F('repondue_le'), condition=models.Q(('etat__in', ['close', 'ecartee', 'orientee', 'repondue']), models.Q(('verbatim__in', ('(texte effacé au terme du délai de conservation)', '(texte effacé par le service avant le terme du délai de conservation)')), _negated=True)), name='remontee_non_effacees'),
        ),
        migrations.AddIndex(
            model_name='remontee',
            index=models.Index(models.F('entendue_le'), condition=models.Q(('etat__in', ['close', 'ecartee', 'orientee', 'repondue']), ('repondue_le__isnull', True), models.Q(('verbatim__in', ('(texte effacé au terme du délai de conservation)', '(texte effacé par le service avant le terme du délai de conservation)')), _negated=True)), name='remontee_ecartees_non_effacees'),
        ),
        migrations.AddIndex(
            model_name='remontee',
            index=django.contrib.postgres.indexes.GistIndex(models.F('commune'), models.F('categorie'), models.F('entendue_le'), django.contrib.postgres.indexes.OpClass(models.F('mots'), name='gist_trgm_ops(siglen=128)'), name='remontee_semblables'),
        ),
        migrations.AddConstraint(
            model_name='remontee',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('etat', 'repondue'), _negated=True), models.Q(models.Q(('issue', ''), _negated=True), models.Q(('reponse', ''), _negated=True)), _connector='OR'), name='remontee_repondue_a_sa_reponse', violation_error_message='Dites ce que devient la remontée, et la réponse.'),
        ),
        migrations.AddConstraint(
            model_name='remontee',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('etat', 'groupee'), _negated=True), ('sujet_commun__isnull', False), _connector='OR'), name='remontee_groupee_a_son_sujet', violation_error_message='Choisissez le sujet.'),
        ),
        migrations.AddConstraint(
            model_name='remontee',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('etat', 'orientee'), _negated=True), ('organisme__isnull', False), _connector='OR'), name='remontee_orientee_a_son_organisme', violation_error_message='Choisissez l’organisme compétent.'),
        ),
        migrations.AddConstraint(
            model_name='remontee',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('latitude__isnull', True), ('longitude__isnull', True)), models.Q(('latitude__range', (-90, 90)), ('longitude__range', (-180, 180))), _connector='OR'), name='remontee_point_entier', violation_error_message='Ce point n’est pas sur la Terre.'),
        ),
        migrations.AddConstraint(
            model_name='remontee',
            constraint=models.CheckConstraint(condition=models.Q(('est_discrimination', False), ('sujet_commun__isnull', True), _connector='OR'), name='remontee_discrimination_a_part', violation_error_message='Une discrimination a son propre circuit : elle n’entre dans aucun sujet.'),
        ),
    ]
