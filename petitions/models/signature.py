"""Signatures, paper sheets of signatures, and their counts."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from participation.socle.calendrier import il_y_a_plus_de
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.liens import Lien
from participation.socle.models import (
    AProuver,
    CleEtrangere,
    Commune,
    Compte,
    Courriel,
    Partie,
    PortePar,
    Scelle,
    Suivi,
)
from petitions.models.copetitionnaire import Qualite
from petitions.models.fraude import Invalidation
from petitions.models.petition import Petition
from petitions.workflow import ACTES_DES_FEUILLES, Etat


class FeuillePapier(Suivi):
    """Numbered paper sheet: printed, entered by one agent, checked by another.

    Acts lock the sheet and not the pétition, so that online signatures never wait for the entry of paper
    lines.
    """

    TRANSITIONS = ACTES_DES_FEUILLES
    SUJET = "la feuille"

    class Etat(models.TextChoices):
        IMPRIMEE = "imprimee", "imprimée"
        EN_SAISIE = "en_saisie", "en cours de saisie"
        A_CONTROLER = "a_controler", "à contrôler"
        VALIDEE = "validee", "validée"
        REJETEE = "rejetee", "rejetée"

    petition = CleEtrangere(Petition, related_name="feuilles", verbose_name="pétition")
    numero = models.PositiveIntegerField("numéro")
    etat = models.CharField("état", max_length=12, choices=Etat, default=Etat.IMPRIMEE)
    imprimee_le = models.DateTimeField("imprimée le", default=timezone.now)
    saisie_par = CleEtrangere(settings.AUTH_USER_MODEL, null=True, related_name="+")
    saisie_close_le = models.DateTimeField("saisie close le", null=True, blank=True)
    lignes_a_controler = models.JSONField("lignes à contrôler", default=list, blank=True)
    controlee_par = CleEtrangere(
        settings.AUTH_USER_MODEL, null=True, related_name="+", verbose_name="contrôlée par"
    )
    controlee_le = models.DateTimeField("contrôlée le", null=True, blank=True)
    motif_rejet = models.TextField("motif du rejet", blank=True)

    class Meta:
        verbose_name = "feuille de signatures"
        verbose_name_plural = "feuilles de signatures"
        ordering = ["numero"]
        constraints = [
            models.UniqueConstraint(
                "petition",
                "numero",
                name="feuille_numero_unique",
                violation_error_message="Cette feuille existe déjà.",
            ),
            models.CheckConstraint(
                condition=Q(controlee_par__isnull=True) | ~Q(controlee_par=F("saisie_par")),
                name="feuille_controlee_par_un_autre",
                violation_error_message="La feuille est contrôlée par une autre personne que celle qui l’a saisie.",
            ),
        ]

    def __str__(self) -> str:
        return f"feuille n° {self.numero}"

    @property
    def porteur(self) -> Petition:
        return self.petition

    def get_absolute_url(self) -> str:
        return reverse("petitions:saisir_feuille", args=[self.pk])

    def a_controler_par_une_autre(self, acte: str, par: Compte | None) -> list[str]:
        if par is not None and self.saisie_par_id == par.pk:
            return ["Vous avez saisi cette feuille : une autre personne la contrôle."]
        return []

    def saisie_par_une_autre(self, acte: str, par: Compte | None) -> list[str]:
        if self.saisie_par_id in {None, par and par.pk}:
            return []
        return [f"Cette feuille est saisie par {self.saisie_par}."]

    def avant_de_saisir(self, acte: str, par: Compte | None) -> list[str]:
        if autre := self.saisie_par_une_autre(acte, par):
            return autre
        if not self.petition.transition("imprimer_feuilles").part_de(self.petition.etat):
            return ["La collecte n’est pas ouverte."]
        return self.petition.manques("imprimer_feuilles", par)


class SignatureQuerySet(models.QuerySet["Signature"]):
    def valables(self) -> Self:
        return self.filter(etat=Signature.Etat.CONFIRMEE)

    def rejetees(self) -> Self:
        """Keep the signatures set aside and then rejected by an agent: they may be examined again.

        Signatures invalidated by criteria are left out: they are restored with their invalidation.
        """
        return self.filter(etat=Signature.Etat.INVALIDEE, invalidation=None).exclude(motif_ecart="")


class Signature(Scelle, AProuver, Partie):
    DEMANDEE, PROUVEE, LOT = "demandee_le", "confirmee_le", 2000
    # Short: it is read aloud by telephone and copied from paper.
    LIEN: ClassVar[Lien] = Lien(
        "petitions.signature", est_court=True, page="petitions:ma_signature", sur_papier="S"
    )
    # To stop the news, or the messages of the author.
    LIEN_NOUVELLES: ClassVar[Lien] = Lien("petitions.nouvelles")

    class Etat(models.TextChoices):
        DEMANDEE = "demandee", "à confirmer"
        CONFIRMEE = "confirmee", "confirmée"
        ECARTEE = "ecartee", "mise à l’écart"
        INVALIDEE = "invalidee", "invalidée"
        RETIREE = "retiree", "retirée par le signataire"

    class Origine(models.TextChoices):
        EN_LIGNE = "en_ligne", "en ligne"
        PAPIER = "papier", "sur papier"

    class MotifEcart(models.TextChoices):
        RAFALE = "rafale", "beaucoup de demandes en peu de temps"
        SOUTENU = "soutenu", "beaucoup de demandes d’une même adresse"
        RESEAU = "reseau", "beaucoup de demandes d’un même réseau"
        JETABLE = "jetable", "adresse de courriel jetable"
        DOMAINE = "domaine", "domaine surveillé"
        NOMBREUX = "nombreux", "beaucoup de demandes d’un même domaine"
        CONFIRMATIONS = "confirmations", "beaucoup de confirmations d’un même endroit"

    suivi = PortePar[Petition]("petition")

    # The unique constraints below begin with the pétition: this table of up to a million rows needs no other
    # index on it.
    petition = CleEtrangere(Petition, related_name="signatures", db_index=False, verbose_name="pétition")
    prenom = models.CharField("prénom", max_length=80)
    nom = models.CharField("nom", max_length=80)
    # Of the page where it was asked: that of the letters to this person.
    langue = models.CharField("langue", max_length=2, default="fr", db_default="fr")
    nom_canonique = models.CharField(
        "nom canonique",
        max_length=160,
        editable=False,
        help_text="Sans accent ni casse : deux écritures d’un même nom.",
    )
    courriel = models.EmailField("courriel", null=True, blank=True)
    courriel_canonique = models.CharField(
        "courriel canonique", max_length=254, null=True, blank=True, editable=False
    )
    commune = CleEtrangere(Commune, related_name="+", db_index=False)
    qualite = models.CharField("qualité", max_length=12, choices=Qualite)
    accord_nouvelles = models.BooleanField("accepte d’être tenu au courant", default=False)
    accord_auteur = models.BooleanField("veut les messages de l’auteur", default=False, db_default=False)
    etat = models.CharField("état", max_length=10, choices=Etat, default=Etat.DEMANDEE)
    origine = models.CharField("origine", max_length=8, choices=Origine, default=Origine.EN_LIGNE)
    feuille = CleEtrangere(FeuillePapier, null=True, related_name="lignes", db_index=False)
    ligne = models.PositiveSmallIntegerField("ligne", null=True, blank=True)
    empreinte_ip = models.CharField("empreinte de l’adresse IP", max_length=32, blank=True, editable=False)
    empreinte_reseau = models.CharField("empreinte du réseau", max_length=32, blank=True, editable=False)
    empreinte_confirmation = models.CharField(
        "empreinte de l’adresse IP qui confirme",
        max_length=32,
        blank=True,
        editable=False,
        default="",
        db_default="",
    )
    reseau_confirmation = models.CharField(
        "empreinte du réseau qui confirme",
        max_length=32,
        blank=True,
        editable=False,
        default="",
        db_default="",
    )
    demandee_le = models.DateTimeField("demandée le", default=timezone.now)
    a_ecrire = models.BooleanField(
        "lettre à écrire",
        default=False,
        help_text="Le service doit écrire à cette adresse (première fois ou nouvelle demande).",
    )
    lettre_due = models.BooleanField(
        "lettre due plus tard",
        default=False,
        db_default=False,
        help_text="Cette adresse a reçu ses lettres d’aujourd’hui : celle-ci attend demain.",
    )
    reservee_le = models.DateTimeField(
        "lettre du jour écrite le",
        null=True,
        blank=True,
        help_text="Au-delà des limites, une lettre par jour reste à qui lit cette boîte.",
    )
    courriels_ecrits = models.PositiveSmallIntegerField("courriels écrits", default=0)
    relancee_le = models.DateTimeField("relancée le", null=True, blank=True)
    confirmee_le = models.DateTimeField("confirmée le", null=True, blank=True)
    numero = models.PositiveIntegerField(
        "numéro d’ordre", null=True, blank=True, help_text="Dit à la personne quand elle confirme."
    )
    rang = models.PositiveSmallIntegerField(
        "rang à cette adresse", null=True, blank=True, help_text="1, ou 2 pour la seconde personne du foyer."
    )
    motif_ecart = models.CharField("motif de mise à l’écart", max_length=40, blank=True, choices=MotifEcart)
    admise_le = models.DateTimeField(
        "admise par un agent le", null=True, blank=True, help_text="N’est plus mise à l’écart."
    )
    refusee_le = models.DateTimeField(
        "refusée par la personne le",
        null=True,
        blank=True,
        help_text="« Ce n’est pas moi » : on n’écrit plus à cette adresse sous ce nom, pour un temps.",
    )
    invalidation = CleEtrangere(Invalidation, null=True, related_name="signatures", db_index=False)
    retiree_le = models.DateTimeField("retirée le", null=True, blank=True)
    est_comptee = models.BooleanField(
        "comptée", default=False, help_text="Entrée dans le décompte ; la tâche de comptage seule l’écrit."
    )

    objects = SignatureQuerySet.as_manager()

    class Meta:
        verbose_name = "signature"
        ordering = ["pk"]
        constraints = [
            # One row for a name at an address: a second request updates the same row.
            models.UniqueConstraint(
                fields=["petition", "courriel_canonique", "nom_canonique"],
                name="signature_une_par_personne",
                violation_error_message="Cette personne a déjà signé.",
            ),
            # An address takes its rank (1 or 2) when it confirms. The règlement decides whether rank 2
            # exists.
            models.UniqueConstraint(
                fields=["petition", "courriel_canonique", "rang"],
                condition=Q(rang__isnull=False),
                name="signature_rang_par_adresse",
                violation_error_message="Cette adresse a déjà servi à signer.",
            ),
            models.CheckConstraint(
                condition=Q(rang__isnull=True) | Q(rang__in=[1, 2]),
                name="signature_jamais_trois",
                violation_error_message="Une adresse sert à deux signatures au plus.",
            ),
            models.CheckConstraint(
                condition=~Q(etat="confirmee") | Q(confirmee_le__isnull=False),
                name="signature_confirmee_a_sa_date",
                violation_error_message="Une signature confirmée a sa date.",
            ),
            models.UniqueConstraint(
                fields=["feuille", "ligne"],
                condition=Q(feuille__isnull=False),
                name="signature_une_par_ligne",
                violation_error_message="Cette ligne est déjà saisie.",
            ),
        ]
        indexes = [
            models.Index("id", condition=Q(a_ecrire=True), name="signature_a_ecrire"),
            models.Index(
                "petition",
                condition=Q(etat="confirmee", est_comptee=False)
                | (~Q(etat="confirmee") & Q(est_comptee=True)),
                name="signature_a_compter",
            ),
            models.Index("id", condition=Q(lettre_due=True), name="signature_lettre_due"),
            models.Index("demandee_le", name="signature_demandee_le"),
            models.Index("petition", condition=Q(etat="ecartee"), name="signature_ecartees"),
            models.Index(
                "petition", "confirmee_le", condition=Q(etat="confirmee"), name="signature_confirmees"
            ),
            models.Index(
                "petition", condition=Q(etat="confirmee", accord_auteur=True), name="signature_accord_auteur"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.prenom} {self.nom}"

    def refus(self, acte: str, par: Compte | None) -> ErreurMetier | None:
        if acte == "retirer_signataire" and (self.etat == self.Etat.RETIREE or not self.nom_canonique):
            return ActeInterdit("Cette signature ne compte plus.")
        return None

    @property
    def contact(self) -> "Signature | None":
        return self if self.nom_canonique else None

    @property
    def courriel_abrege(self) -> str:
        """« l…@exemple.fr »: enough to tell two namesakes apart, not to write to them."""
        boite, _, domaine = (self.courriel or "").rpartition("@")
        return f"{boite[:1]}…@{domaine}" if boite else ""

    @property
    def est_sur_papier(self) -> bool:
        return self.origine == self.Origine.PAPIER

    @property
    def est_confirmee(self) -> bool:
        """Whether the person confirmed it, even if it is set aside since: only agents know that it is set
        aside."""
        return self.etat == self.Etat.CONFIRMEE or (
            self.etat == self.Etat.ECARTEE and self.confirmee_le is not None
        )

    @property
    def est_prouvee(self) -> bool:
        return self.est_confirmee

    def trop_tard(self) -> str:
        if self.est_sur_papier:
            return gettext("Cette signature est sur une feuille de papier : rien n’est à confirmer.")
        if self.refusee_le is not None:
            return gettext("Cette demande a été annulée depuis cette adresse de courriel.")
        if self.etat in {self.Etat.INVALIDEE, self.Etat.ECARTEE}:
            return gettext(
                "Le service participation l’examine. Écrivez-lui si vous pensez que c’est une erreur."
            )
        if self.petition.confirmation_possible():
            return ""
        if self.petition.etat == Etat.SUSPENDUE:
            return gettext("Gardez ce lien : il marchera quand la collecte reprendra.")
        return gettext(
            "Il n’est plus possible de confirmer une signature. La page de la pétition dit ce qu’elle devient."
        )

    @classmethod
    def sans_preuve(cls) -> Iterable[models.QuerySet[Any]]:
        """Return those of each pétition, whose règlement says for how long, and the refusals past their own delay.

        The letter of suspension asks signers to keep their link: the days of suspension are added to the delay. A
        confirmed signature that was set aside waits for an agent without limit.
        """
        petitions = Petition.objects.select_related("reglement").filter(pseudonymisee_le__isnull=True)
        for petition in petitions.exclude(etat__in=[Etat.BROUILLON, Etat.SUSPENDUE]):
            limite = il_y_a_plus_de(petition.reglement.purge_jours)
            for suspension in petition.suspensions.filter(
                fin__gte=timezone.localdate(limite), demande__isnull=True
            ):
                limite -= suspension.fin - suspension.debut if suspension.fin else timedelta()
            jamais_confirmees = Q(
                etat__in=[cls.Etat.DEMANDEE, cls.Etat.ECARTEE],
                demandee_le__lt=limite,
                confirmee_le__isnull=True,
                refusee_le__isnull=True,
            )
            yield petition.signatures.filter(
                jamais_confirmees | Q(refusee_le__lt=il_y_a_plus_de(petition.reglement.refus_jours)),
                origine=cls.Origine.EN_LIGNE,
                est_comptee=False,
            )

    def cle_de_lettre(self, rang: int) -> str:
        return f"signature:{self.petition_id}:{self.pk}:{rang}"

    @classmethod
    def effacer_lettres(cls, numeros: Sequence[int]) -> None:
        """Delete their letters by their whole keys: there may be a million of them."""
        ecrites = cls.objects.filter(pk__in=numeros, courriels_ecrits__gt=0)
        cles = [
            signature.cle_de_lettre(rang)
            for signature in ecrites.only("petition_id", "courriels_ecrits")
            for rang in range(1, signature.courriels_ecrits + 1)
        ]
        Courriel.objects.filter(cle__in=cles).delete()

    @property
    def lien_jusqu_au(self) -> date:
        """Last day on which the link of an unconfirmed signature works: until its row is erased, or until the last
        confirmations of the collecte."""
        effacee = timezone.localdate(self.demandee_le) + timedelta(days=self.petition.reglement.purge_jours)
        fin = self.petition.fin_des_confirmations()
        return effacee if fin is None else min(effacee, timezone.localdate(fin - timedelta(seconds=1)))


class Decompte(models.Model):
    """Counts of a pétition, written by the counting task only. No row: nothing was counted yet."""

    petition = models.OneToOneField(
        Petition, on_delete=models.CASCADE, primary_key=True, related_name="decompte", verbose_name="pétition"
    )
    total = models.PositiveIntegerField("signatures valables", default=0)
    communes = models.PositiveSmallIntegerField("communes", default=0)
    plus_forte = CleEtrangere(
        Commune, null=True, related_name="+", verbose_name="commune la plus représentée"
    )
    plus_forte_nombre = models.PositiveIntegerField("signatures de cette commune", default=0)
    compte_le = models.DateTimeField("compté le", default=timezone.now)
    recompte_le = models.DateTimeField("recompté le", null=True, blank=True)
    derive = models.IntegerField("écart trouvé au dernier recompte", default=0)

    class Meta:
        verbose_name = "décompte"

    def __str__(self) -> str:
        return f"{self.total} signatures, {self.communes} communes"


class DecompteCommune(models.Model):
    petition = CleEtrangere(
        Petition,
        on_delete=models.CASCADE,
        related_name="decomptes_communes",
        db_index=False,
        verbose_name="pétition",
    )
    commune = CleEtrangere(Commune, related_name="+", db_index=False)
    nombre = models.PositiveIntegerField("signatures", default=0)

    class Meta:
        verbose_name = "décompte d’une commune"
        verbose_name_plural = "décomptes des communes"
        constraints = [
            models.UniqueConstraint(
                fields=["petition", "commune"],
                name="decompte_une_ligne_par_commune",
                violation_error_message="Cette commune est déjà comptée.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.commune} : {self.nombre}"


class DecompteJour(models.Model):
    petition = CleEtrangere(
        Petition,
        on_delete=models.CASCADE,
        related_name="decomptes_jours",
        db_index=False,
        verbose_name="pétition",
    )
    jour = models.DateField("jour")
    nombre = models.IntegerField("signatures", default=0)

    class Meta:
        verbose_name = "décompte d’un jour"
        verbose_name_plural = "décomptes des jours"
        ordering = ["jour"]
        constraints = [
            models.UniqueConstraint(
                fields=["petition", "jour"],
                name="decompte_une_ligne_par_jour",
                violation_error_message="Ce jour est déjà compté.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.jour} : {self.nombre}"
