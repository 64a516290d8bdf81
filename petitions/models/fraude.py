"""Protection of the count: known networks, watched domains, limits, invalidations."""

from ipaddress import ip_network

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from participation.socle.francais import jour_texte
from participation.socle.models import CleEtrangere, Suivi, UneLigne
from petitions.models.petition import Petition
from petitions.workflow import ACTES_DES_INVALIDATIONS


class ReglageFraude(UneLigne):
    """Numbers of requests from one place above which a signature waits for an agent (one row)."""

    rafale_nombre = models.PositiveSmallIntegerField("demandes d’une adresse en rafale", default=5)
    rafale_secondes = models.PositiveSmallIntegerField("durée d’une rafale (secondes)", default=60)
    soutenu_nombre = models.PositiveSmallIntegerField("demandes d’une adresse dans la durée", default=30)
    reseau_nombre = models.PositiveSmallIntegerField("demandes d’un réseau dans la durée", default=200)
    soutenu_secondes = models.PositiveIntegerField("durée longue (secondes)", default=3600)
    domaine_rafale_nombre = models.PositiveSmallIntegerField(
        "demandes d’un domaine peu courant en rafale",
        default=10,
        help_text="Un domaine de courriel qui n’est ni celui d’un fournisseur courant ni admis par un agent.",
    )
    domaine_nombre = models.PositiveSmallIntegerField(
        "demandes d’un domaine peu courant dans la durée", default=40
    )
    seuil_heures = models.PositiveSmallIntegerField("seuil trop vite atteint : période (heures)", default=24)
    seuil_part = models.PositiveSmallIntegerField(
        "seuil trop vite atteint : part arrivée dans la période (%)", default=50
    )
    seuil_facteur = models.PositiveSmallIntegerField(
        "seuil trop vite atteint : combien de fois le rythme d’avant", default=5
    )
    seuil_concentration = models.PositiveSmallIntegerField(
        "part d’un seul domaine peu courant ou réseau (%)",
        default=20,
        help_text="Au-dessus, un seuil atteint attend la décision d’un agent.",
    )
    ecarte_les_jetables = models.BooleanField(
        "met à l’écart les adresses jetables",
        default=True,
        help_text="Adresses de courriel qui ne servent que quelques minutes.",
    )
    alerte_par_heure = models.PositiveSmallIntegerField(
        "alerte quand un réseau ou un domaine dépasse ce nombre dans l’heure", default=100
    )

    class Meta:
        verbose_name = "réglage contre la fraude"
        verbose_name_plural = "réglages contre la fraude"
        constraints = [
            models.CheckConstraint(
                condition=Q(pk=1),
                name="reglage_fraude_une_ligne",
                violation_error_message="Les réglages tiennent en une ligne.",
            )
        ]

    def __str__(self) -> str:
        return "réglage contre la fraude"


class ReseauConnu(models.Model):
    """A network from which many people sign for good reasons: a town hall, a library, public Wi-Fi."""

    plage = models.CharField(
        "plage d’adresses",
        max_length=43,
        unique=True,
        help_text="En notation CIDR, par exemple 192.0.2.0/24.",
    )
    libelle = models.CharField("lieu", max_length=120)

    class Meta:
        verbose_name = "réseau connu"
        verbose_name_plural = "réseaux connus"
        ordering = ["libelle"]

    def __str__(self) -> str:
        return f"{self.libelle} ({self.plage})"

    def clean(self) -> None:
        try:
            self.plage = str(ip_network(self.plage.strip(), strict=False))
        except ValueError as erreur:
            raise ValidationError(
                {"plage": "Écrivez une plage d’adresses, par exemple 192.0.2.0/24."}
            ) from erreur


class DomaineSurveille(models.Model):
    """A mail domain that agents admit or set aside, in addition to the list of disposable domains, or a
    common provider.

    The limits by domain apply only to domains that have no row here.
    """

    class Regle(models.TextChoices):
        ADMIS = "admis", "admis"
        COURANT = "courant", "fournisseur courant"
        ECARTE = "ecarte", "mis à l’écart"

    domaine = models.CharField("domaine", max_length=120, unique=True)
    regle = models.CharField("règle", max_length=8, choices=Regle)

    class Meta:
        verbose_name = "domaine surveillé"
        verbose_name_plural = "domaines surveillés"
        ordering = ["domaine"]

    def __str__(self) -> str:
        return f"{self.domaine}, {self.get_regle_display()}"

    def clean(self) -> None:
        self.domaine = self.domaine.strip().lower().removeprefix("@")


class Invalidation(Suivi):
    """Signatures taken out of the count by criteria, in the background; can be undone.

    Its journal is that of the pétition, whose own acts record the effect on the count.
    """

    TRANSITIONS = ACTES_DES_INVALIDATIONS
    SUJET = "l’invalidation"

    class Etat(models.TextChoices):
        PREPAREE = "preparee", "préparée"
        EN_COURS = "en_cours", "en cours"
        FAITE = "faite", "faite"
        EN_RETABLISSEMENT = "en_retablissement", "en cours de rétablissement"
        RETABLIE = "retablie", "rétablie"
        ABANDONNEE = "abandonnee", "abandonnée"

    petition = CleEtrangere(Petition, related_name="invalidations", verbose_name="pétition")
    criteres = models.JSONField("critères", default=dict)
    motif = models.TextField("motif")
    etat = models.CharField("état", max_length=20, choices=Etat, default=Etat.PREPAREE)
    apercu = models.PositiveIntegerField("signatures visées à l’aperçu", default=0)
    traitees = models.PositiveIntegerField("signatures traitées", default=0)
    par = CleEtrangere(settings.AUTH_USER_MODEL, related_name="+")
    preparee_le = models.DateTimeField("préparée le", default=timezone.now)
    terminee_le = models.DateTimeField("terminée le", null=True, blank=True)

    class Meta:
        verbose_name = "invalidation"
        ordering = ["-preparee_le"]

    def __str__(self) -> str:
        return f"invalidation du {jour_texte(self.preparee_le, 'chiffres')}"

    @property
    def porteur(self) -> Petition:
        return self.petition

    @property
    def fil(self) -> list[tuple[str, str]]:
        return [*self.petition.fil, (str(self), self.get_absolute_url())]

    def get_absolute_url(self) -> str:
        return reverse("petitions:invalidation", args=[self.pk])
