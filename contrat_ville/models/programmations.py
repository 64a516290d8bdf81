"""Yearly programmations: call for projets, calendar, envelopes and grid; dated rules of the deposit and of open data."""

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from stdnum.fr import siret as siret_francais

from contrat_ville import workflow
from contrat_ville.models.cadre import Axe, Contrat, Partenaire
from contrat_ville.workflow import DECIDES, EN_EXAMEN, SOLDE, Etape, EtatProgrammation
from contrat_ville.workflow import REGLES_D_EXCEDENT as REGLES
from participation.socle.collectivite import ici_plus_tard
from participation.socle.erreurs import Manque
from participation.socle.francais import accorder, jour_texte
from participation.socle.models import (
    CleEtrangere,
    CleUnique,
    Compte,
    Document,
    LigneDeJournal,
    Partie,
    PortePar,
    Quartier,
    Reglement,
    ReglementQuerySet,
    Suivi,
    ineffacable,
)
from participation.socle.models.reglements import exiger_ordre
from participation.socle.workflow import Apparence, Table


class ProgrammationQuerySet(models.QuerySet["Programmation"]):
    def publiques(self) -> Self:
        """Return those whose call was published."""
        return self.exclude(etat=EtatProgrammation.PREPAREE)

    def ouvertes(self, jour: date | None = None) -> Self:
        """Return those in which a projet may be filed on `jour` (today by default)."""
        jour = jour or timezone.localdate()
        return self.filter(etat=EtatProgrammation.OUVERTE, date_ouverture__lte=jour, date_cloture__gte=jour)


class Programmation(Suivi):
    """One year of the contrat: call, calendar, règlement. The règlement is frozen once the call is open."""

    SUJET = "la programmation"
    TRANSITIONS: ClassVar[Table] = workflow.TRANSITIONS_DE_LA_PROGRAMMATION
    APPARENCES: ClassVar[dict[str, Apparence]] = workflow.APPARENCES_DE_LA_PROGRAMMATION
    MOTS_DU_SERVICE: ClassVar[frozenset[str]] = frozenset({"titre"})

    contrat = CleEtrangere(Contrat, related_name="programmations")
    annee = models.PositiveSmallIntegerField(
        "année", unique=True, validators=[MinValueValidator(2015), MaxValueValidator(2100)]
    )
    titre = models.CharField("titre", max_length=160)
    etat = models.CharField(
        "état", max_length=12, choices=EtatProgrammation, default=EtatProgrammation.PREPAREE
    )
    texte_appel = models.TextField(
        "l’appel à projets", help_text="Ce que la page publique dit : pour qui, pour quoi, comment."
    )
    eligibilite = models.TextField(
        "qui peut déposer, et pour quoi", help_text="Les conditions, en phrases simples : une par ligne."
    )
    source = models.CharField(
        "source", max_length=300, help_text="Délibération, note de cadrage, lien : ce qui fonde ces règles."
    )
    date_ouverture = models.DateField("ouverture de l’appel")
    date_cloture = models.DateField(
        "dernier jour de l’appel", help_text="L’appel se ferme ce jour-là à minuit."
    )
    date_comite_technique = models.DateField("comité technique prévu le", null=True, blank=True)
    date_comite_pilotage = models.DateField("comité de pilotage prévu le", null=True, blank=True)
    # Règlement. Unless a comment gives a source, these figures come from no text we know: « à confirmer ».
    delai_recevabilite_jours = models.PositiveSmallIntegerField(
        "jours ouvrés pour vérifier la recevabilité", default=10
    )
    delai_avis_jours = models.PositiveSmallIntegerField("jours ouvrés pour rendre un avis", default=15)
    delai_complement_jours = models.PositiveSmallIntegerField("jours ouvrés pour compléter", default=10)
    escalade_jours = models.PositiveSmallIntegerField("jours de retard avant d’alerter", default=5)
    instructeurs_par_projet = models.PositiveSmallIntegerField(
        "instructeurs par projet", default=1, validators=[MinValueValidator(1), MaxValueValidator(3)]
    )
    ecart_a_discuter = models.PositiveSmallIntegerField(
        "écart entre deux instructeurs à discuter",
        default=25,
        validators=[MaxValueValidator(100)],
        help_text="En points sur cent.",
    )
    part_maximale = models.PositiveSmallIntegerField(
        "part maximale des subventions demandées",
        default=80,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text="En pour cent du coût en argent du projet, sans le bénévolat ni ce qui est prêté. À confirmer par les financeurs.",
    )
    # CERFA 15059: within 6 months of the end of the exercice (service-public.gouv.fr, R46623).
    delai_bilan_mois = models.PositiveSmallIntegerField(
        "mois pour rendre le bilan", default=6, validators=[MinValueValidator(1), MaxValueValidator(24)]
    )
    regle_excedent = models.CharField(
        "ce qui est dû quand il reste de l’argent",
        max_length=8,
        choices=REGLES,
        default=SOLDE,
        db_default=SOLDE,
        help_text="À confirmer par les financeurs.",
    )
    seuil_reversement = models.DecimalField(
        "trop-perçu en dessous duquel rien n’est repris, en euros",
        max_digits=9,
        decimal_places=2,
        default=Decimal(0),
        db_default=Decimal(0),
        validators=[MinValueValidator(Decimal(0))],
        help_text="À confirmer par les financeurs.",
    )
    delai_reversement_jours = models.PositiveSmallIntegerField(
        "jours pour reverser un trop-perçu",
        default=30,
        db_default=30,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
        help_text="À confirmer par les financeurs.",
    )
    envois_reseau_par_jour = models.PositiveSmallIntegerField(
        "envois par jour d’une équipe aux autres projets du réseau",
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(50)],
        help_text="Contacts proposés et messages écrits.",
    )
    # CRPA, L231-4: silence on a recours is a refusal.
    delai_recours_mois = models.PositiveSmallIntegerField(
        "mois pour répondre à un recours gracieux",
        default=2,
        validators=[MinValueValidator(1), MaxValueValidator(12)],
        help_text=ici_plus_tard(
            "Sans réponse dans ce délai, il est rejeté ({loi_silence} : à confirmer par le service juridique)."
        ),
    )
    signataire = models.CharField(
        "qui signe les lettres de décision",
        max_length=160,
        default="Pour le comité de pilotage du Contrat de Ville",
        help_text=ici_plus_tard(
            "Au bas de chaque lettre de décision : prénom, nom et qualité ({loi_signature})."
        ),
    )
    conservation_mois = models.PositiveSmallIntegerField(
        "mois de conservation des coordonnées après la clôture",
        default=60,
        validators=[MaxValueValidator(240)],
    )
    est_a_confirmer = models.BooleanField("chiffres à confirmer par les partenaires", default=True)
    # Table given to the assembly once the year is decided.
    deliberation = CleUnique(Document, null=True, related_name="+", verbose_name="tableau de la délibération")

    objects: ClassVar[Any] = ProgrammationQuerySet.as_manager()

    class Meta:
        verbose_name = "programmation"
        ordering = ["-annee"]
        constraints = [
            models.CheckConstraint(
                condition=Q(date_cloture__gte=F("date_ouverture")),
                name="programmation_dates_ordonnees",
                violation_error_message="La clôture précède l’ouverture.",
            )
        ]

    def __str__(self) -> str:
        return self.titre

    def clean(self) -> None:
        exiger_ordre(self.date_ouverture, self.date_cloture, "date_cloture")
        technique, pilotage = self.date_comite_technique, self.date_comite_pilotage
        if technique and pilotage and pilotage < technique:
            raise ValidationError(
                {"date_comite_pilotage": "Le comité de pilotage décide après le comité technique, pas avant."}
            )

    def get_absolute_url(self) -> str:
        return reverse("contrat_ville:programmation", args=[self.pk])

    def get_public_url(self) -> str:
        return reverse("contrat_ville:appel", args=[self.annee])

    @property
    def fil_avant(self) -> list[tuple[str, str]]:
        return [
            ("Ma journée", reverse("socle:journee")),
            ("Programmations", reverse("contrat_ville:programmations")),
        ]

    @property
    def est_ouverte(self) -> bool:
        """Whether projets may be filed today."""
        return (
            self.etat == EtatProgrammation.OUVERTE
            and self.date_ouverture <= timezone.localdate() <= self.date_cloture
        )

    def mots_de_suite(self) -> dict[str, str]:
        return {"cloture": jour_texte(self.date_cloture)}

    def avant_d_ouvrir(self, acte: str, par: Compte | None) -> list[str]:
        manques: list[str] = []
        if not self.criteres.filter(etape=Etape.RECEVABILITE).exists():
            manques.append(Manque("Écrivez d’abord les critères de recevabilité.", acte="ecrire_critere"))
        if not self.criteres.filter(etape=Etape.MERITE).exists():
            manques.append(
                Manque("Écrivez d’abord la grille de l’intérêt des projets.", acte="ecrire_critere")
            )
        if self.date_cloture < timezone.localdate():
            manques.append(
                Manque("La clôture est déjà passée : changez le calendrier.", acte="regler_programmation")
            )
        return manques

    def avant_de_reprendre(self, acte: str, par: Compte | None) -> list[str]:
        if self.criteres.exists():
            return ["La grille est déjà commencée : corrigez-la, ou retirez d’abord ses critères."]
        return []

    def gel_de_la_grille(self) -> str:
        """Return why the grid cannot change any more; "" while it can."""
        if self.etat == EtatProgrammation.PREPAREE:
            return ""
        return "La grille ne change plus : l’appel est publié, et les porteurs écrivent leur projet d’après elle."

    def gel_des_enveloppes(self) -> str:
        if self.etat in workflow.A_DOTER:
            return ""
        return "Les enveloppes ne changent plus : la programmation est arrêtée d’après elles."

    def avant_de_clore(self, acte: str, par: Compte | None) -> list[str]:
        """The decisions must be notified, and no projet may wait for a comité."""
        phrases: list[str] = []
        tus = self.projets.filter(etat__in=sorted(DECIDES), notifie_le__isnull=True).count()
        if tus:
            phrases.append(
                Manque(
                    f"{accorder(tus, 'décision reste', 'décisions restent')} à notifier.",
                    reverse("contrat_ville:a_notifier"),
                )
            )
        attendus = self.projets.filter(etat__in=sorted(EN_EXAMEN)).count()
        if attendus:
            phrases.append(
                Manque(
                    f"{accorder(attendus, 'projet attend', 'projets attendent')} encore un comité.",
                    reverse("contrat_ville:projets"),
                )
            )
        return phrases


class EntreeProgrammation(LigneDeJournal):
    """One line of the journal of a programmation. The database refuses to change or remove it."""

    programmation = CleEtrangere(Programmation, related_name="journal")

    class Meta(LigneDeJournal.Meta):
        verbose_name = "entrée du journal de programmation"
        verbose_name_plural = "journal des programmations"
        triggers = [ineffacable("programmation")]


class Enveloppe(Partie):
    """Amount that a financer gives this year: for all projets, an axe, a quartier, or both."""

    programmation = CleEtrangere(Programmation, related_name="enveloppes", on_delete=models.CASCADE)
    financeur = CleEtrangere(Partenaire, related_name="enveloppes", limit_choices_to={"est_financeur": True})
    axe = CleEtrangere(Axe, null=True, related_name="enveloppes", help_text="Vide : tous les axes.")
    quartier = CleEtrangere(
        Quartier, null=True, related_name="enveloppes_cdv", help_text="Vide : tous les quartiers."
    )
    montant = models.DecimalField(
        "montant", max_digits=12, decimal_places=2, validators=[MinValueValidator(Decimal(0))]
    )

    suivi = PortePar[Programmation]("programmation")

    class Meta:
        verbose_name = "enveloppe"
        ordering = ["programmation", "financeur", "axe", "quartier"]
        constraints = [
            models.UniqueConstraint(
                fields=["programmation", "financeur", "axe", "quartier"],
                nulls_distinct=False,
                name="enveloppe_unique",
                violation_error_message="Cette enveloppe existe déjà.",
            ),
            models.CheckConstraint(
                condition=Q(montant__gte=0),
                name="enveloppe_positive",
                violation_error_message="Une enveloppe ne peut pas être négative.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.financeur.court}{f' ({self.portee})' if self.axe or self.quartier else ''}"

    @property
    def portee(self) -> str:
        """Scope of the envelope, in words."""
        return ", ".join(str(p) for p in (self.axe, self.quartier) if p) or "tous les projets"


class Critere(Partie):
    """A line of the grid: a condition (recevabilité), or a mark with its weight."""

    class Forme(models.TextChoices):
        OUI_NON = "oui_non", "rempli, non rempli, sans objet"
        NOTE = "note", "note"

    programmation = CleEtrangere(Programmation, related_name="criteres", on_delete=models.CASCADE)
    etape = models.CharField("étape", max_length=12, choices=Etape)
    ordre = models.PositiveSmallIntegerField("ordre", default=0)
    intitule = models.CharField("intitulé", max_length=200)
    aide = models.CharField("comment le juger", max_length=400, blank=True)
    forme = models.CharField("forme", max_length=8, choices=Forme, default=Forme.OUI_NON)
    poids = models.PositiveSmallIntegerField(
        "poids", default=1, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    note_max = models.PositiveSmallIntegerField(
        "note la plus haute", default=5, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    est_eliminatoire = models.BooleanField("éliminatoire", default=False)
    est_corrigeable = models.BooleanField(
        "le porteur peut corriger",
        default=True,
        help_text="Alors le service demande à compléter avant de refuser.",
    )
    phrase_negative = models.CharField(
        "ce que la lettre dit s’il n’est pas rempli", max_length=300, blank=True
    )

    suivi = PortePar[Programmation]("programmation")

    class Meta:
        verbose_name = "critère"
        ordering = ["programmation", "etape", "ordre", "pk"]
        constraints = [
            models.UniqueConstraint(
                "programmation",
                "etape",
                Lower("intitule"),
                name="critere_intitule_unique",
                violation_error_message="Ce critère existe déjà dans cette étape.",
            )
        ]

    def __str__(self) -> str:
        return self.intitule


class ReglementSubventions(Reglement):
    """Règlement of the published subsidies (décret 2017-779).

    Nothing is published without the SIRET of the granting body, which the data format requires.
    """

    seuil = models.DecimalField(
        "publier au-dessus de",
        max_digits=10,
        decimal_places=2,
        default=Decimal(23000),
        validators=[MinValueValidator(Decimal(0))],
        help_text="En euros, pour une convention. 23 000 € selon le décret 2001-495, article 1er.",
    )
    nom_attribuant = models.CharField("nom de qui attribue", max_length=160)
    siret_attribuant = models.CharField(
        "SIRET de qui attribue", max_length=14, blank=True, help_text="Vide : rien n’est publié."
    )

    objects = ReglementQuerySet["ReglementSubventions"].as_manager()

    class Meta(Reglement.Meta):
        verbose_name = "règlement des données sur les subventions"
        verbose_name_plural = "règlements des données sur les subventions"

    def clean(self) -> None:
        super().clean()
        self.siret_attribuant = siret_francais.compact(self.siret_attribuant)
        if self.siret_attribuant and not siret_francais.is_valid(self.siret_attribuant):
            raise ValidationError(
                {"siret_attribuant": "Ce SIRET n’existe pas : vérifiez les quatorze chiffres."}
            )


class ReglementDepot(Reglement):
    """None of these figures comes from the law: `source` says who chose them."""

    brouillons_par_personne = models.PositiveSmallIntegerField(
        "brouillons par personne", default=10, validators=[MinValueValidator(1)]
    )
    peremption_jours = models.PositiveSmallIntegerField(
        "jours sans écriture avant d’effacer un brouillon",
        default=365,
        validators=[MinValueValidator(1)],
        help_text="Tout ce qu’il contient est alors effacé.",
    )
    preavis_jours = models.PositiveSmallIntegerField(
        "jours entre l’avertissement et l’effacement", default=30, validators=[MinValueValidator(1)]
    )
    conservation_imports_mois = models.PositiveSmallIntegerField(
        "conservation des fichiers de Dauphin (mois)",
        default=24,
        validators=[MinValueValidator(1)],
        help_text="Le fichier et ses lignes sont ensuite effacés ; les projets restent.",
    )
    conservation_reseau_mois = models.PositiveSmallIntegerField(
        "conservation des messages du réseau (mois)",
        default=24,
        validators=[MinValueValidator(1)],
        help_text="Depuis qu’ils sont écrits. Le contact reste ; les mots sont effacés. Durée à confirmer par le délégué à la protection des données.",
    )

    objects = ReglementQuerySet["ReglementDepot"].as_manager()

    class Meta(Reglement.Meta):
        verbose_name = "règlement du dépôt"
        verbose_name_plural = "règlements du dépôt"
