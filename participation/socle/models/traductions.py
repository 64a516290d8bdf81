"""A public text of a dossier in another language, or in « facile à lire »: written by a person, read by another; who read a language."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Self

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from participation.socle.langues import AUTRES, NOMS
from participation.socle.models.champs import CleEtrangere
from participation.socle.models.comptes import Compte
from participation.socle.models.dossiers import Dossier
from participation.socle.models.suivi import Partie, PortePar, Suivi, ineffacable
from participation.socle.regles.traductions import (
    ABSENT,
    JUSTE,
    ParagrapheTraduit,
    PassageTraduit,
    paragraphes,
    rapprocher,
)

FACILE = "falc"
VERSIONS: dict[str, str] = {FACILE: "Facile à lire", **{code: NOMS[code] for code in AUTRES}}


def une_par_langue(porteur: str, nom: str) -> models.UniqueConstraint:
    return models.UniqueConstraint(
        fields=[porteur, "langue"],
        name=nom,
        violation_error_message="Cette langue est déjà demandée pour ce texte.",
    )


class TraductionQuerySet(models.QuerySet[Any]):
    def en_ligne(self, langue: str) -> Self:
        return self.filter(langue=langue, en_ligne_le__isnull=False)


class TexteTraduit(Partie):
    """One language of the public texts (`TEXTES_PUBLICS`) of what has `traductions`: its model has a key named `PORTEUR`.

    `en_ligne` is what the public reads, `proposee` what waits for a second reader ({} when nothing does): by name of
    the field, the passages, each with the French from which it was written.
    """

    PORTEUR: ClassVar[str]

    langue = models.CharField("langue", max_length=4)
    proposee = models.JSONField("proposée", default=dict, blank=True)
    proposee_par = CleEtrangere(
        settings.AUTH_USER_MODEL, null=True, related_name="+", verbose_name="proposée par"
    )
    en_ligne = models.JSONField("en ligne", default=dict, blank=True)
    en_ligne_le = models.DateTimeField("en ligne depuis", null=True, blank=True)
    ecrite_par = CleEtrangere(
        settings.AUTH_USER_MODEL, null=True, related_name="+", verbose_name="écrite par"
    )
    relue_par = CleEtrangere(settings.AUTH_USER_MODEL, null=True, related_name="+", verbose_name="relue par")

    objects = TraductionQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(en_ligne_le__isnull=True) | ~Q(ecrite_par=F("relue_par")),
                name="%(class)s_relue_par_une_autre",
                violation_error_message="Une autre personne que son auteur doit relire cette version.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.nom} : {self.porteur.titre}"

    @classmethod
    def modeles(cls) -> list[type["TexteTraduit"]]:
        return [modele for modele in apps.get_models() if issubclass(modele, TexteTraduit)]

    @classmethod
    def du_public(cls) -> models.QuerySet[Any]:
        """Those of a text that the public reads, each with what bears it."""
        raise NotImplementedError

    @property
    def porteur(self) -> Any:
        return getattr(self, self.PORTEUR)

    @property
    def source(self) -> Any:
        """What has the French."""
        return getattr(self.porteur, "enfant", self.porteur)

    @property
    def langues_url(self) -> str:
        """The page of all the languages of this text, for the agents."""
        return reverse(f"{self._meta.app_label}:langues_du_{self.PORTEUR}", args=[self.porteur.pk])

    @property
    def nom(self) -> str:
        return VERSIONS.get(self.langue, self.langue)

    @property
    def est_facile(self) -> bool:
        return self.langue == FACILE

    @cached_property
    def textes(self) -> dict[str, list[str]]:
        """The French of today: for each public text that is not empty, its paragraphs."""
        source = self.source
        return {
            champ: morceaux
            for champ in source.textes_publics()
            if (morceaux := paragraphes(str(getattr(source, champ))))
        }

    @property
    def francais(self) -> str:
        """What a form watches, so that nobody translates a paragraph that has just moved."""
        return str(self.textes)

    def lignes(self, champ: str, *, proposee: bool = False) -> list[ParagrapheTraduit]:
        dits: Mapping[str, Iterable[list[str]]] = self.proposee if proposee else self.en_ligne
        return rapprocher(self.textes.get(champ, []), [PassageTraduit(*dit) for dit in dits.get(champ, [])])

    def etats(self) -> set[str]:
        return {ligne.etat for champ in self.textes for ligne in self.lignes(champ)}

    @property
    def attend_une_relecture(self) -> bool:
        return bool(self.proposee)

    @property
    def est_a_jour(self) -> bool:
        """Whether what is on line says each paragraph of the French of today."""
        return self.en_ligne_le is not None and self.etats() == {JUSTE}

    @property
    def est_a_revoir(self) -> bool:
        """Whether a translator has something to do: no text yet, or another French than the one she read."""
        return not self.attend_une_relecture and not self.est_a_jour

    def a_relire_par_une_autre(self, acte: str, par: Any) -> list[str]:
        if not self.attend_une_relecture:
            return ["Rien n’attend d’être relu."]
        if par is not None and par.pk == self.proposee_par_id:
            return ["Vous avez écrit cette version : une autre personne doit la relire."]
        return []

    def francais_change(self, acte: str, par: Any) -> list[str]:
        if self.en_ligne_le is None or self.etats() <= {JUSTE, ABSENT}:
            return ["Le français n’a pas changé depuis cette version."]
        return []


class Traduction(TexteTraduit):
    """One language of the public texts of a dossier."""

    PORTEUR = "dossier"

    dossier = CleEtrangere(Dossier, on_delete=models.CASCADE, related_name="traductions")

    suivi = PortePar[Suivi]("dossier.enfant")

    class Meta(TexteTraduit.Meta):
        verbose_name = "traduction"
        ordering = ["dossier", "langue"]
        constraints = [*TexteTraduit.Meta.constraints, une_par_langue("dossier", "traduction_unique")]

    @classmethod
    def du_public(cls) -> models.QuerySet[Any]:
        chemins = [f"dossier__{nature}" for nature in Dossier.natures()]
        return cls.objects.filter(dossier__est_publie=True).select_related("dossier", *chemins)


class RelectureLangue(models.Model):
    """A line of the journal of one language: the last one says whether its sentences are read by a person.

    `empreinte` is that of the sentences that were read: others, in another version of the site, are not.
    """

    langue = models.CharField("langue", max_length=2)
    est_relue = models.BooleanField("relue")
    empreinte = models.CharField("empreinte des phrases", max_length=64)
    remarque = models.CharField("remarque", max_length=300, blank=True)
    par = CleEtrangere(settings.AUTH_USER_MODEL, related_name="+", verbose_name="par")
    le = models.DateTimeField("le", default=timezone.now, editable=False)

    class Meta:
        verbose_name = "relecture d’une langue"
        verbose_name_plural = "relectures des langues"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["langue", "-id"], name="relecture_langue_derniere")]
        triggers = [ineffacable("langue")]

    def __str__(self) -> str:
        return f"{self.langue} : {'relue' if self.est_relue else 'à relire'}"


class LibelleTraduit(models.Model):
    """A line of the journal of one label of a reference table (`LIBELLES_PUBLICS`) in one language: the last one is read.

    It is found by its French: a label that an agent writes otherwise has no translation until somebody writes it.
    Without `par`, it was delivered with the site; an empty `texte` takes the translation away.
    """

    langue = models.CharField("langue", max_length=2)
    francais = models.TextField("français", max_length=600)
    texte = models.TextField("traduction", max_length=600, blank=True)
    par = CleEtrangere(settings.AUTH_USER_MODEL, null=True, related_name="+", verbose_name="par")
    le = models.DateTimeField("le", default=timezone.now, editable=False)

    class Meta:
        verbose_name = "traduction d’un libellé"
        verbose_name_plural = "traductions des libellés"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["langue", "francais", "-id"], name="libelle_traduit_dernier")]
        triggers = [ineffacable("libelle")]

    def __str__(self) -> str:
        return f"{self.langue} : {self.francais}"


def sans_texte_public(dossier: Dossier, acte: str, par: Compte | None) -> list[str]:
    """Say why nobody can translate this dossier."""
    if not dossier.enfant.textes_publics():
        return ["Aucun texte de ce dossier ne se traduit ici."]
    return [] if dossier.est_publie else ["Ce dossier n’est pas en ligne : publiez-le d’abord."]
