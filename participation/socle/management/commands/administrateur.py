"""Make the first administrator of a site, who then invites the others from the reference tables."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.urls import reverse

from participation.socle.actions.comptes import ouvrir_compte


class Command(BaseCommand):
    help = "Fait d’une adresse un compte d’administration : manage.py administrateur prenom.nom@exemple.fr"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("adresse")

    def handle(self, *args: Any, **options: Any) -> None:
        adresse = options["adresse"].strip().lower()
        try:
            validate_email(adresse)
        except ValidationError:
            raise CommandError(f"« {adresse} » n’est pas une adresse de courriel.") from None
        compte = ouvrir_compte(adresse, est_prouve=False)
        if not compte.is_active:
            raise CommandError("Le compte de cette adresse est fermé.")
        compte.is_staff = compte.is_superuser = True
        compte.save(update_fields=["is_staff", "is_superuser"])
        self.stdout.write(f"{adresse} administre maintenant le site.")
        self.stdout.write(
            f"Connectez-vous avec cette adresse : {settings.SITE_URL}{reverse('account_login')} (un code y arrive, sans mot de passe)."
        )
        self.stdout.write(
            f"Puis suivez la mise en place : {settings.SITE_URL}{reverse('socle:mise_en_place')}"
        )
