"""Campaign of renewal: rules, dates, conditions of each act, journal."""

from datetime import datetime, time, timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from participation.droits.models import sans_visa
from participation.renouvellement import workflow
from participation.renouvellement.workflow import (
    PUBLIQUES,
    TROP_TARD,
    Choix,
    Eligibilite,
    EtatCampagne,
    EtatCandidature,
)
from participation.seances.models import Instance, Mandature
from participation.socle.collectivite import ici
from participation.socle.erreurs import ActeInterdit, ErreurMetier, Manque, RoleInsuffisant
from participation.socle.francais import accorder, periode_texte
from participation.socle.models import (
    CleEtrangere,
    CleUnique,
    Compte,
    LigneDeJournal,
    Partie,
    PortePar,
    Suivi,
    ineffacable,
)
from participation.socle.workflow import Apparence, Role, Table


def le_conseil() -> str:
    return ici("le {conseil}")


CANDIDATURES = "renouvellement.candidatures"  # kind of lot, on an elimination slip


class CampagneQuerySet(models.QuerySet["Campagne"]):
    def publiques(self) -> Self:
        """Return the campaigns whose call was published."""
        return self.filter(etat__in=PUBLIQUES)


class Campagne(Suivi):
    """Renewal of an instance.

    Its rules are frozen once the call is published; the closing date can be put back.
    """

    SUJET = "la campagne"
    TRANSITIONS: ClassVar[Table] = workflow.TRANSITIONS
    APPARENCES: ClassVar[dict[str, Apparence]] = workflow.APPARENCES
    MOTS_DU_SERVICE: ClassVar[frozenset[str]] = frozenset({"titre"})

    instance = CleEtrangere(Instance, related_name="+")
    titre = models.CharField(
        "titre", max_length=160, help_text="Par exemple « Rejoindre la CCSPL, 2027-2030 »."
    )
    denomination = models.CharField(
        "comment la nommer dans une phrase",
        max_length=60,
        help_text="Avec son article : « la commission », « le comité ». Pour « Pourquoi voulez-vous rejoindre la commission ? ».",
    )
    nomme_par = models.CharField(
        "qui nomme les membres",
        max_length=80,
        default=le_conseil,
        help_text="Avec son article : « le conseil… ». Pour « Nomination par le conseil… ».",
    )
    mandature_intitule = models.CharField(
        "mandature à venir", max_length=80, help_text="Par exemple « 2027-2030 »."
    )
    mandature_debut = models.DateField("début de la mandature")
    mandature_fin = models.DateField("fin de la mandature", null=True, blank=True)
    # Public texts
    presentation = models.TextField(
        "ce que c’est", max_length=4000, help_text="À quoi sert l’instance, ce que font ses membres."
    )
    facile = models.TextField(
        "en bref, facile à lire",
        max_length=2000,
        blank=True,
        help_text="Des phrases très courtes, une idée par ligne. Pas de mot difficile.",
    )
    temps_demande = models.TextField(
        "le temps demandé", max_length=1000, help_text="Combien de réunions, quand, combien de temps."
    )
    soutien = models.TextField(
        "l’aide proposée",
        max_length=1000,
        blank=True,
        help_text="Interprète, garde d’enfants, transport, formation…",
    )
    # Rules
    ouverture = models.DateField("ouverture de l’appel")
    cloture = models.DateField("dernier jour de l’appel", help_text="L’appel se ferme ce jour-là à minuit.")
    # Set when the call was closed before the day that the public had read.
    cloture_annoncee = models.DateField("dernier jour annoncé d’abord", null=True, blank=True, editable=False)
    motif_cloture = models.CharField(
        "raison de la clôture avant ce jour", max_length=300, blank=True, default="", db_default=""
    )
    grace_heures = models.PositiveSmallIntegerField(
        "heures pour confirmer après la clôture",
        default=24,
        help_text="Une candidature envoyée à temps peut encore être confirmée pendant ces heures.",
    )
    age_minimum = models.PositiveSmallIntegerField(
        "âge demandé", default=18, validators=[MinValueValidator(10), MaxValueValidator(99)]
    )
    note_max = models.PositiveSmallIntegerField(
        "note la plus haute", default=5, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    lectures_par_candidature = models.PositiveSmallIntegerField(
        "lectures par candidature", default=2, validators=[MinValueValidator(1), MaxValueValidator(10)]
    )
    a_l_aveugle = models.BooleanField(
        "noms masqués au comité", default=False, help_text="Le comité lit les candidatures sans les noms."
    )
    reponse_jours = models.PositiveSmallIntegerField(
        "jours pour répondre à un appel de la liste d’attente",
        default=15,
        validators=[MinValueValidator(1), MaxValueValidator(180)],
    )
    conservation_mois = models.PositiveSmallIntegerField(
        "mois de conservation des candidatures non retenues",
        validators=[MaxValueValidator(120)],
        help_text="À compter de la liste arrêtée. L’effacement est proposé, jamais automatique.",
    )
    vivier_mois = models.PositiveSmallIntegerField(
        "mois de conservation avec accord",
        default=24,
        validators=[MaxValueValidator(120)],
        help_text="Pour les personnes qui acceptent d’être recontactées.",
    )
    purge_jours = models.PositiveSmallIntegerField(
        "jours avant d’effacer une demande jamais confirmée", default=15, validators=[MinValueValidator(1)]
    )
    courriels_max = models.PositiveSmallIntegerField(
        "lettres au plus à une même adresse", default=5, validators=[MinValueValidator(1)]
    )
    demandes_par_heure = models.PositiveSmallIntegerField(
        "candidatures au plus par heure depuis un même réseau", default=30, validators=[MinValueValidator(1)]
    )
    comite = CleEtrangere(
        Instance,
        null=True,
        related_name="+",
        help_text="L’instance qui se réunit pour la sélection, si elle existe ici.",
        verbose_name="comité de sélection",
    )
    source_parts = models.TextField(
        "source des parts de référence", blank=True, max_length=600, help_text="Recensement, année, lien."
    )
    # Life
    etat = models.CharField("état", max_length=12, choices=EtatCampagne, default=EtatCampagne.BROUILLON)
    cree_le = models.DateTimeField("créée le", default=timezone.now, editable=False)
    arretee_le = models.DateTimeField("arrêtée le", null=True, blank=True)
    deliberation = models.CharField("délibération de nomination", max_length=160, blank=True)
    date_deliberation = models.DateField("date de la délibération", null=True, blank=True)
    nommee_le = models.DateTimeField("membres nommés le", null=True, blank=True)
    mandature = CleUnique(Mandature, null=True, related_name="campagne")
    finie_le = models.DateTimeField("finie le", null=True, blank=True)

    objects = CampagneQuerySet.as_manager()

    class Meta:
        verbose_name = "campagne de renouvellement"
        verbose_name_plural = "campagnes de renouvellement"
        ordering = ["-ouverture", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(cloture__gte=F("ouverture")),
                name="campagne_dates_ordonnees",
                violation_error_message="Le dernier jour de l’appel précède son ouverture.",
            ),
            models.CheckConstraint(
                condition=Q(mandature_fin__isnull=True) | Q(mandature_fin__gte=F("mandature_debut")),
                name="campagne_mandature_ordonnee",
                violation_error_message="La fin de la mandature précède son début.",
            ),
            models.CheckConstraint(
                condition=~Q(etat__in=["arretee", "installee"]) | Q(arretee_le__isnull=False),
                name="campagne_arretee_datee",
                violation_error_message="Une liste arrêtée porte sa date.",
            ),
        ]

    def __str__(self) -> str:
        return self.titre

    def get_absolute_url(self) -> str:
        return reverse("renouvellement:campagne", args=[self.pk])

    def get_public_url(self) -> str:
        return reverse("renouvellement:appel", args=[self.instance.cle, self.pk])

    @property
    def debut(self) -> datetime:
        """Start of the call: midnight, local time."""
        return timezone.make_aware(datetime.combine(self.ouverture, time.min))

    @property
    def fin(self) -> datetime:
        """End of the call: midnight after its last day, in local time, also on days of clock change."""
        return timezone.make_aware(datetime.combine(self.cloture + timedelta(days=1), time.min))

    @property
    def fin_des_confirmations(self) -> datetime:
        return self.fin + timedelta(hours=self.grace_heures)

    def recoit(self, instant: datetime | None = None) -> bool:
        """Whether candidatures can be sent or corrected."""
        instant = instant or timezone.now()
        return self.etat == EtatCampagne.OUVERTE and self.debut <= instant < self.fin

    def confirme(self, instant: datetime | None = None) -> bool:
        """Whether a request sent in time can still be confirmed, also after the call was closed."""
        instant = instant or timezone.now()
        return (
            self.etat in {EtatCampagne.OUVERTE, EtatCampagne.CLOSE}
            and self.debut <= instant < self.fin_des_confirmations
        )

    @property
    def phase(self) -> str:
        """Phase for the public: a_venir, ouverte, close."""
        if self.etat == EtatCampagne.OUVERTE and timezone.now() < self.debut:
            return "a_venir"
        return "ouverte" if self.recoit() else "close"

    @property
    def se_clot_avant_l_heure(self) -> bool:
        """Whether closing the call now would close it before the end that the public reads."""
        return self.etat == EtatCampagne.OUVERTE and timezone.now() < self.fin

    def a_faire(self, role: str, compte: Compte | None) -> str:
        if self.etat == EtatCampagne.ARRETEE and self.nommee_le is not None and role == Role.AGENT:
            return "faites les étapes de l’installation, puis [installez la mandature](installer_mandature)."
        return super().a_faire(role, compte)

    def mots_de_suite(self) -> dict[str, str]:
        return {"periode": periode_texte(self.ouverture, self.cloture), "nomme_par": self.nomme_par}

    @property
    def domaine(self) -> str:
        return self.instance.app

    @property
    def fil(self) -> list[tuple[str, str]]:
        return [
            ("Renouvellements", reverse("renouvellement:campagnes")),
            (self.titre, self.get_absolute_url()),
        ]

    def roles_de(self, compte: Compte | None, sur: models.Model | None = None) -> frozenset[str]:
        roles = super().roles_de(compte, sur) - {Role.MEMBRE}
        return roles | sur.roles_de(compte) if isinstance(sur, Partie) else roles

    def refus(self, acte: str, par: Compte | None, sur: models.Model | None = None) -> ErreurMetier | None:
        refus = super().refus(acte, par, sur)
        if isinstance(refus, ActeInterdit) and not self.transition(acte).part_de(self.etat):
            return ActeInterdit(TROP_TARD.get(acte, refus.message))
        if isinstance(refus, RoleInsuffisant) and Role.MEMBRE in self.transition(acte).par:
            return RoleInsuffisant("Cette candidature est confiée à une autre personne.")
        if refus is None and acte == "nommer_membres" and self.nommee_le is not None:
            return ActeInterdit("Les membres de cette campagne sont déjà nommés.")
        return refus

    def avant_de_preparer(self, acte: str, par: Compte | None) -> list[str]:
        if Campagne.objects.filter(instance=self.instance_id, etat=EtatCampagne.BROUILLON).exists():
            return ["Une campagne est déjà en préparation pour cette instance. Reprenez-la."]
        return []

    def avant_de_publier(self, acte: str, par: Compte | None) -> list[str]:
        colleges = list(self.colleges.all())
        absents: list[str] = []
        if not any(c.est_ouvert for c in colleges):
            absents.append(
                Manque("Ajoutez au moins un collège ouvert aux candidatures.", acte="regler_colleges")
            )
        if any(c.est_ouvert and not c.est_tire for c in colleges) and not self.criteres.exists():
            absents.append(
                Manque("Ajoutez au moins un critère à la grille du comité.", acte="regler_criteres")
            )
        if self.cloture < timezone.localdate():
            absents.append(
                Manque("Le dernier jour de l’appel est passé : changez les dates.", acte="modifier_campagne")
            )
        return absents

    def _reste_a_verifier(self) -> str:
        reste = self.candidatures.deposees().filter(eligibilite=Eligibilite.A_VERIFIER).count()
        return accorder(reste, "candidature reste", "candidatures restent") if reste else ""

    def avant_la_selection(self, acte: str, par: Compte | None) -> list[str]:
        """Require that no confirmation is possible any more and that every candidature is checked."""
        if self.confirme() and self.candidatures.filter(etat=EtatCandidature.A_CONFIRMER).exists():
            return [
                "Des personnes peuvent encore confirmer leur candidature. La sélection s’ouvre après ce délai."
            ]
        reste = self._reste_a_verifier()
        return (
            [
                Manque(
                    f"{reste} à vérifier avant d’ouvrir la sélection.",
                    reverse("renouvellement:candidatures", args=[self.pk]),
                )
            ]
            if reste
            else []
        )

    def avant_de_repartir(self, acte: str, par: Compte | None) -> list[str]:
        if self.relecteurs.filter(est_actif=True).exists():
            return []
        return [Manque("Le comité n’a encore personne. Ajoutez ses membres d’abord.", acte="composer_comite")]

    def avant_d_arreter(self, acte: str, par: Compte | None) -> list[str]:
        reste = self._reste_a_verifier()
        empeche: list[str] = (
            [Manque(f"{reste} à vérifier.", reverse("renouvellement:candidatures", args=[self.pk]))]
            if reste
            else []
        )
        for college in self.colleges.all():
            eligibles = college.candidatures.eligibles()
            sans_choix = eligibles.filter(choix="").count()
            if sans_choix:
                empeche.append(f"{college} : {accorder(sans_choix, 'candidature')} sans décision.")
            if eligibles.filter(choix=Choix.RETENUE).count() > college.sieges:
                empeche.append(f"{college} : il y a plus de personnes retenues que de places.")
        return empeche

    def manques(self, acte: str, par: Compte | None, sur: models.Model | None = None) -> list[str]:
        return self._avant_de_nommer() if acte == "nommer_membres" else super().manques(acte, par, sur)

    def _avant_de_nommer(self) -> list[str]:
        retenues = self.candidatures.deposees().filter(choix=Choix.RETENUE)
        adresses = retenues.select_related("college").order_by("numero").adresses_manquantes()
        return [*self.mandatures_en_conflit(), *adresses]

    def mandatures_en_conflit(self) -> list[str]:
        a_creer = Mandature(
            pk=self.mandature_id, instance=self.instance, debut=self.mandature_debut, fin=self.mandature_fin
        )
        return a_creer.conflits()

    def avant_d_installer(self, acte: str, par: Compte | None) -> list[str]:
        """Require the steps of the checklist marked as necessary."""
        if self.mandature_id is None:
            return [Manque("Nommez les membres avant d’installer la mandature.", acte="nommer_membres")]
        etape = self.etapes.filter(est_requise=True, faite_le__isnull=True).first()
        return (
            [
                Manque(
                    f"Une étape nécessaire n’est pas faite : {etape.libelle}.",
                    acte="cocher_etape",
                    objet=etape,
                )
            ]
            if etape
            else []
        )

    def avant_d_effacer(self, acte: str, par: Compte | None) -> list[str]:
        if self.candidatures.a_effacer().exists():
            return sans_visa(CANDIDATURES, self.pk)
        return ["Aucune candidature de cette campagne n’a passé son délai de conservation."]


class EtapeInstallation(Partie):
    """Step of the installation checklist."""

    campagne = CleEtrangere(Campagne, related_name="etapes")
    ordre = models.PositiveSmallIntegerField("ordre", default=1)
    libelle = models.CharField("étape", max_length=160)
    aide = models.CharField("précision", max_length=300, blank=True)
    est_requise = models.BooleanField("nécessaire pour installer", default=False)
    faite_le = models.DateField("faite le", null=True, blank=True)
    faite_par = CleEtrangere(settings.AUTH_USER_MODEL, null=True, related_name="+")

    suivi = PortePar[Campagne]("campagne")

    class Meta:
        verbose_name = "étape de l’installation"
        verbose_name_plural = "étapes de l’installation"
        ordering = ["campagne", "ordre", "pk"]

    def __str__(self) -> str:
        return self.libelle


class EntreeCampagne(LigneDeJournal):
    """Line of the journal of a campaign, which the database protects. It names no candidate."""

    SUR = ("candidature",)

    campagne = CleEtrangere(Campagne, related_name="journal")
    candidature = CleEtrangere("renouvellement.Candidature", null=True, related_name="journal")

    class Meta(LigneDeJournal.Meta):
        verbose_name = "entrée du journal de campagne"
        verbose_name_plural = "journal des campagnes"
        triggers = [ineffacable("campagne")]

    @property
    def par_qui(self) -> str:
        return "par la personne" if self.par_id is None and self.candidature_id else super().par_qui
