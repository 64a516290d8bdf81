"""Step of a restore: hold back the letters that were waiting in the backup.

Run it before the workers start, otherwise the letters are sent a second time.
"""

from typing import Any

from django.core.management.base import BaseCommand

from participation.socle.actions.retenue import retenir_courriels
from participation.socle.francais import accorder


class Command(BaseCommand):
    help = "Après une restauration : retient les lettres qui attendaient, jusqu’à ce qu’un agent en décide."
    requires_system_checks: list[str] = []  # done by the worker when it starts

    def handle(self, *args: Any, **options: Any) -> None:
        nombre = retenir_courriels()
        self.stdout.write(f"{accorder(nombre, 'lettre retenue')}. Un agent en décide dans « Courriels ».")
