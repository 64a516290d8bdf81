"""What every app's demonstration stands on: its people, its places, and the days counted from today."""

import random
from contextlib import AbstractContextManager
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from participation.socle.management.horloge import nous_sommes
from participation.socle.models import Commune, Compte, Direction

DOMAINE = "demo.example.org"


class Scene:
    """Days are counted from today: negative in the past."""

    def __init__(self) -> None:
        self.aujourd_hui = timezone.localdate()
        self.hasard = random.Random(2026)  # noqa: S311 the same people each time
        self.communes = {commune.nom: commune for commune in Commune.objects.all()}
        self.directions = {direction.sigle: direction for direction in Direction.objects.all()}
        self.agent = self.compte("agent")
        self.agent2 = self.compte("agent2")
        self.numero = 0

    def compte(self, cle: str) -> Compte:
        return Compte.objects.get(courriel=f"{cle}@{DOMAINE}")

    def jour(self, jours: int) -> date:
        return self.aujourd_hui + timedelta(days=jours)

    def instant(self, jours: int, heure: int = 10, minute: int = 0) -> datetime:
        """The hour of that day, never later than now."""
        return min(self.heure(jours, heure, minute), timezone.now())

    def heure(self, jours: int, heure: int, minute: int = 0) -> datetime:
        return timezone.make_aware(datetime.combine(self.jour(jours), time(heure, minute)))

    def le(self, jours: int, heure: int = 10) -> AbstractContextManager[None]:
        self.numero += 1
        return nous_sommes(self.instant(jours, heure, self.numero % 60))
