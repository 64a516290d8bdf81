"""Accessibility audits as data: the sample, the faults found in it, and in which version each was corrected."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_noop

from participation.socle.francais import jour_texte
from participation.socle.models.champs import CleEtrangere


class AuditAccessibilite(models.Model):
    """An RGAA audit. The accessibility declaration and the mention in the footer come from the latest one.

    Only a person judges most criteria: an audit that none made, criterion by criterion, says « non conforme ».
    """

    date = models.DateField("date de l’audit")
    referentiel = models.CharField("référentiel", max_length=40, default="RGAA 4.1.2")
    auditeur = models.CharField("auditeur", max_length=160)
    criteres_applicables = models.PositiveSmallIntegerField("critères applicables")
    criteres_conformes = models.PositiveSmallIntegerField("critères conformes")
    non_conformites = models.TextField("non-conformités", blank=True, help_text="Une par ligne.")
    derogations = models.TextField("dérogations", blank=True)
    environnement = models.TextField("environnement de test", blank=True, help_text="Un par ligne.")
    # Audits written before this was asked were made by people.
    est_d_une_personne = models.BooleanField(
        "une personne a jugé chaque critère",
        default=False,
        db_default=True,
        help_text="Sans cela, le site se dit non conforme : un outil automatique ne juge pas la plupart des critères.",
    )
    non_soumis = models.TextField(
        "contenus non soumis",
        blank=True,
        db_default="",
        help_text="Que la loi n’oblige pas à rendre accessibles. Un par ligne.",
    )
    technologies = models.TextField(
        "technologies",
        blank=True,
        db_default="",
        help_text="Sur lesquelles l’accessibilité s’appuie. Une par ligne.",
    )
    outils = models.TextField(
        "outils", blank=True, db_default="", help_text="Utilisés pour évaluer. Un par ligne."
    )

    class Meta:
        verbose_name = "audit d’accessibilité"
        verbose_name_plural = "audits d’accessibilité"
        ordering = ["-date"]
        constraints = [
            models.CheckConstraint(
                condition=Q(criteres_conformes__lte=models.F("criteres_applicables"))
                & Q(criteres_applicables__gt=0),
                name="audit_criteres_coherents",
                violation_error_message="Les critères conformes dépassent les critères applicables.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.referentiel} du {jour_texte(self.date, 'chiffres')}"

    @property
    def taux(self) -> int:
        """Percentage of applicable criteria that are met, rounded down."""
        return 100 * self.criteres_conformes // self.criteres_applicables

    @property
    def mention(self) -> str:
        if not self.est_d_une_personne:
            return gettext_noop("non conforme")
        if self.criteres_conformes == self.criteres_applicables:
            return gettext_noop("totalement conforme")
        return gettext_noop("partiellement conforme") if self.taux >= 50 else gettext_noop("non conforme")


class PageAuditee(models.Model):
    """A page of the sample of an audit, or a document to download, which the sample must include."""

    audit = CleEtrangere(AuditAccessibilite, on_delete=models.CASCADE, related_name="pages")
    nom = models.CharField("nom", max_length=120)
    adresse = models.CharField(
        "adresse sur le site",
        max_length=300,
        validators=[RegexValidator(r"^/[^\s]*$", "Commencez par « / ».")],
    )
    est_un_document = models.BooleanField("document à télécharger", default=False)

    class Meta:
        verbose_name = "page de l’échantillon"
        verbose_name_plural = "échantillon"
        ordering = ["audit", "est_un_document", "pk"]
        constraints = [
            models.UniqueConstraint(
                "audit",
                "adresse",
                name="page_auditee_unique",
                violation_error_message="Cette page est déjà dans l’échantillon.",
            )
        ]

    def __str__(self) -> str:
        return self.nom


class EcartAccessibilite(models.Model):
    """A fault found by an audit: several may be of one criterion and of one page. It stays once corrected."""

    audit = CleEtrangere(AuditAccessibilite, on_delete=models.CASCADE, related_name="ecarts")
    critere = models.CharField(
        "critère",
        max_length=5,
        help_text="Son numéro : « 8.2 ».",
        validators=[RegexValidator(r"^\d{1,2}\.\d{1,2}$", "Écrivez le numéro du critère, par exemple 8.2.")],
    )
    page = CleEtrangere(
        PageAuditee,
        null=True,
        on_delete=models.CASCADE,
        related_name="ecarts",
        help_text="Vide : tout l’échantillon.",
    )
    constat = models.TextField("ce qui ne va pas", max_length=1000)
    remede = models.TextField("ce qui le corrige", max_length=1000, blank=True)
    corrige_en = models.CharField(
        "corrigé dans la version", max_length=40, blank=True, help_text="Vide tant qu’il reste."
    )

    class Meta:
        verbose_name = "écart"
        verbose_name_plural = "écarts, par critère et par page"
        ordering = ["audit", "pk"]

    def __str__(self) -> str:
        return f"critère {self.critere}"

    @property
    def rang(self) -> tuple[int, ...]:
        """The order of the référentiel: 8.2 comes before 8.10."""
        return tuple(int(nombre) for nombre in self.critere.split("."))

    def clean(self) -> None:
        if self.page is not None and self.page.audit_id != self.audit_id:
            raise ValidationError({"page": "Cette page est d’un autre audit."})
