"""The cadre of a démarche: its level, what is open and what is not, the pages that show it, what was kept."""

from typing import Any, ClassVar

from django.apps import apps
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from participation.cadres import workflow
from participation.cadres.models.reglement import Condition
from participation.cadres.workflow import EtatCadre, EtatCahier, Niveau, Tenue
from participation.socle.erreurs import Manque
from participation.socle.francais import accorder, jour_texte, majuscule
from participation.socle.models import CleEtrangere, Compte, Dossier, DossierQuerySet, Partie, PortePar
from participation.socle.workflow import Apparence, Table


class Cadre(Dossier):
    """Announced before a démarche begins; checked, condition by condition, when it ends."""

    PREFIXE = "DEM"
    SUJET = "le cadre"
    TRANSITIONS: ClassVar[Table] = workflow.TRANSITIONS
    APPARENCES: ClassVar[dict[str, Apparence]] = workflow.APPARENCES
    MOTS_DU_SERVICE: ClassVar[frozenset[str]] = frozenset({"objet", "qui_decide"})

    etat = models.CharField("état", max_length=10, choices=EtatCadre, default=EtatCadre.BROUILLON)
    niveau = models.CharField("niveau", max_length=16, choices=Niveau)
    objet = models.TextField("ce qui se décide", max_length=2000)
    ouvert = models.TextField("ce qui peut encore changer", max_length=3000, blank=True)
    ferme = models.TextField("ce qui ne changera pas", max_length=3000, blank=True)
    qui_decide = models.CharField("qui décide, et quand", max_length=300)
    date_debut = models.DateField("début", null=True, blank=True)
    date_fin = models.DateField("fin prévue")
    bilan = models.TextField("ce que la démarche a changé", max_length=6000, blank=True)

    objects: ClassVar[Any] = DossierQuerySet.as_manager()

    class Meta:
        verbose_name = "cadre de démarche"
        verbose_name_plural = "cadres des démarches"
        constraints = [
            models.CheckConstraint(
                condition=Q(niveau=Niveau.INFORMER) | ~Q(etat=EtatCadre.ANNONCE) | ~Q(ouvert=""),
                name="cadre_annonce_dit_ce_qui_change",
                violation_error_message="Dites ce qui peut encore changer : au-delà d’informer, une démarche l’annonce.",
            ),
            models.CheckConstraint(
                condition=~Q(etat__in=[EtatCadre.VERIFIE, EtatCadre.ARRETE]) | ~Q(bilan=""),
                name="cadre_fini_dit_pourquoi",
                violation_error_message="Dites ce que la démarche a changé, ou pourquoi elle s’arrête.",
            ),
            models.CheckConstraint(
                condition=Q(date_debut=None) | Q(date_debut__lte=F("date_fin")),
                name="cadre_commence_avant_de_finir",
                violation_error_message="La démarche commence avant de finir : corrigez le début ou la fin.",
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("cadres:cadre", args=[self.pk])

    def get_public_url(self) -> str:
        return reverse("cadres:demarche", args=[self.reference])

    @property
    def fil_avant(self) -> list[tuple[str, str]]:
        return [*super().fil_avant, ("Démarches", reverse("cadres:cadres"))]

    def mots_de_suite(self) -> dict[str, str]:
        return {"fin": jour_texte(self.date_fin) if self.date_fin else ""}

    @property
    def est_fini(self) -> bool:
        return self.etat in {EtatCadre.VERIFIE, EtatCadre.ARRETE}

    @property
    def est_commence(self) -> bool:
        """True from the day after the first: what was thought before is then closed."""
        return self.est_fini or (self.date_debut is not None and self.date_debut < timezone.localdate())


class Rattachement(Partie):
    """A page that shows the cadre: one object of an app, or all of its kind (`numero` None)."""

    cadre = CleEtrangere(Cadre, on_delete=models.CASCADE, related_name="rattachements")
    genre = models.CharField("genre", max_length=60)  # « petitions.petition »
    numero = models.PositiveBigIntegerField("numéro", null=True, blank=True)
    titre = models.CharField("titre", max_length=200)

    suivi = PortePar[Cadre]("cadre")

    class Meta:
        verbose_name = "page d’une démarche"
        verbose_name_plural = "pages des démarches"
        ordering = ["cadre", "pk"]
        constraints = [
            models.UniqueConstraint(
                "genre",
                "numero",
                name="rattachement_unique",
                nulls_distinct=False,
                violation_error_message="Cette page a déjà son cadre.",
            )
        ]

    def __str__(self) -> str:
        return self.titre

    @property
    def url(self) -> str:
        """Public address of the object; "" for all of a kind, or when it is not public."""
        if self.numero is None:
            return ""
        modele = apps.get_model(self.genre)
        objet: Any = modele._default_manager.filter(pk=self.numero).first()
        est_public = getattr(objet, "est_publie", getattr(objet, "est_public", True))
        return str(objet.get_public_url()) if objet is not None and est_public else ""


class Attente(Partie):
    """What was announced of a condition, as it was that day; then what was found."""

    cadre = CleEtrangere(Cadre, on_delete=models.CASCADE, related_name="attentes")
    condition = CleEtrangere(Condition, related_name="attentes")
    ordre = models.PositiveSmallIntegerField("ordre", default=1)
    texte = models.CharField("ce que vous pouvez attendre", max_length=300)
    tenue = models.CharField("constat", max_length=10, choices=Tenue, blank=True)
    constat = models.TextField("ce qui le montre", max_length=2000, blank=True)

    suivi = PortePar[Cadre]("cadre")

    class Meta:
        verbose_name = "attente"
        verbose_name_plural = "attentes"
        ordering = ["cadre", "ordre", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(tenue="") | ~Q(constat=""),
                name="attente_constatee_se_montre",
                violation_error_message="Dites ce qui le montre.",
            )
        ]

    def __str__(self) -> str:
        return self.texte


def avant_d_annoncer(cadre: Cadre, acte: str, par: Compte | None) -> list[str]:
    if cadre.pk is None:
        return []
    dits: list[str] = []
    if not cadre.rattachements.exists():
        dits.append(
            Manque("Aucune page ne le montre : rattachez-le.", reverse("cadres:rattacher", args=[cadre.pk]))
        )
    corriger = reverse("cadres:modifier_cadre", args=[cadre.pk])
    if cadre.niveau != Niveau.INFORMER and not cadre.ouvert:
        dits.append(Manque("Dites ce qui peut encore changer.", corriger))
    if cadre.date_debut is None:
        dits.append(Manque("Dites quel jour elle commence.", corriger))
    if not Condition.objects.du(cadre.niveau, timezone.localdate()).exists():
        tables = reverse("admin:cadres_condition_changelist") if par is not None and par.is_staff else ""
        niveau = majuscule(cadre.get_niveau_display())
        dits.append(Manque(f"Le niveau « {niveau} » n’a aucune condition en vigueur.", tables))
    return dits


def tout_constate(cadre: Cadre, acte: str, par: Compte | None) -> list[str]:
    if cadre.pk is None:
        return []
    reste, cahiers = (
        cadre.attentes.filter(tenue="").count(),
        cadre.cahiers.filter(etat=EtatCahier.A_LIRE).count(),
    )
    dits: list[str] = []
    if reste:
        dit = accorder(reste, "attente n’a pas encore son constat", "attentes n’ont pas encore leur constat")
        dits.append(Manque(f"{dit}.", f"{cadre.get_absolute_url()}#attentes"))
    if cahiers:
        dit = accorder(cahiers, "cahier d’acteur attend d’être lu", "cahiers d’acteurs attendent d’être lus")
        dits.append(Manque(f"{dit}.", f"{cadre.get_absolute_url()}#cahiers"))
    return dits
