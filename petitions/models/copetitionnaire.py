"""Those who file a pétition with its author."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from participation.socle.adresses import canoniser
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.models import Commune, Compte, Partie
from petitions.models.petition import Petition


class CoPetitionnaireQuerySet(models.QuerySet["CoPetitionnaire"]):
    def confirmes(self) -> Self:
        return self.filter(confirme_le__isnull=False, retire_le__isnull=True)


class Qualite(models.TextChoices):
    RESIDENT = "resident", "j’habite la Métropole"
    CONTRIBUABLE = "contribuable", "je n’y habite pas, mais j’y paie des impôts locaux"


class CoPetitionnaire(Partie):
    """Somebody who files the pétition with its author. Counts once confirmed from the letter received."""

    petition = models.ForeignKey(
        Petition, on_delete=models.CASCADE, related_name="copetitionnaires", verbose_name="pétition"
    )
    prenom = models.CharField("prénom", max_length=80, blank=True)
    nom = models.CharField("nom", max_length=80, blank=True)
    courriel = models.EmailField("courriel")
    courriel_canonique = models.CharField("courriel canonique", max_length=254, editable=False)
    commune = models.ForeignKey(
        Commune, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="commune"
    )
    qualite = models.CharField("qualité", max_length=12, choices=Qualite, blank=True)
    atteste_age = models.BooleanField("atteste avoir l’âge requis", default=False)
    invite_le = models.DateTimeField("invité le", default=timezone.now)
    relance_le = models.DateTimeField("relancé le", null=True, blank=True)
    confirme_le = models.DateTimeField("confirmé le", null=True, blank=True)
    retire_le = models.DateTimeField("retiré le", null=True, blank=True)

    objects = CoPetitionnaireQuerySet.as_manager()

    class Meta:
        verbose_name = "co-pétitionnaire"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                "petition",
                "courriel_canonique",
                name="copetitionnaire_unique",
                violation_error_message="Cette adresse est déjà celle d’un co-pétitionnaire.",
            ),
            models.CheckConstraint(
                condition=Q(confirme_le__isnull=True)
                | (Q(commune__isnull=False, atteste_age=True) & ~Q(qualite="") & ~Q(prenom="") & ~Q(nom="")),
                name="copetitionnaire_confirme_complet",
                violation_error_message="Un co-pétitionnaire confirmé dit son nom, sa commune, sa qualité et son âge.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.prenom} {self.nom}"

    @property
    def suivi(self) -> Petition:
        return self.petition

    @property
    def est_confirme(self) -> bool:
        return self.confirme_le is not None and self.retire_le is None

    def refus(self, acte: str, par: Compte | None) -> ErreurMetier | None:
        if acte == "retirer_invitation" and (self.confirme_le is not None or self.retire_le is not None):
            return ActeInterdit("Cette personne a déjà répondu : son nom reste dans la liste.")
        return None

    def manques(self, acte: str, par: Compte | None) -> list[str]:
        auteur = self.petition.auteur
        if (
            acte == "retirer_copetitionnaire"
            and auteur is not None
            and self.courriel_canonique == canoniser(auteur.courriel)
        ):
            return ["Vous êtes l’auteur de cette pétition : pour y renoncer, retirez-la depuis votre espace."]
        return []
