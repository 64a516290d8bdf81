"""Step of a restore: run it once the backup is restored, before anything starts."""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from participation.socle.actions.restauration import apres_restauration
from participation.socle.francais import accorder, instant_texte
from participation.socle.models import Courriel

MARGE, MARGE_NUMEROS = 1_000_000, 1000


class Command(BaseCommand):
    help = (
        "Après une restauration : retient les lettres qui ont pu partir depuis la sauvegarde, jusqu’à ce qu’un "
        "agent en décide, et saute les numéros qui ont pu être donnés depuis."
    )
    requires_system_checks: list[str] = []  # done by the worker when it starts

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--sauvegarde",
            metavar="AAAA-MM-JJTHH:MM",
            help="quand la sauvegarde a été faite ; par défaut, le dernier signe de vie dans la base",
        )
        parser.add_argument(
            "--marge",
            type=int,
            default=MARGE,
            help="lignes d’une table qui ont pu être écrites depuis la sauvegarde (%(default)s)",
        )
        parser.add_argument(
            "--marge-numeros",
            type=int,
            default=MARGE_NUMEROS,
            help="références, feuilles et candidatures qui ont pu être numérotées depuis (%(default)s)",
        )

    def handle(
        self, *args: Any, sauvegarde: str | None, marge: int, marge_numeros: int, **options: Any
    ) -> None:
        if marge < 1 or marge_numeros < 0:
            raise CommandError("Une marge est un nombre positif.")
        restauration = apres_restauration(
            sauvegarde_le=_instant(sauvegarde), marge=marge, marge_numeros=marge_numeros
        )
        retenues = Courriel.objects.filter(etat=Courriel.Etat.RETENU).count()
        self.stdout.write(
            f"Sauvegarde du {instant_texte(restauration.sauvegarde_le)}. "
            f"{accorder(retenues, 'lettre retenue', 'lettres retenues')}. Celles que les tâches écriront pour ce qui "
            "était dû avant cet instant le seront aussi. Un agent en décide dans « Courriels », « Lettres retenues »."
        )


def _instant(texte: str | None) -> datetime | None:
    if texte is None:
        return None
    try:
        lu = parse_datetime(texte)
    except ValueError:
        lu = None
    if lu is None:
        raise CommandError(f"« {texte} » n’est pas un instant : écrivez par exemple 2026-11-29T02:30.")
    lu = timezone.make_aware(lu) if timezone.is_naive(lu) else lu
    if lu > timezone.now():
        raise CommandError("La sauvegarde ne peut pas être de l’avenir.")
    return lu
