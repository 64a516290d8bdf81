"""What is kept of the rights of people, and of what is eliminated.

Delays, and who gives a visa; what a person asked about her data, and what was done; the elimination slips, kept for ever:
what is proposed to the archives, their visa line by line, what was eliminated.
"""

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar, Self

import pgtrigger
from django.apps import apps
from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from participation.droits import workflow
from participation.droits.workflow import (
    APPARENCES_DU_BORDEREAU,
    OUVERTS,
    TRANSITIONS_DU_BORDEREAU,
    Avis,
    Droit,
    EtatBordereau,
    EtatDemande,
    Identite,
)
from participation.socle.calendrier import ajouter_mois, il_y_a_plus_de
from participation.socle.erreurs import Manque
from participation.socle.francais import au_plus_tard, jour_texte, majuscule
from participation.socle.langues import FRANCAIS
from participation.socle.liens import Lien
from participation.socle.models import (
    CleEtrangere,
    Compte,
    Demandeur,
    Document,
    LigneDeJournal,
    Reglement,
    ReglementQuerySet,
    Scelle,
    Suivi,
    ineffacable,
)
from participation.socle.models.telephones import index_du_telephone
from participation.socle.workflow import Apparence, Table

EN_ROUTE = (EtatBordereau.PREPARE, EtatBordereau.AU_VISA, EtatBordereau.VISE)


class Bordereau(Scelle, Suivi):
    """A slip: lots of data past their time, proposed together to the archives."""

    SUJET = "le bordereau"
    TRANSITIONS: ClassVar[Table] = TRANSITIONS_DU_BORDEREAU
    APPARENCES: ClassVar[dict[str, Apparence]] = APPARENCES_DU_BORDEREAU
    LIEN = Lien("droits.bordereau")

    etat = models.CharField("état", max_length=10, choices=EtatBordereau, default=EtatBordereau.PREPARE)
    cree_le = models.DateTimeField("préparé le", default=timezone.now)
    visa = models.CharField("numéro de visa", max_length=80, blank=True)
    vise_par = models.CharField("visé par", max_length=160, blank=True)
    date_visa = models.DateField("jour du visa", null=True, blank=True)
    par = CleEtrangere(settings.AUTH_USER_MODEL, null=True, related_name="+", verbose_name="éliminé par")
    eliminer_le = models.DateTimeField("élimination demandée le", null=True, blank=True)
    certificat = CleEtrangere(Document, null=True, related_name="+", verbose_name="certificat")

    class Meta:
        verbose_name = "bordereau d’élimination"
        verbose_name_plural = "bordereaux d’élimination"
        ordering = ["-cree_le", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["visa"],
                condition=~Q(visa=""),
                name="droits_bordereau_visa_unique",
                violation_error_message="Ce numéro de visa est celui d’un autre bordereau.",
            )
        ]
        triggers = [pgtrigger.Protect(name="bordereau_garde", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return (
            f"Bordereau d’élimination n° {self.pk}, du {jour_texte(self.cree_le)}"
            if self.pk
            else "Bordereau d’élimination"
        )

    def get_absolute_url(self) -> str:
        return reverse("droits:bordereau", args=[self.pk])

    @property
    def fil_avant(self) -> list[tuple[str, str]]:
        return [("Éliminations", reverse("droits:bordereaux"))]


class LigneBordereau(models.Model):
    """One lot: the columns of the archives, then what they answered. Once answered, the database protects it.

    `nature` and `objet`: the kind (`Elimination.cle`) and the number of the lot, in the app that proposes it.
    """

    bordereau = CleEtrangere(Bordereau, related_name="lignes")
    nature = models.CharField("sorte", max_length=40)
    objet = models.PositiveBigIntegerField("numéro du lot")
    service = models.CharField("service", max_length=160)
    genre = models.CharField("nature des documents", max_length=160)
    intitule = models.CharField("intitulé", max_length=240)
    date_debut = models.DateField("date la plus ancienne", null=True, blank=True)
    date_fin = models.DateField("date la plus récente", null=True, blank=True)
    dua = models.CharField("durée d’utilité administrative", max_length=240)
    nombre = models.PositiveIntegerField("importance (lignes)")
    observations = models.CharField("observations", max_length=400, blank=True)
    avis = models.CharField("réponse des archives", max_length=8, choices=Avis, blank=True)
    motif = models.CharField("motif du refus", max_length=240, blank=True)
    eliminee_le = models.DateTimeField("éliminé le", null=True, blank=True)
    elimines = models.PositiveIntegerField("lignes éliminées", null=True, blank=True)

    class Meta:
        verbose_name = "ligne d’un bordereau d’élimination"
        verbose_name_plural = "lignes des bordereaux d’élimination"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(avis=Avis.REFUS) | ~Q(motif=""),
                name="ligne_bordereau_refus_dit",
                violation_error_message="Dites pourquoi cette ligne est refusée.",
            ),
            models.CheckConstraint(
                condition=Q(eliminee_le__isnull=True) | Q(avis=Avis.VISA),
                name="ligne_bordereau_rien_sans_visa",
                violation_error_message="Rien n’est éliminé sans le visa des archives.",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="ligne_bordereau_gardee", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="ligne_bordereau_repondue",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.avis <> '' AND (NEW.avis, NEW.motif, NEW.nature, NEW.objet, NEW.intitule, NEW.nombre)"
                    " IS DISTINCT FROM (OLD.avis, OLD.motif, OLD.nature, OLD.objet, OLD.intitule, OLD.nombre)"
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.intitule

    @property
    def dates_extremes(self) -> str:
        bornes = [jour_texte(jour, "chiffres") for jour in (self.date_debut, self.date_fin) if jour]
        return " – ".join(dict.fromkeys(bornes))


class EntreeBordereau(LigneDeJournal):
    """Line of the journal of a slip, which the database protects."""

    bordereau = CleEtrangere(Bordereau, related_name="journal")

    class Meta(LigneDeJournal.Meta):
        verbose_name = "entrée du journal d’un bordereau"
        verbose_name_plural = "journal des bordereaux"
        triggers = [ineffacable("bordereau")]


def lignes_visees(nature: str, objet: int | None = None) -> "models.QuerySet[LigneBordereau]":
    """Return the lines that the archives allowed, and that are not eliminated yet."""
    visees = LigneBordereau.objects.filter(
        nature=nature, avis=Avis.VISA, eliminee_le=None, bordereau__etat=EtatBordereau.VISE
    )
    return visees if objet is None else visees.filter(objet=objet)


def sans_visa(nature: str, objet: int | None = None) -> list[str]:
    """Say that this purge has no visa, and where to ask for it; empty when it has one: what every purge asks first."""
    if lignes_visees(nature, objet).exists():
        return []
    return [
        Manque(
            "Les archives n’ont pas donné leur visa\u00a0: rien n’est éliminé sans bordereau.",
            reverse("droits:bordereaux"),
        )
    ]


def visa_note(bordereau: Bordereau, acte: str, par: Compte | None) -> list[str]:
    """Only a line with a visa, and not eliminated yet, leaves something to eliminate."""
    if bordereau.eliminer_le is not None:
        return ["L’élimination est déjà demandée."]
    if bordereau.lignes.filter(avis=Avis.VISA, eliminee_le=None).exists():
        return []
    return ["Aucune ligne n’a le visa des archives, ou tout est déjà éliminé."]


def rien_ne_reste(bordereau: Bordereau, acte: str, par: Compte | None) -> list[str]:
    """A slip is closed once all that has a visa is eliminated, or was to be and could not."""
    if bordereau.eliminer_le is not None:
        return []
    if bordereau.lignes.filter(avis=Avis.VISA, eliminee_le=None).exists():
        return ["Demandez d’abord l’élimination de ce qui a le visa."]
    return []


class ReglementDroits(Reglement):
    """Delays of the service, to be confirmed with the data protection officer: none is written in a law."""

    preuve_jours = models.PositiveSmallIntegerField(
        "jours pour confirmer une demande", default=7, validators=[MinValueValidator(1)]
    )
    copie_jours = models.PositiveSmallIntegerField(
        "jours où la copie peut être téléchargée", default=15, validators=[MinValueValidator(1)]
    )
    inactivite_mois = models.PositiveSmallIntegerField(
        "mois sans entrer dans un compte, avant de l’effacer",
        default=24,
        db_default=24,
        validators=[MinValueValidator(6)],
    )
    preavis_jours = models.PositiveSmallIntegerField(
        "jours entre le courriel qui le dit et l’effacement",
        default=30,
        db_default=30,
        validators=[MinValueValidator(7)],
    )
    courriel_archives = models.EmailField(
        "adresse des archives",
        blank=True,
        help_text="Qui donne son visa avant toute élimination\u00a0: les archives départementales, ou celles de la collectivité.",
    )

    CONFIRME_PAR = "le délégué à la protection des données"

    objects = ReglementQuerySet["ReglementDroits"].as_manager()

    class Meta(Reglement.Meta):
        verbose_name = "règlement des droits des personnes"
        verbose_name_plural = "règlements des droits des personnes"


def chemin_copie(demande: "DemandeDroit", nom: str) -> str:
    return f"copies/{uuid.uuid4()}.zip"


class DemandeDroitQuerySet(models.QuerySet["DemandeDroit"]):
    def ouvertes(self) -> Self:
        return self.filter(etat__in=OUVERTS)

    def prouvees(self) -> Self:
        return self.exclude(etat=EtatDemande.A_PROUVER)


class DemandeDroit(Suivi, Scelle, Demandeur):
    """A copy or an erasure that a person asked for. Once done, it keeps numbers, and nothing of `QUI`.

    She is known by her address, by her telephone (E.164) beside her name, or by the row of her code on paper
    (`cle_du_papier`: « remontees.Rapporteur:12 »). `adresse`: where she is answered by post. `boite`: keyed hash of what
    she is known by, so that two requests at once are one. `rapport`: what was found and what stays, by table.
    """

    QUI = ("courriel", "telephone", "nom", "adresse", "cle_du_papier")

    SUJET = "la demande"
    TRANSITIONS: ClassVar[Table] = workflow.TRANSITIONS
    APPARENCES: ClassVar[dict[str, Apparence]] = workflow.APPARENCES
    CLE = "droit"
    USAGE = "droits.demande"
    LIEN = Lien("droits.demande")

    courriel = models.EmailField("courriel", max_length=254, blank=True)
    telephone = models.CharField("téléphone", max_length=20, blank=True, default="", db_default="")
    nom = models.CharField("nom", max_length=160, blank=True, default="", db_default="")
    adresse = models.CharField("adresse postale", max_length=300, blank=True, default="", db_default="")
    cle_du_papier = models.CharField(
        "ligne de son papier", max_length=80, blank=True, default="", db_default="", editable=False
    )
    boite = models.CharField("empreinte de qui demande", max_length=32, blank=True, editable=False)
    droit = models.CharField("demande", max_length=12, choices=Droit)
    etat = models.CharField("état", max_length=10, choices=EtatDemande, default=EtatDemande.A_PROUVER)
    identite = models.CharField("identité vérifiée", max_length=10, choices=Identite, default=Identite.LIEN)
    date_effacement = models.DateField("jour dit de l’effacement", null=True, blank=True)
    langue = models.CharField("langue de ses lettres", max_length=2, default=FRANCAIS, db_default="fr")
    faite_le = models.DateTimeField("faite le", null=True, blank=True)
    rapport = models.JSONField("rapport", default=list, blank=True)
    fichier = models.FileField("copie", upload_to=chemin_copie, blank=True)

    objects = DemandeDroitQuerySet.as_manager()

    class Meta:
        verbose_name = "demande d’une personne"
        verbose_name_plural = "demandes des personnes"
        ordering = ["-demande_le", "-pk"]
        indexes = [index_du_telephone("demande_droit_telephone")]
        constraints = [
            models.UniqueConstraint(
                fields=["boite", "droit"],
                condition=Q(etat__in=OUVERTS),
                name="demande_droit_une_ouverte",
                violation_error_message="Cette demande est déjà en cours pour cette personne.",
            )
        ]

    def __str__(self) -> str:
        return (
            f"{majuscule(self.get_droit_display())}, demande n° {self.pk}" if self.pk else "Nouvelle demande"
        )

    def get_absolute_url(self) -> str:
        return reverse("droits:demande", args=[self.pk])

    def get_public_url(self) -> str:
        return reverse("droits:ma_demande", args=[self.jeton()])

    @property
    def fil_avant(self) -> list[tuple[str, str]]:
        return [("Droits des personnes", reverse("droits:demandes"))]

    @property
    def a_repondre_le(self) -> date:
        """One month after the demand (RGPD, article 12, 3)."""
        return ajouter_mois(timezone.localdate(self.demande_le), 1)

    def mots_de_suite(self) -> dict[str, str]:
        a_poster = self.courriers.filter(date_postee=None, abandonne_le=None).exists()
        return {
            "effacement": jour_texte(self.date_effacement) if self.date_effacement else "",
            "avant": f", {au_plus_tard(self.a_repondre_le)}",
            "reste": "imprimez la lettre, et postez-la."
            if a_poster
            else "le journal dit comment la personne l’apprend.",
        }

    @property
    def est_prouvee(self) -> bool:
        return self.etat != EtatDemande.A_PROUVER

    @property
    def papier(self) -> models.Model | None:
        """The row that her code on paper opened, if it is still kept."""
        modele, _, numero = self.cle_du_papier.partition(":")
        return apps.get_model(modele)._base_manager.filter(pk=numero).first() if numero else None

    @property
    def nomme_quelqu_un(self) -> bool:
        return bool(self.courriel or self.telephone or self.papier is not None)

    @classmethod
    def sans_qui(cls) -> dict[str, str]:
        return dict.fromkeys(cls.QUI, "")

    @property
    def est_effacement(self) -> bool:
        return self.droit == Droit.EFFACEMENT

    @classmethod
    def jours_sans_preuve(cls) -> int:
        return ReglementDroits.actuel().preuve_jours

    @classmethod
    def sans_preuve(cls) -> Iterable[models.QuerySet[Any]]:
        limite = il_y_a_plus_de(cls.jours_sans_preuve())
        return [cls.objects.filter(etat=EtatDemande.A_PROUVER, demande_le__lt=limite)]


class EntreeDroit(LigneDeJournal):
    """Line of the journal of a request, which the database protects. It says no name and no address."""

    demande = CleEtrangere(DemandeDroit, related_name="journal")

    class Meta(LigneDeJournal.Meta):
        verbose_name = "entrée du journal d’une demande"
        verbose_name_plural = "journal des demandes des personnes"
        triggers = [ineffacable("droit")]


def copie_gardee(demande: DemandeDroit, acte: str, par: Compte | None) -> list[str]:
    """Only a copy that is still kept may be handed over."""
    if demande.est_effacement:
        return ["Un effacement ne donne aucune copie."]
    if demande.fichier:
        return []
    return ["La copie n’est plus gardée : enregistrez une nouvelle demande."]
