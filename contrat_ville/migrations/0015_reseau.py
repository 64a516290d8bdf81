"""The network of the projets: who is in it, who is in touch with whom. The old consent gave an address away: it is asked again."""

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contrat_ville", "0014_indicateurs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveField(model_name="porteur", name="accepte_contact"),
        migrations.AddField(
            model_name="programmation",
            name="envois_reseau_par_jour",
            field=models.PositiveSmallIntegerField(
                default=5,
                help_text="Contacts proposés et messages écrits.",
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(50),
                ],
                verbose_name="envois par jour d’une équipe aux autres projets du réseau",
            ),
        ),
        migrations.CreateModel(
            name="AdhesionReseau",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "publics",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("enfants", "enfants"),
                                ("jeunes", "jeunes"),
                                ("familles", "familles"),
                                ("femmes", "femmes"),
                                ("aines", "personnes âgées"),
                                ("emploi", "personnes qui cherchent un emploi"),
                                ("arrivants", "personnes qui apprennent le français"),
                                ("handicap", "personnes en situation de handicap"),
                            ],
                            max_length=10,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="publics",
                    ),
                ),
                (
                    "methodes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("ateliers", "ateliers réguliers"),
                                ("scene", "théâtre, musique, récits"),
                                ("chantier", "chantier, jardin, réparation"),
                                ("marche", "marches, enquêtes, cartes"),
                                ("dehors", "rencontres dehors, porte à porte"),
                                ("fete", "fêtes et repas"),
                                ("sport", "sport et jeux"),
                                ("media", "journal, radio, vidéo"),
                            ],
                            max_length=10,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="méthodes",
                    ),
                ),
                (
                    "mot",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="ce que nous partageons ou cherchons"
                    ),
                ),
                (
                    "depuis_le",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="dans le réseau depuis le"
                    ),
                ),
                (
                    "par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="accord donné par",
                    ),
                ),
                (
                    "projet",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="adhesion",
                        to="contrat_ville.projet",
                        verbose_name="projet",
                    ),
                ),
            ],
            options={
                "verbose_name": "entrée d’un projet dans le réseau",
                "verbose_name_plural": "projets du réseau",
                "ordering": ["depuis_le", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Voisin",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("propose", "contact proposé"),
                            ("recu", "contact demandé"),
                            ("lie", "en contact"),
                            ("decline", "sans suite"),
                            ("rompu", "contact terminé"),
                        ],
                        max_length=8,
                        verbose_name="état",
                    ),
                ),
                ("raisons", models.CharField(blank=True, max_length=400, verbose_name="pourquoi")),
                (
                    "depuis_le",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="depuis le"),
                ),
                (
                    "autre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="voisin_de",
                        to="contrat_ville.projet",
                        verbose_name="autre",
                    ),
                ),
                (
                    "projet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="voisins",
                        to="contrat_ville.projet",
                        verbose_name="projet",
                    ),
                ),
            ],
            options={
                "verbose_name": "projet voisin",
                "verbose_name_plural": "projets voisins",
                "ordering": ["-depuis_le", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="MessageReseau",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("texte", models.TextField(max_length=4000, verbose_name="message")),
                (
                    "ecrit_le",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="écrit le"),
                ),
                (
                    "par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="écrit par",
                    ),
                ),
                (
                    "voisin",
                    models.ForeignKey(
                        help_text="La ligne de l’équipe qui écrit.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="contrat_ville.voisin",
                        verbose_name="voisin",
                    ),
                ),
            ],
            options={
                "verbose_name": "message du réseau",
                "verbose_name_plural": "messages du réseau",
                "ordering": ["ecrit_le", "pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="voisin",
            constraint=models.UniqueConstraint(
                fields=("projet", "autre"),
                name="voisin_unique",
                violation_error_message="Ces deux projets sont déjà en contact.",
            ),
        ),
        migrations.AddConstraint(
            model_name="voisin",
            constraint=models.CheckConstraint(
                condition=models.Q(("projet", models.F("autre")), _negated=True),
                name="voisin_autre",
                violation_error_message="Un projet n’est pas son propre voisin.",
            ),
        ),
    ]
