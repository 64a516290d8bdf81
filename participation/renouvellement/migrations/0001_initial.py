import django.contrib.postgres.fields
import django.contrib.postgres.functions
import django.core.validators
import django.utils.timezone
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Bordereau',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('visa', models.CharField(max_length=80, verbose_name='numéro de visa')),
                ('le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='validé le')),
                ('nombre', models.PositiveIntegerField(verbose_name='candidatures effacées')),
                ('comptes', models.JSONField(default=dict, verbose_name='nombres gardés')),
            ],
            options={
                'verbose_name': 'bordereau d’élimination',
                'verbose_name_plural': 'bordereaux d’élimination',
                'ordering': ['-le'],
            },
        ),
        migrations.CreateModel(
            name='Campagne',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('titre', models.CharField(help_text='Par exemple « Rejoindre la CCSPL, 2027-2030 ».', max_length=160, verbose_name='titre')),
                ('denomination', models.CharField(help_text='Avec son article : « la commission », « le comité ». Pour « Pourquoi voulez-vous rejoindre la commission ? ».', max_length=60, verbose_name='comment la nommer dans une phrase')),
                ('nomme_par', models.CharField(default='le conseil métropolitain', help_text='Avec son article : « le conseil métropolitain ». Pour « Nomination par le conseil métropolitain ».', max_length=80, verbose_name='qui nomme les membres')),
                ('mandature_intitule', models.CharField(help_text='Par exemple « 2027-2030 ».', max_length=80, verbose_name='mandature à venir')),
                ('mandature_debut', models.DateField(verbose_name='début de la mandature')),
                ('mandature_fin', models.DateField(blank=True, null=True, verbose_name='fin de la mandature')),
                ('presentation', models.TextField(help_text='À quoi sert l’instance, ce que font ses membres.', max_length=4000, verbose_name='ce que c’est')),
                ('facile', models.TextField(blank=True, help_text='Des phrases très courtes, une idée par ligne. Pas de mot difficile.', max_length=2000, verbose_name='en bref, facile à lire')),
                ('temps_demande', models.TextField(help_text='Combien de réunions, quand, combien de temps.', max_length=1000, verbose_name='le temps demandé')),
                ('soutien', models.TextField(blank=True, help_text='Interprète, garde d’enfants, transport, formation…', max_length=1000, verbose_name='l’aide proposée')),
                ('ouverture', models.DateField(verbose_name='ouverture de l’appel')),
                ('cloture', models.DateField(help_text='L’appel se ferme ce jour-là à minuit.', verbose_name='dernier jour de l’appel')),
                ('cloture_annoncee', models.DateField(blank=True, editable=False, null=True, verbose_name='dernier jour annoncé d’abord')),
                ('motif_cloture', models.CharField(blank=True, db_default='', default='', max_length=300, verbose_name='raison de la clôture avant ce jour')),
                ('grace_heures', models.PositiveSmallIntegerField(default=24, help_text='Une candidature envoyée à temps peut encore être confirmée pendant ces heures.', verbose_name='heures pour confirmer après la clôture')),
                ('age_minimum', models.PositiveSmallIntegerField(default=18, validators=[django.core.validators.MinValueValidator(10), django.core.validators.MaxValueValidator(99)], verbose_name='âge demandé')),
                ('note_max', models.PositiveSmallIntegerField(default=5, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(20)], verbose_name='note la plus haute')),
                ('lectures_par_candidature', models.PositiveSmallIntegerField(default=2, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(10)], verbose_name='lectures par candidature')),
                ('a_l_aveugle', models.BooleanField(default=False, help_text='Le comité lit les candidatures sans les noms.', verbose_name='noms masqués au comité')),
                ('reponse_jours', models.PositiveSmallIntegerField(default=15, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(180)], verbose_name='jours pour répondre à un appel de la liste d’attente')),
                ('conservation_mois', models.PositiveSmallIntegerField(help_text='À compter de la liste arrêtée. L’effacement est proposé, jamais automatique.', validators=[django.core.validators.MaxValueValidator(120)], verbose_name='mois de conservation des candidatures non retenues')),
                ('vivier_mois', models.PositiveSmallIntegerField(default=24, help_text='Pour les personnes qui acceptent d’être recontactées.', validators=[django.core.validators.MaxValueValidator(120)], verbose_name='mois de conservation avec accord')),
                ('purge_jours', models.PositiveSmallIntegerField(default=15, validators=[django.core.validators.MinValueValidator(1)], verbose_name='jours avant d’effacer une demande jamais confirmée')),
                ('courriels_max', models.PositiveSmallIntegerField(default=5, validators=[django.core.validators.MinValueValidator(1)], verbose_name='lettres au plus à une même adresse')),
                ('demandes_par_heure', models.PositiveSmallIntegerField(default=30, validators=[django.core.validators.MinValueValidator(1)], verbose_name='candidatures au plus par heure depuis un même réseau')),
                ('source_parts', models.TextField(blank=True, help_text='Recensement, année, lien.', max_length=600, verbose_name='source des parts de référence')),
                ('etat', models.CharField(choices=[('brouillon', 'en préparation'), ('ouverte', 'appel publié'), ('close', 'appel clos'), ('selection', 'sélection en cours'), ('arretee', 'liste arrêtée'), ('installee', 'mandature installée'), ('abandonnee', 'abandonnée')], default='brouillon', max_length=12, verbose_name='état')),
                ('cree_le', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='créée le')),
                ('arretee_le', models.DateTimeField(blank=True, null=True, verbose_name='arrêtée le')),
                ('deliberation', models.CharField(blank=True, max_length=160, verbose_name='délibération de nomination')),
                ('date_deliberation', models.DateField(blank=True, null=True, verbose_name='date de la délibération')),
                ('nommee_le', models.DateTimeField(blank=True, null=True, verbose_name='membres nommés le')),
                ('finie_le', models.DateTimeField(blank=True, null=True, verbose_name='finie le')),
            ],
            options={
                'verbose_name': 'campagne de renouvellement',
                'verbose_name_plural': 'campagnes de renouvellement',
                'ordering': ['-ouverture', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Candidature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sceau', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, verbose_name='sceau des liens')),
                ('numero', models.PositiveIntegerField(blank=True, null=True, verbose_name='numéro')),
                ('source', models.CharField(choices=[('web', 'en ligne'), ('papier', 'papier')], default='web', max_length=6, verbose_name='reçue')),
                ('etat', models.CharField(choices=[('a_confirmer', 'à confirmer par courriel'), ('deposee', 'déposée'), ('retiree', 'retirée')], default='a_confirmer', max_length=12, verbose_name='état')),
                ('prenom', models.CharField(blank=True, max_length=80, verbose_name='prénom')),
                ('nom', models.CharField(blank=True, max_length=80, verbose_name='nom')),
                ('courriel', models.EmailField(blank=True, max_length=254, verbose_name='courriel')),
                ('courriel_canonique', models.CharField(blank=True, editable=False, max_length=254, verbose_name='boîte')),
                ('telephone', models.CharField(blank=True, max_length=20, verbose_name='téléphone')),
                ('adresse', models.CharField(blank=True, max_length=240, verbose_name='adresse postale')),
                ('organisme', models.CharField(blank=True, max_length=160, verbose_name='association')),
                ('suppleant_prenom', models.CharField(blank=True, max_length=80, verbose_name='prénom du suppléant ou de la suppléante')),
                ('suppleant_nom', models.CharField(blank=True, max_length=80, verbose_name='nom du suppléant ou de la suppléante')),
                ('suppleant_courriel', models.EmailField(blank=True, max_length=254, verbose_name='courriel du suppléant ou de la suppléante')),
                ('motivation', models.TextField(blank=True, max_length=3000, verbose_name='motivation')),
                ('reponses', models.JSONField(blank=True, default=dict, verbose_name='réponses aux questions')),
                ('disponibilites', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('journee', 'en semaine, la journée'), ('fin', 'en semaine, en fin d’après-midi'), ('soir', 'en semaine, le soir'), ('samedi', 'le samedi')], max_length=10), blank=True, default=list, size=None, verbose_name='disponibilités')),
                ('besoins', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('interprete', 'interprète (langue des signes ou autre langue)'), ('garde', 'garde d’enfants'), ('transport', 'transport'), ('grands_caracteres', 'documents en grands caractères'), ('boucle', 'boucle magnétique')], max_length=20), blank=True, default=list, size=None, verbose_name='besoins')),
                ('precisions', models.CharField(blank=True, max_length=300, verbose_name='précisions sur les besoins')),
                ('age', models.CharField(blank=True, choices=[('16_24', '16 à 24 ans'), ('25_39', '25 à 39 ans'), ('40_59', '40 à 59 ans'), ('60_74', '60 à 74 ans'), ('75', '75 ans ou plus')], max_length=6, verbose_name='âge')),
                ('genre', models.CharField(blank=True, choices=[('femme', 'femme'), ('homme', 'homme'), ('autre', 'autre')], max_length=6, verbose_name='genre')),
                ('accord_vivier', models.BooleanField(default=False, verbose_name='accepte d’être recontactée')),
                ('lettres_ecrites', models.PositiveSmallIntegerField(db_default=0, default=0, verbose_name='lettres écrites')),
                ('reservee_le', models.DateTimeField(blank=True, null=True, verbose_name='lettre du jour écrite le')),
                ('lettre_due', models.BooleanField(db_default=False, default=False, verbose_name='lettre due plus tard')),
                ('cree_le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='reçue le')),
                ('deposee_le', models.DateTimeField(blank=True, null=True, verbose_name='confirmée le')),
                ('retiree_le', models.DateTimeField(blank=True, null=True, verbose_name='retirée le')),
                ('eligibilite', models.CharField(choices=[('a_verifier', 'à vérifier'), ('eligible', 'recevable'), ('non_eligible', 'non recevable')], default='a_verifier', max_length=12, verbose_name='recevabilité')),
                ('motif', models.CharField(blank=True, choices=[('commune', 'La personne n’habite pas l’une des communes de la Métropole.'), ('age', 'La personne n’a pas l’âge demandé.'), ('elu', 'Le collège n’est pas ouvert aux personnes qui ont un mandat d’élu local.'), ('association', 'L’organisme n’est pas une association, ou n’agit pas dans la Métropole.'), ('suppleance', 'La candidature ne présente pas de suppléant ou de suppléante.'), ('double', 'Une autre candidature de la même personne ou de la même association est gardée.'), ('incomplete', 'La candidature est restée incomplète après notre demande.')], max_length=12, verbose_name='motif')),
                ('motif_precision', models.TextField(blank=True, max_length=1000, verbose_name='précision donnée')),
                ('choix', models.CharField(blank=True, choices=[('retenue', 'retenue'), ('attente', 'en liste d’attente'), ('non_retenue', 'non retenue')], max_length=12, verbose_name='décision')),
                ('choix_motif', models.CharField(blank=True, max_length=300, verbose_name='raison de l’écart au classement')),
                ('est_ajustee', models.BooleanField(default=False, verbose_name='décidée à la main')),
                ('rang_attente', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='rang d’attente')),
                ('appelee_le', models.DateTimeField(blank=True, null=True, verbose_name='appelée le')),
                ('appel_jusqu_au', models.DateField(blank=True, null=True, verbose_name='réponse attendue le')),
                ('acceptee_le', models.DateTimeField(blank=True, null=True, verbose_name='acceptée le')),
                ('declinee_le', models.DateTimeField(blank=True, null=True, verbose_name='déclinée le')),
                ('conserver_jusqu_au', models.DateField(blank=True, null=True, verbose_name='conservée jusqu’au')),
                ('vivier_jusqu_au', models.DateField(blank=True, null=True, verbose_name='recontact possible jusqu’au')),
                ('effacee_le', models.DateTimeField(blank=True, null=True, verbose_name='effacée le')),
            ],
            options={
                'verbose_name': 'candidature',
                'ordering': ['-deposee_le', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='CollegeCampagne',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nom', models.CharField(max_length=80, verbose_name='nom')),
                ('ordre', models.PositiveSmallIntegerField(default=1, verbose_name='ordre')),
                ('nature', models.CharField(choices=[('habitants', 'habitantes et habitants'), ('associations', 'associations'), ('elus', 'élus désignés par le conseil')], default='habitants', max_length=12, verbose_name='ouvert à')),
                ('mode', models.CharField(choices=[('selection', 'sélection par un comité'), ('tirage', 'tirage au sort')], default='selection', max_length=10, verbose_name='places attribuées par')),
                ('sieges', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1)], verbose_name='places de titulaires')),
                ('avec_suppleants', models.BooleanField(default=False, verbose_name='avec un suppléant ou une suppléante')),
                ('exclut_elus', models.BooleanField(default=False, verbose_name='fermé aux élus locaux')),
                ('a_le_vote', models.BooleanField(default=True, verbose_name='droit de vote')),
                ('conditions', models.CharField(blank=True, max_length=300, verbose_name='autres conditions')),
                ('tirage_reference', models.CharField(blank=True, max_length=160, verbose_name='procès-verbal du tirage')),
                ('tirage_empreinte', models.CharField(blank=True, max_length=128, verbose_name='empreinte du fichier de tirage')),
                ('tirage_le', models.DateField(blank=True, null=True, verbose_name='date du tirage')),
            ],
            options={
                'verbose_name': 'collège à renouveler',
                'verbose_name_plural': 'collèges à renouveler',
                'ordering': ['campagne', 'ordre', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='CritereCampagne',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ordre', models.PositiveSmallIntegerField(default=1, verbose_name='ordre')),
                ('libelle', models.CharField(max_length=160, verbose_name='critère')),
                ('aide', models.CharField(blank=True, max_length=300, verbose_name='comment noter')),
                ('poids', models.PositiveSmallIntegerField(default=1, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(10)], verbose_name='poids')),
            ],
            options={
                'verbose_name': 'critère',
                'ordering': ['campagne', 'ordre', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='EntreeCampagne',
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
            ],
            options={
                'verbose_name': 'entrée du journal de campagne',
                'verbose_name_plural': 'journal des campagnes',
                'ordering': ['-le', '-pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='EtapeInstallation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ordre', models.PositiveSmallIntegerField(default=1, verbose_name='ordre')),
                ('libelle', models.CharField(max_length=160, verbose_name='étape')),
                ('aide', models.CharField(blank=True, max_length=300, verbose_name='précision')),
                ('est_requise', models.BooleanField(default=False, verbose_name='nécessaire pour installer')),
                ('faite_le', models.DateField(blank=True, null=True, verbose_name='faite le')),
            ],
            options={
                'verbose_name': 'étape de l’installation',
                'verbose_name_plural': 'étapes de l’installation',
                'ordering': ['campagne', 'ordre', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Lecture',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('commentaire', models.TextField(blank=True, max_length=2000, verbose_name='commentaire')),
                ('moyenne', models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True, verbose_name='moyenne')),
                ('rendue_le', models.DateTimeField(blank=True, null=True, verbose_name='rendue le')),
                ('deportee_le', models.DateTimeField(blank=True, null=True, verbose_name='déport le')),
                ('motif_deport', models.CharField(blank=True, max_length=300, verbose_name='raison du déport')),
            ],
            options={
                'verbose_name': 'lecture',
                'ordering': ['candidature__numero', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Note',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valeur', models.PositiveSmallIntegerField(verbose_name='note')),
            ],
            options={
                'verbose_name': 'note',
                'ordering': ['critere__ordre', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='PartReference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('dimension', models.CharField(choices=[('age', 'âge'), ('genre', 'genre')], max_length=6, verbose_name='dimension')),
                ('valeur', models.CharField(max_length=6, verbose_name='groupe')),
                ('pourcent', models.DecimalField(decimal_places=1, max_digits=4, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(100)], verbose_name='part (%)')),
            ],
            options={
                'verbose_name': 'part de référence',
                'verbose_name_plural': 'parts de référence',
                'ordering': ['campagne', 'dimension', 'valeur'],
            },
        ),
        migrations.CreateModel(
            name='QuestionCampagne',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ordre', models.PositiveSmallIntegerField(default=1, verbose_name='ordre')),
                ('libelle', models.CharField(max_length=200, verbose_name='question')),
                ('aide', models.CharField(blank=True, max_length=300, verbose_name='aide')),
                ('est_requise', models.BooleanField(default=False, verbose_name='réponse demandée')),
            ],
            options={
                'verbose_name': 'question',
                'ordering': ['campagne', 'ordre', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Relecteur',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('est_actif', models.BooleanField(default=True, verbose_name='actif')),
            ],
            options={
                'verbose_name': 'membre du comité de sélection',
                'verbose_name_plural': 'membres du comité de sélection',
                'ordering': ['campagne', 'compte__nom', 'compte__prenom', 'pk'],
            },
        ),
    ]
