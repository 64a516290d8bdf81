"""The cost of a projet leaves out what is given in kind (accounts 86)."""

from decimal import Decimal

import django.core.validators
from django.db import migrations, models
from django.db.models import OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

EN_NATURE = ["86", "860", "861", "862", "864"]


def recompter(apps, schema_editor):
    Projet = apps.get_model("contrat_ville", "Projet")
    LigneBudget = apps.get_model("contrat_ville", "LigneBudget")
    depenses = LigneBudget.objects.filter(projet=OuterRef("pk"), sens="depense").exclude(poste__in=EN_NATURE)
    sommes = depenses.order_by().values("projet").annotate(somme=Sum("montant")).values("somme")
    concernes = LigneBudget.objects.filter(sens="depense", poste__in=EN_NATURE).values("projet")
    Projet.objects.filter(pk__in=concernes).update(
        montant_total=Coalesce(Subquery(sommes), Decimal(0))
    )


class Migration(migrations.Migration):
    dependencies = [("contrat_ville", "0048_correspondances_de_dauphin")]

    operations = [
        migrations.RunPython(recompter, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="programmation",
            name="part_maximale",
            field=models.PositiveSmallIntegerField(
                default=80,
                help_text="En pour cent du coût en argent du projet, sans le bénévolat ni ce qui est prêté. À confirmer par les financeurs.",
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(100),
                ],
                verbose_name="part maximale des subventions demandées",
            ),
        ),
    ]
