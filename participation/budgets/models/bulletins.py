"""Ballots. Nothing links them to the voters."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from participation.budgets.models.scrutins import Scrutin
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.models import CleEtrangere, Compte, Partie, PortePar

NUL = "nul"  # a paper ballot that is not valid


class BulletinVote(models.Model):
    """A ballot, with a random number and neither code, date nor quartier.

    At closing, all ballots are deleted and written again in a random order.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    scrutin = CleEtrangere(Scrutin, related_name="bulletins")
    # « 3:1,7:1 »: project number and points, by number; "" is a blank ballot.
    choix = models.TextField("choix", blank=True)

    class Meta:
        verbose_name = "bulletin"
        ordering = ["id"]

    def __str__(self) -> str:
        return "bulletin"


class BulletinPapier(Partie):
    """A paper ballot, identified by the number written on it at the opening of the box.

    Entered by two people, then compared.
    """

    scrutin = CleEtrangere(Scrutin, related_name="papiers")
    numero = models.PositiveIntegerField("numéro écrit sur le bulletin")
    premier = models.TextField("première saisie", blank=True)
    premier_par = CleEtrangere(
        settings.AUTH_USER_MODEL, blank=False, related_name="+", verbose_name="première saisie par"
    )
    second = models.TextField("seconde saisie", null=True, blank=True)
    second_par = CleEtrangere(
        settings.AUTH_USER_MODEL, null=True, related_name="+", verbose_name="seconde saisie par"
    )
    # Content that counts: when both entries agree, or when an agent settled the difference with the paper.
    retenu = models.TextField("retenu", null=True, blank=True)
    tranche_par = CleEtrangere(
        settings.AUTH_USER_MODEL, null=True, related_name="+", verbose_name="tranché par"
    )
    raison = models.CharField("raison", max_length=300, blank=True)

    suivi = PortePar[Scrutin]("scrutin")

    class Meta:
        verbose_name = "bulletin papier"
        verbose_name_plural = "bulletins papier"
        ordering = ["scrutin", "numero"]
        constraints = [
            models.UniqueConstraint(
                "scrutin",
                "numero",
                name="bulletin_papier_numero",
                violation_error_message="Ce numéro est déjà saisi.",
            ),
            models.CheckConstraint(
                condition=Q(second_par__isnull=True) | ~Q(second_par=F("premier_par")),
                name="bulletin_papier_deux_personnes",
                violation_error_message="La seconde saisie est faite par une autre personne.",
            ),
        ]

    def __str__(self) -> str:
        return f"bulletin papier n° {self.numero}"

    @property
    def designation(self) -> str:
        return f"{self.scrutin}, {self}"

    @property
    def differe(self) -> bool:
        return self.second is not None and self.retenu is None

    def refus(self, acte: str, par: Compte | None) -> ErreurMetier | None:
        if acte == "trancher_papier" and not self.differe:
            return ActeInterdit("Les deux saisies de ce bulletin sont d’accord, ou la seconde manque.")
        return None
