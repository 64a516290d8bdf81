import django.contrib.postgres.constraints
import django.db.models.constraints
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('seances', '0001_initial'),
        ('socle', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='convocation',
            name='document',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='convocation', to='socle.document', verbose_name='document'),
        ),
        migrations.AddField(
            model_name='convocation',
            name='par',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par'),
        ),
        migrations.AddField(
            model_name='demandesecret',
            name='convie',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='seances.convie', verbose_name='personne'),
        ),
        migrations.AddField(
            model_name='deplacement',
            name='par',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par'),
        ),
        migrations.AddField(
            model_name='deport',
            name='convie',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deports', to='seances.convie', verbose_name='personne'),
        ),
        migrations.AddField(
            model_name='desaccord',
            name='convie',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='seances.convie', verbose_name='personne'),
        ),
        migrations.AddField(
            model_name='emargement',
            name='convie',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='emargements', to='seances.convie', verbose_name='au nom de'),
        ),
        migrations.AddField(
            model_name='emargement',
            name='par',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='seances.convie', verbose_name='par'),
        ),
        migrations.AddField(
            model_name='entreeinstance',
            name='par',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par'),
        ),
        migrations.AddField(
            model_name='entreeseance',
            name='par',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par'),
        ),
        migrations.AddField(
            model_name='envoi',
            name='convie',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='envois', to='seances.convie', verbose_name='personne'),
        ),
        migrations.AddField(
            model_name='envoi',
            name='convocation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='envois', to='seances.convocation', verbose_name='convocation'),
        ),
        migrations.AddField(
            model_name='envoi',
            name='courriel',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='envoi', to='socle.courriel', verbose_name='courriel'),
        ),
        migrations.AddField(
            model_name='entreeinstance',
            name='instance',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='journal', to='seances.instance', verbose_name='instance'),
        ),
        migrations.AddField(
            model_name='demandepoint',
            name='instance',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='demandes_points', to='seances.instance', verbose_name='instance'),
        ),
        migrations.AddField(
            model_name='mandature',
            name='instance',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mandatures', to='seances.instance', verbose_name='instance'),
        ),
        migrations.AddField(
            model_name='demandepoint',
            name='mandature',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='seances.mandature', verbose_name='mandature'),
        ),
        migrations.AddField(
            model_name='college',
            name='mandature',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='colleges', to='seances.mandature', verbose_name='mandature'),
        ),
        migrations.AddField(
            model_name='membre',
            name='college',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='membres', to='seances.college', verbose_name='collège'),
        ),
        migrations.AddField(
            model_name='membre',
            name='commune',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='socle.commune', verbose_name='commune'),
        ),
        migrations.AddField(
            model_name='membre',
            name='compte',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sieges', to=settings.AUTH_USER_MODEL, verbose_name='personne'),
        ),
        migrations.AddField(
            model_name='membre',
            name='quartier',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='socle.quartier', verbose_name='quartier'),
        ),
        migrations.AddField(
            model_name='membre',
            name='remplace',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='remplacants', to='seances.membre', verbose_name='remplace'),
        ),
        migrations.AddField(
            model_name='membre',
            name='suppleant_de',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='suppleants', to='seances.membre', verbose_name='supplée'),
        ),
        migrations.AddField(
            model_name='inscription',
            name='membre',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='inscriptions', to='seances.membre', verbose_name='membre'),
        ),
        migrations.AddField(
            model_name='entreeinstance',
            name='membre',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='journal', to='seances.membre', verbose_name='membre'),
        ),
        migrations.AddField(
            model_name='demandepoint',
            name='auteur',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='seances.membre', verbose_name='auteur'),
        ),
        migrations.AddField(
            model_name='convie',
            name='membre',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='convocations', to='seances.membre', verbose_name='membre'),
        ),
        migrations.AddField(
            model_name='parole',
            name='convie',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='paroles', to='seances.convie', verbose_name='personne'),
        ),
        migrations.AddField(
            model_name='pieceseance',
            name='par',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='déposée par'),
        ),
        migrations.AddField(
            model_name='point',
            name='direction',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='socle.direction', verbose_name='direction'),
        ),
        migrations.AddField(
            model_name='pieceseance',
            name='point',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='pieces', to='seances.point', verbose_name='point'),
        ),
        migrations.AddField(
            model_name='parole',
            name='point',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='paroles', to='seances.point', verbose_name='point'),
        ),
        migrations.AddField(
            model_name='invite',
            name='point',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='invites', to='seances.point', verbose_name='entendue au point'),
        ),
        migrations.AddField(
            model_name='desaccord',
            name='point',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='desaccords', to='seances.point', verbose_name='point'),
        ),
        migrations.AddField(
            model_name='deport',
            name='point',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deports', to='seances.point', verbose_name='point'),
        ),
        migrations.AddField(
            model_name='demandesecret',
            name='point',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='demandes_secret', to='seances.point', verbose_name='point'),
        ),
        migrations.AddField(
            model_name='demandepoint',
            name='point',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='demande', to='seances.point', verbose_name='point'),
        ),
        migrations.AddField(
            model_name='pointdossier',
            name='decidee_par',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par'),
        ),
        migrations.AddField(
            model_name='pointdossier',
            name='dossier',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='liens_points', to='socle.dossier', verbose_name='dossier'),
        ),
        migrations.AddField(
            model_name='pointdossier',
            name='point',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='liens_dossiers', to='seances.point', verbose_name='point'),
        ),
        migrations.AddField(
            model_name='point',
            name='dossiers',
            field=models.ManyToManyField(related_name='points', through='seances.PointDossier', to='socle.dossier', verbose_name='dossiers'),
        ),
        migrations.AddField(
            model_name='presence',
            name='convie',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='presences', to='seances.convie', verbose_name='personne'),
        ),
        migrations.AddField(
            model_name='presence',
            name='par',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par'),
        ),
        migrations.AddField(
            model_name='prevision',
            name='direction',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='socle.direction', verbose_name='direction'),
        ),
        migrations.AddField(
            model_name='prevision',
            name='instance',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='previsions', to='seances.instance', verbose_name='instance'),
        ),
        migrations.AddField(
            model_name='prevision',
            name='point',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='prevision', to='seances.point', verbose_name='point'),
        ),
        migrations.AddField(
            model_name='deplacement',
            name='prevision',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deplacements', to='seances.prevision', verbose_name='point du programme'),
        ),
        migrations.AddField(
            model_name='procesverbal',
            name='approuve_a',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='seances.point', verbose_name='approuvé au point'),
        ),
        migrations.AddField(
            model_name='procesverbal',
            name='feuille',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='socle.document', verbose_name='feuille de présence'),
        ),
        migrations.AddField(
            model_name='profil',
            name='compte',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='profil', to=settings.AUTH_USER_MODEL, verbose_name='personne'),
        ),
        migrations.AddField(
            model_name='recurrence',
            name='direction',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='socle.direction', verbose_name='direction'),
        ),
        migrations.AddField(
            model_name='recurrence',
            name='instance',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recurrences', to='seances.instance', verbose_name='instance'),
        ),
        migrations.AddField(
            model_name='prevision',
            name='recurrence',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='previsions', to='seances.recurrence', verbose_name='récurrence'),
        ),
        migrations.AddField(
            model_name='reglementinstance',
            name='instance',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reglements', to='seances.instance', verbose_name='instance'),
        ),
        migrations.AddField(
            model_name='remarquepv',
            name='membre',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='seances.membre', verbose_name='membre'),
        ),
        migrations.AddField(
            model_name='remarquepv',
            name='proces_verbal',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='remarques', to='seances.procesverbal', verbose_name='procès-verbal'),
        ),
        migrations.AddField(
            model_name='seance',
            name='instance',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seances', to='seances.instance', verbose_name='instance'),
        ),
        migrations.AddField(
            model_name='seance',
            name='mandature',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seances', to='seances.mandature', verbose_name='mandature'),
        ),
        migrations.AddField(
            model_name='seance',
            name='participants',
            field=models.ManyToManyField(blank=True, help_text='D’un bureau ou d’un groupe de travail ; personne : tous les membres.', related_name='+', to='seances.membre'),
        ),
        migrations.AddField(
            model_name='seance',
            name='point_courant',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='seances.point', verbose_name='point en cours'),
        ),
        migrations.AddField(
            model_name='seance',
            name='premiere',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='seconde', to='seances.seance', verbose_name='séance reportée faute de quorum'),
        ),
        migrations.AddField(
            model_name='seance',
            name='presidee_par',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='seances.membre', verbose_name='présidée par'),
        ),
        migrations.AddField(
            model_name='seance',
            name='reglement',
            field=models.ForeignKey(help_text='La version en vigueur quand la séance a été programmée : elle ne change plus.', on_delete=django.db.models.deletion.PROTECT, related_name='seances', to='seances.reglementinstance', verbose_name='règlement'),
        ),
        migrations.AddField(
            model_name='procesverbal',
            name='seance',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='proces_verbal', to='seances.seance', verbose_name='séance'),
        ),
        migrations.AddField(
            model_name='presence',
            name='seance',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='presences', to='seances.seance', verbose_name='séance'),
        ),
        migrations.AddField(
            model_name='point',
            name='pv_de',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='approbations', to='seances.seance', verbose_name='procès-verbal à approuver'),
        ),
        migrations.AddField(
            model_name='point',
            name='seance',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='points', to='seances.seance', verbose_name='séance'),
        ),
        migrations.AddField(
            model_name='pieceseance',
            name='seance',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pieces', to='seances.seance', verbose_name='séance'),
        ),
        migrations.AddField(
            model_name='parole',
            name='seance',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='paroles', to='seances.seance', verbose_name='séance'),
        ),
        migrations.AddField(
            model_name='invite',
            name='seance',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invites', to='seances.seance', verbose_name='séance'),
        ),
        migrations.AddField(
            model_name='inscription',
            name='seance',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='inscriptions', to='seances.seance', verbose_name='visite ou formation'),
        ),
        migrations.AddField(
            model_name='entreeseance',
            name='seance',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='journal', to='seances.seance', verbose_name='séance'),
        ),
        migrations.AddField(
            model_name='convocation',
            name='seance',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='convocations', to='seances.seance', verbose_name='séance'),
        ),
        migrations.AddField(
            model_name='convie',
            name='seance',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='convies', to='seances.seance', verbose_name='séance'),
        ),
        migrations.AddField(
            model_name='soutien',
            name='demande',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='soutiens', to='seances.demandepoint', verbose_name='demande'),
        ),
        migrations.AddField(
            model_name='soutien',
            name='membre',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='seances.membre', verbose_name='membre'),
        ),
        migrations.AddField(
            model_name='versionpv',
            name='document',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='version_pv', to='socle.document', verbose_name='document'),
        ),
        migrations.AddField(
            model_name='versionpv',
            name='document_public',
            field=models.OneToOneField(blank=True, help_text='Sans les points à huis clos ; vide quand il n’y en a pas.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='version_pv_publique', to='socle.document', verbose_name='document publié'),
        ),
        migrations.AddField(
            model_name='versionpv',
            name='par',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par'),
        ),
        migrations.AddField(
            model_name='versionpv',
            name='proces_verbal',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='seances.procesverbal', verbose_name='procès-verbal'),
        ),
        migrations.AddField(
            model_name='voixcollege',
            name='college',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='seances.college', verbose_name='collège'),
        ),
        migrations.AddField(
            model_name='vote',
            name='par',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='ouvert par'),
        ),
        migrations.AddField(
            model_name='vote',
            name='point',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='votes', to='seances.point', verbose_name='point'),
        ),
        migrations.AddField(
            model_name='voixcollege',
            name='vote',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='voix', to='seances.vote', verbose_name='vote'),
        ),
        migrations.AddField(
            model_name='pointdossier',
            name='vote',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='seances.vote', verbose_name='vote'),
        ),
        migrations.AddField(
            model_name='emargement',
            name='vote',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='emargements', to='seances.vote', verbose_name='vote'),
        ),
        migrations.AddField(
            model_name='comptepapier',
            name='vote',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='comptes_papier', to='seances.vote', verbose_name='vote'),
        ),
        migrations.AddField(
            model_name='bulletin',
            name='vote',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bulletins', to='seances.vote', verbose_name='vote'),
        ),
        migrations.AddConstraint(
            model_name='envoi',
            constraint=models.UniqueConstraint(models.F('convocation'), models.F('convie'), name='envoi_unique', violation_error_message='Cette personne a déjà reçu cet envoi.'),
        ),
        migrations.AddConstraint(
            model_name='mandature',
            constraint=models.CheckConstraint(condition=models.Q(('fin__isnull', True), ('fin__gte', models.F('debut')), _connector='OR'), name='mandature_dates_ordonnees', violation_error_message='La fin précède le début.'),
        ),
        migrations.AddConstraint(
            model_name='mandature',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('instance', '='), (models.Func(models.F('debut'), models.F('fin'), models.Value('[]'), function='daterange'), '&&')], name='mandature_une_par_jour', violation_error_message='Une autre mandature couvre déjà une partie de ces dates.'),
        ),
        migrations.AddConstraint(
            model_name='college',
            constraint=models.UniqueConstraint(models.F('mandature'), models.F('nom'), name='college_nom_unique', violation_error_message='Ce collège existe déjà.'),
        ),
        migrations.AddConstraint(
            model_name='membre',
            constraint=models.CheckConstraint(condition=models.Q(('au__isnull', True), ('au__gte', models.F('du')), _connector='OR'), name='membre_dates_ordonnees', violation_error_message='La fin précède le début.'),
        ),
        migrations.AddConstraint(
            model_name='membre',
            constraint=models.CheckConstraint(condition=models.Q(('rang', 'suppleant'), ('suppleant_de__isnull', True), _connector='OR'), name='membre_seul_un_suppleant_supplee', violation_error_message='Seul un suppléant supplée quelqu’un.'),
        ),
        migrations.AddConstraint(
            model_name='membre',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('college', '='), ('compte', '='), (models.Func(models.F('du'), models.F('au'), models.Value('[]'), function='daterange'), '&&')], name='membre_une_fois_par_jour', violation_error_message='Cette personne siège déjà dans ce collège à ces dates.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='entreeinstance',
            trigger=pgtrigger.compiler.Trigger(name='entree_instance_ineffacable', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='239acb4fc670f2d586458a3f4428f20e055d041d', operation='UPDATE OR DELETE', pgid='pgtrigger_entree_instance_ineffacable_19359', table='seances_entreeinstance', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='desaccord',
            constraint=models.UniqueConstraint(models.F('point'), models.F('convie'), name='desaccord_unique', violation_error_message='Cette personne a déjà noté son désaccord sur ce point.'),
        ),
        migrations.AddConstraint(
            model_name='deport',
            constraint=models.UniqueConstraint(models.F('point'), models.F('convie'), name='deport_seance_unique', violation_error_message='Ce déport est déjà noté.'),
        ),
        migrations.AddConstraint(
            model_name='demandesecret',
            constraint=models.UniqueConstraint(models.F('point'), models.F('convie'), name='demande_secret_unique', violation_error_message='Cette personne a déjà demandé le secret sur ce point.'),
        ),
        migrations.AddConstraint(
            model_name='recurrence',
            constraint=models.UniqueConstraint(models.F('instance'), models.F('titre'), name='recurrence_unique', violation_error_message='Cette instance a déjà un point récurrent de ce titre.'),
        ),
        migrations.AddConstraint(
            model_name='recurrence',
            constraint=models.CheckConstraint(condition=models.Q(('mois__gte', 1), ('mois__lte', 12)), name='recurrence_mois_de_l_annee', violation_error_message='Le mois va de 1 à 12.'),
        ),
        migrations.AddConstraint(
            model_name='prevision',
            constraint=models.UniqueConstraint(models.F('recurrence'), models.F('annee'), name='prevision_une_par_annee', violation_error_message='Ce point est déjà prévu cette année.'),
        ),
        migrations.AddConstraint(
            model_name='reglementinstance',
            constraint=models.CheckConstraint(condition=models.Q(('en_vigueur_au__isnull', True), ('en_vigueur_au__gte', models.F('en_vigueur_du')), _connector='OR'), name='reglementinstance_dates_ordonnees', violation_error_message='La fin précède le début.'),
        ),
        migrations.AddConstraint(
            model_name='reglementinstance',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('instance', '='), (models.Func(models.F('en_vigueur_du'), models.F('en_vigueur_au'), models.Value('[]'), function='daterange'), '&&')], name='reglementinstance_une_version_par_jour', violation_error_message='Une autre version est déjà en vigueur à ces dates.'),
        ),
        migrations.AddIndex(
            model_name='seance',
            index=models.Index(fields=['instance', 'debut'], name='seance_instance_debut'),
        ),
        migrations.AddConstraint(
            model_name='seance',
            constraint=models.CheckConstraint(condition=models.Q(('fin__gt', models.F('debut'))), name='seance_finit_apres_le_debut', violation_error_message='La fin de la séance précède son début.'),
        ),
        migrations.AddConstraint(
            model_name='seance',
            constraint=models.CheckConstraint(condition=models.Q(('tenue', 'distance'), models.Q(('lieu', ''), _negated=True), _connector='OR'), name='seance_a_un_lieu', violation_error_message='Dites où la séance se tient.'),
        ),
        migrations.AddConstraint(
            model_name='procesverbal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('etat', 'approuve'), _negated=True), ('approuve_le__isnull', False), _connector='OR'), name='pv_approuve_a_sa_date', violation_error_message='Un procès-verbal approuvé porte le jour de son approbation.'),
        ),
        migrations.AddConstraint(
            model_name='presence',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('convie', '='), (models.Func(models.F('arrivee'), models.F('depart'), models.Value('[)'), function='tstzrange'), '&&')], name='presence_sans_recouvrement', violation_error_message='Cette personne est déjà notée présente à ce moment.'),
        ),
        migrations.AddConstraint(
            model_name='presence',
            constraint=models.CheckConstraint(condition=models.Q(('depart__isnull', True), ('depart__gte', models.F('arrivee')), _connector='OR'), name='presence_part_apres_son_arrivee', violation_error_message='Le départ précède l’arrivée.'),
        ),
        migrations.AddConstraint(
            model_name='point',
            constraint=models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], fields=('seance', 'ordre'), name='point_ordre_unique', violation_error_message='Un autre point vient de prendre cette place : recommencez.'),
        ),
        migrations.AddConstraint(
            model_name='point',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('nature', 'approbation'), _negated=True), ('pv_de__isnull', False), _connector='OR'), name='point_dit_quel_pv', violation_error_message='Dites quel procès-verbal est à approuver.'),
        ),
        migrations.AddConstraint(
            model_name='parole',
            constraint=models.UniqueConstraint(models.F('convie'), condition=models.Q(('fin__isnull', True), ('retiree_le__isnull', True)), name='parole_une_demande_a_la_fois', violation_error_message='Votre demande de parole est déjà notée.'),
        ),
        migrations.AddConstraint(
            model_name='parole',
            constraint=models.UniqueConstraint(models.F('seance'), condition=models.Q(('debut__isnull', False), ('fin__isnull', True)), name='parole_une_personne_parle', violation_error_message='Quelqu’un a déjà la parole.'),
        ),
        migrations.AddConstraint(
            model_name='inscription',
            constraint=models.UniqueConstraint(models.F('seance'), models.F('membre'), name='inscription_unique', violation_error_message='Vous êtes déjà inscrit.'),
        ),
        migrations.AddConstraint(
            model_name='inscription',
            constraint=models.CheckConstraint(condition=models.Q(('note__isnull', True), models.Q(('note__gte', 1), ('note__lte', 5)), _connector='OR'), name='inscription_note_sur_5', violation_error_message='La note va de 1 à 5.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='entreeseance',
            trigger=pgtrigger.compiler.Trigger(name='entree_seance_ineffacable', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='9da7679078c22762aa091adba340e96565756de4', operation='UPDATE OR DELETE', pgid='pgtrigger_entree_seance_ineffacable_4dee7', table='seances_entreeseance', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='convie',
            constraint=models.UniqueConstraint(models.F('seance'), models.F('membre'), name='convie_unique', violation_error_message='Cette personne est déjà convoquée.'),
        ),
        migrations.AddConstraint(
            model_name='convie',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('pouvoir_a__isnull', False), ('reponse', 'pouvoir')), models.Q(models.Q(('reponse', 'pouvoir'), _negated=True), ('pouvoir_a__isnull', True)), _connector='OR'), name='convie_pouvoir_nomme', violation_error_message='Dites à qui le pouvoir est donné.'),
        ),
        migrations.AddConstraint(
            model_name='convie',
            constraint=models.CheckConstraint(condition=models.Q(('pouvoir_a__isnull', True), models.Q(('pouvoir_a', models.F('id')), _negated=True), _connector='OR'), name='convie_pouvoir_a_un_autre', violation_error_message='Un pouvoir se donne à une autre personne.'),
        ),
        migrations.AddConstraint(
            model_name='soutien',
            constraint=models.UniqueConstraint(models.F('demande'), models.F('membre'), name='soutien_unique', violation_error_message='Vous soutenez déjà cette demande.'),
        ),
        migrations.AddConstraint(
            model_name='versionpv',
            constraint=models.UniqueConstraint(models.F('proces_verbal'), models.F('numero'), name='version_pv_unique', violation_error_message='Une autre version de ce procès-verbal vient de prendre ce numéro : recommencez.'),
        ),
        migrations.AddConstraint(
            model_name='vote',
            constraint=models.UniqueConstraint(models.F('point'), condition=models.Q(('etat', 'ouvert')), name='vote_un_seul_ouvert_par_point', violation_error_message='Un vote est déjà ouvert sur ce point.'),
        ),
        migrations.AddConstraint(
            model_name='vote',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('etat', 'clos'), _negated=True), models.Q(models.Q(('resultat', ''), _negated=True), ('clos_le__isnull', False)), _connector='OR'), name='vote_clos_a_son_resultat', violation_error_message='Un vote clos a son résultat.'),
        ),
        migrations.AddConstraint(
            model_name='voixcollege',
            constraint=models.UniqueConstraint(fields=('vote', 'college'), name='voix_une_ligne_par_college', nulls_distinct=False, violation_error_message='Les voix de ce collège sont déjà comptées.'),
        ),
        migrations.AddConstraint(
            model_name='pointdossier',
            constraint=models.UniqueConstraint(models.F('point'), models.F('dossier'), name='point_dossier_unique', violation_error_message='Ce dossier est déjà à ce point.'),
        ),
        migrations.AddConstraint(
            model_name='emargement',
            constraint=models.UniqueConstraint(models.F('vote'), models.F('convie'), name='emargement_unique', violation_error_message='Cette voix est déjà donnée.'),
        ),
        migrations.AddConstraint(
            model_name='comptepapier',
            constraint=models.UniqueConstraint(models.F('vote'), models.F('convie'), name='compte_papier_unique', violation_error_message='Cette personne a déjà compté ce vote.'),
        ),
        migrations.AddConstraint(
            model_name='bulletin',
            constraint=models.UniqueConstraint(models.F('vote'), models.F('convie'), name='bulletin_unique', violation_error_message='Cette voix est déjà donnée.'),
        ),
    ]
