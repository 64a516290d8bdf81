"""A suite says how it was born: asked by a voice, or promised by the metropolis, when and by which act."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("socle", "0001_tables"), ("suites", "0001_tables")]

    operations = [
        migrations.RenameField("suite", "date_promise", "date_initiale"),
        migrations.AddField(
            model_name="suite",
            name="acte_promesse",
            field=models.CharField(
                blank=True,
                help_text="Délibération, arrêté, réponse publique : sa référence.",
                max_length=200,
                verbose_name="par quel acte",
            ),
        ),
        migrations.AddField(
            model_name="suite",
            name="demandee_par",
            field=models.CharField(blank=True, max_length=160, verbose_name="demandée par"),
        ),
        migrations.AddField(
            model_name="suite",
            name="origine",
            field=models.CharField(
                choices=[("demandee", "demandée"), ("promise", "promise")],
                default="demandee",
                max_length=10,
                verbose_name="origine",
            ),
        ),
        migrations.AddField(
            model_name="suite",
            name="promise_le",
            field=models.DateField(blank=True, null=True, verbose_name="promise le"),
        ),
        migrations.AlterField(
            model_name="changementsuite",
            name="nature",
            field=models.CharField(
                choices=[
                    ("naissance", "demande ou promesse"),
                    ("promesse", "promesse"),
                    ("etat", "changement d’état"),
                    ("texte", "correction du texte"),
                    ("date", "report de la date"),
                    ("direction", "changement de direction"),
                ],
                default="etat",
                max_length=12,
                verbose_name="nature",
            ),
        ),
        migrations.AlterField(
            model_name="reglementsuites",
            name="objectif_jours",
            field=models.PositiveSmallIntegerField(
                help_text="Date donnée à une suite ajoutée sans date, comptée du jour où elle l’est.",
                verbose_name="délai visé (jours)",
            ),
        ),
        migrations.AlterField(
            model_name="suite",
            name="date_initiale",
            field=models.DateField(editable=False, verbose_name="attendue d’abord le"),
        ),
        migrations.AddConstraint(
            model_name="suite",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("acte_promesse", ""), ("promise_le__isnull", True)),
                    models.Q(("promise_le__isnull", False), models.Q(("acte_promesse", ""), _negated=True)),
                    _connector="OR",
                ),
                name="suite_promise_par_un_acte",
                violation_error_message="Une promesse a sa date et l’acte qui la porte : dites les deux.",
            ),
        ),
        migrations.AddConstraint(
            model_name="suite",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("origine", "promise"), _negated=True),
                    ("promise_le__isnull", False),
                    _connector="OR",
                ),
                name="suite_promise_datee",
                violation_error_message="Dites quand la Métropole l’a promis.",
            ),
        ),
    ]
