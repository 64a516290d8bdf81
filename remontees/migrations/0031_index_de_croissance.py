from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # the indexes are made while the site serves

    dependencies = [
        ('remontees', '0030_sceau_des_liens'),
        ('socle', '0029_index_de_croissance'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='attribution',
            index=models.Index(models.F('direction'), models.F('dossier'), condition=models.Q(('etat__in', ['close', 'envoyee', 'prise', 'repondue'])), name='attribution_lues_par_direction'),
        ),
        AddIndexConcurrently(
            model_name='attribution',
            index=models.Index(models.F('date_limite'), models.F('dossier'), condition=models.Q(('etat__in', ['envoyee', 'prise'])), name='attribution_attendues_par_date'),
        ),
        AddIndexConcurrently(
            model_name='attribution',
            index=models.Index(models.F('dossier'), condition=models.Q(('etat', 'refusee')), name='attribution_refusees'),
        ),
        AddIndexConcurrently(
            model_name='remontee',
            index=models.Index(models.F('entendue_le'), models.F('commune'), condition=models.Q(('commune__isnull', False), ('est_discrimination', False)), name='remontee_voix'),
        ),
        AddIndexConcurrently(
            model_name='remontee',
            index=models.Index(models.F('entendue_le'), models.F('sujet_commun'), condition=models.Q(('sujet_commun__isnull', False)), name='remontee_groupees_par_jour'),
        ),
        AddIndexConcurrently(
            model_name='remontee',
            index=models.Index(models.F('entendue_le'), condition=models.Q(('etat__in', ['close', 'ecartee', 'orientee', 'repondue']), ('repondue_le__isnull', True), models.Q(('verbatim__in', ('(texte effacé au terme du délai de conservation)', '(texte effacé par le service avant le terme du délai de conservation)')), _negated=True)), name='remontee_ecartees_non_effacees'),
        ),
        AddIndexConcurrently(
            model_name='sujet',
            index=models.Index(models.F('etat'), models.F('dossier_ptr'), condition=models.Q(('etat__in', ['a_repondre', 'ouvert', 'transmis'])), name='sujet_en_cours'),
        ),
    ]
