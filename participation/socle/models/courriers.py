"""Letters on paper, printed and posted by an agent, for people who cannot be reached otherwise."""

from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery, Sum
from django.utils import timezone

from participation.socle.calendrier import jours_entre
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.francais import accorder, jour_texte
from participation.socle.models.champs import CleEtrangere, CleUnique
from participation.socle.models.comptes import Compte
from participation.socle.models.documents import Document
from participation.socle.models.dossiers import Dossier, hors_reserve
from participation.socle.models.suivi import Partie, PortePar, Suivi


class ImpressionQuerySet(models.QuerySet["Impression"]):
    def a_poster(self, compte: Compte) -> Self:
        """Return the impressions with courriers still to post, oldest first, and their number (`n_a_poster`).

        Only courriers that the account may read are counted. `se_lit` is false when the file of the
        impression may not be opened, because a dossier in it became reserved.
        """
        attente = Courrier.objects.a_poster_par(compte).exclude(impression=None).order_by()
        siens = attente.filter(impression=OuterRef("pk")).values("impression")
        # The keys are read first: the query then depends on what waits, not on ten years of impressions.
        celles_ci = set(attente.values_list("impression", flat=True).distinct())
        return (
            self.filter(pk__in=celles_ci)
            .annotate(
                n_a_poster=Subquery(siens.annotate(n=Sum("nombre")).values("n")),
                se_lit=Exists(Document.objects.visibles_par(compte).filter(pk=OuterRef("document"))),
            )
            .select_related("document", "par")
            .order_by("faite_le", "pk")
        )


class Impression(models.Model):
    """Courriers printed together in one file, each on its own sheets.

    The file names the recipients: it is erased with the first of its courriers that is erased.
    """

    document = CleUnique(Document, null=True, on_delete=models.SET_NULL, related_name="+")
    par = CleEtrangere(Compte, null=True, related_name="+", verbose_name="imprimés par")
    faite_le = models.DateTimeField("imprimés le", default=timezone.now)

    objects = ImpressionQuerySet.as_manager()

    class Meta:
        verbose_name = "impression de courriers"
        verbose_name_plural = "impressions de courriers"
        ordering = ["-faite_le", "-pk"]

    def __str__(self) -> str:
        return f"courriers imprimés le {jour_texte(self.faite_le)}"


class CourrierQuerySet(models.QuerySet["Courrier"]):
    def visibles_par(self, compte: Compte) -> Self:
        """Keep the courriers that the account may read: those about reserved dossiers need the right."""
        visibles = hors_reserve(compte, "dossier__")  # empty for who reads all
        return self.filter(Q(dossier__isnull=True) | visibles) if visibles else self

    def a_poster(self) -> Self:
        return self.filter(date_postee=None, abandonne_le=None)

    def a_poster_par(self, compte: Compte) -> Self:
        return self.visibles_par(compte).a_poster()

    def a_imprimer(self) -> Self:
        """Keep the courriers not printed yet.

        Those about reserved dossiers are printed one by one, by agents with the right.
        """
        return self.a_poster().filter(
            Q(dossier__isnull=True) | Q(dossier__est_reserve=False),
            impression=None,
            signe_le=None,
            document__isnull=False,
        )

    def avec_dossiers(self) -> Self:
        """Read the row of each app, so that the number of queries does not depend on the length of the list.

        Apart: joined all together, they take longer to plan than to read.
        """
        return self.select_related(
            "document", "impression", "seance__instance", "campagne", "instance", "demande"
        ).prefetch_related(models.Prefetch("dossier", Dossier.objects.avec_enfants()))


def un_seul(*champs: str) -> Q:
    """The condition that one of these columns, and one alone, is filled."""
    seul = Q()
    for rempli in champs:
        seul |= Q(**{f"{champ}__isnull": champ != rempli for champ in champs})
    return seul


# What a courrier is about: one of these columns.
PORTEURS = ("dossier", "seance", "campagne", "instance", "demande")


class PorteurDuCourrier(PortePar[Suivi]):
    """Lead from a courrier to what it is about."""

    def __init__(self) -> None:
        super().__init__("dossier")

    def __get__(self, partie: Any, modele: type[Any] | None = None) -> Suivi:
        if partie is None:
            return self  # type: ignore[return-value]  # read on the class: itself
        autres = (getattr(partie, champ) for champ in PORTEURS if champ != "dossier")
        suivi: Suivi = next((autre for autre in autres if autre is not None), None) or partie.dossier.enfant
        return suivi


class Courrier(Partie):
    """One letter on paper. Its text is in its PDF.

    The PDF is frozen only for a decision: others name the person who spoke, and are erased one day.
    """

    dossier = CleEtrangere(Dossier, null=True, related_name="courriers")
    seance = CleEtrangere("seances.Seance", null=True, related_name="courriers", verbose_name="séance")
    campagne = CleEtrangere("renouvellement.Campagne", null=True, related_name="courriers")
    instance = CleEtrangere("seances.Instance", null=True, related_name="courriers", verbose_name="instance")
    demande = CleEtrangere(
        "droits.DemandeDroit", null=True, related_name="courriers", verbose_name="demande d’une personne"
    )
    lettre = models.CharField("lettre", max_length=60, help_text="Par exemple « remontees/repondre ».")
    objet = models.CharField("objet", max_length=255)
    document = CleUnique(Document, null=True, on_delete=models.SET_NULL, related_name="+")
    impression = CleEtrangere(
        Impression, null=True, related_name="courriers", verbose_name="imprimé avec d’autres"
    )
    # One file may hold a mailing: as many letters, to as many people.
    nombre = models.PositiveIntegerField("lettres", default=1, db_default=1)
    a_une_adresse = models.BooleanField("adresse postale connue", default=False)
    # Some letters are posted only once signed by hand. The signed one is already on paper and is not printed
    # again.
    est_a_signer = models.BooleanField("à signer avant de poster", default=False)
    signe_le = models.DateTimeField("signé le", null=True, blank=True)
    ecrit_le = models.DateTimeField("écrit le", default=timezone.now)
    date_postee = models.DateField("posté le", null=True, blank=True)
    poste_par = CleEtrangere(Compte, null=True, related_name="+", verbose_name="posté par")
    # Set when the person was told otherwise, or when the letter lost its use because its answer came.
    abandonne_le = models.DateTimeField("abandonné le", null=True, blank=True)

    objects = CourrierQuerySet.as_manager()
    suivi = PorteurDuCourrier()

    class Meta:
        verbose_name = "courrier"
        ordering = ["ecrit_le", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(date_postee__isnull=True) | Q(abandonne_le__isnull=True),
                name="courrier_poste_ou_abandonne",
                violation_error_message="Un courrier posté n’est pas abandonné.",
            ),
            models.CheckConstraint(
                condition=Q(date_postee__isnull=True) | Q(est_a_signer=False) | Q(signe_le__isnull=False),
                name="courrier_signe_avant_la_poste",
                violation_error_message="Ce courrier se poste une fois signé.",
            ),
            models.CheckConstraint(
                condition=un_seul(*PORTEURS),
                name="courrier_d_un_seul",
                violation_error_message="Un courrier est celui d’un dossier, d’une séance, d’une instance, d’une campagne ou de la demande d’une personne.",
            ),
        ]
        indexes = [
            models.Index(
                "ecrit_le",
                condition=Q(date_postee__isnull=True, abandonne_le__isnull=True),
                name="courriers_a_poster",
            )
        ]

    def __str__(self) -> str:
        return self.objet

    @property
    def a_qui(self) -> str:
        """Who is written to, as on the envelope; "" for a mailing, or once the sheet was erased."""
        return next(iter(self.document.donnees.get("destinataire", ())), "") if self.document else ""

    @property
    def est_a_poster(self) -> bool:
        return self.date_postee is None and self.abandonne_le is None

    @property
    def attend_sa_signature(self) -> bool:
        return self.est_a_signer and self.signe_le is None

    @property
    def ce_qui_manque(self) -> str:
        """What is missing before the courrier can be posted, or "".

        « la lettre signée », or « l’adresse postale » if the app has a page to give the address.
        """
        if self.attend_sa_signature:
            return "la lettre signée"
        return "" if self.a_une_adresse or not self.suivi.get_adresse_url() else "l’adresse postale"

    @property
    def attente(self) -> str:
        """How long the person has waited for the posting."""
        jours = jours_entre(self.ecrit_le, timezone.now())
        return f"{accorder(jours, 'jour')} d’attente" if jours else "aujourd’hui"

    @property
    def acte_de_poste(self) -> str:
        """The act that records the posting: `poster_courrier`, or the act of the app that posts this letter."""
        return (
            self.suivi.ACTES_DE_POSTE[self.lettre].acte
            if self.lettre in self.suivi.ACTES_DE_POSTE
            else "poster_courrier"
        )

    def refus(self, acte: str, par: Compte | None) -> ErreurMetier | None:
        if not self.est_a_poster:
            return ActeInterdit(
                "Ce courrier est déjà posté." if self.date_postee else "Ce courrier a été abandonné."
            )
        if acte != "imprimer_courriers" and self.acte_de_poste != "poster_courrier":
            libelle = self.suivi.transition(self.acte_de_poste).libelle
            return ActeInterdit(f"Ce courrier a un autre acte : « {libelle} ».")
        return None

    def manques(self, acte: str, par: Compte | None) -> list[str]:
        if acte != "poster_courrier" or not self.ce_qui_manque:
            return []
        return [f"Il manque {self.ce_qui_manque} : ce courrier ne peut pas encore être posté."]
