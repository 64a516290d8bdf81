"""Letters by email or SMS: rows written in the transaction of the act, then sent by a task; how long and how often."""

from datetime import date, timedelta
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils import timezone

from participation.socle.calendrier import est_loin
from participation.socle.francais import jour_texte
from participation.socle.langues import plus_tard as _
from participation.socle.models.champs import CleEtrangere
from participation.socle.models.comptes import Compte
from participation.socle.models.dossiers import Dossier, reserves_pour
from participation.socle.models.reglements import Reglement, ReglementQuerySet


class CourrielQuerySet(models.QuerySet["Courriel"]):
    def visibles_par(self, compte: Compte) -> Self:
        """Keep the letters that the account may read.

        Letters about the drafts of others are left out, and letters about reserved dossiers without the
        right.
        """
        # A subquery, not a join: drafts are few and letters are many.
        brouillons = Dossier.objects.filter(ouvert_le__isnull=True, est_publie=False).exclude(auteur=compte)
        return self.exclude(dossier__in=brouillons.order_by().values("pk")).exclude(
            dossier__in=reserves_pour(compte)
        )

    def en_panne(self) -> Self:
        return self.filter(etat__in=(Courriel.Etat.ECHEC, Courriel.Etat.REJETE))

    def en_souffrance(self) -> Self:
        """Keep the letters that did not arrive and that an agent has still to look at."""
        return self.en_panne().filter(est_a_suivre=True)

    def a_envoyer(self) -> Self:
        return self.filter(etat=Courriel.Etat.A_ENVOYER, prochain_essai_le__lte=timezone.now())

    def vers_le_numero(self, numero: str) -> Self:
        """Keep the SMS to this number (E.164)."""
        return self.filter(moyen=Courriel.Moyen.SMS, destinataires__contains=[numero])

    def attendues(self) -> Self:
        return self.a_envoyer().filter(attendue=True)

    def abandonnes(self, depuis: timedelta) -> Self:
        """Keep the letters that a worker took more than `depuis` ago and did not finish: it was killed."""
        return self.filter(est_loin("pris_le", depuis), etat=Courriel.Etat.EN_COURS)


class Courriel(models.Model):
    class Moyen(models.TextChoices):
        COURRIEL = "courriel", "courriel"
        # For an SMS, `destinataires` holds one number (E.164) and `corps` the text; `sujet` is only shown in
        # lists.
        SMS = "sms", "SMS"

    class Etat(models.TextChoices):
        A_ENVOYER = "a_envoyer", "à envoyer"
        EN_COURS = "en_cours", "en cours d’envoi"
        ENVOYE = "envoye", "envoyé"
        ECHEC = "echec", "en échec"
        REJETE = "rejete", "rejeté par le destinataire"
        ANNULE = "annule", "annulé"
        RETENU = "retenu", "retenu"
        # Of what somebody follows, who asked for one letter a day or a week (`RythmeDesLettres`).
        A_REUNIR = "a_reunir", "gardé pour un résumé"
        REUNI = "reuni", "envoyé dans un résumé"

    dossier = CleEtrangere(Dossier, null=True, related_name="courriels", db_index=False)
    moyen = models.CharField("par", max_length=8, choices=Moyen, default=Moyen.COURRIEL)
    acte = models.CharField(
        "acte",
        max_length=60,
        blank=True,
        help_text="La lettre dont il s’agit, par exemple « petitions/rejeter ».",
    )
    cle = models.CharField(
        "clé",
        max_length=120,
        null=True,
        blank=True,
        unique=True,
        help_text="Empêche d’écrire deux fois la même lettre.",
    )
    expediteur = models.CharField("expéditeur", max_length=254)
    destinataires = ArrayField(models.CharField(max_length=320), verbose_name="destinataires")
    repondre_a = models.CharField("répondre à", max_length=254, blank=True)
    sujet = models.CharField("sujet", max_length=255)
    corps = models.TextField("corps")
    corps_html = models.TextField("corps HTML", blank=True)
    langue = models.CharField("langue", max_length=2, default="fr", db_default="fr")
    entetes = models.JSONField("en-têtes", default=dict, blank=True)
    en_nombre = models.BooleanField(
        "envoi en nombre", default=False, help_text="Laisse passer devant elle les lettres écrites une à une."
    )
    attendue = models.BooleanField(
        "attendue",
        default=False,
        help_text="Quelqu’un l’attend devant son écran, un code par exemple : elle passe avant toutes les autres.",
    )
    est_secrete = models.BooleanField(
        "secrète",
        default=False,
        db_default=False,
        help_text="Porte un code ou la clé d’un compte : seule la personne qui la reçoit en lit le texte.",
    )
    etat = models.CharField("état", max_length=12, choices=Etat, default=Etat.A_ENVOYER)
    tentatives = models.PositiveSmallIntegerField("tentatives", default=0)
    erreur = models.TextField("dernière erreur", blank=True)
    cree_le = models.DateTimeField("écrit le", default=timezone.now)
    # Given by `retenue.due_le`: what is older than a restore may have been told before it.
    due_le = models.DateTimeField("due depuis le", null=True, blank=True, editable=False)
    prochain_essai_le = models.DateTimeField("prochain essai le", default=timezone.now)
    pris_le = models.DateTimeField("pris le", null=True, blank=True)
    envoye_le = models.DateTimeField("envoyé le", null=True, blank=True)
    est_a_suivre = models.BooleanField(
        "à suivre",
        default=True,
        db_default=True,
        help_text="Un agent la regarde si elle n’arrive pas : ni déjà classée, ni demandée par qui a tapé l’adresse.",
    )

    objects = CourrielQuerySet.as_manager()

    class Meta:
        verbose_name = "courriel"
        ordering = ["-cree_le", "-pk"]
        indexes = [
            models.Index(
                F("attendue").desc(),
                "en_nombre",
                "prochain_essai_le",
                condition=Q(etat="a_envoyer"),
                name="courriel_dans_l_ordre",
            ),
            # An index of their own: a surge of emails would have to be read through to find the few SMS.
            models.Index(
                "prochain_essai_le", condition=Q(etat="a_envoyer", moyen="sms"), name="courriel_sms_a_envoyer"
            ),
            models.Index("pris_le", condition=Q(etat="en_cours"), name="courriel_en_cours"),
            # In the order of the list of letters.
            models.Index(F("cree_le").desc(nulls_last=True), "id", name="courriel_liste"),
            models.Index("cree_le", "id", name="courriel_plus_ancien"),
            models.Index(fields=["dossier", "-cree_le", "-id"], name="courriel_du_dossier"),
            models.Index(
                fields=["-cree_le"], condition=Q(etat__in=["echec", "rejete"]), name="courriel_en_panne"
            ),
            models.Index("cree_le", condition=Q(etat="retenu"), name="courriel_retenus"),
            models.Index("envoye_le", condition=Q(etat="envoye"), name="courriel_envoyes"),
            # Few among all, which the list of letters would read to find them.
            models.Index(
                "etat",
                F("cree_le").desc(nulls_last=True),
                "id",
                condition=Q(etat__in=["annule", "a_reunir", "reuni"]),
                name="courriel_etats_rares",
            ),
            models.Index(
                F("cree_le").desc(nulls_last=True), "id", condition=Q(moyen="sms"), name="courriel_sms"
            ),
            GinIndex(fields=["destinataires"], name="courriel_destinataires"),
            # In the form that `icontains` writes.
            GinIndex(OpClass(Upper("sujet"), name="gin_trgm_ops"), name="courriel_sujet_trigrammes"),
        ]

    def __str__(self) -> str:
        return self.sujet

    @property
    def est_d_un_compte(self) -> bool:
        """Whether it is about an account: its code lives a few minutes, so that its text goes once sent."""
        return not self.acte

    @property
    def se_tait(self) -> bool:
        """Whether nobody but its recipient may read its text."""
        return self.est_secrete or self.est_d_un_compte

    @property
    def est_un_sms(self) -> bool:
        return self.moyen == self.Moyen.SMS


class PieceCourriel(models.Model):
    courriel = CleEtrangere(Courriel, on_delete=models.CASCADE, related_name="pieces")
    nom = models.CharField("nom", max_length=160)
    type_mime = models.CharField("type", max_length=100)
    contenu = models.BinaryField("contenu")

    class Meta:
        verbose_name = "pièce d’un courriel"
        verbose_name_plural = "pièces des courriels"

    def __str__(self) -> str:
        return self.nom


class JourSms(models.Model):
    """SMS of one day: how many left, as how many messages that the operator counts, how many our limits stopped.

    No number and no text: the cost of a month is known when its letters are erased.
    """

    jour = models.DateField("jour", primary_key=True)
    sms = models.PositiveIntegerField("SMS partis", default=0)
    messages = models.PositiveIntegerField("messages comptés", default=0)
    retenus = models.PositiveIntegerField("SMS retenus par nos limites", default=0)

    class Meta:
        verbose_name = "SMS d’un jour"
        verbose_name_plural = "SMS par jour"
        ordering = ["-jour"]

    def __str__(self) -> str:
        return jour_texte(self.jour)


class ReglementCourriels(Reglement):
    """Delays in days from the day a letter was written. A letter not sent yet is never erased."""

    jours_codes = models.PositiveSmallIntegerField(
        "codes de connexion et lettres du compte (jours)",
        help_text="Codes, changement d’adresse ou de mot de passe.",
    )
    jours = models.PositiveSmallIntegerField("toutes les autres lettres (jours)")

    objects = ReglementQuerySet["ReglementCourriels"].as_manager()

    class Meta(Reglement.Meta):
        verbose_name = "règlement des courriels"
        verbose_name_plural = "règlements des courriels"


class DelaiCourriel(models.Model):
    """Delay of one kind of letter, or of all kinds whose name begins with `lettre`.

    The longest beginning that matches wins.
    """

    reglement = CleEtrangere(ReglementCourriels, on_delete=models.CASCADE, related_name="delais")
    lettre = models.CharField(
        "lettre", max_length=60, help_text="Son nom, « petitions/signer », ou son début, « renouvellement/ »."
    )
    jours = models.PositiveSmallIntegerField("gardée (jours)")

    class Meta:
        verbose_name = "délai d’une lettre"
        verbose_name_plural = "délais des lettres"
        ordering = ["lettre"]
        constraints = [
            models.UniqueConstraint(
                "reglement",
                "lettre",
                name="delai_courriel_unique",
                violation_error_message="Cette lettre a déjà son délai dans cette version.",
            )
        ]

    def __str__(self) -> str:
        return self.lettre


class RythmeDesLettres(models.Model):
    """An address that asked for a summary. Without a row, each letter leaves when it is written."""

    class Rythme(models.TextChoices):
        JOUR = "jour", _("un résumé par jour, s’il y a du nouveau")
        SEMAINE = "semaine", _("un résumé par semaine, le lundi, s’il y a du nouveau")

    courriel = models.EmailField("courriel en minuscules", max_length=254, unique=True)
    rythme = models.CharField("rythme", max_length=8, choices=Rythme)

    class Meta:
        verbose_name = "rythme des lettres"
        verbose_name_plural = "rythmes des lettres"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.get_rythme_display()

    def jour_du_resume(self, ecrite: date) -> date:
        """Return the day of the summary that takes a letter written on this day: tomorrow, or next Monday."""
        return ecrite + timedelta(days=7 - ecrite.weekday() if self.rythme == self.Rythme.SEMAINE else 1)
