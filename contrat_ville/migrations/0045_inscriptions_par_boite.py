from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contrat_ville", "0044_sceau_des_liens"),
    ]

    operations = [
        migrations.AddField(
            model_name="reglementinterquartiers",
            name="inscriptions_par_boite",
            field=models.PositiveSmallIntegerField(
                db_default=5,
                default=5,
                help_text="Une famille s’inscrit avec une seule boîte. L’accueil peut en inscrire davantage.",
                verbose_name="inscriptions à un forum par une même boîte de courriel, au plus",
            ),
        ),
    ]
