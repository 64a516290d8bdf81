"""What is said at each table: notes, groups made of them, dots, what each group becomes; and how it was judged."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from participation.rencontres.models.formats import ReglementRencontres
from participation.rencontres.models.inscriptions import Inscription
from participation.rencontres.models.rencontres import Rencontre
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.langues import FRANCAIS
from participation.socle.liens import Lien
from participation.socle.models import (
    CleEtrangere,
    Compte,
    Demandeur,
    Dossier,
    Partie,
    Piece,
    PortePar,
    Scelle,
)


class TableRencontre(Scelle, Partie):
    """A table. Its code (`LIEN`) opens the note-taker's page of this table, and nothing else."""

    LIEN: ClassVar[Lien] = Lien("rencontres.table")

    rencontre = CleEtrangere(Rencontre, on_delete=models.CASCADE, related_name="tables")
    numero = models.PositiveSmallIntegerField("numéro", validators=[MinValueValidator(1)])
    sujet = models.CharField("sujet", max_length=160, blank=True)

    suivi = PortePar[Rencontre]("rencontre")

    class Meta:
        verbose_name = "table"
        ordering = ["rencontre", "numero"]
        constraints = [
            models.UniqueConstraint(
                "rencontre",
                "numero",
                name="table_rencontre_numero_unique",
                violation_error_message="Cette rencontre a déjà une table de ce numéro.",
            )
        ]

    def __str__(self) -> str:
        return f"Table {self.numero}{f' : {self.sujet}' if self.sujet else ''}"

    def jeton(self) -> str:
        return self.LIEN.jeton(self)


class Groupe(Partie):
    """Notes that say the same. It ends as a dossier of another app, a suite, or an answer."""

    rencontre = CleEtrangere(Rencontre, on_delete=models.CASCADE, related_name="groupes")
    titre = models.CharField("titre", max_length=160)
    texte = models.TextField("ce qui s’est dit", max_length=3000, blank=True)
    gommettes_papier = models.PositiveSmallIntegerField("gommettes collées", default=0)
    devenu = CleEtrangere(Dossier, null=True, related_name="+", verbose_name="devenu")
    suite = CleEtrangere("suites.Suite", null=True, related_name="+", verbose_name="suite")
    reponse = models.TextField("ce que cela devient", max_length=2000, blank=True)
    fait_le = models.DateTimeField("dit le", null=True, blank=True)

    suivi = PortePar[Rencontre]("rencontre")

    class Meta:
        verbose_name = "groupe de notes"
        verbose_name_plural = "groupes de notes"
        ordering = ["rencontre", "pk"]

    def __str__(self) -> str:
        return self.titre

    def refus(self, acte: str, par: Compte | None) -> ErreurMetier | None:
        if acte in {"faire_devenir", "demander_a_une_direction", "repondre_au_groupe", "defaire_groupe"} and self.fait_le:  # fmt: skip
            return ActeInterdit("Il est déjà dit ce que devient ce groupe.")
        return super().refus(acte, par)


class Note(Partie):
    """Something said at a table."""

    table = CleEtrangere(TableRencontre, on_delete=models.CASCADE, related_name="notes")
    texte = models.TextField("ce qui s’est dit", max_length=2000)
    photo = CleEtrangere(Piece, null=True, on_delete=models.SET_NULL, related_name="+")
    le = models.DateTimeField("notée le", default=timezone.now)
    cle = models.UUIDField("clé de l’envoi", null=True, unique=True, editable=False)
    groupe = CleEtrangere(Groupe, null=True, on_delete=models.SET_NULL, related_name="notes")
    ecartee_le = models.DateTimeField("écartée le", null=True, blank=True)

    suivi = PortePar[Rencontre]("table.rencontre")

    class Meta:
        verbose_name = "note"
        ordering = ["table", "pk"]

    def __str__(self) -> str:
        return self.texte[:60]

    @property
    def texte_modere(self) -> str:
        return self.texte


class AuteurDeNote(Scelle, Demandeur, Partie):
    """Who said it and wants to know what it becomes. Written to once her address is proved."""

    LIEN: ClassVar[Lien] = Lien("rencontres.auteur")
    CLE: ClassVar[str] = "rencontres-auteur"

    note = CleEtrangere(Note, on_delete=models.CASCADE, related_name="auteurs")
    langue = models.CharField("langue des lettres", max_length=2, default=FRANCAIS, db_default="fr")

    suivi = PortePar[Rencontre]("note.table.rencontre")

    class Meta:
        verbose_name = "auteur d’une note"
        verbose_name_plural = "auteurs de notes"
        constraints = [
            models.UniqueConstraint(
                "note",
                Lower("courriel"),
                name="auteur_note_unique",
                violation_error_message="Cette adresse est déjà donnée pour cette note.",
            )
        ]

    def __str__(self) -> str:
        return f"auteur n° {self.pk}"

    @classmethod
    def jours_sans_preuve(cls) -> int:
        return ReglementRencontres.actuel().delai_confirmation_jours


class Gommette(models.Model):
    """A dot of somebody who came, on a group."""

    groupe = CleEtrangere(Groupe, on_delete=models.CASCADE, related_name="gommettes")
    inscription = CleEtrangere(Inscription, on_delete=models.CASCADE, related_name="gommettes")

    class Meta:
        verbose_name = "gommette"
        constraints = [
            models.UniqueConstraint(
                fields=["groupe", "inscription"],
                name="gommette_unique",
                violation_error_message="Cette gommette est déjà collée.",
            )
        ]

    def __str__(self) -> str:
        return f"gommette n° {self.pk}"


class Evaluation(models.Model):
    """Three answers of somebody who came; nothing in it says who."""

    NOTES: ClassVar[list[tuple[int, str]]] = [(4, "oui, tout à fait"), (3, "plutôt oui"), (2, "plutôt non"), (1, "non")]  # fmt: skip

    rencontre = CleEtrangere(Rencontre, on_delete=models.CASCADE, related_name="evaluations")
    parole = models.PositiveSmallIntegerField(
        "j’ai pu dire ce que j’avais à dire", choices=NOTES, validators=[MinValueValidator(1), MaxValueValidator(4)]
    )  # fmt: skip
    suite = models.PositiveSmallIntegerField(
        "je sais ce que deviendra ce qui s’est dit", choices=NOTES, validators=[MinValueValidator(1), MaxValueValidator(4)]
    )  # fmt: skip
    mot = models.TextField("à changer la prochaine fois", max_length=1000, blank=True)
    sur_papier = models.BooleanField("sur papier", default=False)
    cle = models.UUIDField("clé de l’envoi", null=True, unique=True, editable=False)

    class Meta:
        verbose_name = "évaluation"
        verbose_name_plural = "évaluations"

    def __str__(self) -> str:
        return f"évaluation n° {self.pk}"
