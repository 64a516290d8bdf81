import django.contrib.postgres.constraints
import django.contrib.postgres.functions
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import participation.droits.models
import pgtrigger.compiler
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    replaces = [
        ('droits', '0001_initial'),
        ('droits', '0002_comptes_inactifs'),
        ('droits', '0003_langue_des_demandes'),
        ('droits', '0004_sans_courriel'),
        ('droits', '0005_rappeler_pour_verifier'),
        ('droits', '0006_telephones'),
    ]

    dependencies = [
        ('socle', '0001_tables'),
        ('socle', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Bordereau',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sceau', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, verbose_name='sceau des liens')),
                ('etat', models.CharField(choices=[('prepare', 'préparé'), ('au_visa', 'envoyé au visa'), ('vise', 'visé'), ('elimine', 'éliminé'), ('abandonne', 'abandonné')], default='prepare', max_length=10, verbose_name='état')),
                ('cree_le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='préparé le')),
                ('visa', models.CharField(blank=True, max_length=80, verbose_name='numéro de visa')),
                ('vise_par', models.CharField(blank=True, max_length=160, verbose_name='visé par')),
                ('date_visa', models.DateField(blank=True, null=True, verbose_name='jour du visa')),
                ('eliminer_le', models.DateTimeField(blank=True, null=True, verbose_name='élimination demandée le')),
                ('certificat', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='socle.document', verbose_name='certificat')),
                ('par', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='éliminé par')),
            ],
            options={
                'verbose_name': 'bordereau d’élimination',
                'verbose_name_plural': 'bordereaux d’élimination',
                'ordering': ['-cree_le', '-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('visa', ''), _negated=True), fields=('visa',), name='droits_bordereau_visa_unique', violation_error_message='Ce numéro de visa est celui d’un autre bordereau.')],
                'triggers': [pgtrigger.compiler.Trigger(name='bordereau_garde', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='fe6c7257c509cfd2ccd6792539024ee57e6071cc', operation='DELETE', pgid='pgtrigger_bordereau_garde_917e7', table='droits_bordereau', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='DemandeDroit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sceau', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, verbose_name='sceau des liens')),
                ('demande_le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='demandé le')),
                ('confirme_le', models.DateTimeField(blank=True, null=True, verbose_name='confirmé le')),
                ('courriel', models.EmailField(blank=True, max_length=254, verbose_name='courriel')),
                ('telephone', models.CharField(blank=True, db_default='', default='', max_length=20, verbose_name='téléphone')),
                ('nom', models.CharField(blank=True, db_default='', default='', max_length=160, verbose_name='nom')),
                ('adresse', models.CharField(blank=True, db_default='', default='', max_length=300, verbose_name='adresse postale')),
                ('cle_du_papier', models.CharField(blank=True, db_default='', default='', editable=False, max_length=80, verbose_name='ligne de son papier')),
                ('boite', models.CharField(blank=True, editable=False, max_length=32, verbose_name='empreinte de qui demande')),
                ('droit', models.CharField(choices=[('copie', 'copie de ses données'), ('effacement', 'effacement de ses données')], max_length=12, verbose_name='demande')),
                ('etat', models.CharField(choices=[('a_prouver', 'à confirmer'), ('a_faire', 'en cours'), ('faite', 'faite'), ('empechee', 'empêchée'), ('prevenue', 'personne prévenue'), ('sans_suite', 'sans suite'), ('refusee', 'refusée')], default='a_prouver', max_length=10, verbose_name='état')),
                ('identite', models.CharField(choices=[('lien', 'par le lien envoyé à son adresse'), ('presence', 'au guichet, en la voyant'), ('courrier', 'par une lettre signée'), ('connue', 'nous la connaissons'), ('rappel', 'en l’appelant au numéro que nous avions déjà'), ('inactivite', 'compte où personne n’entre plus, après un courriel')], default='lien', max_length=10, verbose_name='identité vérifiée')),
                ('date_effacement', models.DateField(blank=True, null=True, verbose_name='jour dit de l’effacement')),
                ('langue', models.CharField(db_default='fr', default='fr', max_length=2, verbose_name='langue de ses lettres')),
                ('faite_le', models.DateTimeField(blank=True, null=True, verbose_name='faite le')),
                ('rapport', models.JSONField(blank=True, default=list, verbose_name='rapport')),
                ('fichier', models.FileField(blank=True, upload_to=participation.droits.models.chemin_copie, verbose_name='copie')),
            ],
            options={
                'verbose_name': 'demande d’une personne',
                'verbose_name_plural': 'demandes des personnes',
                'ordering': ['-demande_le', '-pk'],
                'indexes': [django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(models.Func(models.Func(models.F('telephone'), models.Value('٠۰١۱٢۲٣۳٤۴٥۵٦۶٧۷٨۸٩۹'), models.Value('00112233445566778899'), function='translate', output_field=models.TextField()), models.Value('[^0-9]'), models.Value(''), models.Value('g'), function='regexp_replace', output_field=models.TextField()), name='gin_trgm_ops'), condition=models.Q(('telephone', ''), _negated=True), name='demande_droit_telephone')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('etat__in', ('a_prouver', 'a_faire'))), fields=('boite', 'droit'), name='demande_droit_une_ouverte', violation_error_message='Cette demande est déjà en cours pour cette personne.')],
            },
        ),
        migrations.CreateModel(
            name='EntreeBordereau',
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
                ('bordereau', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='journal', to='droits.bordereau', verbose_name='bordereau')),
                ('par', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par')),
            ],
            options={
                'verbose_name': 'entrée du journal d’un bordereau',
                'verbose_name_plural': 'journal des bordereaux',
                'ordering': ['-le', '-pk'],
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='entree_bordereau_ineffacable', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='490a7ff7cecabc64ebed49e76f607b1ca67aac75', operation='UPDATE OR DELETE', pgid='pgtrigger_entree_bordereau_ineffacable_08f88', table='droits_entreebordereau', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='EntreeDroit',
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
                ('demande', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='journal', to='droits.demandedroit', verbose_name='demande')),
                ('par', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par')),
            ],
            options={
                'verbose_name': 'entrée du journal d’une demande',
                'verbose_name_plural': 'journal des demandes des personnes',
                'ordering': ['-le', '-pk'],
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='entree_droit_ineffacable', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='3d0380133ad768a047cfe619170d43614cc1de07', operation='UPDATE OR DELETE', pgid='pgtrigger_entree_droit_ineffacable_70705', table='droits_entreedroit', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='LigneBordereau',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nature', models.CharField(max_length=40, verbose_name='sorte')),
                ('objet', models.PositiveBigIntegerField(verbose_name='numéro du lot')),
                ('service', models.CharField(max_length=160, verbose_name='service')),
                ('genre', models.CharField(max_length=160, verbose_name='nature des documents')),
                ('intitule', models.CharField(max_length=240, verbose_name='intitulé')),
                ('date_debut', models.DateField(blank=True, null=True, verbose_name='date la plus ancienne')),
                ('date_fin', models.DateField(blank=True, null=True, verbose_name='date la plus récente')),
                ('dua', models.CharField(max_length=240, verbose_name='durée d’utilité administrative')),
                ('nombre', models.PositiveIntegerField(verbose_name='importance (lignes)')),
                ('observations', models.CharField(blank=True, max_length=400, verbose_name='observations')),
                ('avis', models.CharField(blank=True, choices=[('visa', 'visa\xa0: peut être éliminé'), ('refus', 'refus\xa0: à garder')], max_length=8, verbose_name='réponse des archives')),
                ('motif', models.CharField(blank=True, max_length=240, verbose_name='motif du refus')),
                ('eliminee_le', models.DateTimeField(blank=True, null=True, verbose_name='éliminé le')),
                ('elimines', models.PositiveIntegerField(blank=True, null=True, verbose_name='lignes éliminées')),
                ('bordereau', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lignes', to='droits.bordereau', verbose_name='bordereau')),
            ],
            options={
                'verbose_name': 'ligne d’un bordereau d’élimination',
                'verbose_name_plural': 'lignes des bordereaux d’élimination',
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('avis', 'refus'), _negated=True), models.Q(('motif', ''), _negated=True), _connector='OR'), name='ligne_bordereau_refus_dit', violation_error_message='Dites pourquoi cette ligne est refusée.'), models.CheckConstraint(condition=models.Q(('eliminee_le__isnull', True), ('avis', 'visa'), _connector='OR'), name='ligne_bordereau_rien_sans_visa', violation_error_message='Rien n’est éliminé sans le visa des archives.')],
                'triggers': [pgtrigger.compiler.Trigger(name='ligne_bordereau_gardee', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='cd85176b49d6d53a4842b356f10ca6c77e24b0ab', operation='DELETE', pgid='pgtrigger_ligne_bordereau_gardee_53e8f', table='droits_lignebordereau', when='BEFORE')), pgtrigger.compiler.Trigger(name='ligne_bordereau_repondue', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (OLD.avis <> '' AND (NEW.avis, NEW.motif, NEW.nature, NEW.objet, NEW.intitule, NEW.nombre) IS DISTINCT FROM (OLD.avis, OLD.motif, OLD.nature, OLD.objet, OLD.intitule, OLD.nombre))", func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='1703f9c983900017dc1d49787a7353b2a3e0bfd2', operation='UPDATE', pgid='pgtrigger_ligne_bordereau_repondue_4a340', table='droits_lignebordereau', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='ReglementDroits',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.CharField(max_length=40, verbose_name='version')),
                ('en_vigueur_du', models.DateField(verbose_name='en vigueur du')),
                ('en_vigueur_au', models.DateField(blank=True, null=True, verbose_name='en vigueur jusqu’au')),
                ('source', models.TextField(help_text='Délibération, article, lien : ce qui fonde ces règles.', verbose_name='source')),
                ('preuve_jours', models.PositiveSmallIntegerField(default=7, validators=[django.core.validators.MinValueValidator(1)], verbose_name='jours pour confirmer une demande')),
                ('copie_jours', models.PositiveSmallIntegerField(default=15, validators=[django.core.validators.MinValueValidator(1)], verbose_name='jours où la copie peut être téléchargée')),
                ('inactivite_mois', models.PositiveSmallIntegerField(db_default=24, default=24, validators=[django.core.validators.MinValueValidator(6)], verbose_name='mois sans entrer dans un compte, avant de l’effacer')),
                ('preavis_jours', models.PositiveSmallIntegerField(db_default=30, default=30, validators=[django.core.validators.MinValueValidator(7)], verbose_name='jours entre le courriel qui le dit et l’effacement')),
                ('courriel_archives', models.EmailField(blank=True, help_text='Qui donne son visa avant toute élimination\xa0: les archives départementales, ou celles de la collectivité.', max_length=254, verbose_name='adresse des archives')),
            ],
            options={
                'verbose_name': 'règlement des droits des personnes',
                'verbose_name_plural': 'règlements des droits des personnes',
                'ordering': ['-en_vigueur_du'],
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('en_vigueur_au__isnull', True), ('en_vigueur_au__gte', models.F('en_vigueur_du')), _connector='OR'), name='reglementdroits_dates_ordonnees', violation_error_message='La fin précède le début.'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.Func(models.F('en_vigueur_du'), models.F('en_vigueur_au'), models.Value('[]'), function='daterange'), '&&')], name='reglementdroits_une_version_par_jour', violation_error_message='Une autre version est déjà en vigueur à ces dates.')],
            },
        ),
    ]
