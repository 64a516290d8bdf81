import ccspl.models.commission
import django.contrib.postgres.constraints
import django.contrib.postgres.functions
import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    replaces = [
        ('ccspl', '0001_initial'),
        ('ccspl', '0002_mots_sans_lieu'),
        ('ccspl', '0003_articles_cites'),
        ('ccspl', '0004_index_des_derniers_repondus'),
        ('ccspl', '0005_index_a_remettre'),
    ]

    dependencies = [
        ('seances', '0001_tables'),
        ('socle', '0001_tables'),
        ('socle', '__first__'),
        ('suites', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='AbonnementResume',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cle', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='clé')),
                ('demande_le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='demandé le')),
                ('arrete_le', models.DateTimeField(blank=True, null=True, verbose_name='arrêté le')),
                ('compte', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='abonnement_resume', to=settings.AUTH_USER_MODEL, verbose_name='compte')),
            ],
            options={
                'verbose_name': 'abonnement au résumé du mois',
                'verbose_name_plural': 'abonnements au résumé du mois',
            },
        ),
        migrations.CreateModel(
            name='PriseDeNouvelles',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('date', models.DateField(default=django.utils.timezone.localdate, verbose_name='faite le')),
                ('note', models.TextField(blank=True, help_text='Lu par les agents du service seulement.', max_length=1000, verbose_name='ce qui s’est dit')),
                ('absences', models.PositiveSmallIntegerField(default=0, verbose_name='absences de suite ce jour-là')),
                ('le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='notée le')),
                ('membre', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='prises_de_nouvelles', to='seances.membre', verbose_name='membre')),
                ('par', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par')),
            ],
            options={
                'verbose_name': 'prise de nouvelles',
                'verbose_name_plural': 'prises de nouvelles',
                'ordering': ['-date', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='ReglementCommission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.CharField(max_length=40, verbose_name='version')),
                ('en_vigueur_du', models.DateField(verbose_name='en vigueur du')),
                ('en_vigueur_au', models.DateField(blank=True, null=True, verbose_name='en vigueur jusqu’au')),
                ('source', models.TextField(help_text='Délibération, article, lien : ce qui fonde ces règles.', verbose_name='source')),
                ('rapport_mois', models.PositiveSmallIntegerField(default=7, help_text='Présenté à l’assemblée avant ce jour (article L1413-1 du code général des collectivités territoriales, à vérifier).', verbose_name='état des travaux : mois')),
                ('rapport_jour', models.PositiveSmallIntegerField(default=1, verbose_name='état des travaux : jour')),
                ('rapport_annonce', models.PositiveSmallIntegerField(default=90, help_text='Dans « Ma journée » des agents.', verbose_name='annoncé tant de jours avant')),
                ('secret_statistique', models.PositiveSmallIntegerField(default=5, help_text='Pour ce que les membres disent d’eux : en dessous, le nombre est caché.', verbose_name='plus petit nombre montré')),
            ],
            options={
                'verbose_name': 'règlement de la commission',
                'verbose_name_plural': 'règlements de la commission',
                'ordering': ['-en_vigueur_du'],
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('en_vigueur_au__isnull', True), ('en_vigueur_au__gte', models.F('en_vigueur_du')), _connector='OR'), name='reglementcommission_dates_ordonnees', violation_error_message='La fin précède le début.'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.Func(models.F('en_vigueur_du'), models.F('en_vigueur_au'), models.Value('[]'), function='daterange'), '&&')], name='reglementcommission_une_version_par_jour', violation_error_message='Une autre version est déjà en vigueur à ces dates.'), models.CheckConstraint(condition=models.Q(('rapport_mois__gte', 1), ('rapport_mois__lte', 12), ('rapport_jour__gte', 1), ('rapport_jour__lte', 28)), name='reglementcommission_jour_du_rapport', violation_error_message='Choisissez un mois de 1 à 12 et un jour de 1 à 28.')],
            },
        ),
        migrations.CreateModel(
            name='ReunionDuConseil',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nature', models.CharField(choices=[('conseil', 'conseil'), ('commission', 'commission')], default='conseil', max_length=12, verbose_name='nature')),
                ('intitule', models.CharField(max_length=160, verbose_name='intitulé')),
                ('date', models.DateField(verbose_name='date')),
                ('lieu', models.CharField(blank=True, max_length=160, verbose_name='lieu')),
            ],
            options={
                'verbose_name': 'réunion du conseil',
                'verbose_name_plural': 'réunions du conseil',
                'ordering': ['date', 'nature'],
                'constraints': [models.UniqueConstraint(models.F('nature'), models.F('intitule'), models.F('date'), name='reunion_unique', violation_error_message='Cette réunion existe déjà.')],
            },
        ),
        migrations.CreateModel(
            name='ServiceSuivi',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nom', models.CharField(max_length=120, unique=True, verbose_name='nom')),
                ('domaine', models.CharField(help_text='Eau, énergie, mobilités…', max_length=80, verbose_name='domaine')),
                ('gestion', models.CharField(choices=[('regie', 'régie à autonomie financière'), ('dsp', 'délégation de service public'), ('partenariat', 'marché de partenariat'), ('autre', 'autre mode de gestion')], default='autre', max_length=12, verbose_name='mode de gestion')),
                ('exploitant', models.CharField(blank=True, max_length=160, verbose_name='exploitant')),
                ('a_un_rapport_annuel', models.BooleanField(default=True, verbose_name='rapport annuel examiné chaque année')),
                ('est_actif', models.BooleanField(default=True, verbose_name='suivi')),
                ('direction', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='services_suivis', to='socle.direction', verbose_name='direction')),
            ],
            options={
                'verbose_name': 'service suivi',
                'verbose_name_plural': 'services suivis',
                'ordering': ['domaine', 'nom'],
            },
        ),
        migrations.CreateModel(
            name='Avis',
            fields=[
                ('dossier_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='socle.dossier')),
                ('etat', models.CharField(choices=[('saisie', 'saisine reçue'), ('en_redaction', 'en rédaction'), ('soumis', 'soumis au vote'), ('adopte', 'adopté'), ('transmis', 'transmis, réponse attendue'), ('repondu', 'répondu'), ('clos', 'clos'), ('abandonne', 'sans objet')], default='saisie', max_length=14, verbose_name='état')),
                ('objet', models.CharField(choices=[('rapport', 'examen d’un rapport annuel'), ('dsp', 'projet de délégation de service public'), ('regie', 'création d’une régie à autonomie financière'), ('partenariat', 'projet de marché de partenariat'), ('reglement', 'règlement du service de l’eau ou de l’assainissement'), ('recherche', 'participation à un programme de recherche (eau, assainissement)'), ('autre', 'autre sujet')], max_length=12, verbose_name='objet')),
                ('saisine', models.CharField(choices=[('deliberation', 'délibération du conseil'), ('delegation', 'exécutif, par délégation du conseil'), ('auto', 'auto-saisine de la commission'), ('loi', 'examen annuel prévu par la loi'), ('a_dire', 'à préciser')], default='a_dire', max_length=12, verbose_name='saisine par')),
                ('fondement', models.CharField(blank=True, help_text='Numéro et date de la délibération ou de la délégation.', max_length=200, verbose_name='acte de saisine')),
                ('date_saisine', models.DateField(verbose_name='saisie le')),
                ('demandeur', models.CharField(blank=True, help_text='La personne ou le service qui saisit la commission.', max_length=160, verbose_name='demandé par')),
                ('adresse_demandeur', models.EmailField(blank=True, max_length=254, verbose_name='son courriel')),
                ('contexte', models.TextField(blank=True, verbose_name='ce qui est demandé')),
                ('deliberation', models.CharField(blank=True, max_length=160, verbose_name='délibération qui cite l’avis')),
                ('sens', models.CharField(blank=True, choices=[('favorable', 'favorable'), ('reserves', 'favorable avec réserves'), ('preconisations', 'favorable avec préconisations'), ('defavorable', 'défavorable'), ('partage', 'partagé'), ('prise_acte', 'prise d’acte')], max_length=14, verbose_name='sens')),
                ('adopte_le', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='adopté le')),
                ('transmis_le', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='transmis le')),
                ('repondu_le', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='répondu le')),
                ('rendu_le', models.DateField(blank=True, null=True, verbose_name='réponses présentées aux membres le')),
                ('synthese', models.TextField(blank=True, help_text='Pour la fiche et le site public, en mots simples.', verbose_name='en deux phrases')),
                ('document', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='socle.document', verbose_name='avis adopté (PDF)')),
                ('mandature', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='avis', to='seances.mandature', verbose_name='mandature')),
                ('conseil', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='avis', to='ccspl.reunionduconseil', verbose_name='conseil qui en délibère')),
                ('autres_services', models.ManyToManyField(blank=True, related_name='avis_aussi', to='ccspl.servicesuivi', verbose_name='autres services concernés')),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='avis', to='ccspl.servicesuivi', verbose_name='service')),
            ],
            options={
                'verbose_name': 'avis de la CCSPL',
                'verbose_name_plural': 'avis de la CCSPL',
                'ordering': ['-ouvert_le', '-pk'],
                'indexes': [models.Index(models.OrderBy(models.F('repondu_le'), descending=True), models.OrderBy(models.F('dossier_ptr'), descending=True), condition=models.Q(('repondu_le__isnull', False)), name='avis_repondus')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('etat__in', ['adopte', 'clos', 'repondu', 'transmis']), _negated=True), models.Q(models.Q(('sens', ''), _negated=True), ('adopte_le__isnull', False)), _connector='OR'), name='avis_rendu_a_son_sens', violation_error_message='Dites le sens de l’avis.'), models.CheckConstraint(condition=models.Q(models.Q(('saisine__in', ['deliberation', 'delegation']), _negated=True), models.Q(('fondement', ''), _negated=True), _connector='OR'), name='avis_saisine_fondee', violation_error_message='Donnez la délibération ou la délégation qui fonde la saisine.')],
            },
            bases=('socle.dossier',),
        ),
        migrations.CreateModel(
            name='Paragraphe',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ordre', models.PositiveSmallIntegerField(verbose_name='ordre')),
                ('texte', models.TextField(max_length=6000, verbose_name='texte')),
                ('rang_version', models.PositiveIntegerField(default=1, verbose_name='version')),
                ('supprime_le', models.DateTimeField(blank=True, null=True, verbose_name='supprimé le')),
                ('avis', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='paragraphes', to='ccspl.avis', verbose_name='avis')),
            ],
            options={
                'verbose_name': 'paragraphe',
                'ordering': ['avis', 'ordre', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Proposition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nature', models.CharField(choices=[('modifier', 'modifier'), ('ajouter', 'ajouter après'), ('supprimer', 'supprimer')], default='modifier', max_length=10, verbose_name='nature')),
                ('texte', models.TextField(blank=True, max_length=6000, verbose_name='rédaction proposée')),
                ('texte_de_depart', models.TextField(blank=True, verbose_name='texte de départ')),
                ('rang_version', models.PositiveIntegerField(default=0, verbose_name='version de départ')),
                ('raison', models.TextField(blank=True, max_length=600, verbose_name='pourquoi')),
                ('etat', models.CharField(choices=[('en_attente', 'à décider'), ('acceptee', 'acceptée'), ('refusee', 'refusée'), ('retiree', 'retirée par son auteur')], default='en_attente', max_length=10, verbose_name='état')),
                ('reponse', models.CharField(blank=True, max_length=300, verbose_name='raison du refus')),
                ('proposee_le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='proposée le')),
                ('decidee_le', models.DateTimeField(blank=True, null=True, verbose_name='décidée le')),
                ('auteur', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='auteur')),
                ('avis', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='propositions', to='ccspl.avis', verbose_name='avis')),
                ('decidee_par', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='décidée par')),
                ('membre', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='seances.membre', verbose_name='membre')),
                ('paragraphe', models.ForeignKey(blank=True, help_text='Vide, pour un ajout en tête.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='propositions', to='ccspl.paragraphe', verbose_name='paragraphe')),
                ('seance', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='seances.seance', verbose_name='proposée en séance')),
            ],
            options={
                'verbose_name': 'proposition de rédaction',
                'verbose_name_plural': 'propositions de rédaction',
                'ordering': ['proposee_le', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Transmission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sceau', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, verbose_name='sceau des liens')),
                ('nature', models.CharField(choices=[('direction', 'direction'), ('elu', 'élu'), ('commission', 'commission du conseil'), ('conseil', 'conseil')], max_length=12, verbose_name='à')),
                ('destinataire', models.CharField(max_length=160, verbose_name='destinataire')),
                ('adresse', models.EmailField(blank=True, max_length=254, verbose_name='courriel')),
                ('envoyee_le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='envoyée le')),
                ('date_limite', models.DateField(blank=True, null=True, verbose_name='réponse attendue le')),
                ('accusee_le', models.DateTimeField(blank=True, null=True, verbose_name='accusée le')),
                ('accusee_par', models.CharField(blank=True, max_length=160, verbose_name='accusée par')),
                ('est_sans_adresse', models.BooleanField(default=False, verbose_name='rien n’est parti, faute d’adresse')),
                ('date_remise', models.DateField(blank=True, null=True, verbose_name='remise le')),
                ('avis', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='transmissions', to='ccspl.avis', verbose_name='avis')),
                ('courriel', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='socle.courriel', verbose_name='lettre')),
                ('direction', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='socle.direction', verbose_name='direction')),
            ],
            options={
                'verbose_name': 'transmission',
                'ordering': ['envoyee_le', 'pk'],
                'indexes': [models.Index(condition=models.Q(('accusee_le', None), ('date_remise', None), ('est_sans_adresse', True)), fields=['envoyee_le', 'id'], name='transmission_a_remettre')],
            },
        ),
        migrations.CreateModel(
            name='VersionAvis',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('numero', models.PositiveIntegerField(verbose_name='numéro')),
                ('paragraphes', models.JSONField(default=list, verbose_name='paragraphes')),
                ('preconisations', models.JSONField(blank=True, default=list, verbose_name='préconisations')),
                ('coauteurs', models.JSONField(default=list, help_text='Noms des membres dont une rédaction est entrée.', verbose_name='co-auteurs')),
                ('origine', models.CharField(blank=True, max_length=160, verbose_name='ce qui a changé')),
                ('sha256', models.CharField(max_length=64, verbose_name='empreinte SHA-256')),
                ('est_adoptee', models.BooleanField(default=False, verbose_name='adoptée')),
                ('le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='le')),
                ('avis', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='ccspl.avis', verbose_name='avis')),
                ('par', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par')),
            ],
            options={
                'verbose_name': 'version d’un avis',
                'verbose_name_plural': 'versions des avis',
                'ordering': ['avis', '-numero'],
                'constraints': [models.UniqueConstraint(models.F('avis'), models.F('numero'), name='version_avis_unique', violation_error_message='Une autre version de cet avis vient de prendre ce numéro : recommencez.'), models.UniqueConstraint(models.F('avis'), condition=models.Q(('est_adoptee', True)), name='version_avis_une_adoptee', violation_error_message='Une version de cet avis est déjà adoptée.')],
                'triggers': [pgtrigger.compiler.Trigger(name='version_adoptee_figee', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."est_adoptee")', func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='ea14c91249272bdba8ff51527389438e933b133e', operation='UPDATE OR DELETE', pgid='pgtrigger_version_adoptee_figee_a1abd', table='ccspl_versionavis', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='DocumentBibliotheque',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('titre', models.CharField(max_length=160, verbose_name='titre')),
                ('categorie', models.CharField(choices=[('reglement', 'règles de la commission'), ('guide', 'guides et modes d’emploi'), ('service', 'les services publics suivis'), ('rapport', 'rapports et bilans'), ('formation', 'supports de formation'), ('autre', 'autres documents')], max_length=10, verbose_name='rubrique')),
                ('description', models.TextField(blank=True, max_length=400, verbose_name='en une phrase')),
                ('est_public', models.BooleanField(default=False, help_text='Sinon, les membres de la commission et les agents le lisent seuls.', verbose_name='ouvert à tous')),
                ('retire_le', models.DateTimeField(blank=True, null=True, verbose_name='retiré le')),
                ('motif_retrait', models.CharField(blank=True, max_length=200, verbose_name='raison du retrait')),
                ('cree_le', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='ajouté le')),
                ('modifie_le', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='modifié le')),
            ],
            options={
                'verbose_name': 'document de la bibliothèque',
                'verbose_name_plural': 'documents de la bibliothèque',
                'ordering': ['categorie', 'titre', 'pk'],
                'constraints': [models.UniqueConstraint(models.F('titre'), condition=models.Q(('retire_le__isnull', True)), name='bibliotheque_titre_unique', violation_error_message='Un document de ce titre est déjà dans la bibliothèque : remplacez son fichier.')],
            },
        ),
        migrations.CreateModel(
            name='VersionDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('numero', models.PositiveSmallIntegerField(verbose_name='numéro')),
                ('fichier', models.FileField(upload_to=ccspl.models.commission.chemin_bibliotheque, verbose_name='fichier')),
                ('nom', models.CharField(max_length=160, verbose_name='nom du fichier')),
                ('type_mime', models.CharField(max_length=100, verbose_name='type')),
                ('taille', models.PositiveIntegerField(verbose_name='taille (octets)')),
                ('sha256', models.CharField(max_length=64, verbose_name='empreinte SHA-256')),
                ('motif', models.CharField(blank=True, max_length=200, verbose_name='ce qui a changé')),
                ('le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='le')),
                ('par', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='ccspl.documentbibliotheque', verbose_name='document')),
            ],
            options={
                'verbose_name': 'version d’un document',
                'verbose_name_plural': 'versions des documents',
                'ordering': ['document', '-numero'],
                'triggers': [pgtrigger.compiler.Trigger(name='version_document_ineffacable', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='be01af6bba570d8fcd120561da4c238aa22db7ed', operation='UPDATE OR DELETE', pgid='pgtrigger_version_document_ineffacable_02646', table='ccspl_versiondocument', when='BEFORE'))],
                'constraints': [models.UniqueConstraint(models.F('document'), models.F('numero'), name='version_document_unique', violation_error_message='Une autre version de ce document vient de prendre ce numéro : recommencez.')],
            },
        ),
        migrations.CreateModel(
            name='PositionMinoritaire',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('texte', models.TextField(max_length=2000, verbose_name='position')),
                ('le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='le')),
                ('avis', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='positions', to='ccspl.avis', verbose_name='avis')),
                ('membre', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='seances.membre', verbose_name='membre')),
            ],
            options={
                'verbose_name': 'position minoritaire',
                'verbose_name_plural': 'positions minoritaires',
                'ordering': ['le'],
                'constraints': [models.UniqueConstraint(models.F('avis'), models.F('membre'), name='position_unique', violation_error_message='Votre position est déjà notée.')],
            },
        ),
        migrations.CreateModel(
            name='Preconisation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('numero', models.PositiveSmallIntegerField(verbose_name='numéro')),
                ('texte', models.TextField(max_length=2000, verbose_name='préconisation')),
                ('avis', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='preconisations', to='ccspl.avis', verbose_name='avis')),
                ('direction', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='socle.direction', verbose_name='direction')),
                ('suite', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='preconisation', to='suites.suite', verbose_name='suite')),
            ],
            options={
                'verbose_name': 'préconisation',
                'ordering': ['avis', 'numero'],
                'constraints': [models.UniqueConstraint(models.F('avis'), models.F('numero'), name='preconisation_numero_unique', violation_error_message='Une autre préconisation vient de prendre ce numéro : recommencez.')],
            },
        ),
        migrations.CreateModel(
            name='RapportAnnuel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('annee', models.PositiveSmallIntegerField(unique=True, verbose_name='année')),
                ('introduction', models.TextField(blank=True, max_length=20000, verbose_name='introduction')),
                ('conclusions', models.TextField(blank=True, max_length=20000, verbose_name='conclusions')),
                ('arrete_le', models.DateTimeField(blank=True, null=True, verbose_name='arrêté le')),
                ('publie_le', models.DateTimeField(blank=True, null=True, verbose_name='publié le')),
                ('modifie_le', models.DateTimeField(auto_now=True, verbose_name='modifié le')),
                ('document', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='rapport_ccspl', to='socle.document', verbose_name='document')),
            ],
            options={
                'verbose_name': 'rapport annuel',
                'verbose_name_plural': 'rapports annuels',
                'ordering': ['-annee'],
                'constraints': [models.CheckConstraint(condition=models.Q(('arrete_le__isnull', True), ('document__isnull', False), _connector='OR'), name='rapport_arrete_a_son_document', violation_error_message='Préparez le document avant d’arrêter le rapport.'), models.CheckConstraint(condition=models.Q(('publie_le__isnull', True), ('arrete_le__isnull', False), _connector='OR'), name='rapport_publie_une_fois_arrete', violation_error_message='Arrêtez le rapport avant de le publier.')],
            },
        ),
        migrations.CreateModel(
            name='Controle',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nature', models.CharField(choices=[('contrat', 'contrat'), ('audit', 'audit ou contrôle'), ('echeance', 'échéance')], default='contrat', max_length=10, verbose_name='nature')),
                ('intitule', models.CharField(max_length=160, verbose_name='intitulé')),
                ('par_qui', models.CharField(blank=True, help_text='Délégataire, cabinet, chambre régionale…', max_length=160, verbose_name='titulaire, ou qui contrôle')),
                ('date_debut', models.DateField(blank=True, null=True, verbose_name='depuis le')),
                ('date_echeance', models.DateField(blank=True, help_text='Fin du contrat, remise de l’audit, date à tenir.', null=True, verbose_name='échéance')),
                ('note', models.TextField(blank=True, max_length=2000, verbose_name='à savoir')),
                ('fini_le', models.DateField(blank=True, null=True, verbose_name='terminé le')),
                ('retire_le', models.DateTimeField(blank=True, null=True, verbose_name='retiré le')),
                ('avis', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='controles', to='ccspl.avis', verbose_name='saisine liée')),
                ('seance', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='seances.seance', verbose_name='séance liée')),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='controles', to='ccspl.servicesuivi', verbose_name='service')),
            ],
            options={
                'verbose_name': 'élément du contrôle de gestion',
                'verbose_name_plural': 'éléments du contrôle de gestion',
                'ordering': ['service__domaine', 'service__nom', models.OrderBy(models.F('date_echeance'), nulls_last=True), 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('date_debut__isnull', True), ('date_echeance__isnull', True), ('date_echeance__gte', models.F('date_debut')), _connector='OR'), name='controle_dates_ordonnees', violation_error_message='L’échéance précède le début.')],
            },
        ),
        migrations.AddField(
            model_name='documentbibliotheque',
            name='version',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ccspl.versiondocument', verbose_name='version montrée'),
        ),
    ]
