"""Services followed by the commission, avis, and dates of the council."""

from collections.abc import Iterator
from datetime import date
from typing import Any, ClassVar, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from ccspl import workflow
from ccspl.workflow import RENDUS, Etat, Sens
from participation.seances.models import Mandature, Membre, instances_ou_siege
from participation.seances.workflow import A_VENIR, EN_COURS, EtatPoint
from participation.socle.erreurs import Manque
from participation.socle.francais import accorder, enumerer, jour_texte
from participation.socle.models import (
    CleEtrangere,
    Compte,
    Direction,
    Document,
    Dossier,
    DossierQuerySet,
    Partie,
    Suivi,
    Voix,
)
from participation.socle.models.dossiers import Visiteur, reserves_pour
from participation.socle.models.echeances import avant_le
from participation.socle.workflow import Apparence, Decision, Role, Table

INSTANCE = "ccspl"  # key of the instance of the commission
LA_COMMISSION = "la CCSPL"  # who asks, in the sentence of a suite


class ServiceSuivi(models.Model):
    """A local public service that the commission follows."""

    class Gestion(models.TextChoices):
        REGIE = "regie", "régie à autonomie financière"
        DSP = "dsp", "délégation de service public"
        PARTENARIAT = "partenariat", "marché de partenariat"
        AUTRE = "autre", "autre mode de gestion"

    nom = models.CharField("nom", max_length=120, unique=True)
    domaine = models.CharField("domaine", max_length=80, help_text="Eau, énergie, mobilités…")
    gestion = models.CharField("mode de gestion", max_length=12, choices=Gestion, default=Gestion.AUTRE)
    exploitant = models.CharField("exploitant", max_length=160, blank=True)
    direction = CleEtrangere(Direction, null=True, related_name="services_suivis")
    a_un_rapport_annuel = models.BooleanField("rapport annuel examiné chaque année", default=True)
    est_actif = models.BooleanField("suivi", default=True)

    class Meta:
        verbose_name = "service suivi"
        verbose_name_plural = "services suivis"
        ordering = ["domaine", "nom"]

    def __str__(self) -> str:
        return self.nom


class ReunionDuConseil(Suivi):
    """A council or one of its commissions, which an avis must precede. It has no journal."""

    SUJET = "la réunion"
    TRANSITIONS: ClassVar[Table] = workflow.REUNIONS

    class Nature(models.TextChoices):
        CONSEIL = "conseil", "conseil"
        COMMISSION = "commission", "commission"

    nature = models.CharField("nature", max_length=12, choices=Nature, default=Nature.CONSEIL)
    intitule = models.CharField("intitulé", max_length=160)
    date = models.DateField("date")
    lieu = models.CharField("lieu", max_length=160, blank=True)

    class Meta:
        verbose_name = "réunion du conseil"
        verbose_name_plural = "réunions du conseil"
        ordering = ["date", "nature"]
        constraints = [
            models.UniqueConstraint(
                "nature",
                "intitule",
                "date",
                name="reunion_unique",
                violation_error_message="Cette réunion existe déjà.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.intitule}, {jour_texte(self.date, 'chiffres')}"

    def get_absolute_url(self) -> str:
        return reverse("ccspl:reunions")

    @property
    def fil(self) -> list[tuple[str, str]]:
        return [
            ("Ma journée", reverse("socle:journee")),
            ("Calendrier légal", reverse("ccspl:calendrier")),
            ("Dates du conseil", self.get_absolute_url()),
        ]

    def sans_avis(self, acte: str, par: Compte | None) -> list[str]:
        if self.avis.exists():
            return [
                Manque(
                    "Des avis sont attendus pour cette réunion : changez sa date plutôt que de la supprimer.",
                    acte="modifier_reunion",
                )
            ]
        return []


class AvisQuerySet(DossierQuerySet):
    def visibles_par(self, visiteur: Visiteur) -> Self:
        """Keep the avis that the visitor may read.

        Members of the commission read every registered or published avis; others as for any dossier.
        """
        # The few drafts, not a condition on each dossier: the figures of the dashboard would join them all.
        brouillons = (
            Dossier.objects.filter(nature="avis", ouvert_le=None, est_publie=False).order_by().values("pk")
        )
        if not isinstance(visiteur, AnonymousUser) and visiteur.est_agent:
            caches = brouillons.exclude(auteur=visiteur)
            return self.exclude(pk__in=caches).exclude(pk__in=reserves_pour(visiteur))
        if not isinstance(visiteur, AnonymousUser) and siege(visiteur):
            return self.exclude(pk__in=brouillons)
        return super().visibles_par(visiteur)


def siege(compte: Compte) -> bool:
    """Whether the account sits on the commission today."""
    return INSTANCE in instances_ou_siege(compte)


class Avis(Dossier):
    """An avis of the commission: asked for, written together, adopted in séance, transmitted, answered."""

    class Objet(models.TextChoices):
        RAPPORT = "rapport", "examen d’un rapport annuel"
        DSP = "dsp", "projet de délégation de service public"
        REGIE = "regie", "création d’une régie à autonomie financière"
        PARTENARIAT = "partenariat", "projet de marché de partenariat"
        REGLEMENT = "reglement", "règlement du service de l’eau ou de l’assainissement"
        RECHERCHE = "recherche", "participation à un programme de recherche (eau, assainissement)"
        AUTRE = "autre", "autre sujet"

    class Saisine(models.TextChoices):
        DELIBERATION = "deliberation", "délibération du conseil"
        DELEGATION = "delegation", "exécutif, par délégation du conseil"
        AUTO = "auto", "auto-saisine de la commission"
        LOI = "loi", "examen annuel prévu par la loi"
        A_DIRE = "a_dire", "à préciser"

    # Objets for which the avis must be adopted before the council decides (L1413-1, L2224-12 CGCT).
    PREALABLES: ClassVar[frozenset[str]] = frozenset(
        {"dsp", "regie", "partenariat", "reglement", "recherche"}
    )

    PREFIXE = "AVI"
    SUJET = "l’avis"
    QUI_DEMANDE = LA_COMMISSION
    TRANSITIONS: ClassVar[Table] = workflow.TRANSITIONS
    APPARENCES: ClassVar[dict[str, Apparence]] = workflow.APPARENCES
    ACTES_REPLIES: ClassVar[frozenset[str]] = frozenset(
        {
            "prendre_en_charge",
            "abandonner",
            "rouvrir_redaction",
            "inscrire_en_seance",
            "rediger",
            "proposer",
            "preconiser",
            "noter_position",
            "ajouter_suite",
        }
    )
    ACTES_DANS_LA_PAGE: ClassVar[frozenset[str]] = frozenset({"faire_fiche", "demander_intervention"})
    DECISIONS_DE_SEANCE: ClassVar[dict[str, Decision]] = workflow.DECISIONS_DE_SEANCE
    SEANCE_EST_DITE = True
    ACTES_DUS: ClassVar[dict[str, str]] = workflow.ACTES_DUS
    GABARIT_SEANCE = "ccspl/seance/_avis.html"

    etat = models.CharField("état", max_length=14, choices=Etat, default=Etat.SAISIE)
    service = CleEtrangere(ServiceSuivi, related_name="avis")
    autres_services = models.ManyToManyField(
        ServiceSuivi, related_name="avis_aussi", blank=True, verbose_name="autres services concernés"
    )
    mandature = CleEtrangere(Mandature, related_name="avis")
    objet = models.CharField("objet", max_length=12, choices=Objet)
    saisine = models.CharField("saisine par", max_length=12, choices=Saisine, default=Saisine.A_DIRE)
    fondement = models.CharField(
        "acte de saisine",
        max_length=200,
        blank=True,
        help_text="Numéro et date de la délibération ou de la délégation.",
    )
    date_saisine = models.DateField("saisie le")
    demandeur = models.CharField(
        "demandé par",
        max_length=160,
        blank=True,
        help_text="La personne ou le service qui saisit la commission.",
    )
    adresse_demandeur = models.EmailField("son courriel", blank=True)
    contexte = models.TextField("ce qui est demandé", blank=True)
    conseil = CleEtrangere(
        ReunionDuConseil, null=True, related_name="avis", verbose_name="conseil qui en délibère"
    )
    deliberation = models.CharField("délibération qui cite l’avis", max_length=160, blank=True)
    sens = models.CharField("sens", max_length=14, choices=Sens, blank=True)
    adopte_le = models.DateTimeField("adopté le", null=True, blank=True, editable=False)
    transmis_le = models.DateTimeField("transmis le", null=True, blank=True, editable=False)
    repondu_le = models.DateTimeField("répondu le", null=True, blank=True, editable=False)
    rendu_le = models.DateField("réponses présentées aux membres le", null=True, blank=True)
    document = CleEtrangere(Document, null=True, related_name="+", verbose_name="avis adopté (PDF)")
    synthese = models.TextField(
        "en deux phrases", blank=True, help_text="Pour la fiche et le site public, en mots simples."
    )

    objects: ClassVar[Any] = AvisQuerySet.as_manager()

    class Meta:
        verbose_name = "avis de la CCSPL"
        verbose_name_plural = "avis de la CCSPL"
        ordering = ["-ouvert_le", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(etat__in=sorted(RENDUS)) | (~Q(sens="") & Q(adopte_le__isnull=False)),
                name="avis_rendu_a_son_sens",
                violation_error_message="Dites le sens de l’avis.",
            ),
            models.CheckConstraint(
                condition=~Q(saisine__in=["deliberation", "delegation"]) | ~Q(fondement=""),
                name="avis_saisine_fondee",
                violation_error_message="Donnez la délibération ou la délégation qui fonde la saisine.",
            ),
        ]
        indexes = [
            # The last answers, on the home page.
            models.Index(
                F("repondu_le").desc(),
                F("dossier_ptr").desc(),
                condition=Q(repondu_le__isnull=False),
                name="avis_repondus",
            )
        ]

    def a_lire(self) -> list[tuple[str, str]]:
        return [("Ce qui est demandé à la commission", self.contexte)] if self.contexte else []

    def theme_propose(self) -> str:
        return self.service.domaine

    def voix(self) -> Iterator[Voix]:
        sieges = Membre.objects.filter(college__mandature__instance__cle=INSTANCE).en_fonction()
        presents = sieges.filter(compte__is_active=True)
        for courriel in presents.order_by().values_list("compte__courriel", flat=True).distinct():
            yield Voix(courriel, "un membre de la commission")

    def get_absolute_url(self) -> str:
        return reverse("ccspl:dossier", args=[self.pk])

    def get_membre_url(self) -> str:
        return reverse("ccspl:redaction", args=[self.pk])

    def get_public_url(self) -> str:
        return reverse("ccspl:avis", args=[self.reference])

    @property
    def fil_avant(self) -> list[tuple[str, str]]:
        return [*super().fil_avant, ("Avis de la CCSPL", reverse("ccspl:tableau"))]

    @property
    def services(self) -> str:
        """Names of all the services concerned: « Eau potable et Assainissement »."""
        return enumerer([self.service.nom, *(autre.nom for autre in self.autres_services.all())])

    @property
    def a_plusieurs_services(self) -> bool:
        return bool(self.autres_services.all())

    @property
    def est_prealable(self) -> bool:
        return self.objet in self.PREALABLES

    @property
    def est_fondee(self) -> bool:
        """Whether the saisine has a legal basis.

        For a prior avis: a deliberation or a delegation, with its number. Otherwise: any saisine other than «
        à préciser ».
        """
        if self.est_prealable:
            return self.saisine in {self.Saisine.DELIBERATION, self.Saisine.DELEGATION} and bool(
                self.fondement
            )
        return self.saisine != self.Saisine.A_DIRE

    @property
    def est_rendu(self) -> bool:
        return self.etat in RENDUS

    def pour_le_pv(self) -> dict[str, Any]:
        """Return what the procès-verbal quotes, once the avis is adopted: sens, paragraphs,
        préconisations."""
        version = self.versions.filter(est_adoptee=True).first() if self.est_rendu else None
        if version is None:
            return {}
        return {
            "sens": self.get_sens_display(),
            "paragraphes": version.paragraphes,
            "preconisations": version.preconisations,
        }

    def mots_de_suite(self) -> dict[str, str]:
        rendre = self._a_rendre() if self.etat == Etat.REPONDU else ""
        echeance = self.echeances.ouvertes().order_by("date_limite").first()
        return {"avant": avant_le(echeance.date_limite) if echeance else "", "rendre": rendre}

    @property
    def presentees_le(self) -> date | None:
        """Day when the answers are presented in séance, past or to come, or None.

        Set by the act `rendre_aux_membres`; otherwise that of an information point about the avis.
        """
        points = self.liens_points.filter(point__nature="information").exclude(point__seance__etat="annulee")
        debut = (
            points.order_by("-point__seance__debut").values_list("point__seance__debut", flat=True).first()
        )
        return self.rendu_le or (timezone.localdate(debut) if debut else None)

    def _a_rendre(self) -> str:
        """Return what is left to do with the answers once the avis is answered."""
        jour = self.presentees_le
        if jour is None:
            return "[présentez les réponses](rendre_aux_membres) à la prochaine séance."
        if jour > timezone.localdate():
            return f"les réponses sont à l’ordre du jour du {jour_texte(jour)}."
        return (
            f"les réponses ont été présentées le {jour_texte(jour)} : vous pouvez [clore le dossier](clore)."
        )

    def roles_de(self, compte: Compte | None, sur: models.Model | None = None) -> frozenset[str]:
        roles = super().roles_de(compte, sur)
        if isinstance(sur, Partie):
            roles |= sur.roles_de(compte)
        return roles | {Role.MEMBRE} if compte is not None and siege(compte) else roles

    def avant_d_inscrire(self, acte: str, par: Compte | None) -> list[str]:
        deja = (
            self.points.filter(
                etat__in=[EtatPoint.A_TRAITER, EtatPoint.EN_COURS], seance__etat__in=A_VENIR | EN_COURS
            )
            .select_related("seance")
            .first()
        )
        if deja is None:
            return []
        return [
            Manque(
                f"L’avis est déjà à l’ordre du jour de la séance du {jour_texte(deja.seance.debut)}.",
                deja.seance.get_absolute_url(),
            )
        ]

    def avant_de_soumettre(self, acte: str, par: Compte | None) -> list[str]:
        if reste := self.propositions.filter(etat="en_attente").count():
            attendent = accorder(reste, "proposition attend", "propositions attendent")
            return [
                Manque(
                    f"{attendent} une décision : acceptez ou refusez avant de soumettre.",
                    reverse("ccspl:redaction", args=[self.pk]),
                )
            ]
        if not self.paragraphes.filter(supprime_le=None).exists():
            return [Manque("Le texte est vide : écrivez au moins un paragraphe.", acte="rediger")]
        return []

    def avant_de_repondre(self, acte: str, par: Compte | None) -> list[str]:
        if reste := self.suites.filter(repondue_le=None).count():
            attendent = accorder(reste, "suite attend", "suites attendent")
            return [f"{attendent} encore une réponse : relancez les directions."]
        return []
