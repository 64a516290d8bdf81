"""Candidature: person, collège, answers, decision."""

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from participation.renouvellement.models.campagne import Campagne
from participation.renouvellement.models.regles import CollegeCampagne, QuestionCampagne
from participation.renouvellement.workflow import (
    APRES_ARRET,
    EST_TIRE,
    TROP_TARD,
    Choix,
    Eligibilite,
    EtatCandidature,
    Motif,
)
from participation.seances.models import Membre, Profil
from participation.socle.calendrier import ajouter_mois, il_y_a_plus_de
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.langues import FRANCAIS
from participation.socle.liens import Lien
from participation.socle.models import (
    AProuver,
    CleEtrangere,
    CleUnique,
    Commune,
    Compte,
    Partie,
    PortePar,
    Quartier,
    Scelle,
)
from participation.socle.models.telephones import index_du_telephone
from participation.socle.regles.adresses import canoniser


class CandidatureQuerySet(models.QuerySet["Candidature"]):
    def deposees(self) -> Self:
        return self.filter(etat=EtatCandidature.DEPOSEE)

    def eligibles(self) -> Self:
        return self.deposees().filter(eligibilite=Eligibilite.ELIGIBLE)

    def a_effacer(self, jour: date | None = None) -> Self:
        """Return the candidatures past their term.

        Not those of members, nor those whose agreement to be kept longer still runs.
        """
        jour = jour or timezone.localdate()
        return self.filter(
            Q(conserver_jusqu_au__lt=jour),
            Q(vivier_jusqu_au__isnull=True) | Q(vivier_jusqu_au__lt=jour),
            effacee_le__isnull=True,
            membre__isnull=True,
        ).exclude(etat=EtatCandidature.A_CONFIRMER)

    def suivante(self) -> "Candidature | None":
        """Return the first of the waiting list without an offer; None without any."""
        attente = self.deposees().filter(choix=Choix.ATTENTE, appelee_le__isnull=True)
        return attente.order_by("rang_attente", "numero").first()

    def adresses_manquantes(self) -> list[str]:
        """Say which addresses are missing: members are convened by mail, or by post if they have none."""
        candidatures = list(self)
        sans = [str(c.numero) for c in candidatures if not (c.courriel or c.adresse)]
        sans_suppleant = [
            str(c.numero)
            for c in candidatures
            if c.college.avec_suppleants and c.suppleant and not (c.suppleant_courriel or c.suppleant_adresse)
        ]
        manques = []
        if sans:
            manques.append(
                "Il manque où convoquer ces personnes (un courriel, le leur ou celui d’un proche, ou une adresse postale) : "
                f"candidature n° {', '.join(sans)}."
            )
        if sans_suppleant:
            manques.append(
                f"Il manque l’adresse de la suppléance : candidature n° {', '.join(sans_suppleant)}."
            )
        if manques:
            manques.append("Elle s’ajoute sur la page de la candidature, par « Corriger ses coordonnées ».")
        return manques


class Candidature(Scelle, AProuver, Partie):
    LIEN: ClassVar[Lien] = Lien("renouvellement.candidature")
    DEMANDEE, PROUVEE, CLE = "cree_le", "deposee_le", "candidature"

    class Source(models.TextChoices):
        WEB = "web", "en ligne"
        PAPIER = "papier", "papier"

    class Disponibilite(models.TextChoices):
        JOURNEE = "journee", gettext_noop("en semaine, la journée")
        FIN = "fin", gettext_noop("en semaine, en fin d’après-midi")
        SOIR = "soir", gettext_noop("en semaine, le soir")
        SAMEDI = "samedi", gettext_noop("le samedi")

    campagne = CleEtrangere(Campagne, related_name="candidatures")
    college = CleEtrangere(CollegeCampagne, related_name="candidatures", verbose_name="collège")
    numero = models.PositiveIntegerField("numéro", null=True, blank=True)
    source = models.CharField("reçue", max_length=6, choices=Source, default=Source.WEB)
    etat = models.CharField(
        "état", max_length=12, choices=EtatCandidature, default=EtatCandidature.A_CONFIRMER
    )
    # Person
    prenom = models.CharField("prénom", max_length=80, blank=True)
    nom = models.CharField("nom", max_length=80, blank=True)
    courriel = models.EmailField("courriel", blank=True)
    courriel_canonique = models.CharField("boîte", max_length=254, blank=True, editable=False)
    telephone = models.CharField("téléphone", max_length=20, blank=True)
    adresse = models.CharField("adresse postale", max_length=240, blank=True)
    commune = CleEtrangere(Commune, null=True, related_name="+")
    quartier = CleEtrangere(Quartier, null=True, related_name="+", verbose_name="quartier prioritaire")
    organisme = models.CharField("association", max_length=160, blank=True)
    suppleant_prenom = models.CharField("prénom du suppléant ou de la suppléante", max_length=80, blank=True)
    suppleant_nom = models.CharField("nom du suppléant ou de la suppléante", max_length=80, blank=True)
    suppleant_courriel = models.EmailField("courriel du suppléant ou de la suppléante", blank=True)
    suppleant_adresse = models.CharField(
        "adresse postale du suppléant ou de la suppléante",
        max_length=240,
        blank=True,
        default="",
        db_default="",
    )
    # Answers
    motivation = models.TextField("motivation", max_length=3000, blank=True)
    reponses = models.JSONField("réponses aux questions", default=dict, blank=True)
    disponibilites = ArrayField(
        models.CharField(max_length=10, choices=Disponibilite),
        verbose_name="disponibilités",
        default=list,
        blank=True,
    )
    besoins = ArrayField(
        models.CharField(max_length=20, choices=Profil.Besoin),
        verbose_name="besoins",
        default=list,
        blank=True,
    )
    precisions = models.CharField("précisions sur les besoins", max_length=300, blank=True)
    age = models.CharField("âge", max_length=6, choices=Profil.Age, blank=True)
    genre = models.CharField("genre", max_length=6, choices=Profil.Genre, blank=True)
    accord_vivier = models.BooleanField("accepte d’être recontactée", default=False)
    # Confirmation letters: number written, letter of the day, letter due another day
    lettres_ecrites = models.PositiveSmallIntegerField("lettres écrites", default=0, db_default=0)
    reservee_le = models.DateTimeField("lettre du jour écrite le", null=True, blank=True)
    lettre_due = models.BooleanField("lettre due plus tard", default=False, db_default=False)
    # Of the page where she wrote, and of the letters to her
    langue = models.CharField("langue", max_length=2, default=FRANCAIS, db_default="fr")
    # Life
    cree_le = models.DateTimeField("reçue le", default=timezone.now)
    deposee_le = models.DateTimeField("confirmée le", null=True, blank=True)
    retiree_le = models.DateTimeField("retirée le", null=True, blank=True)
    saisie_par = CleEtrangere(settings.AUTH_USER_MODEL, null=True, related_name="+")
    eligibilite = models.CharField(
        "recevabilité", max_length=12, choices=Eligibilite, default=Eligibilite.A_VERIFIER
    )
    motif = models.CharField("motif", max_length=12, choices=Motif, blank=True)
    motif_precision = models.TextField("précision donnée", max_length=1000, blank=True)
    # Decision
    choix = models.CharField("décision", max_length=12, choices=Choix, blank=True)
    choix_motif = models.CharField("raison de l’écart au classement", max_length=300, blank=True)
    est_ajustee = models.BooleanField("décidée à la main", default=False)
    rang_attente = models.PositiveSmallIntegerField("rang d’attente", null=True, blank=True)
    membre = CleUnique(Membre, null=True, related_name="candidature")
    # Seat offered from the waiting list
    appelee_le = models.DateTimeField("appelée le", null=True, blank=True)
    appel_jusqu_au = models.DateField("réponse attendue le", null=True, blank=True)
    acceptee_le = models.DateTimeField("acceptée le", null=True, blank=True)
    declinee_le = models.DateTimeField("déclinée le", null=True, blank=True)
    # Erasure
    conserver_jusqu_au = models.DateField("conservée jusqu’au", null=True, blank=True)
    vivier_jusqu_au = models.DateField("recontact possible jusqu’au", null=True, blank=True)
    effacee_le = models.DateTimeField("effacée le", null=True, blank=True)
    bordereau = CleEtrangere("renouvellement.Bordereau", null=True, related_name="candidatures")

    objects = CandidatureQuerySet.as_manager()

    suivi = PortePar[Campagne]("campagne")

    class Meta:
        verbose_name = "candidature"
        ordering = ["-deposee_le", "-pk"]
        constraints = [
            models.UniqueConstraint(
                "campagne",
                "courriel_canonique",
                condition=Q(etat="deposee") & ~Q(courriel_canonique=""),
                name="candidature_une_par_personne",
                violation_error_message="Une candidature est déjà déposée avec cette adresse.",
            ),
            models.UniqueConstraint(
                "campagne",
                "numero",
                condition=Q(numero__isnull=False),
                name="candidature_numero_unique",
                violation_error_message="Une autre candidature vient de prendre ce numéro : recommencez.",
            ),
            models.CheckConstraint(
                condition=~Q(etat="deposee") | Q(numero__isnull=False, deposee_le__isnull=False),
                name="candidature_deposee_numerotee",
                violation_error_message="Une candidature déposée a un numéro et une date.",
            ),
            models.CheckConstraint(
                condition=Q(rang_attente__isnull=True) | Q(choix="attente"),
                name="candidature_rang_si_attente",
                violation_error_message="Seule une candidature en liste d’attente a un rang.",
            ),
            models.CheckConstraint(
                condition=Q(choix="") | Q(eligibilite="eligible"),
                name="candidature_choisie_si_eligible",
                violation_error_message="Seule une candidature recevable peut être retenue.",
            ),
        ]
        indexes = [
            models.Index("college", "eligibilite", "choix", name="candidature_par_choix"),
            models.Index("campagne", "courriel_canonique", name="candidature_par_boite"),
            index_du_telephone("candidature_telephone"),
        ]

    def __str__(self) -> str:
        return self.nom_affiche

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.courriel_canonique = canoniser(self.courriel) if self.courriel else ""
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("renouvellement:candidature", args=[self.pk])

    @property
    def designation(self) -> str:
        return f"n° {self.numero or '–'}, {self.nom_affiche}"

    def refus(self, acte: str, par: Compte | None) -> ErreurMetier | None:
        phrase = self._pourquoi_pas(acte)
        return ActeInterdit(phrase) if phrase else None

    def _pourquoi_pas(self, acte: str) -> str:
        est_retiree = self.etat == EtatCandidature.RETIREE
        match acte:
            case "confirmer_candidature" if est_retiree:
                return gettext(
                    "Cette candidature a été retirée. Vous pouvez en envoyer une autre tant que l’appel est ouvert."
                )
            case "confirmer_candidature" if not (self.est_deposee or self.campagne.confirme()):
                return gettext("Le délai pour confirmer est passé : cette candidature ne peut plus compter.")
            case "corriger_candidature" if not self.campagne.recoit():
                return gettext(TROP_TARD[acte])
            case "corriger_candidature" | "corriger_candidature_agent" if est_retiree:
                return gettext("Cette candidature est retirée.")
            case "corriger_coordonnees" if est_retiree or self.effacee_le:
                return "Cette candidature est retirée ou effacée."
            case "corriger_coordonnees" if self.membre_id:
                return "Cette personne est nommée : ses coordonnées sont celles de son compte."
            case "retirer_candidature" | "retirer_candidature_agent" if self.membre_id and not est_retiree:
                return "Cette personne est nommée : son départ se note sur la page de l’instance."
            case "declarer_eligible" | "declarer_non_eligible" if not self.est_deposee:
                return "Cette candidature n’est plus déposée : elle a été retirée."
            case "decider_candidature" if self.college.est_tire:
                return EST_TIRE
            case "decider_candidature" if self.eligibilite != Eligibilite.ELIGIBLE:
                return "Cette candidature n’est pas recevable : elle ne peut pas être choisie."
            case "repondre_appel" | "noter_reponse" if not (
                self.a_repondu or (self.appelee_le is not None and self.est_deposee)
            ):
                return gettext("Aucune place n’est proposée à cette candidature.")
        return ""

    def avant_de_confirmer(self, acte: str, par: Compte | None) -> list[str]:
        boite = self.campagne.candidatures.deposees().filter(courriel_canonique=self.courriel_canonique)
        if self.est_deposee or not boite.exists():
            return []
        return [
            gettext("Une candidature est déjà déposée avec cette adresse : une personne compte une fois.")
        ]

    def pas_deja_recevable(self, acte: str, par: Compte | None) -> list[str]:
        est_recevable = self.eligibilite == Eligibilite.ELIGIBLE
        return ["Cette candidature est déjà recevable."] if est_recevable else []

    def pas_deja_ecartee(self, acte: str, par: Compte | None) -> list[str]:
        est_ecartee = self.eligibilite == Eligibilite.NON_ELIGIBLE
        return ["Cette candidature est déjà non recevable."] if est_ecartee else []

    def trop_tard(self) -> str:
        return self._pourquoi_pas("confirmer_candidature")

    @classmethod
    def sans_preuve(cls) -> Iterable[models.QuerySet[Any]]:
        """Return those of each campaign, which says for how long."""
        for campagne in Campagne.objects.only("purge_jours"):
            limite = il_y_a_plus_de(campagne.purge_jours)
            yield campagne.candidatures.filter(etat=EtatCandidature.A_CONFIRMER, cree_le__lt=limite)

    @property
    def est_deposee(self) -> bool:
        return self.etat == EtatCandidature.DEPOSEE

    @property
    def est_prouvee(self) -> bool:
        return self.est_deposee

    @property
    def a_repondu(self) -> bool:
        return self.acceptee_le is not None or self.declinee_le is not None

    @property
    def prochaine_a_verifier(self) -> "Candidature | None":
        autres = self.campagne.candidatures.deposees().filter(eligibilite=Eligibilite.A_VERIFIER)
        return autres.exclude(pk=self.pk).order_by("numero").first()

    @property
    def personne(self) -> str:
        return f"{self.prenom} {self.nom}".strip()

    @property
    def nom_affiche(self) -> str:
        if self.effacee_le:
            return f"Candidature n° {self.numero}"
        return self.organisme or self.personne

    @property
    def suppleant(self) -> str:
        return f"{self.suppleant_prenom} {self.suppleant_nom}".strip()

    @property
    def attend_une_reponse(self) -> bool:
        """Whether an offered seat awaits an answer, within the delay."""
        return (
            self.appelee_le is not None
            and not self.a_repondu
            and (self.appel_jusqu_au is None or self.appel_jusqu_au >= timezone.localdate())
        )

    def conserver(self) -> None:
        """Set the dates until which the data is kept, from today. Called once the outcome is known."""
        jour = timezone.localdate()
        self.conserver_jusqu_au = ajouter_mois(jour, self.campagne.conservation_mois)
        if self.accord_vivier:
            self.vivier_jusqu_au = ajouter_mois(jour, self.campagne.vivier_mois)

    @property
    def effet_du_retrait(self) -> str:
        """Say what its withdrawal changes: it is not read, or, once the list is settled, no seat comes of it."""
        arretee = self.campagne.etat in APRES_ARRET
        return (
            gettext("Aucun siège ne vous sera proposé.") if arretee else gettext("Elle ne sera pas examinée.")
        )

    @property
    def libelle_etat(self) -> str:
        """Current outcome in one word, for lists."""
        if self.etat != EtatCandidature.DEPOSEE:
            return str(self.get_etat_display())
        if self.choix:
            return str(self.get_choix_display())
        return str(self.get_eligibilite_display())

    @property
    def couleur_suite(self) -> str:
        if self.etat == EtatCandidature.RETIREE:
            return "neutre"
        if self.etat == EtatCandidature.A_CONFIRMER:
            return "info"
        if self.choix:
            return {Choix.RETENUE: "succes", Choix.ATTENTE: "info"}.get(Choix(self.choix), "neutre")
        return {Eligibilite.A_VERIFIER: "attention", Eligibilite.ELIGIBLE: "accent"}.get(
            Eligibilite(self.eligibilite), "neutre"
        )

    def reponses_aux_questions(self) -> list[tuple[QuestionCampagne, str]]:
        """Return what the applicant answered to the questions of the call."""
        return [
            (question, self.reponses[str(question.pk)])
            for question in self.campagne.questions.all()
            if self.reponses.get(str(question.pk))
        ]


class Bordereau(models.Model):
    """Erasure validated by an agent: visa and counts."""

    campagne = CleEtrangere(Campagne, related_name="bordereaux")
    visa = models.CharField("numéro de visa", max_length=80)
    par = CleEtrangere(settings.AUTH_USER_MODEL, related_name="+", verbose_name="validé par")
    le = models.DateTimeField("validé le", default=timezone.now)
    nombre = models.PositiveIntegerField("candidatures effacées")
    comptes = models.JSONField("nombres gardés", default=dict)

    class Meta:
        verbose_name = "bordereau d’élimination"
        verbose_name_plural = "bordereaux d’élimination"
        ordering = ["-le"]
        constraints = [
            models.UniqueConstraint(
                "campagne",
                "visa",
                name="bordereau_visa_unique",
                violation_error_message="Ce numéro de visa a déjà servi pour cette campagne.",
            )
        ]

    def __str__(self) -> str:
        return f"bordereau {self.visa}"
