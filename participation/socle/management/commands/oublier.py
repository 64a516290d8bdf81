"""Forget a person without an account who asked for it, for example by letter.

A person with an account is forgotten when the account is closed.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from participation.socle.actions.oubli import Personne, oublier, raisons
from participation.socle.models import Compte


class Command(BaseCommand):
    help = "Efface partout une adresse de courriel et ce qui s’y rapporte : manage.py oublier personne@exemple.fr"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("adresse")

    def handle(self, *args: Any, **options: Any) -> None:
        adresse = options["adresse"].strip().lower()
        try:
            validate_email(adresse)
        except ValidationError:
            raise CommandError(f"« {adresse} » n’est pas une adresse de courriel.") from None
        if Compte.objects.filter(courriel=adresse, is_active=True).exists():
            raise CommandError(
                "Cette adresse a un compte : fermez-le d’abord, depuis l’administration des comptes. Le reste suit."
            )
        oublier(Personne(adresse))
        self.stdout.write("Adresse effacée. Restent, s’ils la contiennent :")
        for raison in raisons():
            self.stdout.write(f"- {raison}.")
