"""Receptions, before they become remontées, and the person who spoke."""

import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.crypto import salted_hmac

from participation.socle.courriels import sms
from participation.socle.francais import jour_texte
from participation.socle.langues import FRANCAIS, NOMS, nommee_en_francais
from participation.socle.models import CleUnique
from participation.socle.models.telephones import index_du_telephone
from remontees.models.remontees import Remontee


def chemin_photo(reception: "Reception", nom: str) -> str:
    # Neither the key, which opens the receipt, nor the name given by the sender.
    return f"remontees/receptions/{uuid.uuid4()}"


class Rapporteur(models.Model):
    """Contact details that the person left. Erased at the term set by the règlement."""

    class Prefere(models.TextChoices):
        COURRIEL = "courriel", "par courriel"
        SMS = "sms", "par SMS"
        LETTRE = "lettre", "par une lettre"
        RAPPEL = "rappel", "par un appel"
        AUCUN = "aucun", "ne veut pas de nouvelles"

    remontee = CleUnique(Remontee, on_delete=models.CASCADE, related_name="rapporteur")
    nom = models.CharField("nom", max_length=120, blank=True)
    courriel = models.EmailField("courriel", blank=True)
    telephone = models.CharField("téléphone", max_length=30, blank=True)
    adresse = models.CharField("adresse postale", max_length=300, blank=True)
    prefere = models.CharField("à prévenir", max_length=10, choices=Prefere, default=Prefere.COURRIEL)
    accepte_transmission = models.BooleanField(
        "accepte que ses coordonnées soient transmises à l’organisme compétent", default=False
    )
    # Of the page where she wrote: that of the letters to her.
    langue = models.CharField("langue", max_length=2, default="fr", db_default="fr")
    efface_le = models.DateTimeField("effacé le", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "rapporteur"
        indexes = [
            models.Index("courriel", condition=~Q(courriel=""), name="rapporteur_courriel"),
            # Whose rows: an address as it is typed, in capitals or not.
            models.Index(Upper("courriel"), name="rapporteur_courriel_capitales"),
            index_du_telephone("rapporteur_telephone"),
        ]

    def __str__(self) -> str:
        return self.nom or self.courriel or self.telephone or "une personne qui ne s’est pas nommée"

    @property
    def numero_sms(self) -> str:
        """Number in E.164; empty when no SMS is sent to it."""
        return sms.numero_de(self.telephone)

    @property
    def moyen_d_envoi(self) -> str:
        """Means to reach the person; empty when they want no news.

        Their choice, else what they left, else a letter; a call, when they want one and left a number.
        """
        if self.efface_le is not None or self.prefere == self.Prefere.AUCUN:
            return ""
        if self.prefere == self.Prefere.LETTRE:
            return self.Prefere.LETTRE
        if self.prefere == self.Prefere.RAPPEL and self.telephone:
            return self.Prefere.RAPPEL
        moyens = [self.Prefere.COURRIEL, self.Prefere.SMS]
        if self.prefere == self.Prefere.SMS:
            moyens.reverse()
        laisse = {self.Prefere.COURRIEL: self.courriel, self.Prefere.SMS: self.numero_sms}
        return next((moyen for moyen in moyens if laisse[moyen]), self.Prefere.LETTRE)

    @property
    def se_previent(self) -> bool:
        """Whether the person can be told automatically, by mail or by SMS."""
        return self.moyen_d_envoi in {self.Prefere.COURRIEL, self.Prefere.SMS}

    @property
    def phrase_de_langue(self) -> str:
        """What the agent knows of her language before she answers; "" for French."""
        if self.langue == FRANCAIS:
            return ""
        return (
            f" Elle lit en {nommee_en_francais(NOMS[self.langue])} : ce qui part de soi-même est dans cette langue, "
            "votre réponse y reste en français, et la lettre le dit."
        )

    @property
    def phrase_d_envoi(self) -> str:
        """How the person can be told, as a sentence for the agent."""
        match self.moyen_d_envoi:
            case self.Prefere.COURRIEL:
                return f"La personne peut être prévenue par courriel.{self.phrase_de_langue}"
            case self.Prefere.SMS:
                return f"La personne peut être prévenue par SMS.{self.phrase_de_langue}"
            case self.Prefere.RAPPEL:
                return "Cette personne veut être appelée : rien ne lui est envoyé. À vous de l’appeler, puis de le noter."
            case self.Prefere.LETTRE:
                return (
                    f"Cette personne ne peut pas être prévenue par un envoi : ce que vous lui écrivez se prépare sur papier, à imprimer "
                    f"et à poster.{self._pourquoi_pas_de_sms()}"
                )
        return "Cette personne ne veut pas de nouvelles : rien ne lui est envoyé."

    def _pourquoi_pas_de_sms(self) -> str:
        if self.prefere == self.Prefere.LETTRE or not self.telephone:
            return ""
        return f" {sms.pourquoi_aucun(self.telephone)}"


class ReceptionQuerySet(models.QuerySet["Reception"]):
    def qui_attendent(self, *, en_nombre: bool) -> Self:
        """Return those still to be made, in order of arrival."""
        siennes = self.filter(faite_le=None, en_nombre=en_nombre, essais__lt=Reception.ESSAIS_MAX)
        return siennes.order_by("recue_le")

    def en_panne(self) -> Self:
        """Return the receptions that failed at every try: an agent notes them by hand or tries again."""
        return self.filter(faite_le=None, essais__gte=Reception.ESSAIS_MAX).order_by("recue_le")


class Reception(models.Model):
    """What arrived, saved in one statement, once per `cle`; the worker makes a remontée of it.

    A draft sent by two tabs, a message read twice or an import started again have the same key
    (`EnvoiUnique.cle_d_envoi`; ours is made elsewhere). `charge` is emptied once the remontée exists: the words are
    then kept in one place.
    """

    ESSAIS_MAX = 5

    cle = models.UUIDField("clé", primary_key=True, default=uuid.uuid4)
    charge = models.JSONField("ce qui est arrivé", default=dict)
    photo = models.FileField("photo", upload_to=chemin_photo, blank=True)
    recue_le = models.DateTimeField("reçue le", default=timezone.now)
    remontee = CleUnique(Remontee, null=True, on_delete=models.SET_NULL, related_name="reception")
    faite_le = models.DateTimeField("faite le", null=True, blank=True)
    erreur = models.CharField("pourquoi elle attend", max_length=300, blank=True)
    essais = models.PositiveSmallIntegerField("essais", default=0)
    # Of an import: what somebody has just said goes before.
    en_nombre = models.BooleanField("reçue en nombre", default=False, db_default=False)

    objects = ReceptionQuerySet.as_manager()

    class Meta:
        verbose_name = "réception"
        ordering = ["recue_le"]
        indexes = [
            models.Index("recue_le", condition=Q(faite_le__isnull=True), name="reception_a_faire"),
            models.Index(
                "en_nombre", "recue_le", condition=Q(faite_le__isnull=True), name="reception_dans_l_ordre"
            ),
        ]

    def __str__(self) -> str:
        return f"réception du {jour_texte(self.recue_le, 'chiffres')}"

    @property
    def repere(self) -> str:
        """What names this reception to an agent: its key opens the receipt of the person."""
        return salted_hmac("reception", str(self.cle), algorithm="sha256").hexdigest()[:32]
