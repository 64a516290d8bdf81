"""Work of the comité de sélection: readers, lectures, marks."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from participation.renouvellement.models.campagne import Campagne
from participation.renouvellement.models.candidature import Candidature
from participation.renouvellement.models.regles import CritereCampagne
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.models import CleEtrangere, Compte, Partie, PortePar
from participation.socle.workflow import Role


class Relecteur(Partie):
    campagne = CleEtrangere(Campagne, related_name="relecteurs")
    compte = CleEtrangere(settings.AUTH_USER_MODEL, related_name="+", verbose_name="personne")
    est_actif = models.BooleanField("actif", default=True)

    suivi = PortePar[Campagne]("campagne")

    class Meta:
        verbose_name = "membre du comité de sélection"
        verbose_name_plural = "membres du comité de sélection"
        ordering = ["campagne", "compte__nom", "compte__prenom", "pk"]
        constraints = [
            models.UniqueConstraint(
                "campagne",
                "compte",
                name="relecteur_unique",
                violation_error_message="Cette personne est déjà au comité.",
            )
        ]

    def __str__(self) -> str:
        return str(self.compte)


class LectureQuerySet(models.QuerySet["Lecture"]):
    def actives(self) -> "LectureQuerySet":
        return self.filter(deportee_le__isnull=True)


class Lecture(Partie):
    """Candidature assigned to a reader. `moyenne`: weighted mean of the marks, from 0 to `note_max`."""

    candidature = CleEtrangere(Candidature, related_name="lectures")
    relecteur = CleEtrangere(Relecteur, related_name="lectures")
    commentaire = models.TextField("commentaire", blank=True, max_length=2000)
    moyenne = models.DecimalField("moyenne", max_digits=5, decimal_places=2, null=True, blank=True)
    rendue_le = models.DateTimeField("rendue le", null=True, blank=True)
    deportee_le = models.DateTimeField("déport le", null=True, blank=True)
    motif_deport = models.CharField("raison du déport", max_length=300, blank=True)

    objects = LectureQuerySet.as_manager()

    suivi = PortePar[Campagne]("candidature.campagne")

    class Meta:
        verbose_name = "lecture"
        ordering = ["candidature__numero", "pk"]
        constraints = [
            models.UniqueConstraint(
                "candidature",
                "relecteur",
                name="lecture_unique",
                violation_error_message="Cette personne lit déjà cette candidature.",
            ),
            models.CheckConstraint(
                condition=Q(deportee_le__isnull=True) | Q(moyenne__isnull=True),
                name="lecture_deportee_sans_note",
                violation_error_message="Une personne déportée ne note pas.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.candidature} lue par {self.relecteur}"

    @property
    def fil(self) -> list[tuple[str, str]]:
        """Breadcrumb: a reader sees only their own list."""
        return [("Candidatures à lire", reverse("renouvellement:mes_lectures"))]

    @property
    def designation(self) -> str:
        """Number only: a campaign may hide names from readers."""
        return f"Candidature n° {self.candidature.numero}"

    def roles_de(self, compte: Compte | None) -> frozenset[str]:
        est_sienne = compte is not None and compte.pk == self.relecteur.compte_id
        return frozenset({Role.MEMBRE}) if est_sienne else frozenset()

    def refus(self, acte: str, par: Compte | None) -> ErreurMetier | None:
        if acte == "rendre_lecture" and self.deportee_le is not None:
            return ActeInterdit("Vous vous êtes déporté de cette candidature : vous ne la notez pas.")
        return None

    @property
    def prochaine(self) -> "Lecture | None":
        """Return another lecture that the reader has not marked; None without any."""
        autres = self.relecteur.lectures.actives().filter(rendue_le__isnull=True)
        return autres.exclude(pk=self.pk).first()


class Note(models.Model):
    lecture = CleEtrangere(Lecture, on_delete=models.CASCADE, related_name="notes")
    critere = CleEtrangere(CritereCampagne, related_name="+", verbose_name="critère")
    valeur = models.PositiveSmallIntegerField("note")

    class Meta:
        verbose_name = "note"
        ordering = ["critere__ordre", "pk"]
        constraints = [
            models.UniqueConstraint(
                "lecture", "critere", name="note_unique", violation_error_message="Ce critère est déjà noté."
            )
        ]

    def __str__(self) -> str:
        return f"{self.critere} : {self.valeur}"
