"""Convocations sent for a séance, with one row for each recipient, and points demanded by members."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from participation.seances.models.convies import Convie
from participation.seances.models.instances import Instance, Mandature
from participation.seances.models.membres import Membre
from participation.seances.models.points import Point
from participation.seances.models.seances import Seance
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.francais import majuscule
from participation.socle.models import CleEtrangere, CleUnique, Compte, Courriel, Document, Partie, PortePar
from participation.socle.workflow import Role


class Convocation(models.Model):
    """One sending: first convocation, change of agenda, move or cancellation.

    `sequence` is the SEQUENCE of the ICS file sent with it.
    """

    class Nature(models.TextChoices):
        PREMIERE = "premiere", "convocation"
        MODIFICATION = "modification", "modification"
        DEPLACEMENT = "deplacement", "déplacement"
        ANNULATION = "annulation", "annulation"

    seance = CleEtrangere(Seance, related_name="convocations", verbose_name="séance")
    nature = models.CharField("nature", max_length=12, choices=Nature, default=Nature.PREMIERE)
    sequence = models.PositiveIntegerField("numéro de suite")
    document = CleUnique(Document, null=True, related_name="convocation")
    motif = models.TextField("raison", blank=True)
    date_limite = models.DateField("à envoyer au plus tard le")
    est_tardive = models.BooleanField("envoyée hors délai", default=False)
    est_urgente = models.BooleanField("en urgence", default=False)
    mot = models.TextField("mot de la présidence", blank=True)
    # Set for a move: the hour and the place announced before.
    ancien_debut = models.DateTimeField("avant : début", null=True, blank=True)
    ancien_lieu = models.CharField("avant : lieu", max_length=200, blank=True)
    par = CleEtrangere(settings.AUTH_USER_MODEL, null=True, blank=False, related_name="+")
    demandee_le = models.DateTimeField("demandée le", default=timezone.now)
    envoyee_le = models.DateTimeField("envoyée le", null=True, blank=True)

    class Meta:
        verbose_name = "convocation"
        ordering = ["-sequence", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_nature_display()} n° {self.sequence}"

    @property
    def libelle(self) -> str:
        """The name of the sending: members are invited to a visit or a training, not convened."""
        invite = self.nature == self.Nature.PREMIERE and not self.seance.est_deliberante
        return "invitation" if invite else str(self.get_nature_display())

    @classmethod
    def dite_envoyee(cls, nature: str) -> str:
        """Return « Convocation envoyée », « Déplacement envoyé »: `nature` and its agreeing participle."""
        return f"{majuscule(nature)} {'envoyé' if nature == cls.Nature.DEPLACEMENT.label else 'envoyée'}"

    @property
    def change_de_jour(self) -> bool:
        """Whether the day or hour changed, so that earlier answers no longer hold."""
        return self.ancien_debut is not None and self.ancien_debut != self.seance.debut


class Envoi(models.Model):
    """One sending to one person. The delivery log shows the état of its letter."""

    convocation = CleEtrangere(Convocation, related_name="envois")
    convie = CleEtrangere(Convie, related_name="envois", verbose_name="personne")
    courriel = CleUnique(Courriel, on_delete=models.SET_NULL, null=True, related_name="envoi")
    le = models.DateTimeField("le", default=timezone.now)
    ouvert_le = models.DateTimeField(
        "lien suivi le",
        null=True,
        blank=True,
        help_text="Par la personne, ou par le filtre de sa messagerie, qui suit tous les liens.",
    )

    class Meta:
        verbose_name = "envoi"
        ordering = ["convocation", "convie"]
        constraints = [
            models.UniqueConstraint(
                "convocation",
                "convie",
                name="envoi_unique",
                violation_error_message="Cette personne a déjà reçu cet envoi.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.convocation} à {self.convie}"


class DemandePoint(Partie):
    """A point demanded by members (L1413-1 CGCT).

    It must go on the agenda once the share of members set by the règlement supports it.
    """

    class Etat(models.TextChoices):
        OUVERTE = "ouverte", "ouverte aux soutiens"
        DUE = "due", "à inscrire"
        INSCRITE = "inscrite", "inscrite"
        RETIREE = "retiree", "retirée"

    # Seat of the person who reads or acts, set by the page to save a query.
    siege: Membre | None = None

    instance = CleEtrangere(Instance, related_name="demandes_points")
    mandature = CleEtrangere(Mandature, related_name="+")
    auteur = CleEtrangere(Membre, related_name="+")
    titre = models.CharField("titre", max_length=160)
    texte = models.TextField("raisons", max_length=2000)
    etat = models.CharField("état", max_length=10, choices=Etat, default=Etat.OUVERTE)
    point = CleUnique(Point, on_delete=models.SET_NULL, null=True, related_name="demande")
    creee_le = models.DateTimeField("créée le", default=timezone.now)
    due_le = models.DateTimeField("due depuis le", null=True, blank=True)

    suivi = PortePar[Instance]("instance")

    class Meta:
        verbose_name = "demande d’inscription"
        verbose_name_plural = "demandes d’inscription"
        ordering = ["-creee_le"]

    def __str__(self) -> str:
        return self.titre

    def roles_de(self, compte: Compte | None) -> frozenset[str]:
        if compte is None:
            return frozenset()
        roles = {Role.AUTEUR} if self.auteur.compte_id == compte.pk else set()
        if (
            self.siege is not None
            or Membre.objects.filter(compte=compte).de_l_instance(self.instance).exists()
        ):
            roles.add(Role.MEMBRE)
        return frozenset(roles)

    def refus(self, acte: str, par: Compte | None) -> ErreurMetier | None:
        attend = self.etat in {self.Etat.OUVERTE, self.Etat.DUE}
        if acte == "soutenir" and not attend:
            return ActeInterdit(
                f"Cette demande est « {self.get_etat_display()} » : elle n’attend plus de soutien."
            )
        if acte == "ne_plus_soutenir" and self.etat != self.Etat.OUVERTE:
            return ActeInterdit("Cette demande a réuni ses soutiens : ils ne se retirent plus.")
        if acte in {"retirer_demande", "inscrire_demande"} and not attend:
            return ActeInterdit(f"Cette demande est déjà « {self.get_etat_display()} ».")
        return None

    def manques(self, acte: str, par: Compte | None) -> list[str]:
        if acte == "ne_plus_soutenir" and par is not None and self.auteur.compte_id == par.pk:
            return ["Vous avez écrit cette demande : retirez-la si vous n’en voulez plus."]
        return []


class Soutien(models.Model):
    demande = CleEtrangere(DemandePoint, on_delete=models.CASCADE, related_name="soutiens")
    membre = CleEtrangere(Membre, related_name="+")
    le = models.DateTimeField("le", default=timezone.now)

    class Meta:
        verbose_name = "soutien"
        constraints = [
            models.UniqueConstraint(
                "demande",
                "membre",
                name="soutien_unique",
                violation_error_message="Vous soutenez déjà cette demande.",
            )
        ]

    def __str__(self) -> str:
        return str(self.membre)
