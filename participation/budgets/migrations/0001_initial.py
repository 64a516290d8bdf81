import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.functions
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import participation.budgets.models.codes
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from decimal import Decimal
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
            name='Budget',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('titre', models.CharField(help_text='Par exemple « Budget des dix quartiers 2027 ».', max_length=120, verbose_name='titre')),
                ('annee', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(2024)], verbose_name='année')),
                ('montant', models.DecimalField(decimal_places=2, max_digits=12, validators=[django.core.validators.MinValueValidator(Decimal('1'))], verbose_name='somme à répartir (€)')),
                ('texte', models.TextField(help_text='Ce que c’est, qui peut participer, en phrases simples.', max_length=4000, verbose_name='présentation')),
                ('regles', models.TextField(blank=True, help_text='Ce qu’une idée doit respecter : une règle par ligne.', max_length=3000, verbose_name='règles des idées')),
                ('etat', models.CharField(choices=[('preparation', 'en préparation'), ('ouvert', 'publié'), ('clos', 'clos')], default='preparation', max_length=12, verbose_name='état')),
                ('cree_le', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='créé le')),
                ('clos_le', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='clos le')),
            ],
            options={
                'verbose_name': 'budget inter-quartiers',
                'verbose_name_plural': 'budgets inter-quartiers',
                'ordering': ['-annee', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('montant__gt', 0)), name='budget_montant_positif', violation_error_message='La somme à répartir est plus grande que zéro.'), models.CheckConstraint(condition=models.Q(models.Q(('etat', 'clos'), _negated=True), ('clos_le__isnull', False), _connector='OR'), name='budget_clos_date', violation_error_message='Un budget clos porte sa date.')],
            },
        ),
        migrations.CreateModel(
            name='Forum',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('titre', models.CharField(max_length=120, verbose_name='titre')),
                ('debut', models.DateTimeField(verbose_name='début')),
                ('fin', models.DateTimeField(verbose_name='fin')),
                ('lieu', models.CharField(max_length=160, verbose_name='lieu')),
                ('adresse', models.CharField(max_length=200, verbose_name='adresse')),
                ('acces', models.TextField(help_text='Arrêt de transport, entrée sans marche, boucle magnétique, toilettes adaptées, garde d’enfants.', max_length=1500, verbose_name='comment venir et entrer')),
                ('texte', models.TextField(max_length=3000, verbose_name='déroulement')),
                ('places', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(5000)], verbose_name='places')),
                ('date_limite', models.DateField(verbose_name='dernier jour pour s’inscrire')),
                ('etat', models.CharField(choices=[('preparation', 'en préparation'), ('ouvert', 'inscriptions ouvertes'), ('ferme', 'inscriptions closes'), ('tenu', 'tenu'), ('annule', 'annulé')], default='preparation', max_length=12, verbose_name='état')),
                ('motif', models.TextField(blank=True, max_length=1000, verbose_name='raison de l’annulation')),
                ('sequence', models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='version')),
                ('cree_le', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='créé le')),
                ('budget', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='forums', to='budgets.budget', verbose_name='budget')),
            ],
            options={
                'verbose_name': 'forum',
                'verbose_name_plural': 'forums',
                'ordering': ['-debut', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='EntreeForum',
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
                ('forum', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='journal', to='budgets.forum', verbose_name='forum')),
            ],
            options={
                'verbose_name': 'entrée du journal de forum',
                'verbose_name_plural': 'journal des forums',
                'ordering': ['-le', '-pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Idee',
            fields=[
                ('dossier_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='socle.dossier')),
                ('sceau', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, verbose_name='sceau des liens')),
                ('etat', models.CharField(choices=[('a_lire', 'à lire'), ('publiee', 'publiée'), ('reunie', 'réunie dans un projet'), ('ecartee', 'écartée'), ('retiree', 'retirée par son auteur')], default='a_lire', max_length=12, verbose_name='état')),
                ('canal', models.CharField(choices=[('web', 'en ligne'), ('papier', 'papier'), ('telephone', 'téléphone'), ('atelier', 'atelier ou forum')], default='web', max_length=10, verbose_name='reçue')),
                ('texte', models.TextField(help_text='Mot pour mot. Jamais public sans relecture.', verbose_name='ce qui est proposé')),
                ('texte_public', models.TextField(blank=True, verbose_name='texte public')),
                ('lieu', models.CharField(blank=True, max_length=200, verbose_name='lieu')),
                ('latitude', models.FloatField(blank=True, null=True, verbose_name='latitude')),
                ('longitude', models.FloatField(blank=True, null=True, verbose_name='longitude')),
                ('motif_refus', models.TextField(blank=True, verbose_name='pourquoi elle est écartée')),
                ('cle', models.UUIDField(editable=False, null=True, unique=True, verbose_name='clé de l’envoi')),
                ('mots', models.GeneratedField(db_persist=True, expression=django.db.models.functions.text.Trim(models.Func(models.Func(models.Func(django.db.models.functions.text.Lower(django.db.models.functions.text.Left('texte', 600)), models.Value('àâäáãçéèêëîïíôöóûüùúÿñÀÂÄÁÃÇÉÈÊËÎÏÍÔÖÓÛÜÙÚŸÑ’'), models.Value("aaaaaceeeeiiiooouuuuynaaaaaceeeeiiiooouuuuyn'"), function='translate', output_field=models.TextField()), models.Value('\\W+'), models.Value(' '), models.Value('g'), function='regexp_replace', output_field=models.TextField()), models.Value('\\m(a|afin|ai|aie|aient|ait|alors|apres|as|au|aucun|aussi|autre|autres|aux|avait|avant|avec|avez|avoir|avons|beaucoup|bien|bonjour|bonsoir|c|ca|car|ce|ceci|cela|celle|celui|ces|cet|cette|ceux|chez|comme|comment|cordialement|d|dans|de|deja|depuis|des|dire|dit|dois|doit|donc|du|elle|elles|en|encore|entre|est|et|etait|etre|eu|eux|faire|fait|faut|fois|font|il|ils|j|je|jour|jours|jusque|l|la|le|les|leur|leurs|lui|m|ma|madame|mais|me|meme|merci|mes|mme|moi|mois|mon|monsieur|n|ne|ni|non|nos|notre|nous|on|ont|ou|par|parce|pas|peu|peut|plus|pour|pourquoi|pouvez|qu|quand|que|quel|quelle|quelques|qui|quoi|rien|s|sa|sans|se|semaine|semaines|sera|ses|si|soit|son|sont|sous|sur|t|ta|te|tes|toi|ton|toujours|tous|tout|toute|toutes|tres|trop|tu|un|une|va|vers|voici|voila|vos|votre|vous|y)\\M ?'), models.Value(''), models.Value('g'), function='regexp_replace', output_field=models.TextField())), help_text='Sans accent ni mots vides : pour trouver ce qui se ressemble.', output_field=models.TextField())),
                ('budget', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='idees', to='budgets.budget', verbose_name='budget')),
            ],
            options={
                'verbose_name': 'idée',
                'ordering': ['-ouvert_le', '-pk'],
            },
            bases=('socle.dossier', models.Model),
        ),
        migrations.CreateModel(
            name='AuteurIdee',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sceau', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, verbose_name='sceau des liens')),
                ('nom', models.CharField(blank=True, max_length=120, verbose_name='nom')),
                ('courriel', models.EmailField(blank=True, max_length=254, verbose_name='courriel')),
                ('telephone', models.CharField(blank=True, max_length=30, verbose_name='téléphone')),
                ('confirme_le', models.DateTimeField(blank=True, null=True, verbose_name='adresse confirmée le')),
                ('arrete_le', models.DateTimeField(blank=True, null=True, verbose_name='ne veut plus de lettres depuis le')),
                ('efface_le', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='effacé le')),
                ('cree_le', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='noté le')),
                ('idee', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='auteurs', to='budgets.idee', verbose_name='idée')),
            ],
            options={
                'verbose_name': 'auteur d’une idée',
                'verbose_name_plural': 'auteurs des idées',
                'ordering': ['idee', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Phase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nature', models.CharField(choices=[('idees', 'dépôt des idées'), ('discussion', 'discussion et regroupement'), ('faisabilite', 'étude par les directions'), ('vote', 'vote'), ('realisation', 'réalisation')], max_length=12, verbose_name='nature')),
                ('date_debut', models.DateField(verbose_name='premier jour')),
                ('date_fin', models.DateField(verbose_name='dernier jour')),
                ('budget', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='phases', to='budgets.budget', verbose_name='budget')),
            ],
            options={
                'verbose_name': 'phase',
                'ordering': ['budget', 'date_debut', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='EntreeBudget',
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
                ('budget', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='journal', to='budgets.budget', verbose_name='budget')),
                ('par', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par')),
                ('phase', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='budgets.phase', verbose_name='phase')),
            ],
            options={
                'verbose_name': 'entrée du journal de budget',
                'verbose_name_plural': 'journal des budgets',
                'ordering': ['-le', '-pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ProjetQuartier',
            fields=[
                ('dossier_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='socle.dossier')),
                ('etat', models.CharField(choices=[('etude', 'en préparation'), ('faisabilite', 'à l’étude des directions'), ('faisable', 'réalisable'), ('infaisable', 'non réalisable'), ('au_vote', 'soumis au vote'), ('laureat', 'lauréat'), ('non_retenu', 'non retenu par le vote'), ('en_cours', 'en cours de réalisation'), ('realise', 'réalisé'), ('abandonne', 'abandonné')], default='etude', max_length=12, verbose_name='état')),
                ('description', models.TextField(blank=True, max_length=6000, verbose_name='description')),
                ('lieu', models.CharField(blank=True, max_length=200, verbose_name='lieu')),
                ('latitude', models.FloatField(blank=True, null=True, verbose_name='latitude')),
                ('longitude', models.FloatField(blank=True, null=True, verbose_name='longitude')),
                ('verdict', models.CharField(blank=True, choices=[('faisable', 'réalisable'), ('modifie', 'réalisable avec des changements'), ('infaisable', 'non réalisable')], max_length=12, verbose_name='faisabilité')),
                ('changements', models.TextField(blank=True, max_length=3000, verbose_name='ce qui change par rapport aux idées')),
                ('motif_faisabilite', models.TextField(blank=True, max_length=3000, verbose_name='raison publique')),
                ('cout', models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, validators=[django.core.validators.MinValueValidator(Decimal('0.01'))], verbose_name='coût estimé (€)')),
                ('decide_le', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='faisabilité décidée le')),
                ('motif_abandon', models.TextField(blank=True, max_length=3000, verbose_name='pourquoi il est abandonné')),
                ('phrase_du_vote', models.CharField(blank=True, max_length=300, verbose_name='résultat du vote')),
                ('realise_le', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='réalisé le')),
                ('budget', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='projets', to='budgets.budget', verbose_name='budget')),
            ],
            options={
                'verbose_name': 'projet des quartiers',
                'verbose_name_plural': 'projets des quartiers',
                'ordering': ['-ouvert_le', '-pk'],
            },
            bases=('socle.dossier',),
        ),
        migrations.CreateModel(
            name='JalonProjet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('titre', models.CharField(max_length=160, verbose_name='étape')),
                ('date_prevue', models.DateField(verbose_name='prévue le')),
                ('fait_le', models.DateField(blank=True, null=True, verbose_name='faite le')),
                ('texte', models.TextField(blank=True, max_length=3000, verbose_name='ce qui a été fait')),
                ('depense', models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, validators=[django.core.validators.MinValueValidator(Decimal('0'))], verbose_name='dépensé (€)')),
                ('description_photo', models.CharField(blank=True, max_length=200, verbose_name='ce que montre la photo')),
                ('photo', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='socle.piece', verbose_name='photo')),
                ('projet', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='jalons', to='budgets.projetquartier', verbose_name='projet')),
            ],
            options={
                'verbose_name': 'étape d’un projet',
                'verbose_name_plural': 'étapes des projets',
                'ordering': ['projet', 'date_prevue', 'pk'],
            },
        ),
        migrations.AddField(
            model_name='idee',
            name='projet_quartier',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='idees', to='budgets.projetquartier', verbose_name='projet'),
        ),
        migrations.CreateModel(
            name='AvisFaisabilite',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verdict', models.CharField(blank=True, choices=[('faisable', 'réalisable'), ('modifie', 'réalisable avec des changements'), ('infaisable', 'non réalisable')], max_length=12, verbose_name='avis')),
                ('cout', models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, validators=[django.core.validators.MinValueValidator(Decimal('0.01'))], verbose_name='coût estimé (€)')),
                ('motif', models.TextField(blank=True, max_length=3000, verbose_name='raison')),
                ('changements', models.TextField(blank=True, max_length=3000, verbose_name='changements')),
                ('demande', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='avis_faisabilite', to='socle.demande', verbose_name='demande')),
                ('direction', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='socle.direction', verbose_name='direction')),
                ('projet', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='avis_faisabilite', to='budgets.projetquartier', verbose_name='projet')),
            ],
            options={
                'verbose_name': 'avis de faisabilité',
                'verbose_name_plural': 'avis de faisabilité',
                'ordering': ['projet', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='ReglementInterQuartiers',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.CharField(max_length=40, verbose_name='version')),
                ('en_vigueur_du', models.DateField(verbose_name='en vigueur du')),
                ('en_vigueur_au', models.DateField(blank=True, null=True, verbose_name='en vigueur jusqu’au')),
                ('source', models.TextField(help_text='Délibération, article, lien : ce qui fonde ces règles.', verbose_name='source')),
                ('delai_lecture_jours', models.PositiveSmallIntegerField(default=5, help_text='Avant de la publier ou de l’écarter.', verbose_name='lecture d’une idée (jours ouvrés)')),
                ('delai_etude_jours', models.PositiveSmallIntegerField(default=30, verbose_name='étude d’un projet par une direction (jours)')),
                ('delai_confirmation_jours', models.PositiveSmallIntegerField(default=30, help_text='Une adresse jamais confirmée est effacée ensuite.', verbose_name='jours pour confirmer une adresse')),
                ('conservation_auteurs_mois', models.PositiveSmallIntegerField(default=12, help_text='Comptés depuis la clôture du budget.', verbose_name='conservation des coordonnées des auteurs (mois)')),
                ('conservation_forum_jours', models.PositiveSmallIntegerField(default=60, help_text='Comptés depuis le forum.', verbose_name='conservation des inscriptions à un forum (jours)')),
                ('inscriptions_par_boite', models.PositiveSmallIntegerField(db_default=5, default=5, help_text='Une famille s’inscrit avec une seule boîte. L’accueil peut en inscrire davantage.', verbose_name='inscriptions à un forum par une même boîte de courriel, au plus')),
                ('secret_statistique', models.PositiveSmallIntegerField(default=5, verbose_name='plus petit nombre publié')),
                ('codes_par_heure', models.PositiveSmallIntegerField(db_default=20, default=20, verbose_name='codes de vote remis par une même personne de l’accueil en une heure, au plus')),
                ('codes_par_jour', models.PositiveSmallIntegerField(db_default=100, default=100, verbose_name='codes de vote remis par une même personne de l’accueil en un jour, au plus')),
                ('codes_a_signaler', models.PositiveSmallIntegerField(db_default=10, default=10, verbose_name='codes de vote remis en une heure à partir desquels le service est prévenu')),
            ],
            options={
                'verbose_name': 'règlement du budget inter-quartiers',
                'verbose_name_plural': 'règlements du budget inter-quartiers',
                'ordering': ['-en_vigueur_du'],
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('en_vigueur_au__isnull', True), ('en_vigueur_au__gte', models.F('en_vigueur_du')), _connector='OR'), name='reglementinterquartiers_dates_ordonnees', violation_error_message='La fin précède le début.'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.Func(models.F('en_vigueur_du'), models.F('en_vigueur_au'), models.Value('[]'), function='daterange'), '&&')], name='reglementinterquartiers_une_version_par_jour', violation_error_message='Une autre version est déjà en vigueur à ces dates.')],
            },
        ),
        migrations.CreateModel(
            name='Scrutin',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('etat', models.CharField(choices=[('preparation', 'en préparation'), ('ouvert', 'ouvert'), ('ferme', 'clos, à dépouiller'), ('depouille', 'dépouillé, à publier'), ('publie', 'résultats publiés'), ('annule', 'annulé')], default='preparation', max_length=12, verbose_name='état')),
                ('qui_vote', models.TextField(help_text='Âge, quartiers, comment obtenir un code : en phrases simples.', max_length=1500, verbose_name='qui peut voter')),
                ('mode', models.CharField(choices=[('approbation', 'choisir des projets, sans les classer'), ('points', 'donner des points')], default='approbation', max_length=12, verbose_name='bulletin')),
                ('nombre_max', models.PositiveSmallIntegerField(default=5, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(50)], verbose_name='projets au plus sur un bulletin')),
                ('points', models.PositiveSmallIntegerField(default=10, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)], verbose_name='points à donner')),
                ('regle', models.CharField(choices=[('parts_egales', 'parts égales'), ('glouton', 'les projets les plus soutenus d’abord')], default='parts_egales', max_length=12, verbose_name='règle du résultat')),
                ('utilite', models.CharField(choices=[('cout', 'la part de son coût demandée à chacun est la plus basse'), ('nombre', 'le prix demandé à chacun est le plus bas')], default='cout', max_length=8, verbose_name='projet pris à chaque étape : celui dont')),
                ('augmentation', models.CharField(choices=[('add1_exhaustif', 'un euro de plus par part, jusqu’à ce que plus rien ne tienne'), ('add1', 'un euro de plus par part, jusqu’au dépassement'), ('aucune', 'aucune')], default='add1_exhaustif', max_length=16, verbose_name='augmentation des parts')),
                ('completion', models.BooleanField(default=True, verbose_name='compléter avec ce qui reste du budget')),
                ('minimum', models.PositiveIntegerField(default=1, validators=[django.core.validators.MinValueValidator(1)], verbose_name='bulletins au moins pour un projet')),
                ('graine', models.CharField(blank=True, editable=False, max_length=32, verbose_name='graine du tirage')),
                ('sel', models.CharField(editable=False, max_length=32, verbose_name='sel des codes')),
                ('montant', models.PositiveIntegerField(default=0, editable=False, verbose_name='budget (euros entiers)')),
                ('date_fin', models.DateField(blank=True, editable=False, null=True, verbose_name='dernier jour du vote')),
                ('ouvert_le', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='ouvert le')),
                ('ferme_le', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='clos le')),
                ('publie_le', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='publié le')),
                ('motif', models.TextField(blank=True, editable=False, max_length=2000, verbose_name='raison de l’annulation')),
                ('urne_nettoyee_le', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='urne nettoyée le')),
                ('budget', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='scrutins', to='budgets.budget', verbose_name='budget')),
            ],
            options={
                'verbose_name': 'vote',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='ProjetAuVote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('numero', models.PositiveSmallIntegerField(verbose_name='numéro')),
                ('titre', models.CharField(max_length=200, verbose_name='titre')),
                ('resume', models.TextField(blank=True, verbose_name='résumé')),
                ('cout', models.PositiveIntegerField(validators=[django.core.validators.MinValueValidator(1)], verbose_name='coût (euros entiers)')),
                ('quartiers', models.CharField(blank=True, max_length=300, verbose_name='quartiers')),
                ('projet', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='au_scrutin', to='budgets.projetquartier', verbose_name='projet')),
                ('scrutin', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='projets', to='budgets.scrutin', verbose_name='scrutin')),
            ],
            options={
                'verbose_name': 'projet soumis au vote',
                'verbose_name_plural': 'projets soumis au vote',
                'ordering': ['scrutin', 'numero'],
            },
        ),
        migrations.CreateModel(
            name='LotDeCodes',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nature', models.CharField(choices=[('feuilles', 'feuilles à découper'), ('lettres', 'lettres à poster'), ('courriels', 'courriels'), ('accueil', 'codes remis à l’accueil')], default='feuilles', max_length=10, verbose_name='forme')),
                ('libelle', models.CharField(blank=True, max_length=120, verbose_name='nom du lot')),
                ('nombre', models.PositiveIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(5000)], verbose_name='nombre de codes')),
                ('destinataires', models.JSONField(blank=True, default=list, editable=False, verbose_name='destinataires')),
                ('etat', models.CharField(choices=[('a_faire', 'en préparation'), ('pret', 'prêt'), ('remis', 'remis, fichier effacé'), ('revoque', 'révoqué'), ('echec', 'en échec')], default='a_faire', editable=False, max_length=10, verbose_name='état')),
                ('fichier', models.FileField(blank=True, editable=False, upload_to=participation.budgets.models.codes.chemin_codes, verbose_name='fichier')),
                ('demande_le', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='demandé le')),
                ('tentatives', models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='tentatives')),
                ('motif', models.CharField(blank=True, editable=False, max_length=300, verbose_name='raison')),
                ('par', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='demandé par')),
                ('quartier', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='socle.quartier', verbose_name='quartier')),
                ('scrutin', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lots', to='budgets.scrutin', verbose_name='scrutin')),
            ],
            options={
                'verbose_name': 'lot de codes',
                'verbose_name_plural': 'lots de codes',
                'ordering': ['scrutin', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Incompatibilite',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('raison', models.CharField(max_length=200, verbose_name='pourquoi')),
                ('autre', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='budgets.projetquartier', verbose_name='autre')),
                ('un', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='budgets.projetquartier', verbose_name='un')),
                ('scrutin', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='incompatibilites', to='budgets.scrutin', verbose_name='scrutin')),
            ],
            options={
                'verbose_name': 'incompatibilité',
                'ordering': ['scrutin', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='EntreeScrutin',
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
                ('scrutin', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='journal', to='budgets.scrutin', verbose_name='scrutin')),
            ],
            options={
                'verbose_name': 'entrée du journal de vote',
                'verbose_name_plural': 'journal des votes',
                'ordering': ['-le', '-pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Derogation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sens', models.CharField(choices=[('ajouter', 'retenu bien que le résultat ne le retienne pas'), ('ecarter', 'écarté bien que le résultat le retienne')], max_length=8, verbose_name='décision')),
                ('raison', models.TextField(max_length=2000, verbose_name='raison publique')),
                ('le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='le')),
                ('par', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='décidé par')),
                ('ligne', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='budgets.projetauvote', verbose_name='projet')),
                ('scrutin', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='derogations', to='budgets.scrutin', verbose_name='scrutin')),
            ],
            options={
                'verbose_name': 'écart au résultat',
                'verbose_name_plural': 'écarts au résultat',
                'ordering': ['scrutin', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Depouillement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('etat', models.CharField(choices=[('en_cours', 'en cours'), ('fait', 'fait'), ('echec', 'en échec')], default='en_cours', max_length=10, verbose_name='état')),
                ('etape', models.CharField(blank=True, max_length=120, verbose_name='étape')),
                ('fait', models.PositiveIntegerField(default=0, verbose_name='fait')),
                ('total', models.PositiveIntegerField(default=0, verbose_name='total')),
                ('demande_le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='demandé le')),
                ('fini_le', models.DateTimeField(blank=True, null=True, verbose_name='fini le')),
                ('tentatives', models.PositiveSmallIntegerField(default=0, verbose_name='tentatives')),
                ('en_ligne', models.PositiveIntegerField(default=0, verbose_name='bulletins en ligne')),
                ('sur_papier', models.PositiveIntegerField(default=0, verbose_name='bulletins papier')),
                ('blancs', models.PositiveIntegerField(default=0, verbose_name='blancs')),
                ('nuls', models.PositiveIntegerField(default=0, verbose_name='nuls')),
                ('exprimes', models.PositiveIntegerField(default=0, verbose_name='exprimés')),
                ('voix', models.JSONField(default=dict, verbose_name='voix')),
                ('resultats', models.JSONField(default=dict, verbose_name='résultats')),
                ('pb', models.TextField(blank=True, verbose_name='bulletins publiés')),
                ('empreinte', models.CharField(blank=True, max_length=64, verbose_name='SHA-256 des bulletins')),
                ('erreur', models.CharField(blank=True, max_length=300, verbose_name='incident')),
                ('scrutin', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='depouillements', to='budgets.scrutin', verbose_name='scrutin')),
            ],
            options={
                'verbose_name': 'dépouillement',
                'ordering': ['scrutin', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Code',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('numero', models.PositiveIntegerField(verbose_name='numéro')),
                ('empreinte', models.CharField(max_length=64, verbose_name='empreinte')),
                ('est_utilise', models.BooleanField(default=False, verbose_name='a servi')),
                ('sur_papier', models.BooleanField(default=False, verbose_name='échangé contre un bulletin papier')),
                ('est_revoque', models.BooleanField(default=False, verbose_name='révoqué')),
                ('motif', models.CharField(blank=True, max_length=300, verbose_name='raison')),
                ('lot', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='codes', to='budgets.lotdecodes', verbose_name='lot')),
                ('scrutin', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='codes', to='budgets.scrutin', verbose_name='scrutin')),
            ],
            options={
                'verbose_name': 'code',
                'ordering': ['scrutin', 'numero'],
            },
        ),
        migrations.CreateModel(
            name='BulletinVote',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('choix', models.TextField(blank=True, verbose_name='choix')),
                ('scrutin', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bulletins', to='budgets.scrutin', verbose_name='scrutin')),
            ],
            options={
                'verbose_name': 'bulletin',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='BulletinPapier',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('numero', models.PositiveIntegerField(verbose_name='numéro écrit sur le bulletin')),
                ('premier', models.TextField(blank=True, verbose_name='première saisie')),
                ('second', models.TextField(blank=True, null=True, verbose_name='seconde saisie')),
                ('retenu', models.TextField(blank=True, null=True, verbose_name='retenu')),
                ('raison', models.CharField(blank=True, max_length=300, verbose_name='raison')),
                ('premier_par', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='première saisie par')),
                ('second_par', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='seconde saisie par')),
                ('tranche_par', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='tranché par')),
                ('scrutin', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='papiers', to='budgets.scrutin', verbose_name='scrutin')),
            ],
            options={
                'verbose_name': 'bulletin papier',
                'verbose_name_plural': 'bulletins papier',
                'ordering': ['scrutin', 'numero'],
            },
        ),
        migrations.CreateModel(
            name='AdresseServie',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('empreinte', models.CharField(max_length=64, verbose_name='empreinte')),
                ('scrutin', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='budgets.scrutin', verbose_name='scrutin')),
            ],
            options={
                'verbose_name': 'adresse servie',
                'verbose_name_plural': 'adresses servies',
            },
        ),
        migrations.CreateModel(
            name='TableForum',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sceau', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, verbose_name='sceau des liens')),
                ('numero', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1)], verbose_name='numéro')),
                ('sujet', models.CharField(max_length=120, verbose_name='sujet')),
                ('animateur', models.CharField(blank=True, max_length=120, verbose_name='qui anime')),
                ('courriel', models.EmailField(blank=True, max_length=254, verbose_name='courriel de qui anime')),
                ('rang_du_lien', models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='rang du lien')),
                ('forum', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tables', to='budgets.forum', verbose_name='forum')),
            ],
            options={
                'verbose_name': 'table',
                'ordering': ['forum', 'numero'],
            },
        ),
        migrations.CreateModel(
            name='NoteDeTable',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('texte', models.TextField(max_length=2000, verbose_name='ce qui s’est dit')),
                ('le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='notée le')),
                ('cle', models.UUIDField(editable=False, null=True, unique=True, verbose_name='clé de l’envoi')),
                ('table', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='budgets.tableforum', verbose_name='table')),
            ],
            options={
                'verbose_name': 'note de table',
                'verbose_name_plural': 'notes de table',
                'ordering': ['table', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='InscriptionForum',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sceau', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, verbose_name='sceau des liens')),
                ('etat', models.CharField(choices=[('inscrite', 'place réservée'), ('attente', 'en liste d’attente'), ('annulee', 'inscription annulée'), ('rendue', 'adresse à confirmer')], default='inscrite', max_length=10, verbose_name='état')),
                ('nom', models.CharField(blank=True, max_length=120, verbose_name='nom')),
                ('courriel', models.EmailField(blank=True, max_length=254, verbose_name='courriel')),
                ('telephone', models.CharField(blank=True, max_length=30, verbose_name='téléphone')),
                ('besoins', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('interprete', 'un interprète'), ('garde', 'une garde d’enfants'), ('transport', 'un transport'), ('boucle', 'une boucle magnétique'), ('fauteuil', 'une place pour un fauteuil roulant'), ('autre', 'autre chose')], max_length=12), blank=True, default=list, size=None, verbose_name='besoins')),
                ('langue', models.CharField(blank=True, max_length=60, verbose_name='langue de l’interprète')),
                ('enfants', models.PositiveSmallIntegerField(default=0, validators=[django.core.validators.MaxValueValidator(12)], verbose_name='enfants à garder')),
                ('precisions', models.TextField(blank=True, max_length=600, verbose_name='précisions')),
                ('inscrite_le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='inscription du')),
                ('a_confirmer_avant', models.DateTimeField(blank=True, null=True, verbose_name='adresse à confirmer avant le')),
                ('presente_le', models.DateTimeField(blank=True, null=True, verbose_name='présence notée le')),
                ('efface_le', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='effacée le')),
                ('cle', models.UUIDField(editable=False, null=True, unique=True, verbose_name='clé de l’envoi')),
                ('forum', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='inscriptions', to='budgets.forum', verbose_name='forum')),
                ('quartier', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='socle.quartier', verbose_name='quartier')),
                ('table', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='inscriptions', to='budgets.tableforum', verbose_name='table')),
            ],
            options={
                'verbose_name': 'inscription à un forum',
                'verbose_name_plural': 'inscriptions aux forums',
                'ordering': ['forum', 'inscrite_le', 'pk'],
            },
        ),
        migrations.AddField(
            model_name='idee',
            name='table',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='idees', to='budgets.tableforum', verbose_name='table du forum'),
        ),
        migrations.AddConstraint(
            model_name='forum',
            constraint=models.CheckConstraint(condition=models.Q(('fin__gt', models.F('debut'))), name='forum_heures_ordonnees', violation_error_message='Le forum finit après avoir commencé.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='entreeforum',
            trigger=pgtrigger.compiler.Trigger(name='entree_forum_ineffacable', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='13b38dbe681ffdb39fd5f45aab4ba4994d52d168', operation='UPDATE OR DELETE', pgid='pgtrigger_entree_forum_ineffacable_d7177', table='budgets_entreeforum', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='auteuridee',
            index=models.Index(models.F('courriel'), condition=models.Q(('courriel', ''), _negated=True), name='auteur_idee_courriel'),
        ),
        migrations.AddConstraint(
            model_name='phase',
            constraint=models.UniqueConstraint(models.F('budget'), models.F('nature'), name='phase_une_par_nature', violation_error_message='Ce budget a déjà cette phase.'),
        ),
        migrations.AddConstraint(
            model_name='phase',
            constraint=models.CheckConstraint(condition=models.Q(('date_fin__gte', models.F('date_debut'))), name='phase_dates_ordonnees', violation_error_message='Le dernier jour précède le premier.'),
        ),
        migrations.AddConstraint(
            model_name='phase',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('budget', '='), (models.Func(models.F('date_debut'), models.F('date_fin'), models.Value('[]'), function='daterange'), '&&')], name='phase_une_par_jour', violation_error_message='Deux phases ne peuvent pas avoir un jour en commun.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='entreebudget',
            trigger=pgtrigger.compiler.Trigger(name='entree_budget_ineffacable', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='c357b63602542f046fa61d6e3b026697f3e90af6', operation='UPDATE OR DELETE', pgid='pgtrigger_entree_budget_ineffacable_83d7c', table='budgets_entreebudget', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='projetquartier',
            index=models.Index(models.F('budget'), models.F('etat'), name='projet_quartier_du_budget'),
        ),
        migrations.AddConstraint(
            model_name='projetquartier',
            constraint=models.CheckConstraint(condition=models.Q(('cout__isnull', True), ('cout__gt', 0), _connector='OR'), name='projet_quartier_cout_positif', violation_error_message='Le coût est plus grand que zéro.'),
        ),
        migrations.AddConstraint(
            model_name='projetquartier',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('etat__in', ['faisable', 'au_vote', 'en_cours', 'laureat', 'non_retenu', 'realise']), _negated=True), ('cout__isnull', False), _connector='OR'), name='projet_quartier_faisable_a_son_cout', violation_error_message='Un projet réalisable a un coût estimé.'),
        ),
        migrations.AddConstraint(
            model_name='projetquartier',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('etat', 'infaisable'), _negated=True), models.Q(('motif_faisabilite', ''), _negated=True), _connector='OR'), name='projet_quartier_infaisable_dit_pourquoi', violation_error_message='Dites pourquoi le projet n’est pas réalisable.'),
        ),
        migrations.AddConstraint(
            model_name='projetquartier',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('latitude__isnull', True), ('longitude__isnull', True)), models.Q(('latitude__range', (-90, 90)), ('longitude__range', (-180, 180))), _connector='OR'), name='projet_quartier_point_entier', violation_error_message='Ce point n’est pas sur la Terre.'),
        ),
        migrations.AddConstraint(
            model_name='jalonprojet',
            constraint=models.CheckConstraint(condition=models.Q(('depense__isnull', True), ('depense__gte', 0), _connector='OR'), name='jalon_projet_depense_positive', violation_error_message='Une dépense n’est pas négative.'),
        ),
        migrations.AddConstraint(
            model_name='avisfaisabilite',
            constraint=models.CheckConstraint(condition=models.Q(('cout__isnull', True), ('cout__gt', 0), _connector='OR'), name='avis_faisabilite_cout_positif', violation_error_message='Le coût est plus grand que zéro.'),
        ),
        migrations.AddConstraint(
            model_name='scrutin',
            constraint=models.UniqueConstraint(models.F('budget'), condition=models.Q(('etat', 'annule'), _negated=True), name='scrutin_un_par_budget', violation_error_message='Ce budget a déjà son vote.'),
        ),
        migrations.AddConstraint(
            model_name='scrutin',
            constraint=models.CheckConstraint(condition=models.Q(('etat__in', ['preparation', 'annule']), models.Q(models.Q(('graine', ''), _negated=True), ('date_fin__isnull', False), ('montant__gt', 0)), _connector='OR'), name='scrutin_ouvert_est_fige', violation_error_message='Un vote ouvert a sa graine, sa somme et son dernier jour.'),
        ),
        migrations.AddConstraint(
            model_name='projetauvote',
            constraint=models.UniqueConstraint(models.F('scrutin'), models.F('numero'), name='projet_au_vote_numero', violation_error_message='Ce numéro est déjà pris.'),
        ),
        migrations.AddConstraint(
            model_name='projetauvote',
            constraint=models.UniqueConstraint(models.F('scrutin'), models.F('projet'), name='projet_au_vote_une_fois', violation_error_message='Ce projet est déjà sur le bulletin.'),
        ),
        migrations.AddConstraint(
            model_name='projetauvote',
            constraint=models.CheckConstraint(condition=models.Q(('cout__gt', 0)), name='projet_au_vote_cout', violation_error_message='Le coût est plus grand que zéro.'),
        ),
        migrations.AddConstraint(
            model_name='incompatibilite',
            constraint=models.CheckConstraint(condition=models.Q(('un__lt', models.F('autre'))), name='incompatibilite_deux_projets', violation_error_message='Choisissez deux projets différents.'),
        ),
        migrations.AddConstraint(
            model_name='incompatibilite',
            constraint=models.UniqueConstraint(models.F('scrutin'), models.F('un'), models.F('autre'), name='incompatibilite_unique', violation_error_message='Ces deux projets sont déjà déclarés incompatibles.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='entreescrutin',
            trigger=pgtrigger.compiler.Trigger(name='entree_scrutin_ineffacable', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='c19dde5b694f4fda8a033496582c4aea2bb2fa4c', operation='UPDATE OR DELETE', pgid='pgtrigger_entree_scrutin_ineffacable_08f9d', table='budgets_entreescrutin', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='derogation',
            constraint=models.UniqueConstraint(models.F('scrutin'), models.F('ligne'), name='derogation_une_par_projet', violation_error_message='Un écart est déjà décidé pour ce projet.'),
        ),
        migrations.AddConstraint(
            model_name='depouillement',
            constraint=models.UniqueConstraint(models.F('scrutin'), condition=models.Q(('etat', 'en_cours')), name='depouillement_un_a_la_fois', violation_error_message='Un dépouillement est déjà en cours.'),
        ),
        migrations.AddConstraint(
            model_name='code',
            constraint=models.UniqueConstraint(models.F('scrutin'), models.F('empreinte'), name='code_unique', violation_error_message='Ce code existe déjà.'),
        ),
        migrations.AddConstraint(
            model_name='code',
            constraint=models.UniqueConstraint(models.F('scrutin'), models.F('numero'), name='code_numero', violation_error_message='Ce numéro existe déjà.'),
        ),
        migrations.AddConstraint(
            model_name='code',
            constraint=models.CheckConstraint(condition=models.Q(('est_revoque', True), ('est_utilise', True), _negated=True), name='code_utilise_non_revoque', violation_error_message='Ce code a déjà servi.'),
        ),
        migrations.AddConstraint(
            model_name='bulletinpapier',
            constraint=models.UniqueConstraint(models.F('scrutin'), models.F('numero'), name='bulletin_papier_numero', violation_error_message='Ce numéro est déjà saisi.'),
        ),
        migrations.AddConstraint(
            model_name='bulletinpapier',
            constraint=models.CheckConstraint(condition=models.Q(('second_par__isnull', True), models.Q(('second_par', models.F('premier_par')), _negated=True), _connector='OR'), name='bulletin_papier_deux_personnes', violation_error_message='La seconde saisie est faite par une autre personne.'),
        ),
        migrations.AddConstraint(
            model_name='adresseservie',
            constraint=models.UniqueConstraint(models.F('scrutin'), models.F('empreinte'), name='adresse_servie_une_fois', violation_error_message='Cette adresse a déjà reçu un code.'),
        ),
        migrations.AddConstraint(
            model_name='tableforum',
            constraint=models.UniqueConstraint(models.F('forum'), models.F('numero'), name='table_forum_numero_unique', violation_error_message='Ce forum a déjà une table de ce numéro.'),
        ),
        migrations.AddIndex(
            model_name='inscriptionforum',
            index=models.Index(models.F('forum'), models.F('etat'), models.F('inscrite_le'), name='inscription_forum_file'),
        ),
        migrations.AddIndex(
            model_name='inscriptionforum',
            index=models.Index(models.F('a_confirmer_avant'), condition=models.Q(('a_confirmer_avant__isnull', False), ('etat__in', ['attente', 'inscrite'])), name='inscription_a_confirmer'),
        ),
        migrations.AddConstraint(
            model_name='inscriptionforum',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('besoins__contains', ['interprete']), _negated=True), models.Q(('langue', ''), _negated=True), ('efface_le__isnull', False), _connector='OR'), name='inscription_forum_langue_dite', violation_error_message='Dites quelle langue l’interprète doit parler.'),
        ),
        migrations.AddConstraint(
            model_name='inscriptionforum',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('besoins__contains', ['garde']), _negated=True), ('enfants__gt', 0), ('efface_le__isnull', False), _connector='OR'), name='inscription_forum_enfants_comptes', violation_error_message='Dites combien d’enfants sont à garder.'),
        ),
        migrations.AddIndex(
            model_name='idee',
            index=models.Index(models.F('budget'), models.F('etat'), models.OrderBy(models.F('dossier_ptr'), descending=True), name='idee_du_budget'),
        ),
        migrations.AddIndex(
            model_name='idee',
            index=django.contrib.postgres.indexes.GistIndex(models.F('budget'), django.contrib.postgres.indexes.OpClass(models.F('mots'), name='gist_trgm_ops(siglen=128)'), name='idee_semblables'),
        ),
        migrations.AddConstraint(
            model_name='idee',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('etat', 'reunie'), _negated=True), ('projet_quartier__isnull', False), _connector='OR'), name='idee_reunie_a_son_projet', violation_error_message='Choisissez le projet.'),
        ),
        migrations.AddConstraint(
            model_name='idee',
            constraint=models.CheckConstraint(condition=models.Q(('etat', 'reunie'), ('projet_quartier__isnull', True), _connector='OR'), name='idee_libre_sans_projet', violation_error_message='Une idée qui n’est pas réunie n’a pas de projet.'),
        ),
        migrations.AddConstraint(
            model_name='idee',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('latitude__isnull', True), ('longitude__isnull', True)), models.Q(('latitude__range', (-90, 90)), ('longitude__range', (-180, 180))), _connector='OR'), name='idee_point_entier', violation_error_message='Ce point n’est pas sur la Terre.'),
        ),
    ]
