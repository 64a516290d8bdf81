"""Network of supported projets: members, contacts between two teams, messages."""

from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from contrat_ville.models.projets import Projet
from contrat_ville.workflow import PUBLIABLES
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.models import CleEtrangere, CleUnique, Compte, Partie, PortePar


class Public(models.TextChoices):
    ENFANTS = "enfants", "enfants"
    JEUNES = "jeunes", "jeunes"
    FAMILLES = "familles", "familles"
    FEMMES = "femmes", "femmes"
    AINES = "aines", "personnes âgées"
    EMPLOI = "emploi", "personnes qui cherchent un emploi"
    ARRIVANTS = "arrivants", "personnes qui apprennent le français"
    HANDICAP = "handicap", "personnes en situation de handicap"


class Methode(models.TextChoices):
    ATELIERS = "ateliers", "ateliers réguliers"
    SCENE = "scene", "théâtre, musique, récits"
    CHANTIER = "chantier", "chantier, jardin, réparation"
    MARCHE = "marche", "marches, enquêtes, cartes"
    DEHORS = "dehors", "rencontres dehors, porte à porte"
    FETE = "fete", "fêtes et repas"
    SPORT = "sport", "sport et jeux"
    MEDIA = "media", "journal, radio, vidéo"


class AdhesionReseau(models.Model):
    """Agreement of a team to be found and contacted by the other teams.

    The row is deleted when it is withdrawn.
    """

    projet = CleUnique(Projet, related_name="adhesion")
    publics = ArrayField(
        models.CharField(max_length=10, choices=Public), verbose_name="publics", default=list, blank=True
    )
    methodes = ArrayField(
        models.CharField(max_length=10, choices=Methode), verbose_name="méthodes", default=list, blank=True
    )
    mot = models.CharField("ce que nous partageons ou cherchons", max_length=300, blank=True)
    par = CleEtrangere(Compte, related_name="+", verbose_name="accord donné par")
    depuis_le = models.DateTimeField("dans le réseau depuis le", default=timezone.now)
    decrite_le = models.DateTimeField("présentation changée le", default=timezone.now)

    class Meta:
        verbose_name = "entrée d’un projet dans le réseau"
        verbose_name_plural = "projets du réseau"
        ordering = ["depuis_le", "pk"]

    def __str__(self) -> str:
        return str(self.projet)


class VoisinQuerySet(models.QuerySet["Voisin"]):
    def ouverts(self) -> Self:
        return self.filter(etat__in=sorted(Voisin.OUVERTS))

    def a_suggerer_encore(self) -> Self:
        """Keep the ended contacts that may be suggested again.

        The team that ended the contact must have changed its description since. If the service ended it, the
        other team must have changed its own.
        """
        elle = Q(a_fini=True, projet__adhesion__decrite_le__gt=F("fini_le"))
        autre = Q(a_fini=False, autre__adhesion__decrite_le__gt=F("fini_le"))
        return self.exclude(etat__in=sorted(Voisin.OUVERTS)).filter(elle | autre)


class Voisin(Partie):
    """A contact, seen from one projet. Each of the two projets has its own row, on which its team acts."""

    class Etat(models.TextChoices):
        PROPOSE = "propose", "contact proposé"
        RECU = "recu", "contact demandé"
        LIE = "lie", "en contact"
        DECLINE = "decline", "sans suite"
        ROMPU = "rompu", "contact terminé"

    OUVERTS: ClassVar[frozenset[str]] = frozenset({"propose", "recu", "lie"})
    # États in which each act is allowed.
    DEPUIS: ClassVar[dict[str, frozenset[str]]] = {
        "accepter_contact": frozenset({"recu"}),
        "decliner_contact": frozenset({"recu"}),
        "ecrire_voisin": frozenset({"lie"}),
        "rompre_contact": frozenset({"propose", "lie"}),
        "terminer_contact": frozenset({"propose", "recu", "lie"}),
        "reprendre_contact": frozenset({"decline", "rompu"}),
    }

    projet = CleEtrangere(Projet, related_name="voisins")
    autre = CleEtrangere(Projet, related_name="voisin_de")
    etat = models.CharField("état", max_length=8, choices=Etat)
    raisons = models.CharField("pourquoi", max_length=400, blank=True)
    depuis_le = models.DateTimeField("depuis le", default=timezone.now)
    fini_le = models.DateTimeField("terminé le", null=True, blank=True)
    a_fini = models.BooleanField("terminé par cette équipe", default=False)

    objects: ClassVar[Any] = VoisinQuerySet.as_manager()
    suivi = PortePar[Projet]("projet")

    class Meta:
        verbose_name = "projet voisin"
        verbose_name_plural = "projets voisins"
        ordering = ["-depuis_le", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["projet", "autre"],
                name="voisin_unique",
                violation_error_message="Ces deux projets sont déjà en contact.",
            ),
            models.CheckConstraint(
                condition=~Q(projet=F("autre")),
                name="voisin_autre",
                violation_error_message="Un projet n’est pas son propre voisin.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.autre)

    @property
    def est_ouvert(self) -> bool:
        return self.etat in self.OUVERTS

    def en_face(self) -> "Voisin":
        """Return the row of the other team."""
        trouve: Voisin = Voisin.objects.get(projet=self.autre_id, autre=self.projet_id)
        return trouve

    def refus(self, acte: str, par: Compte | None) -> ErreurMetier | None:
        if self.etat not in self.DEPUIS[acte]:
            return ActeInterdit(f"Ce n’est plus possible : {self.get_etat_display()}.")
        if not (self.est_ouvert or self.a_fini):  # the act takes it up again
            return ActeInterdit("Ce contact a été terminé par l’autre équipe, ou par le service.")
        return None

    def sont_du_reseau(self, acte: str, par: Compte | None) -> list[str]:
        """Both projets must still be in the network, and supported."""
        presents = AdhesionReseau.objects.filter(
            projet__in=[self.projet_id, self.autre_id], projet__etat__in=sorted(PUBLIABLES)
        )
        return [] if presents.count() == 2 else ["L’une des deux équipes n’est plus dans le réseau."]


class MessageReseau(models.Model):
    """A message from one team to another. Both have agreed to the contact."""

    voisin = CleEtrangere(Voisin, related_name="messages", help_text="La ligne de l’équipe qui écrit.")
    par = CleEtrangere(Compte, related_name="+", verbose_name="écrit par")
    texte = models.TextField("message", max_length=4000)
    ecrit_le = models.DateTimeField("écrit le", default=timezone.now)

    class Meta:
        verbose_name = "message du réseau"
        verbose_name_plural = "messages du réseau"
        ordering = ["ecrit_le", "pk"]

    def __str__(self) -> str:
        return f"message de {self.par}"
