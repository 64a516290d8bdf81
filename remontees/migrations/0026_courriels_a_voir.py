"""Mails that wait for an agent: what was read of them, from whom, who looked; failures of a mailbox."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("remontees", "0025_sms_des_applications"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="boite",
            name="echecs",
            field=models.PositiveSmallIntegerField(
                db_default=0,
                default=0,
                help_text="De suite : le courriel que le serveur ne rend pas est alors laissé dans la boîte, et dit.",
                verbose_name="échecs sur le prochain courriel",
            ),
        ),
        migrations.AddField(
            model_name="boite",
            name="en_panne_depuis",
            field=models.DateTimeField(blank=True, null=True, verbose_name="en panne depuis"),
        ),
        migrations.AddField(
            model_name="courrielrecu",
            name="boite",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=254, verbose_name="boîte de l’expéditeur"
            ),
        ),
        migrations.AddField(
            model_name="courrielrecu",
            name="lu",
            field=models.JSONField(blank=True, null=True, verbose_name="ce qui en a été lu"),
        ),
        migrations.AddField(
            model_name="courrielrecu",
            name="preuve",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=120, verbose_name="vérification passée"
            ),
        ),
        migrations.AddField(
            model_name="courrielrecu",
            name="vu_le",
            field=models.DateTimeField(blank=True, null=True, verbose_name="vu le"),
        ),
        migrations.AddField(
            model_name="courrielrecu",
            name="vu_par",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="vu par",
            ),
        ),
        migrations.AlterField(
            model_name="courrielrecu",
            name="sort",
            field=models.CharField(
                choices=[
                    ("a_traiter", "à traiter"),
                    ("remontee", "nouvelle remontée"),
                    ("message", "message d’une remontée"),
                    ("rebond", "lettre revenue"),
                    ("automatique", "réponse automatique"),
                    ("notre", "écrit par nous"),
                    ("trop", "trop de messages de cette adresse"),
                    ("lourd", "trop lourd"),
                    ("suspect", "en quarantaine"),
                    ("illisible", "n’a pas pu être lu"),
                ],
                default="a_traiter",
                max_length=12,
                verbose_name="ce qu’il est devenu",
            ),
        ),
        migrations.AddIndex(
            model_name="courrielrecu",
            index=models.Index(models.F("boite"), models.F("recu_le"), name="courriel_recu_boite"),
        ),
        migrations.AddIndex(
            model_name="courrielrecu",
            index=models.Index(
                models.F("recu_le"),
                condition=models.Q(
                    ("vu_le__isnull", True),
                    models.Q(
                        ("sort__in", ("illisible", "lourd", "suspect", "trop")),
                        models.Q(("essais__gte", 5), ("sort", "a_traiter")),
                        _connector="OR",
                    ),
                ),
                name="courriel_recu_a_voir",
            ),
        ),
    ]
