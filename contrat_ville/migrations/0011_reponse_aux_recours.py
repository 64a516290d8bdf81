"""The answer to a recours, and what the règlement says of it: in how many months, who signs the letters."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contrat_ville", "0010_apres_la_decision")]

    operations = [
        migrations.AddField(
            model_name="programmation",
            name="delai_recours_mois",
            field=models.PositiveSmallIntegerField(
                default=2,
                help_text="Sans réponse dans ce délai, il est rejeté (CRPA, article L231-4 : à confirmer par le service juridique).",
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(12),
                ],
                verbose_name="mois pour répondre à un recours gracieux",
            ),
        ),
        migrations.AddField(
            model_name="programmation",
            name="signataire",
            field=models.CharField(
                default="Pour le comité de pilotage du Contrat de Ville",
                help_text="Au bas de chaque lettre : son nom, ou sa fonction.",
                max_length=160,
                verbose_name="qui signe les lettres de décision",
            ),
        ),
        migrations.AddField(
            model_name="recours",
            name="issue",
            field=models.CharField(
                blank=True,
                choices=[("confirmee", "décision confirmée"), ("reprise", "décision reprise")],
                max_length=10,
                verbose_name="réponse",
            ),
        ),
        migrations.AddField(
            model_name="recours",
            name="reponse",
            field=models.TextField(blank=True, max_length=4000, verbose_name="raison de la réponse"),
        ),
        migrations.AddConstraint(
            model_name="recours",
            constraint=models.CheckConstraint(
                condition=models.Q(("issue", ""), models.Q(("reponse", ""), _negated=True), _connector="OR"),
                name="recours_reponse_motivee",
                violation_error_message="Dites pourquoi.",
            ),
        ),
    ]
