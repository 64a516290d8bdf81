"""Load the demonstration of the inter-quartier budgets, forums and votes."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from participation.budgets.demo.budgets import Quartiers
from participation.budgets.models import Budget
from participation.socle.management.scene import lettres_parties


class Command(BaseCommand):
    help = "Charge les budgets des quartiers de la démonstration (appelée par « demo »)."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if Budget.objects.exists():
            return
        with lettres_parties():
            Quartiers().vivre()
