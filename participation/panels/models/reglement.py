"""The règlement of the panels: figures that the service sets, and the steps counted back from the first session."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from participation.panels.workflow import Voie
from participation.socle.models import CleEtrangere, Reglement, ReglementQuerySet

QUESTIONS_MEMBRES = """La question posée au panel était claire.
J’ai reçu une information complète et équilibrée.
J’ai pu parler autant que les autres.
On m’a écouté.
J’ai eu assez de temps.
L’animation est restée neutre.
Les recommandations sont celles du panel.
Je crois qu’elles auront une réponse sérieuse."""
QUESTIONS_ORGANISATEURS = """Le panel ressemblait à la population.
Son information était complète et équilibrée.
Chacun a pu prendre part, quels que soient ses besoins.
Le temps et le budget suffisaient.
Le panel a travaillé sans pression.
Qui doit répondre était engagé."""


def mois_d_alerte() -> list[int]:
    return [12, 9, 6]


class Unite(models.TextChoices):
    HEURE = "heure", "à l’heure"
    DEMI_JOURNEE = "demi_journee", "à la demi-journée"


def _somme(libelle: str, aide: str) -> Any:
    return models.DecimalField(
        libelle,
        max_digits=7,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=aide,
    )


TOUS = "tous"


def lire_essais(texte: str) -> list[tuple[str, str, int]]:
    """Return (category, value, days) for each line « catégorie ; valeur ; jours ». Raises ValidationError, a sentence a line."""
    lues, fautes = [], []
    for numero, ligne in enumerate(texte.splitlines(), 1):
        cases = [case.strip() for case in ligne.split(";")]
        if len(cases) == 3 and re.fullmatch(r"[0-9]{1,3}", cases[2]):
            lues.append((cases[0].lower() if not cases[1] else cases[0], cases[1], int(cases[2])))
        elif ligne.strip():
            fautes.append(f"Ligne {numero} : écrivez « catégorie ; valeur ; jours », les jours en chiffres.")
    if fautes:
        raise ValidationError(fautes[:10])
    return lues


class ReglementPanelsQuerySet(ReglementQuerySet["ReglementPanels"]):
    """Versions of the règlement of the panels."""


class ReglementPanels(Reglement):
    volontaires_par_place = models.PositiveSmallIntegerField(
        "inscrits espérés pour une place", default=10, validators=[MinValueValidator(1)]
    )
    taux_reponse = models.DecimalField(
        "part des lettres qui donnent une inscription (%)",
        max_digits=4,
        decimal_places=1,
        default=4,
        validators=[MinValueValidator(0.1), MaxValueValidator(100)],
        help_text="Repris pour une strate qui n’a pas le sien.",
    )
    saisie_double = models.BooleanField(
        "un bulletin de papier est saisi par deux personnes", default=True, db_default=True
    )
    formulaire_secondes = models.PositiveSmallIntegerField(
        "temps le plus court pour remplir la page (secondes)", default=3
    )
    contact_heures = models.PositiveSmallIntegerField(
        "qui confirme est appelé par son contact sous (heures)", default=48, db_default=48
    )
    formulaire_jours = models.PositiveSmallIntegerField(
        "une page ouverte reste valable (jours)", default=7, validators=[MinValueValidator(1)]
    )
    adresse_proche = models.DecimalField(
        "ressemblance à partir de laquelle deux adresses sont dites proches",
        max_digits=3,
        decimal_places=2,
        default=0.6,
        validators=[MinValueValidator(0.1), MaxValueValidator(1)],
    )
    moyens_avant_injoignable = models.PositiveSmallIntegerField(
        "moyens différents à essayer avant de dire « injoignable »", default=2
    )
    essais_jours = models.TextField(
        "jours d’essai avant de dire « injoignable »",
        max_length=2000,
        blank=True,
        default="",
        db_default="",
        help_text="Depuis le premier essai. Une ligne par groupe, plus longue pour qui répond le moins : catégorie ; valeur ; jours. "
        "« tous ; ; 5 » vaut pour tout le monde ; le plus long compte. Vide : aucun délai.",
    )
    delai_convocation = models.PositiveSmallIntegerField("convocation d’une séance (jours)", default=7)
    indemnite_par = models.CharField(
        "indemnité comptée", max_length=12, choices=Unite, default=Unite.HEURE, db_default=Unite.HEURE
    )
    indemnite_heure = _somme(
        "indemnité d’une heure (€)", "Fixée par une délibération. Vide : aucune indemnité n’est calculée."
    )
    indemnite_demi_journee = _somme(
        "indemnité d’une demi-journée (€)", "Si l’indemnité est comptée par demi-journée."
    )
    heures_demi_journee = models.DecimalField(
        "heures d’une demi-journée",
        max_digits=3,
        decimal_places=1,
        default=4,
        db_default=4,
        validators=[MinValueValidator(1), MaxValueValidator(12)],
        help_text="Au-delà, une seconde demi-journée est due.",
    )
    critere_social = models.CharField(
        "critère social",
        max_length=160,
        blank=True,
        default="",
        db_default="",
        help_text="Par exemple « quotient familial de 1 000 € au plus ». Vide : la même indemnité pour tous. L’agent voit le justificatif ; "
        "rien n’en est gardé que « rempli » ou « non rempli ».",
    )
    majoration_sociale = _somme(
        "indemnité de qui remplit ce critère (€)", "Pour une heure ou une demi-journée, au lieu de l’autre."
    )
    plafond_seance = _somme("indemnité au plus pour une séance (€)", "")
    alertes_marche = ArrayField(
        models.PositiveSmallIntegerField(),
        verbose_name="fin d’un marché de tirage annoncée (mois avant)",
        default=mois_d_alerte,
        blank=True,
        # Written by the delivered version, which does not know it.
        db_default=[12, 9, 6],
        help_text="Le temps de préparer, de publier et d’attribuer le suivant. Par exemple 12, 9, 6.",
    )
    questions_membres = models.TextField(
        "questions aux membres, une par ligne",
        max_length=2000,
        default=QUESTIONS_MEMBRES,
        db_default=QUESTIONS_MEMBRES,
        help_text="Chacun répond de « tout à fait » à « pas du tout ».",
    )
    questions_organisateurs = models.TextField(
        "questions à l’équipe, une par ligne",
        max_length=2000,
        default=QUESTIONS_ORGANISATEURS,
        db_default=QUESTIONS_ORGANISATEURS,
    )
    questionnaire_jours = models.PositiveSmallIntegerField(
        "temps laissé pour répondre aux questionnaires (jours)",
        default=21,
        db_default=21,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
        help_text="Dit dans la lettre. Une réponse qui vient après compte aussi.",
    )
    conservation_jours = models.PositiveSmallIntegerField(
        "effacer qui n’est pas du panel, tant de jours après qu’il est constitué", default=60
    )

    objects: ClassVar[ReglementPanelsQuerySet] = ReglementPanelsQuerySet.as_manager()  # type: ignore[assignment]

    class Meta(Reglement.Meta):
        verbose_name = "règlement des panels"
        verbose_name_plural = "règlements des panels"

    def clean(self) -> None:
        super().clean()
        try:
            lire_essais(self.essais_jours)
        except ValidationError as refus:
            raise ValidationError({"essais_jours": refus}) from refus

    def jours_d_essai(self, profil: Mapping[str, Any]) -> int:
        """Return for how many days somebody of this profile is tried before she is said out of reach."""
        essais = lire_essais(self.essais_jours)
        return max(
            (j for groupe, valeur, j in essais if groupe == TOUS or profil.get(groupe) == valeur), default=0
        )

    def taux(self, remplit_le_critere: bool | None) -> Decimal | None:
        """Return what an hour or a half-day is worth to somebody; None while the règlement does not say."""
        demi = self.indemnite_par == Unite.DEMI_JOURNEE
        taux: Decimal | None = self.indemnite_demi_journee if demi else self.indemnite_heure
        majoree: Decimal | None = self.majoration_sociale if self.critere_social else None
        return majoree if remplit_le_critere and majoree is not None else taux


class EtapeReglement(models.Model):
    """A step to be done by so many days before the first session."""

    reglement = CleEtrangere(ReglementPanels, on_delete=models.CASCADE, related_name="etapes")
    voie = models.CharField("invitation", max_length=10, choices=Voie, default=Voie.COURRIER)
    cle = models.SlugField("clé", max_length=30)
    libelle = models.CharField("ce qui doit être fait", max_length=120)
    jours_avant = models.PositiveSmallIntegerField("jours avant la première séance")

    class Meta:
        verbose_name = "étape d’un panel"
        verbose_name_plural = "étapes d’un panel"
        ordering = ["reglement", "voie", "-jours_avant", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["reglement", "voie", "cle"],
                name="etape_panel_cle_unique",
                violation_error_message="Cette étape est déjà écrite pour cette voie.",
            )
        ]

    def __str__(self) -> str:
        return self.libelle
