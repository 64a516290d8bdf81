import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.functions
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import pgtrigger.compiler
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    replaces = [
        ('suites', '0001_initial'),
        ('suites', '0002_mots_sans_lieu'),
        ('suites', '0003_degres_verdicts_suspensions'),
        ('suites', '0004_degres_de_ce_qui_est_dit'),
        ('suites', '0005_recherche_publique'),
        ('suites', '0006_degre_par_le_lien'),
        ('suites', '0007_langue_des_abonnements'),
        ('suites', '0008_rappel_du_rapport'),
        ('suites', '0009_source_du_rappel'),
    ]

    dependencies = [
        ('socle', '0001_tables'),
        ('socle', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='ReglementSuites',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.CharField(max_length=40, verbose_name='version')),
                ('en_vigueur_du', models.DateField(verbose_name='en vigueur du')),
                ('en_vigueur_au', models.DateField(blank=True, null=True, verbose_name='en vigueur jusqu’au')),
                ('source', models.TextField(help_text='Délibération, article, lien : ce qui fonde ces règles.', verbose_name='source')),
                ('rappels', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), blank=True, default=list, help_text='Par exemple 30, 7. Un rappel part aussi le jour même et le lendemain.', size=None, verbose_name='rappels (jours avant)')),
                ('relances', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), blank=True, default=list, help_text='À la direction, quand la date est passée. Par exemple 8, 45.', size=None, verbose_name='relances (jours après)')),
                ('escalade', models.PositiveSmallIntegerField(blank=True, help_text='La direction supérieure, et l’agent qui suit le dossier. Vide : jamais.', null=True, verbose_name='hiérarchie prévenue (jours après)')),
                ('escalade_elu', models.PositiveSmallIntegerField(blank=True, help_text='Vide : jamais.', null=True, verbose_name='élu en charge prévenu (jours après)')),
                ('objectif_jours', models.PositiveSmallIntegerField(help_text='Date donnée à une suite ajoutée sans date, comptée du jour où elle l’est.', verbose_name='délai visé (jours)')),
                ('conservation_demandes_jours', models.PositiveSmallIntegerField(help_text='Passé ce délai, l’adresse est effacée.', verbose_name='abonnements non confirmés ou arrêtés gardés (jours)')),
                ('demandes_par_jour', models.PositiveSmallIntegerField(help_text='Au-delà, aucune lettre ne part : personne ne peut remplir la boîte d’un autre.', verbose_name='lettres de confirmation par adresse et par jour')),
                ('verdict_mois', models.PositiveSmallIntegerField(blank=True, db_default=12, default=12, help_text='À qui a demandé, tant que la suite n’est pas faite. Vide : jamais.', null=True, verbose_name='verdict redemandé (mois)')),
                ('rapport_mois', models.PositiveSmallIntegerField(db_default=12, default=12, help_text='Un an après, comme pour les suites des observations de la chambre régionale des comptes (à vérifier).', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(24)], verbose_name='rapport d’une année à l’assemblée (mois après sa fin)')),
                ('rapport_annonce', models.PositiveSmallIntegerField(db_default=90, default=90, help_text='Dans « Ma journée » des agents, jusqu’à ce qu’il soit demandé. Choix du service : aucun texte ne le fixe.', verbose_name='ce rapport est rappelé (jours avant)')),
            ],
            options={
                'verbose_name': 'règlement des suites',
                'verbose_name_plural': 'règlements des suites',
                'ordering': ['-en_vigueur_du'],
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('en_vigueur_au__isnull', True), ('en_vigueur_au__gte', models.F('en_vigueur_du')), _connector='OR'), name='reglementsuites_dates_ordonnees', violation_error_message='La fin précède le début.'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.Func(models.F('en_vigueur_du'), models.F('en_vigueur_au'), models.Value('[]'), function='daterange'), '&&')], name='reglementsuites_une_version_par_jour', violation_error_message='Une autre version est déjà en vigueur à ces dates.')],
            },
        ),
        migrations.CreateModel(
            name='Sollicitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sceau', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, verbose_name='sceau des liens')),
                ('personne', models.CharField(blank=True, max_length=64, verbose_name='personne')),
                ('qualite', models.CharField(max_length=120, verbose_name='qualité')),
                ('le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='le')),
                ('refusee_le', models.DateTimeField(blank=True, null=True, verbose_name='ne veut plus être interrogée depuis')),
            ],
            options={
                'verbose_name': 'demande de verdict',
                'verbose_name_plural': 'demandes de verdict',
                'ordering': ['-le', '-pk'],
                'indexes': [models.Index(models.F('personne'), name='sollicitation_personne')],
            },
        ),
        migrations.CreateModel(
            name='Suite',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sceau', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, verbose_name='sceau des liens')),
                ('intitule', models.CharField(max_length=200, verbose_name='suite')),
                ('date_limite', models.DateField(verbose_name='attendue le')),
                ('date_initiale', models.DateField(editable=False, verbose_name='attendue d’abord le')),
                ('origine', models.CharField(choices=[('demandee', 'demandée'), ('promise', 'promise')], default='demandee', max_length=10, verbose_name='origine')),
                ('demandee_par', models.CharField(blank=True, max_length=160, verbose_name='demandée par')),
                ('promise_le', models.DateField(blank=True, null=True, verbose_name='promise le')),
                ('acte_promesse', models.CharField(blank=True, help_text='Délibération, arrêté, réponse publique : sa référence.', max_length=200, verbose_name='par quel acte')),
                ('etat', models.CharField(choices=[('recue', 'reçue'), ('a_l_etude', 'à l’étude'), ('suivie', 'suivie'), ('suivie_en_partie', 'suivie en partie'), ('non_suivie', 'non suivie'), ('hors_competence', 'hors de nos compétences'), ('a_l_arret', 'à l’arrêt'), ('realisee', 'réalisée'), ('abandonnee', 'abandonnée'), ('sans_objet', 'sans objet')], default='recue', max_length=20, verbose_name='état')),
                ('degre', models.CharField(choices=[('sans_preuve', 'pas de preuve'), ('en_cours', 'mise en œuvre en cours'), ('incomplete', 'mise en œuvre incomplète'), ('totale', 'mise en œuvre totale'), ('non_mise_en_oeuvre', 'non mise en œuvre'), ('refus', 'refus de mise en œuvre'), ('sans_objet', 'sans objet')], db_default='sans_preuve', default='sans_preuve', max_length=20, verbose_name='mise en œuvre')),
                ('texte_public', models.TextField(blank=True, verbose_name='texte public')),
                ('motif', models.TextField(blank=True, verbose_name='raison')),
                ('oriente_vers', models.CharField(blank=True, help_text='Hors compétence : l’autorité qui peut répondre.', max_length=160, verbose_name='orientée vers')),
                ('est_publiee', models.BooleanField(default=True, help_text='Sur la page « Rendu compte ».', verbose_name='publiée')),
                ('creee_le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='créée le')),
                ('repondue_le', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='répondue le')),
                ('modifiee_le', models.DateTimeField(auto_now=True, verbose_name='modifiée le')),
                ('limite_donnee', models.DateField(blank=True, editable=False, null=True, verbose_name='date donnée le')),
                ('recul_limite', models.PositiveIntegerField(db_default=0, default=0, editable=False, null=True)),
                ('recul_initiale', models.PositiveIntegerField(db_default=0, default=0, editable=False, null=True)),
                ('jours_suspendus', models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                ('verdict_demande_le', models.DateField(blank=True, editable=False, null=True, verbose_name='verdict demandé le')),
                ('direction', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='suites', to='socle.direction', verbose_name='direction')),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='suites', to='socle.dossier', verbose_name='dossier')),
                ('reglement', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='suites.reglementsuites', verbose_name='règlement')),
            ],
            options={
                'verbose_name': 'suite',
                'ordering': ['date_limite', 'pk'],
                'indexes': [models.Index(models.F('date_limite'), condition=models.Q(('etat__in', ['abandonnee', 'hors_competence', 'non_suivie', 'realisee', 'sans_objet']), _negated=True), name='suite_a_rendre_par_date'), models.Index(models.F('direction'), models.F('etat'), name='suite_direction_etat'), models.Index(models.OrderBy(models.F('creee_le'), descending=True), name='suite_creee_le'), models.Index(models.OrderBy(models.F('repondue_le'), descending=True, nulls_last=True), models.F('date_limite'), models.F('id'), condition=models.Q(('est_publiee', True)), name='suite_rendu_compte'), models.Index(models.OrderBy(models.F('repondue_le'), descending=True), condition=models.Q(('repondue_le__isnull', False)), name='suite_repondue_le'), django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.search.SearchVector('intitule', 'texte_public', config='french'), condition=models.Q(('est_publiee', True)), name='suite_recherche')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('etat', 'hors_competence'), _negated=True), models.Q(('oriente_vers', ''), _negated=True), _connector='OR'), name='suite_orientee', violation_error_message='Dites quelle autorité peut répondre.'), models.CheckConstraint(condition=models.Q(models.Q(('etat__in', ['a_l_arret', 'abandonnee', 'hors_competence', 'non_suivie', 'sans_objet', 'suivie_en_partie']), _negated=True), models.Q(('motif', ''), _negated=True), _connector='OR'), name='suite_motivee', violation_error_message='Dites pourquoi la suite n’est pas donnée, ne l’est qu’en partie, s’arrête ou perd son objet.'), models.CheckConstraint(condition=models.Q(models.Q(('acte_promesse', ''), ('promise_le__isnull', True)), models.Q(('promise_le__isnull', False), models.Q(('acte_promesse', ''), _negated=True)), _connector='OR'), name='suite_promise_par_un_acte', violation_error_message='Une promesse a sa date et l’acte qui la porte : dites les deux.'), models.CheckConstraint(condition=models.Q(models.Q(('origine', 'promise'), _negated=True), ('promise_le__isnull', False), _connector='OR'), name='suite_promise_datee', violation_error_message='Dites quand cela a été promis.')],
            },
        ),
        migrations.CreateModel(
            name='ReponseDirection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('etat', models.CharField(choices=[('recue', 'reçue'), ('a_l_etude', 'à l’étude'), ('suivie', 'suivie'), ('suivie_en_partie', 'suivie en partie'), ('non_suivie', 'non suivie'), ('hors_competence', 'hors de nos compétences'), ('a_l_arret', 'à l’arrêt'), ('realisee', 'réalisée'), ('abandonnee', 'abandonnée'), ('sans_objet', 'sans objet')], max_length=20, verbose_name='état proposé')),
                ('texte_public', models.TextField(blank=True, verbose_name='texte public')),
                ('motif', models.TextField(blank=True, verbose_name='raison')),
                ('oriente_vers', models.CharField(blank=True, max_length=160, verbose_name='orientée vers')),
                ('date_limite', models.DateField(blank=True, null=True, verbose_name='sera fait avant le')),
                ('degre', models.CharField(blank=True, choices=[('sans_preuve', 'pas de preuve'), ('en_cours', 'mise en œuvre en cours'), ('incomplete', 'mise en œuvre incomplète'), ('totale', 'mise en œuvre totale'), ('non_mise_en_oeuvre', 'non mise en œuvre'), ('refus', 'refus de mise en œuvre'), ('sans_objet', 'sans objet')], db_default='', max_length=20, verbose_name='mise en œuvre')),
                ('constate_le', models.DateField(blank=True, null=True, verbose_name='constaté le')),
                ('adresse', models.URLField(blank=True, max_length=400, verbose_name='adresse')),
                ('nom', models.CharField(max_length=160, verbose_name='répondue par')),
                ('recue_le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='reçue le')),
                ('retenue_le', models.DateTimeField(blank=True, null=True, verbose_name='retenue le')),
                ('ecartee_le', models.DateTimeField(blank=True, null=True, verbose_name='écartée le')),
                ('raison_ecart', models.TextField(blank=True, verbose_name='raison')),
                ('direction', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='socle.direction', verbose_name='direction')),
                ('piece', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='socle.piece', verbose_name='fichier')),
                ('suite', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reponses', to='suites.suite', verbose_name='suite')),
            ],
            options={
                'verbose_name': 'réponse d’une direction',
                'verbose_name_plural': 'réponses des directions',
                'ordering': ['-recue_le', '-pk'],
                'constraints': [models.UniqueConstraint(models.F('suite'), condition=models.Q(('ecartee_le__isnull', True), ('retenue_le__isnull', True)), name='reponse_une_en_attente', violation_error_message='Une réponse est déjà en attente de publication pour cette suite.')],
            },
        ),
        migrations.CreateModel(
            name='Preuve',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('intitule', models.CharField(max_length=160, verbose_name='intitulé')),
                ('adresse', models.URLField(blank=True, max_length=400, verbose_name='adresse')),
                ('deliberation', models.CharField(blank=True, db_default='', max_length=120, verbose_name='délibération')),
                ('le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='le')),
                ('piece', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='socle.piece', verbose_name='fichier')),
                ('suite', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='preuves', to='suites.suite', verbose_name='suite')),
            ],
            options={
                'verbose_name': 'preuve',
                'ordering': ['le', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('piece__isnull', False), models.Q(('adresse', ''), _negated=True), models.Q(('deliberation', ''), _negated=True), _connector='OR'), name='preuve_fichier_ou_adresse', violation_error_message='Joignez un fichier, donnez une adresse ou le numéro d’une délibération.')],
            },
        ),
        migrations.CreateModel(
            name='ChangementSuite',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nature', models.CharField(choices=[('naissance', 'demande ou promesse'), ('promesse', 'promesse'), ('etat', 'changement d’état'), ('texte', 'correction du texte'), ('date', 'report de la date'), ('direction', 'changement de direction'), ('degre', 'mise en œuvre'), ('rectifiee', 'rectification'), ('arret', 'délai arrêté'), ('reprise', 'délai repris'), ('verdict', 'verdict de qui l’a demandé')], default='etat', max_length=12, verbose_name='nature')),
                ('etat_avant', models.CharField(blank=True, choices=[('recue', 'reçue'), ('a_l_etude', 'à l’étude'), ('suivie', 'suivie'), ('suivie_en_partie', 'suivie en partie'), ('non_suivie', 'non suivie'), ('hors_competence', 'hors de nos compétences'), ('a_l_arret', 'à l’arrêt'), ('realisee', 'réalisée'), ('abandonnee', 'abandonnée'), ('sans_objet', 'sans objet')], max_length=20, verbose_name='état avant')),
                ('etat_apres', models.CharField(choices=[('recue', 'reçue'), ('a_l_etude', 'à l’étude'), ('suivie', 'suivie'), ('suivie_en_partie', 'suivie en partie'), ('non_suivie', 'non suivie'), ('hors_competence', 'hors de nos compétences'), ('a_l_arret', 'à l’arrêt'), ('realisee', 'réalisée'), ('abandonnee', 'abandonnée'), ('sans_objet', 'sans objet')], max_length=20, verbose_name='état après')),
                ('texte_public', models.TextField(blank=True, verbose_name='texte public')),
                ('motif', models.TextField(blank=True, verbose_name='raison')),
                ('au_nom_de', models.CharField(blank=True, max_length=160, verbose_name='au nom de')),
                ('oriente_vers', models.CharField(blank=True, max_length=160, verbose_name='orientée vers')),
                ('precision', models.CharField(blank=True, max_length=200, verbose_name='précision')),
                ('degre_avant', models.CharField(blank=True, choices=[('sans_preuve', 'pas de preuve'), ('en_cours', 'mise en œuvre en cours'), ('incomplete', 'mise en œuvre incomplète'), ('totale', 'mise en œuvre totale'), ('non_mise_en_oeuvre', 'non mise en œuvre'), ('refus', 'refus de mise en œuvre'), ('sans_objet', 'sans objet')], db_default='', max_length=20, verbose_name='degré avant')),
                ('degre_apres', models.CharField(blank=True, choices=[('sans_preuve', 'pas de preuve'), ('en_cours', 'mise en œuvre en cours'), ('incomplete', 'mise en œuvre incomplète'), ('totale', 'mise en œuvre totale'), ('non_mise_en_oeuvre', 'non mise en œuvre'), ('refus', 'refus de mise en œuvre'), ('sans_objet', 'sans objet')], db_default='', max_length=20, verbose_name='degré après')),
                ('constate_le', models.DateField(blank=True, null=True, verbose_name='constaté le')),
                ('le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='le')),
                ('par', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par')),
                ('preuve', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='suites.preuve', verbose_name='source')),
                ('suite', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='historique', to='suites.suite', verbose_name='suite')),
            ],
            options={
                'verbose_name': 'changement d’une suite',
                'verbose_name_plural': 'changements des suites',
                'ordering': ['-le', '-pk'],
                'triggers': [pgtrigger.compiler.Trigger(name='changement_suite_ineffacable', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='df48cbc44bc405d4263e6b8e9311f353bb9f9b7d', operation='UPDATE OR DELETE', pgid='pgtrigger_changement_suite_ineffacable_be0fd', table='suites_changementsuite', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='SuspensionSuite',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('raison', models.CharField(choices=[('elections', 'période électorale'), ('complement', 'complément attendu'), ('contentieux', 'contentieux en cours')], max_length=12, verbose_name='raison')),
                ('precision', models.CharField(blank=True, max_length=200, verbose_name='précision')),
                ('debut', models.DateField(verbose_name='arrêté le')),
                ('fin', models.DateField(blank=True, null=True, verbose_name='court de nouveau le')),
                ('par', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par')),
                ('suite', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='suspensions', to='suites.suite', verbose_name='suite')),
            ],
            options={
                'verbose_name': 'arrêt du délai',
                'verbose_name_plural': 'arrêts du délai',
                'ordering': ['-debut', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('fin__isnull', True), ('fin__gte', models.F('debut')), _connector='OR'), name='suspension_suite_ordonnee', violation_error_message='Le délai ne peut pas courir de nouveau avant d’être arrêté.'), models.UniqueConstraint(models.F('suite'), condition=models.Q(('fin__isnull', True)), name='suspension_suite_une_ouverte', violation_error_message='Le délai de cette suite est déjà arrêté.')],
            },
        ),
        migrations.CreateModel(
            name='Verdict',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('jugement', models.CharField(blank=True, choices=[('fait', 'c’est fait'), ('en_partie', 'c’est fait en partie'), ('pas_fait', 'ce n’est pas fait'), ('sans_avis', 'je ne peux pas le dire')], max_length=10, verbose_name='verdict')),
                ('dit', models.CharField(blank=True, choices=[('fait', 'c’est fait'), ('en_partie', 'c’est fait en partie'), ('pas_fait', 'ce n’est pas fait'), ('sans_avis', 'je ne peux pas le dire')], max_length=10, verbose_name='dit par la direction')),
                ('donne_le', models.DateTimeField(blank=True, null=True, verbose_name='donné le')),
                ('est_courant', models.BooleanField(default=False, verbose_name='le dernier de cette personne')),
                ('mot', models.CharField(blank=True, max_length=600, verbose_name='mot')),
                ('mot_lu_le', models.DateTimeField(blank=True, null=True, verbose_name='mot lu le')),
                ('mot_est_publie', models.BooleanField(default=False, verbose_name='mot publié')),
                ('sollicitation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='verdicts', to='suites.sollicitation', verbose_name='sollicitation')),
                ('suite', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='verdicts', to='suites.suite', verbose_name='suite')),
            ],
            options={
                'verbose_name': 'verdict',
                'ordering': ['-donne_le', '-pk'],
                'indexes': [models.Index(models.F('suite'), condition=models.Q(('est_courant', True)), name='verdict_courant')],
                'constraints': [models.UniqueConstraint(models.F('sollicitation'), models.F('suite'), name='verdict_un_par_demande', violation_error_message='Cette personne est déjà interrogée sur cette suite.'), models.CheckConstraint(condition=models.Q(('est_courant', False), models.Q(('jugement', ''), _negated=True), _connector='OR'), name='verdict_courant_est_donne', violation_error_message='Un verdict qui compte dit quelque chose.')],
            },
        ),
        migrations.CreateModel(
            name='Abonnement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('courriel', models.EmailField(max_length=254, verbose_name='courriel')),
                ('demande_le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='demandé le')),
                ('confirme_le', models.DateTimeField(blank=True, null=True, verbose_name='confirmé le')),
                ('cle', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='clé')),
                ('arrete_le', models.DateTimeField(blank=True, null=True, verbose_name='arrêté le')),
                ('langue', models.CharField(db_default='fr', default='fr', max_length=2, verbose_name='langue')),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='abonnements', to='socle.dossier', verbose_name='dossier')),
            ],
            options={
                'verbose_name': 'abonnement',
                'ordering': ['demande_le'],
                'constraints': [models.UniqueConstraint(models.F('dossier'), django.db.models.functions.text.Lower('courriel'), name='abonnement_unique', violation_error_message='Cette adresse suit déjà ce dossier.')],
            },
        ),
    ]
