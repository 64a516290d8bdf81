import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('renouvellement', '0001_initial'),
        ('seances', '0001_initial'),
        ('socle', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='bordereau',
            name='par',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='validé par'),
        ),
        migrations.AddField(
            model_name='campagne',
            name='comite',
            field=models.ForeignKey(blank=True, help_text='L’instance qui se réunit pour la sélection, si elle existe ici.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='seances.instance', verbose_name='comité de sélection'),
        ),
        migrations.AddField(
            model_name='campagne',
            name='instance',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='seances.instance', verbose_name='instance'),
        ),
        migrations.AddField(
            model_name='campagne',
            name='mandature',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='campagne', to='seances.mandature', verbose_name='mandature'),
        ),
        migrations.AddField(
            model_name='bordereau',
            name='campagne',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bordereaux', to='renouvellement.campagne', verbose_name='campagne'),
        ),
        migrations.AddField(
            model_name='candidature',
            name='bordereau',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='candidatures', to='renouvellement.bordereau', verbose_name='bordereau'),
        ),
        migrations.AddField(
            model_name='candidature',
            name='campagne',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='candidatures', to='renouvellement.campagne', verbose_name='campagne'),
        ),
        migrations.AddField(
            model_name='candidature',
            name='commune',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='socle.commune', verbose_name='commune'),
        ),
        migrations.AddField(
            model_name='candidature',
            name='membre',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='candidature', to='seances.membre', verbose_name='membre'),
        ),
        migrations.AddField(
            model_name='candidature',
            name='quartier',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='socle.quartier', verbose_name='quartier prioritaire'),
        ),
        migrations.AddField(
            model_name='candidature',
            name='saisie_par',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='saisie par'),
        ),
        migrations.AddField(
            model_name='collegecampagne',
            name='campagne',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='colleges', to='renouvellement.campagne', verbose_name='campagne'),
        ),
        migrations.AddField(
            model_name='collegecampagne',
            name='college',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='seances.college', verbose_name='collège créé'),
        ),
        migrations.AddField(
            model_name='candidature',
            name='college',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='candidatures', to='renouvellement.collegecampagne', verbose_name='collège'),
        ),
        migrations.AddField(
            model_name='criterecampagne',
            name='campagne',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='criteres', to='renouvellement.campagne', verbose_name='campagne'),
        ),
        migrations.AddField(
            model_name='entreecampagne',
            name='campagne',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='journal', to='renouvellement.campagne', verbose_name='campagne'),
        ),
        migrations.AddField(
            model_name='entreecampagne',
            name='candidature',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='journal', to='renouvellement.candidature', verbose_name='candidature'),
        ),
        migrations.AddField(
            model_name='entreecampagne',
            name='par',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par'),
        ),
        migrations.AddField(
            model_name='etapeinstallation',
            name='campagne',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='etapes', to='renouvellement.campagne', verbose_name='campagne'),
        ),
        migrations.AddField(
            model_name='etapeinstallation',
            name='faite_par',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='faite par'),
        ),
        migrations.AddField(
            model_name='lecture',
            name='candidature',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lectures', to='renouvellement.candidature', verbose_name='candidature'),
        ),
        migrations.AddField(
            model_name='note',
            name='critere',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='renouvellement.criterecampagne', verbose_name='critère'),
        ),
        migrations.AddField(
            model_name='note',
            name='lecture',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='renouvellement.lecture', verbose_name='lecture'),
        ),
        migrations.AddField(
            model_name='partreference',
            name='campagne',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='renouvellement.campagne', verbose_name='campagne'),
        ),
        migrations.AddField(
            model_name='questioncampagne',
            name='campagne',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='questions', to='renouvellement.campagne', verbose_name='campagne'),
        ),
        migrations.AddField(
            model_name='relecteur',
            name='campagne',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='relecteurs', to='renouvellement.campagne', verbose_name='campagne'),
        ),
        migrations.AddField(
            model_name='relecteur',
            name='compte',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='personne'),
        ),
        migrations.AddField(
            model_name='lecture',
            name='relecteur',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lectures', to='renouvellement.relecteur', verbose_name='relecteur'),
        ),
        migrations.AddConstraint(
            model_name='campagne',
            constraint=models.CheckConstraint(condition=models.Q(('cloture__gte', models.F('ouverture'))), name='campagne_dates_ordonnees', violation_error_message='Le dernier jour de l’appel précède son ouverture.'),
        ),
        migrations.AddConstraint(
            model_name='campagne',
            constraint=models.CheckConstraint(condition=models.Q(('mandature_fin__isnull', True), ('mandature_fin__gte', models.F('mandature_debut')), _connector='OR'), name='campagne_mandature_ordonnee', violation_error_message='La fin de la mandature précède son début.'),
        ),
        migrations.AddConstraint(
            model_name='campagne',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('etat__in', ['arretee', 'installee']), _negated=True), ('arretee_le__isnull', False), _connector='OR'), name='campagne_arretee_datee', violation_error_message='Une liste arrêtée porte sa date.'),
        ),
        migrations.AddConstraint(
            model_name='bordereau',
            constraint=models.UniqueConstraint(models.F('campagne'), models.F('visa'), name='bordereau_visa_unique', violation_error_message='Ce numéro de visa a déjà servi pour cette campagne.'),
        ),
        migrations.AddConstraint(
            model_name='collegecampagne',
            constraint=models.UniqueConstraint(models.F('campagne'), models.F('nom'), name='college_campagne_nom_unique', violation_error_message='Ce collège existe déjà.'),
        ),
        migrations.AddConstraint(
            model_name='collegecampagne',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('nature', 'elus'), _negated=True), ('mode', 'selection'), _connector='OR'), name='college_campagne_elus_designes', violation_error_message='Les élus sont désignés par le conseil, pas tirés au sort.'),
        ),
        migrations.AddIndex(
            model_name='candidature',
            index=models.Index(models.F('college'), models.F('eligibilite'), models.F('choix'), name='candidature_par_choix'),
        ),
        migrations.AddIndex(
            model_name='candidature',
            index=models.Index(models.F('campagne'), models.F('courriel_canonique'), name='candidature_par_boite'),
        ),
        migrations.AddConstraint(
            model_name='candidature',
            constraint=models.UniqueConstraint(models.F('campagne'), models.F('courriel_canonique'), condition=models.Q(('etat', 'deposee'), models.Q(('courriel_canonique', ''), _negated=True)), name='candidature_une_par_personne', violation_error_message='Une candidature est déjà déposée avec cette adresse.'),
        ),
        migrations.AddConstraint(
            model_name='candidature',
            constraint=models.UniqueConstraint(models.F('campagne'), models.F('numero'), condition=models.Q(('numero__isnull', False)), name='candidature_numero_unique', violation_error_message='Une autre candidature vient de prendre ce numéro : recommencez.'),
        ),
        migrations.AddConstraint(
            model_name='candidature',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('etat', 'deposee'), _negated=True), models.Q(('deposee_le__isnull', False), ('numero__isnull', False)), _connector='OR'), name='candidature_deposee_numerotee', violation_error_message='Une candidature déposée a un numéro et une date.'),
        ),
        migrations.AddConstraint(
            model_name='candidature',
            constraint=models.CheckConstraint(condition=models.Q(('rang_attente__isnull', True), ('choix', 'attente'), _connector='OR'), name='candidature_rang_si_attente', violation_error_message='Seule une candidature en liste d’attente a un rang.'),
        ),
        migrations.AddConstraint(
            model_name='candidature',
            constraint=models.CheckConstraint(condition=models.Q(('choix', ''), ('eligibilite', 'eligible'), _connector='OR'), name='candidature_choisie_si_eligible', violation_error_message='Seule une candidature recevable peut être retenue.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='entreecampagne',
            trigger=pgtrigger.compiler.Trigger(name='entree_campagne_ineffacable', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='7f25aab2b5c645a5da457dda97753e510d2475e0', operation='UPDATE OR DELETE', pgid='pgtrigger_entree_campagne_ineffacable_fe57f', table='renouvellement_entreecampagne', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='note',
            constraint=models.UniqueConstraint(models.F('lecture'), models.F('critere'), name='note_unique', violation_error_message='Ce critère est déjà noté.'),
        ),
        migrations.AddConstraint(
            model_name='partreference',
            constraint=models.UniqueConstraint(models.F('campagne'), models.F('dimension'), models.F('valeur'), name='part_reference_unique', violation_error_message='Cette part est déjà donnée.'),
        ),
        migrations.AddConstraint(
            model_name='relecteur',
            constraint=models.UniqueConstraint(models.F('campagne'), models.F('compte'), name='relecteur_unique', violation_error_message='Cette personne est déjà au comité.'),
        ),
        migrations.AddConstraint(
            model_name='lecture',
            constraint=models.UniqueConstraint(models.F('candidature'), models.F('relecteur'), name='lecture_unique', violation_error_message='Cette personne lit déjà cette candidature.'),
        ),
        migrations.AddConstraint(
            model_name='lecture',
            constraint=models.CheckConstraint(condition=models.Q(('deportee_le__isnull', True), ('moyenne__isnull', True), _connector='OR'), name='lecture_deportee_sans_note', violation_error_message='Une personne déportée ne note pas.'),
        ),
    ]
