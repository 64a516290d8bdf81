"""Load the translations that come with the site for the labels of its tables; never over what an agent wrote."""

from typing import Any

from django.core.management.base import BaseCommand

from participation.socle.actions.traductions import livrer_libelles
from participation.socle.langues import AUTRES
from participation.socle.lectures.langues import libelles_livres


class Command(BaseCommand):
    help = "Charge les traductions des libellés que personne n’a encore traduits ici."

    def handle(self, *args: Any, **options: Any) -> None:
        for code in AUTRES:
            livrer_libelles(code, libelles_livres(code))
