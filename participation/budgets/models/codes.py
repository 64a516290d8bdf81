"""Voting codes: each allows one vote. Only their keyed hash is stored, without link to a ballot."""

import uuid
from datetime import timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, Q
from django.utils import timezone

from participation.budgets.models.scrutins import Scrutin
from participation.budgets.workflow.vote import EtatLot, NatureLot
from participation.socle.calendrier import debut_du_jour
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.langues import FRANCAIS
from participation.socle.models import CleEtrangere, Compte, Partie, PortePar, Quartier

LOT_MAX = 5000


def chemin_codes(lot: models.Model, nom: str) -> str:
    return f"codes/{uuid.uuid4()}"


class LotQuerySet(models.QuerySet["LotDeCodes"]):
    def en_chiffres(self) -> Self:
        """Annotate `faits` (valid codes) and `servis` (codes used)."""
        return self.select_related("quartier").annotate(
            faits=Count("codes", filter=Q(codes__est_revoque=False)),
            servis=Count("codes", filter=Q(codes__est_utilise=True)),
        )

    def a_regarder(self, a_partir_de: int) -> Self:
        """Keep those of the desk since yesterday with that many codes in their hour: many for one person."""
        return self.filter(
            nature=NatureLot.ACCUEIL,
            etat=EtatLot.PRET,
            nombre__gte=a_partir_de,
            demande_le__gte=debut_du_jour(timezone.localdate() - timedelta(days=1)),
        )


class LotDeCodes(Partie):
    """Codes made together by the worker: sheets to cut out, letters or emails; or those of one hour at the desk.

    The file is erased once handed over.
    """

    scrutin = CleEtrangere(Scrutin, related_name="lots")
    nature = models.CharField("forme", max_length=10, choices=NatureLot, default=NatureLot.FEUILLES)
    quartier = CleEtrangere(Quartier, null=True, related_name="+")
    libelle = models.CharField("nom du lot", max_length=120, blank=True)
    nombre = models.PositiveIntegerField(
        "nombre de codes", validators=[MinValueValidator(1), MaxValueValidator(LOT_MAX)]
    )
    # Addresses for the letters or emails, kept until they are written.
    destinataires = models.JSONField("destinataires", default=list, blank=True, editable=False)
    langue = models.CharField("langue des lettres", max_length=2, default=FRANCAIS, db_default="fr")
    etat = models.CharField("état", max_length=10, choices=EtatLot, default=EtatLot.A_FAIRE, editable=False)
    fichier = models.FileField("fichier", upload_to=chemin_codes, blank=True, editable=False)
    demande_le = models.DateTimeField("demandé le", default=timezone.now, editable=False)
    tentatives = models.PositiveSmallIntegerField("tentatives", default=0, editable=False)
    motif = models.CharField("raison", max_length=300, blank=True, editable=False)
    par = CleEtrangere(
        settings.AUTH_USER_MODEL, null=True, blank=False, related_name="+", verbose_name="demandé par"
    )

    suivi = PortePar[Scrutin]("scrutin")

    objects: ClassVar[Any] = LotQuerySet.as_manager()

    class Meta:
        verbose_name = "lot de codes"
        verbose_name_plural = "lots de codes"
        ordering = ["scrutin", "pk"]

    def __str__(self) -> str:
        return self.libelle or (str(self.quartier) if self.quartier else self.get_nature_display())

    @property
    def designation(self) -> str:
        return f"{self.scrutin}, lot {self.pk} : {self}"

    def refus(self, acte: str, par: Compte | None) -> ErreurMetier | None:
        if acte == "remettre_lot" and not self.fichier:
            return ActeInterdit("Ce lot n’a pas de fichier à effacer.")
        if acte == "revoquer_lot" and self.etat in {EtatLot.REVOQUE, EtatLot.A_FAIRE}:
            return ActeInterdit(f"Ce lot est « {self.get_etat_display()} ».")
        return None


class Code(models.Model):
    """A right to vote. `numero` is printed beside the code, to name a lost code without knowing it."""

    scrutin = CleEtrangere(Scrutin, related_name="codes")
    lot = CleEtrangere(LotDeCodes, related_name="codes")
    numero = models.PositiveIntegerField("numéro")
    empreinte = models.CharField("empreinte", max_length=64)
    est_utilise = models.BooleanField("a servi", default=False)
    sur_papier = models.BooleanField("échangé contre un bulletin papier", default=False)
    est_revoque = models.BooleanField("révoqué", default=False)
    motif = models.CharField("raison", max_length=300, blank=True)

    class Meta:
        verbose_name = "code"
        ordering = ["scrutin", "numero"]
        constraints = [
            models.UniqueConstraint(
                "scrutin", "empreinte", name="code_unique", violation_error_message="Ce code existe déjà."
            ),
            models.UniqueConstraint(
                "scrutin", "numero", name="code_numero", violation_error_message="Ce numéro existe déjà."
            ),
            models.CheckConstraint(
                condition=~Q(est_utilise=True, est_revoque=True),
                name="code_utilise_non_revoque",
                violation_error_message="Ce code a déjà servi.",
            ),
        ]

    def __str__(self) -> str:
        return f"code n° {self.numero}"


class AdresseServie(models.Model):
    """A mailbox that received a code for this vote, so that it never gets a second one.

    The code is not stored.
    """

    scrutin = CleEtrangere(Scrutin, on_delete=models.CASCADE, related_name="+")
    empreinte = models.CharField("empreinte", max_length=64)

    class Meta:
        verbose_name = "adresse servie"
        verbose_name_plural = "adresses servies"
        constraints = [
            models.UniqueConstraint(
                "scrutin",
                "empreinte",
                name="adresse_servie_une_fois",
                violation_error_message="Cette adresse a déjà reçu un code.",
            )
        ]

    def __str__(self) -> str:
        return self.empreinte
