"""Règlement of the pétitions: every number of the scheme is a column here, none is in the code."""

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from participation.socle.francais import accorder, nombre
from participation.socle.models import CleEtrangere, Commune, Reglement, ReglementQuerySet


def rappels_par_defaut() -> list[int]:
    return [30, 15, 7]


class ReglementPetition(Reglement):
    class LectureDuTiers(models.TextChoices):
        """How « no commune above one third » is read.

        Either as a part of all valid signatures, or by leaving out of the count what exceeds it.
        """

        ENSEMBLE = "ensemble", "part de toutes les signatures valables"
        ECRETE = "ecrete", "nombre après écrêtement de ce qui dépasse"

    copetitionnaires_requis = models.PositiveSmallIntegerField("co-pétitionnaires requis")
    age_minimum = models.PositiveSmallIntegerField("âge minimum")
    delai_recevabilite_mois = models.PositiveSmallIntegerField("délai de recevabilité (mois)")
    rappels_recevabilite = ArrayField(
        models.PositiveSmallIntegerField(),
        verbose_name="rappels avant la fin du délai (jours)",
        default=rappels_par_defaut,
    )
    delai_ouverture_jours = models.PositiveSmallIntegerField(
        "délai d’ouverture de la collecte (jours)", default=15
    )
    duree_collecte_mois = models.PositiveSmallIntegerField("durée de la collecte (mois)")
    carence_sujet_mois = models.PositiveSmallIntegerField("délai avant un même sujet (mois)")
    lecture_du_tiers = models.CharField(
        "lecture de la part maximale", max_length=10, choices=LectureDuTiers, default=LectureDuTiers.ENSEMBLE
    )
    signatures_par_adresse = models.PositiveSmallIntegerField(
        "signatures par adresse électronique",
        default=1,
        help_text="2 : deux personnes d’un foyer peuvent partager une adresse.",
    )
    courriels_max = models.PositiveSmallIntegerField(
        "courriels par adresse et pétition",
        default=5,
        help_text="Au-delà, une lettre par jour, qui dit toutes les demandes faites avec cette adresse.",
    )
    courriels_par_nom = models.PositiveSmallIntegerField("courriels par adresse et nom", default=3)
    refus_jours = models.PositiveSmallIntegerField(
        "durée d’un « ce n’est pas moi » (jours)",
        default=30,
        help_text="Il vaut pour un nom à une adresse. Ensuite, ce nom peut de nouveau être demandé.",
    )
    relance_jours = models.PositiveSmallIntegerField(
        "relance d’une signature non confirmée (jours)", default=7
    )
    purge_jours = models.PositiveSmallIntegerField(
        "effacement d’une signature non confirmée (jours)", default=21
    )
    grace_heures = models.PositiveSmallIntegerField("confirmation après la clôture (heures)", default=24)
    papier_admis = models.BooleanField("signatures sur papier admises", default=True)
    part_controle_papier = models.PositiveSmallIntegerField("lignes papier contrôlées (%)", default=20)
    nouvelles_intervalle_jours = models.PositiveSmallIntegerField(
        "entre deux messages de l’auteur aux signataires (jours)",
        default=15,
        help_text="À confirmer : le règlement n’en dit rien.",
    )
    nouvelles_max = models.PositiveSmallIntegerField(
        "messages de l’auteur aux signataires, par pétition",
        default=10,
        help_text="À confirmer : le règlement n’en dit rien. 0 : aucun.",
    )
    delai_debat_mois = models.PositiveSmallIntegerField("délai indicatif avant le débat (mois)", default=6)
    delai_reponse_mois = models.PositiveSmallIntegerField("délai indicatif de la réponse (mois)", default=2)
    conservation_mois = models.PositiveSmallIntegerField(
        "conservation des signataires après la réponse (mois)", default=6
    )
    conservation_sans_seuil_mois = models.PositiveSmallIntegerField(
        "conservation quand le seuil n’est pas atteint (mois)", default=2
    )
    secret_statistique = models.PositiveSmallIntegerField("plus petit nombre publié par commune", default=5)

    competences = models.TextField(
        "compétences",
        blank=True,
        default="",
        db_default="",
        help_text="Ce dont une pétition peut parler, montré à ses auteurs. Une ligne pour chacune : « Eau : eau potable, rivières ». "
        "Vide : celles que la loi donne à cette nature de collectivité.",
    )

    objects = ReglementQuerySet["ReglementPetition"].as_manager()

    class Meta(Reglement.Meta):
        verbose_name = "règlement de la pétition"
        verbose_name_plural = "règlements de la pétition"
        constraints = [
            *Reglement.Meta.constraints,
            models.CheckConstraint(
                condition=Q(signatures_par_adresse__in=[1, 2]),
                name="reglement_deux_par_adresse",
                violation_error_message="Une ou deux signatures par adresse, jamais trois.",
            ),
            models.CheckConstraint(
                condition=Q(purge_jours__gt=F("relance_jours")),
                name="reglement_relance_avant_purge",
                violation_error_message="La relance doit précéder l’effacement.",
            ),
            models.CheckConstraint(
                condition=Q(part_controle_papier__gte=1, part_controle_papier__lte=100),
                name="reglement_part_papier",
                violation_error_message="De 1 à 100 % des lignes.",
            ),
        ]


class Critere(models.Model):
    reglement = CleEtrangere(ReglementPetition, related_name="criteres", verbose_name="règlement")
    ordre = models.PositiveSmallIntegerField("ordre")
    libelle = models.CharField("critère", max_length=120)
    aide = models.TextField("aide", blank=True, help_text="Dite au pétitionnaire pendant qu’il écrit.")

    class Meta:
        verbose_name = "critère de recevabilité"
        verbose_name_plural = "critères de recevabilité"
        ordering = ["reglement", "ordre"]
        constraints = [
            models.UniqueConstraint(
                "reglement",
                "ordre",
                name="critere_ordre_unique",
                violation_error_message="Deux critères ont le même rang.",
            )
        ]

    def __str__(self) -> str:
        return self.libelle


class Seuil(models.Model):
    """A threshold: enough signatures, from enough communes, none of which exceeds its part."""

    class Effet(models.TextChoices):
        DEBAT = "debat", "débat au conseil"
        PANEL = "panel", "panel citoyen tiré au sort"

    reglement = CleEtrangere(ReglementPetition, related_name="seuils", verbose_name="règlement")
    ordre = models.PositiveSmallIntegerField("ordre")
    signatures = models.PositiveIntegerField("signatures")
    communes = models.PositiveSmallIntegerField("communes au moins", default=1)
    # A fraction, since one third is not a decimal number.
    part_max_numerateur = models.PositiveSmallIntegerField(
        "part maximale d’une commune, numérateur", default=1
    )
    part_max_denominateur = models.PositiveSmallIntegerField(
        "part maximale d’une commune, dénominateur", default=1
    )
    effet = models.CharField("effet", max_length=10, choices=Effet)
    taille_panel = models.PositiveSmallIntegerField("personnes tirées au sort", null=True, blank=True)

    class Meta:
        verbose_name = "seuil"
        ordering = ["reglement", "ordre"]
        constraints = [
            models.UniqueConstraint(
                "reglement",
                "ordre",
                name="seuil_ordre_unique",
                violation_error_message="Deux seuils ont le même rang.",
            ),
            models.CheckConstraint(
                condition=Q(part_max_numerateur__gte=1)
                & Q(part_max_denominateur__gte=F("part_max_numerateur")),
                name="seuil_part_max",
                violation_error_message="La part maximale est une fraction entre 0 et 1.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.signatures} signatures : {self.get_effet_display()}"

    def clean(self) -> None:
        """Raise ValidationError for a threshold that the communes there are could never reach."""
        super().clean()
        combien, (num, den) = Commune.objects.count(), (self.part_max_numerateur, self.part_max_denominateur)
        if self.communes and self.communes > combien:
            dit = f"{self.communes} communes sont demandées, et le territoire en compte {combien}."
            raise ValidationError({"communes": dit})
        if num and den and combien * num < den:
            dit = f"Avec {accorder(combien, 'commune')} et {num}/{den} au plus par commune, ce seuil ne peut pas être atteint."
            raise ValidationError({"part_max_denominateur": dit})

    @property
    def conditions(self) -> str:
        """All that the threshold asks for: « 800 signatures, d’au moins 12 communes, dont 1/3 au plus dans une seule »."""
        dit = f"{nombre(self.signatures)} signatures, d’au moins {accorder(self.communes, 'commune')}"
        if self.part_max_denominateur == self.part_max_numerateur:
            return dit
        tiers = (self.part_max_numerateur, self.part_max_denominateur) == (1, 3)
        part = "un tiers" if tiers else f"{self.part_max_numerateur}/{self.part_max_denominateur}"
        return f"{dit}, {part} au plus venant d’une seule"


class MotifIrrecevabilite(models.Model):
    """A coded reason for a refusal. Its text is published with the decision.

    `masque_le_texte`: the text of the pétition itself stays hidden.
    """

    LIBELLES_PUBLICS = ("libelle", "texte")

    code = models.SlugField("code", max_length=40, unique=True)
    libelle = models.CharField("motif", max_length=160)
    texte = models.TextField("texte publié")
    masque_le_texte = models.BooleanField(
        "le texte de la pétition n’est pas publié",
        default=False,
        help_text="Propos diffamatoires ou discriminatoires.",
    )
    est_actif = models.BooleanField("proposé aux agents", default=True)

    class Meta:
        verbose_name = "motif d’irrecevabilité"
        verbose_name_plural = "motifs d’irrecevabilité"
        ordering = ["libelle"]

    def __str__(self) -> str:
        return self.libelle
