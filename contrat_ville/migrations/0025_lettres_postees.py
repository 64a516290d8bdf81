"""What is told on paper: the letter of a decision, the answer to a recours, and the day each was posted."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contrat_ville", "0024_pieces_connues_reservees"), ("socle", "0014_index_des_dossiers")]

    operations = [
        migrations.AddField(
            model_name="lettredecision",
            name="date_postee",
            field=models.DateField(blank=True, null=True, verbose_name="postée le"),
        ),
        migrations.AddField(
            model_name="recours",
            name="document",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="socle.document",
                verbose_name="réponse à poster",
            ),
        ),
        migrations.AddField(
            model_name="recours",
            name="date_postee",
            field=models.DateField(blank=True, null=True, verbose_name="réponse postée le"),
        ),
        migrations.AddConstraint(
            model_name="recours",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("date_postee__isnull", True), ("document__isnull", False), _connector="OR"
                ),
                name="recours_reponse_imprimee",
                violation_error_message="Cette réponse n’est pas à poster.",
            ),
        ),
    ]
