"""The articles of law that the site cites, each written once."""

from typing import Any

from django.db import models

from participation.socle.collectivite import oublier_la_collectivite
from participation.socle.regles.lois import LOIS, citer


class ReferenceLegale(models.Model):
    """`{% ici "loi_<cle>" %}` in a template, `{loi_<cle>}` in a text said by `ici`."""

    cle = models.CharField(
        "citée pour",
        max_length=20,
        primary_key=True,
        choices=[(cle, loi.quoi) for cle, loi in LOIS.items()],
        editable=False,
    )
    articles = models.CharField("articles", max_length=80, help_text="« L114-2 », « L112-3 et R112-5 ».")
    texte = models.CharField(
        "texte", max_length=160, help_text="Avec son article : « le code du patrimoine », « la loi n° … »."
    )

    class Meta:
        verbose_name = "référence légale"
        verbose_name_plural = "références légales"
        ordering = ["cle"]

    def __str__(self) -> str:
        return citer(self.articles, self.texte)

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        oublier_la_collectivite()

    @classmethod
    def dites(cls) -> tuple[tuple[str, str], ...]:
        return tuple((reference.cle, str(reference)) for reference in cls.objects.all())
