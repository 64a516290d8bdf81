"""What the members of an instance propose, and the group that carries it."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from participation.engagements import workflow
from participation.engagements.workflow import EtatProposition
from participation.seances.models import Instance, Membre
from participation.socle.erreurs import Manque
from participation.socle.francais import avec_article
from participation.socle.models import CleEtrangere, CleUnique, Compte, Dossier, DossierQuerySet, Voix
from participation.socle.workflow import Apparence, Table
from participation.suites.models import Suite


def voix_des_membres(instance: int | None, nom: str) -> Iterator[Voix]:
    """Yield the members in office of an instance; none of None."""
    sieges = (
        Membre.objects.filter(college__mandature__instance=instance).en_fonction()
        if instance
        else Membre.objects.none()
    )
    presents = sieges.filter(compte__is_active=True).order_by("compte__courriel")
    for courriel in presents.values_list("compte__courriel", flat=True).distinct():
        yield Voix(courriel, f"un membre de {nom}"[:120])


class Collectif(models.Model):
    """The group whose members propose: an instance, an association formed since, or both. No list of people is kept here."""

    cle = models.SlugField(
        "adresse de sa page", max_length=40, unique=True, help_text="Par exemple « agora »."
    )
    nom = models.CharField("nom", max_length=120, unique=True)
    presentation = models.TextField("présentation (publique)", blank=True)
    instance = CleEtrangere(Instance, null=True, related_name="+")
    association = models.CharField("association qui suit ses propositions", max_length=160, blank=True)
    courriel = models.EmailField(
        "courriel de l’association", blank=True, help_text="Elle dit, par un lien reçu, si c’est fait."
    )

    class Meta:
        verbose_name = "collectif"
        ordering = ["nom"]

    def __str__(self) -> str:
        return self.nom

    def get_public_url(self) -> str:
        return reverse("engagements:collectif", args=[self.cle])

    def voix(self) -> Iterator[Voix]:
        """Yield who asked: the association, and the members in office."""
        if self.courriel:
            yield Voix(self.courriel, f"l’association {self.association or self.nom}"[:120])
        yield from (
            une for une in voix_des_membres(self.instance_id, self.nom) if une.courriel != self.courriel
        )


class Proposition(Dossier):
    """What the members propose, in their words; the answer, argued; its progress is that of its suites."""

    PREFIXE = "PRO"
    TRANSITIONS: ClassVar[Table] = workflow.PROPOSITIONS
    TEXTES_PUBLICS = ("titre", "texte", "retour")
    APPARENCES: ClassVar[dict[str, Apparence]] = workflow.APPARENCES_PROPOSITIONS
    SUJET = "la proposition"
    MOTS_DU_SERVICE: ClassVar[tuple[str, ...]] = ("retour",)
    ACTES_DUS: ClassVar[dict[str, str]] = dict.fromkeys(workflow.REPONDUES, "")

    etat = models.CharField("état", max_length=20, choices=EtatProposition, default=EtatProposition.A_DECIDER)
    collectif = CleEtrangere(Collectif, related_name="propositions")
    numero = models.CharField("numéro donné par le collectif", max_length=20, blank=True)
    texte = models.TextField("la proposition, dans les mots des membres", max_length=8000)
    portee_par = models.CharField("qui la porte", max_length=160, blank=True)
    retour = models.TextField("réponse", max_length=8000, blank=True)
    deliberation = models.CharField("numéro de la délibération", max_length=120, blank=True)
    decidee_par = models.CharField("décidée par", max_length=160, blank=True)
    decidee_le = models.DateField("décidée le", null=True, blank=True)
    # The suite that was asked when it was published: the answer moves it.
    suite = CleUnique(Suite, null=True, related_name="proposition", verbose_name="suite")

    objects: ClassVar[Any] = DossierQuerySet.as_manager()

    class Meta:
        verbose_name = "proposition"
        constraints = [
            models.CheckConstraint(
                condition=Q(etat=EtatProposition.A_DECIDER) | ~Q(retour="") & Q(decidee_le__isnull=False),
                name="proposition_repondue_dit_pourquoi",
                violation_error_message="Dites ce que vous répondez, pourquoi, et quand c’est décidé.",
            ),
            models.UniqueConstraint(
                "collectif",
                "numero",
                condition=~Q(numero=""),
                name="proposition_numero_unique",
                violation_error_message="Ce collectif a déjà une proposition de ce numéro.",
            ),
        ]
        indexes = [
            models.Index("collectif", "etat", name="proposition_collectif_etat"),
            models.Index("deliberation", condition=~Q(deliberation=""), name="proposition_deliberation"),
        ]

    def get_absolute_url(self) -> str:
        return reverse("engagements:dossier_proposition", args=[self.pk])

    def get_public_url(self) -> str:
        return reverse("engagements:proposition", args=[self.reference])

    def a_lire(self) -> list[tuple[str, str]]:
        return [("La proposition", self.texte)]

    def completer(self) -> None:
        super().completer()
        self.resume = self.texte

    def actes_replies(self) -> frozenset[str]:
        """Its answer, once given, is seldom changed."""
        est_repondue = self.etat != EtatProposition.A_DECIDER
        return super().actes_replies() | ({"repondre_proposition"} if est_repondue else frozenset())

    def mots_de_suite(self) -> dict[str, str]:
        return {"collectif": str(self.collectif)}

    @property
    def fil_avant(self) -> list[tuple[str, str]]:
        return [*super().fil_avant, ("Propositions", reverse("engagements:dossiers_propositions"))]

    @property
    def qui_demande(self) -> str:
        return avec_article(self.collectif.nom)

    @property
    def acte_qui_decide(self) -> str:
        """Return what decided it: « Délibération 2026-0412 », else who."""
        return f"Délibération {self.deliberation}" if self.deliberation else self.decidee_par

    def voix(self) -> Iterator[Voix]:
        return self.collectif.voix()

    def du_meme_demandeur(self) -> models.QuerySet[Any]:
        siennes: models.QuerySet[Any] = Proposition.objects.filter(collectif=self.collectif_id)
        return siennes


def avant_de_publier(proposition: Proposition, acte: str, par: Compte | None) -> list[str]:
    if proposition.est_publie:
        return ["Cette proposition est déjà publiée."]
    if proposition.etat == EtatProposition.A_DECIDER and proposition.direction_id is None:
        corriger = (
            reverse("engagements:modifier_proposition", args=[proposition.pk]) if proposition.pk else ""
        )
        return [Manque("Une réponse lui est due : dites quelle direction la prépare.", corriger)]
    return []
