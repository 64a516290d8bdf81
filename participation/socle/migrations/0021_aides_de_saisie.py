from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("socle", "0020_courriers")]

    operations = [
        migrations.AlterField(
            model_name="commune",
            name="courriel",
            field=models.EmailField(
                blank=True,
                help_text="Où arrivent les demandes d’avis. Vide : aucune ne peut lui être envoyée.",
                max_length=254,
                verbose_name="courriel de la mairie",
            ),
        ),
        migrations.AlterField(
            model_name="reglageservice",
            name="voies_de_recours",
            field=models.TextField(
                blank=True,
                help_text="Repris dans les lettres de décision, l’accusé de dépôt d’une pétition et la réception d’un recours. Vide : ces lettres n’en disent rien.",
                verbose_name="voies et délais de recours",
            ),
        ),
    ]
