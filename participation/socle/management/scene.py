"""Base of the demonstration of every app: accounts, places, and days counted from today."""

import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import date, datetime, time, timedelta
from unittest.mock import patch

from django.utils import timezone

from participation.socle.actions import traductions
from participation.socle.calendrier import est_ouvre, prochain_jour_ouvre
from participation.socle.courriels import ecriture as courrier
from participation.socle.management.horloge import nous_sommes
from participation.socle.models import Commune, Compte, Courriel, Direction, Dossier

DOMAINE = "demo.example.org"
SIGNATAIRE = "Nadège Orsini, vice-présidente chargée de la participation"


@contextmanager
def lettres_parties() -> Iterator[None]:
    """In this context, each letter is stored as sent when it was written, and no task is given to the worker."""
    maintenant = timezone.now()
    inserer = courrier.inserer

    def inserer_parties(courriels: Sequence[Courriel]) -> list[Courriel]:
        for courriel in courriels:
            courriel.etat, courriel.tentatives = Courriel.Etat.ENVOYE, 1
            courriel.envoye_le, courriel.prochain_essai_le = courriel.cree_le, maintenant
        return inserer(courriels)

    with (
        patch("participation.socle.travaux.differes.confier"),
        patch("participation.socle.courriels.ecriture.inserer", inserer_parties),
    ):
        yield


class Scene:
    """Base class of the scenes. Days are counted from today: negative in the past."""

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

    def jour_ouvre(self, jours: int) -> date:
        """Return this day or the nearest one when people work: after it if it is to come, before it otherwise."""
        if jours > 0:
            return prochain_jour_ouvre(self.jour(jours))
        return next(jour for n in range(9) if est_ouvre(jour := self.jour(jours - n)))

    def instant(self, jours: int, heure: int = 10, minute: int = 0) -> datetime:
        """Return this time of day, but never later than now."""
        return min(self.heure(jours, heure, minute), timezone.now())

    def heure(self, jours: int, heure: int, minute: int = 0) -> datetime:
        return timezone.make_aware(datetime.combine(self.jour(jours), time(heure, minute)))

    def heure_ouvree(self, jours: int, heure: int) -> datetime:
        return timezone.make_aware(datetime.combine(self.jour_ouvre(jours), time(heure)))

    def le(self, jours: int, heure: int = 10) -> AbstractContextManager[None]:
        self.numero += 1
        return nous_sommes(self.instant(jours, heure, self.numero % 60))

    def traduire(self, dossier: Dossier, langue: str, dits: Mapping[str, Sequence[tuple[str, str]]]) -> None:
        """Put a version on line: by public text, each paragraph with its pictogram. One person writes, another reads.

        The paragraphs left without words are « à revoir ».
        """
        version = traductions.demander_traduction(dossier, par=self.agent, langue=langue)
        textes = {
            champ: [
                [francais, mots, signe]
                for francais, (signe, mots) in zip(siens, dits.get(champ, ()), strict=False)
            ]
            for champ, siens in version.textes.items()
        }
        traductions.ecrire_traduction(version, par=self.agent, textes=textes, vu="")
        traductions.publier_traduction(version, par=self.agent2, vu="")
