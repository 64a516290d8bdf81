"""After the decision: convention, payments, accompaniment, bilan."""

from decimal import Decimal
from typing import Self

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from contrat_ville.models.financements import Financement
from contrat_ville.models.projets import Projet
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.francais import au_plus_tard, jour_texte, montant
from participation.socle.models import CleEtrangere, CleUnique, Compte, Partie, Piece, PortePar


class Convention(models.Model):
    projet = CleUnique(Projet, related_name="convention")
    numero = models.CharField("numéro", max_length=60)
    date_signature = models.DateField("signée le")

    class Meta:
        verbose_name = "convention"

    def __str__(self) -> str:
        return self.numero


class VersementQuerySet(models.QuerySet["Versement"]):
    def comptes(self) -> Self:
        return self.filter(annule_le=None)


class Versement(Partie):
    """A payment from one financer for one projet.

    It can be corrected, with a reason; the journal keeps the former values. A wrong line is cancelled and
    stays visible.
    """

    financement = CleEtrangere(Financement, related_name="versements")
    date = models.DateField("date")
    montant = models.DecimalField(
        "montant", max_digits=11, decimal_places=2, validators=[MinValueValidator(Decimal("0.01"))]
    )
    reference = models.CharField("référence", max_length=60, blank=True)
    par = CleEtrangere(Compte, related_name="+", verbose_name="enregistré par")
    annule_le = models.DateTimeField("annulé le", null=True, blank=True)

    objects = VersementQuerySet.as_manager()
    suivi = PortePar[Projet]("financement.projet")

    class Meta:
        verbose_name = "versement"
        ordering = ["date", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(montant__gt=0),
                name="versement_positif",
                violation_error_message="Un versement est plus grand que zéro.",
            )
        ]

    def __str__(self) -> str:
        return f"{montant(self.montant)} du {jour_texte(self.date)}"

    @property
    def designation(self) -> str:
        return f"{self}, {self.financement.financeur}"

    def refus(self, acte: str, par: Compte | None) -> ErreurMetier | None:
        return None if self.annule_le is None else ActeInterdit("Ce versement est annulé.")


class Reversement(Partie):
    """What the team must give back to one financer, once the accounts are settled, and what came."""

    financement = CleEtrangere(Financement, related_name="reversements")
    montant = models.DecimalField(
        "à reverser", max_digits=11, decimal_places=2, validators=[MinValueValidator(Decimal("0.01"))]
    )
    demande_le = models.DateTimeField("demandé le", default=timezone.now)
    date_limite = models.DateField("à reverser avant le")
    recu = models.DecimalField("reçu", max_digits=11, decimal_places=2, default=Decimal(0))
    recu_le = models.DateField("reçu le", null=True, blank=True)
    reference = models.CharField("référence", max_length=60, blank=True)
    annule_le = models.DateTimeField("annulé le", null=True, blank=True)

    suivi = PortePar[Projet]("financement.projet")

    class Meta:
        verbose_name = "reversement"
        ordering = ["demande_le", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(montant__gt=0) & Q(recu__gte=0) & Q(recu__lte=models.F("montant")),
                name="reversement_recu_dans_le_demande",
                violation_error_message="On ne reçoit pas plus que ce qui est à reverser.",
            )
        ]

    def __str__(self) -> str:
        return f"{montant(self.montant)} à reverser ({self.financement.financeur.court})"

    @property
    def reste(self) -> Decimal:
        return self.montant - self.recu

    @property
    def en_mots(self) -> str:
        """What the team has to do."""
        return f"{montant(self.reste)} ({self.financement.financeur}), {au_plus_tard(self.date_limite)}. Le financeur vous dit comment."

    @property
    def est_attendu(self) -> bool:
        return self.annule_le is None and self.reste > 0

    def refus(self, acte: str, par: Compte | None) -> ErreurMetier | None:
        return None if self.est_attendu else ActeInterdit("Ce reversement n’attend plus rien.")


class Accompagnement(Partie):
    """A line of the accompaniment: a visit, a call, a step; or a request for help from the team."""

    class Nature(models.TextChoices):
        VISITE = "visite", "visite"
        APPEL = "appel", "appel"
        ETAPE = "etape", "étape du projet"
        AIDE = "aide", "aide demandée"

    projet = CleEtrangere(Projet, related_name="accompagnements")
    nature = models.CharField("nature", max_length=8, choices=Nature)
    date = models.DateField("date")
    texte = models.TextField("ce qui s’est dit", max_length=4000)
    par = CleEtrangere(Compte, related_name="+", verbose_name="noté par")
    note_le = models.DateTimeField("noté le", default=timezone.now)
    aide_donnee_le = models.DateTimeField("aide donnée le", null=True, blank=True)

    suivi = PortePar[Projet]("projet")

    class Meta:
        verbose_name = "ligne d’accompagnement"
        verbose_name_plural = "accompagnement"
        ordering = ["-date", "-pk"]
        indexes = [
            models.Index(
                fields=["note_le"],
                condition=Q(nature="aide", aide_donnee_le__isnull=True),
                name="accompagnement_aide_due",
            )
        ]

    def __str__(self) -> str:
        return self.get_nature_display()

    @property
    def est_attendue(self) -> bool:
        """Whether help was asked for and not given yet."""
        return self.nature == self.Nature.AIDE and self.aide_donnee_le is None

    def refus(self, acte: str, par: Compte | None) -> ErreurMetier | None:
        return None if self.est_attendue else ActeInterdit("Cette aide n’est plus attendue.")


class Bilan(models.Model):
    """Account of a projet: what was done, for whom, what changed, what differs from the plan.

    Inspired by CERFA 15059.
    """

    projet = CleUnique(Projet, related_name="bilan")
    realise = models.TextField("ce qui a été fait", max_length=8000)
    beneficiaires = models.PositiveIntegerField("personnes touchées", null=True, blank=True)
    publics = models.TextField("qui elles sont", blank=True, max_length=2000)
    changements = models.TextField("ce que cela a changé", max_length=4000)
    ecarts = models.TextField("ce qui a été différent du prévu, et pourquoi", blank=True, max_length=4000)
    rendu_le = models.DateTimeField("rendu le", default=timezone.now)
    # The person who filled it in online, or the agent who typed a paper bilan.
    rendu_par = CleEtrangere(Compte, related_name="+", verbose_name="rendu par")
    recu_sur_papier_le = models.DateField("reçu sur papier le", null=True, blank=True)
    papier = CleUnique(
        Piece, null=True, on_delete=models.SET_NULL, related_name="bilan", verbose_name="le papier numérisé"
    )

    class Meta:
        verbose_name = "bilan"

    def __str__(self) -> str:
        return f"bilan de {self.projet}"
