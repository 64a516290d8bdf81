"""Load, once each, the articles of law that the site cites. From then on an administrator corrects them."""

from typing import Any

from django.core.management.base import BaseCommand

from participation.socle.models import ReferenceLegale
from participation.socle.regles.lois import LOIS


class Command(BaseCommand):
    help = "Charge les références légales qui manquent encore."

    def handle(self, *args: Any, **options: Any) -> None:
        for cle, loi in LOIS.items():
            ReferenceLegale.objects.get_or_create(
                cle=cle, defaults={"articles": loi.articles, "texte": loi.texte}
            )
