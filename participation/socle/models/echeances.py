"""Échéances of all apps, demandes made to somebody, and suspensions of the legal clock."""

from datetime import date
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from participation.socle.francais import au_plus_tard, avec_article, jour_texte
from participation.socle.liens import Lien
from participation.socle.models.champs import CleEtrangere, CleUnique, parmi
from participation.socle.models.comptes import Compte
from participation.socle.models.dossiers import Dossier, reserves_pour
from participation.socle.models.sceaux import Scelle
from participation.socle.models.suivi import Partie, PortePar, Suivi
from participation.socle.models.territoire import Commune, Direction


def avant_le(limite: date | None, *, arretee: bool = False) -> str:
    """Return the end of « le comité répond »: limit to come, today's, or late by so many days; "" without a limit."""
    if limite is None:
        return ""
    if arretee:
        return f" au plus tard le {jour_texte(limite)}, date repoussée tant que le délai est arrêté"
    return f"{',' if limite < timezone.localdate() else ''} {au_plus_tard(limite)}"


class Demande(Scelle, Partie):
    """Something asked of somebody about a dossier. Waiting for an answer is not an état: it is this row."""

    LIEN: ClassVar[Lien] = Lien("socle.demande")

    class Nature(models.TextChoices):
        COMPLEMENT = "complement", "demande de complément"
        REFORMULATION = "reformulation", "demande de reformulation"
        AVIS = "avis", "demande d’avis"
        REPONSE = "reponse", "demande de réponse"

    dossier = CleEtrangere(Dossier, related_name="demandes")
    nature = models.CharField("nature", max_length=20, choices=Nature)
    objet = models.CharField("objet", max_length=160)
    texte = models.TextField("texte")
    proposition = models.TextField(
        "réponse proposée", blank=True, help_text="Une rédaction que la personne peut reprendre."
    )
    direction = CleEtrangere(Direction, null=True, related_name="demandes")
    commune = CleEtrangere(Commune, null=True, related_name="demandes")
    compte = CleEtrangere(
        settings.AUTH_USER_MODEL, null=True, related_name="demandes_recues", verbose_name="personne"
    )
    par = CleEtrangere(
        settings.AUTH_USER_MODEL, null=True, blank=False, related_name="+", verbose_name="demandée par"
    )
    ouverte_le = models.DateTimeField("ouverte le", default=timezone.now)
    date_limite = models.DateField("réponse attendue le")
    suspend_le_delai = models.BooleanField("suspend le délai", default=False)
    reponse = models.TextField("réponse", blank=True)
    repondue_le = models.DateTimeField("répondue le", null=True, blank=True)
    repondue_par = models.CharField(
        "répondue par", max_length=160, blank=True, help_text="Nom dit par la personne qui répond."
    )
    piece = CleEtrangere(
        "socle.Piece",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="fichier joint à la réponse",
    )
    est_hors_ressort = models.BooleanField("n’est pas de son ressort", default=False)
    oriente_vers = models.CharField("à demander plutôt à", max_length=160, blank=True)
    annulee_le = models.DateTimeField("annulée le", null=True, blank=True)
    attend_la_liste = models.BooleanField(
        "dite dans la liste du lendemain matin", default=False, db_default=False, editable=False
    )

    suivi = PortePar[Suivi]("dossier.enfant")

    class Meta:
        verbose_name = "demande"
        ordering = ["-ouverte_le", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(direction__isnull=False, commune__isnull=True, compte__isnull=True)
                | Q(direction__isnull=True, commune__isnull=False, compte__isnull=True)
                | Q(direction__isnull=True, commune__isnull=True, compte__isnull=False),
                name="demande_un_destinataire",
                violation_error_message="Une demande s’adresse à une direction, à une commune ou à une personne, et à une seule.",
            ),
            models.CheckConstraint(
                condition=Q(repondue_le__isnull=True) | Q(annulee_le__isnull=True),
                name="demande_une_issue",
                violation_error_message="Une demande répondue ne peut plus être annulée.",
            ),
            models.CheckConstraint(
                condition=Q(est_hors_ressort=False) | ~Q(oriente_vers=""),
                name="demande_orientee",
                violation_error_message="Dites à qui il faut le demander.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_nature_display()} : {self.objet}"

    @property
    def destinataire(self) -> Direction | Commune | Compte:
        destinataire = self.direction or self.commune or self.compte
        if destinataire is None:
            raise ValueError("A demande has somebody to answer it (demande_un_destinataire).")
        return destinataire

    @property
    def destinataire_en_phrase(self) -> str:
        """The recipient with its article: « la direction Eau », « le Gua », « la Ville de Fontaine », « Odile Martin »."""
        if collectif := self.direction or self.commune:
            return collectif.en_phrase
        compte = self.compte
        return str(compte) if compte is None or compte.prenom else avec_article(compte)

    @property
    def est_ouverte(self) -> bool:
        return self.repondue_le is None and self.annulee_le is None

    def est_pour(self, compte: Compte) -> bool:
        """Whether it is addressed to the account, or to a direction or a commune that it answers for today."""
        siennes = compte.appartenances_en_vigueur
        return (
            self.compte_id == compte.pk
            or self.direction_id in {a.direction_id for a in siennes if a.direction_id}
            or self.commune_id in {a.commune_id for a in siennes if a.commune_id}
        )

    def jours_restants(self) -> int:
        """Calendar days until the answer is due; negative when late."""
        return (self.date_limite - timezone.localdate()).days

    def jeton(self) -> str:
        """Return the token of the signed link to the answer page.

        It stays valid once the demande is over: the page then says what became of it.
        """
        return self.LIEN.jeton(self)

    def autres_avis(self) -> "models.QuerySet[Demande]":
        """The other opinions that the same addressee owes, the most urgent first. What is reserved is never named."""
        return (
            Demande.objects.filter(nature=self.Nature.AVIS, repondue_le=None, annulee_le=None, **self.a_qui)
            .filter(dossier__clos_le=None, dossier__est_reserve=False)
            .exclude(pk=self.pk)
            .order_by("date_limite", "pk")
        )

    @property
    def a_qui(self) -> dict[str, int | str | None]:
        """The columns that say who is asked: what finds the other demandes of the same addressee."""
        return {nom: getattr(self, nom) for nom in ("direction_id", "commune_id", "compte_id")}

    @property
    def montre_le_dossier(self) -> bool:
        """Whether the answer page shows the dossier, until the demande is called off.

        A direction or a commune always sees it; a person only when asked for an opinion.
        """
        return self.annulee_le is None and (self.compte_id is None or self.nature == self.Nature.AVIS)

    def pieces_a_lire(self) -> "models.QuerySet[Any]":
        """Return the pièces that go with the demande; once it is answered, those joined before the answer."""
        pieces = self.dossier.enfant.pieces_a_lire()
        if not self.montre_le_dossier:
            return pieces.none()
        return pieces.filter(jointe_le__lte=self.repondue_le) if self.repondue_le else pieces

    def adresses(self) -> list[str]:
        cible = self.destinataire
        if not isinstance(cible, Compte):
            return cible.adresses()
        return [cible.courriel] if cible.courriel else []


class Suspension(models.Model):
    """A period during which the legal clock of a dossier is stopped (reformulation, election period)."""

    dossier = CleEtrangere(Dossier, related_name="suspensions")
    demande = CleUnique(Demande, null=True, related_name="suspension")
    motif = models.CharField("motif", max_length=160)
    debut = models.DateField("début", default=timezone.localdate)
    fin = models.DateField("fin", null=True, blank=True)

    class Meta:
        verbose_name = "suspension du délai"
        verbose_name_plural = "suspensions du délai"
        ordering = ["-debut", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(fin__isnull=True) | Q(fin__gte=F("debut")),
                name="suspension_dates_ordonnees",
                violation_error_message="La fin précède le début.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.motif} ({jour_texte(self.debut, 'chiffres')})"


class EcheanceQuerySet(models.QuerySet["Echeance"]):
    def ouvertes(self) -> Self:
        return self.filter(faite_le__isnull=True, annulee_le__isnull=True)

    def actives(self) -> Self:
        """Keep the open échéances whose clock runs."""
        return self.ouvertes().filter(suspendue_le__isnull=True)

    def en_retard(self, jour: date | None = None) -> Self:
        return self.actives().filter(date_limite__lt=jour or timezone.localdate())

    def de(self, compte: Compte) -> Self:
        """Keep the échéances of `compte`.

        Those where they are named, those of the dossiers that an agent follows when nobody is named, and those of
        their direction or of their commune; the same for whom they stand in for today.
        """
        directions = [a.direction_id for a in compte.appartenances_en_vigueur if a.direction_id]
        communes = [a.commune_id for a in compte.appartenances_en_vigueur if a.commune_id]
        siens = [compte.pk, *compte.remplace]
        siennes = Q(responsable__in=siens) | Q(direction__in=directions)
        for delegant, _, domaine in compte.suppleances:
            if domaine:
                siennes |= Q(responsable=delegant, dossier__nature=domaine)
        if compte.est_agent:
            # A question on each row, not a join nor a list: the menu of every page counts these échéances, and an agent
            # may follow, over the years, more dossiers than the database keeps in memory.
            suivi = Exists(Dossier.objects.filter(pk=OuterRef("dossier"), agent__in=siens))
            siennes |= Q(suivi, responsable__isnull=True)
        if communes:  # an échéance names no commune: what is asked of one does
            demandees = Demande.objects.filter(commune__in=communes).order_by().values("pk")
            siennes |= Q(parmi(demandees, "demande"))
        return self.filter(siennes)

    def dues_par(self, compte: Compte) -> Self:
        """Keep the échéances of `compte` due today or late, on dossiers that they may read."""
        dues = self.de(compte).actives().filter(date_limite__lte=timezone.localdate())
        return dues.exclude(dossier__in=reserves_pour(compte))


class Echeance(models.Model):
    dossier = CleEtrangere(Dossier, related_name="echeances")
    cle = models.CharField(
        "clé",
        max_length=60,
        help_text="Ce qui la rend unique dans son dossier, par exemple « recevabilite ».",
    )
    libelle = models.CharField("à faire", max_length=160, help_text="À l’infinitif, avec son objet.")
    date_limite = models.DateField("date limite")
    est_legale = models.BooleanField("délai du règlement ou de la loi", default=False)
    rappels = ArrayField(
        models.PositiveSmallIntegerField(), verbose_name="rappels (jours avant)", default=list, blank=True
    )
    relances = ArrayField(
        models.PositiveSmallIntegerField(), verbose_name="relances (jours après)", default=list, blank=True
    )
    escalade = models.PositiveSmallIntegerField("escalade (jours après)", null=True, blank=True)
    escalade_elu = models.PositiveSmallIntegerField("élu prévenu (jours après)", null=True, blank=True)
    # Where the task is done, if not on the page of the dossier. `lien`: signed link for the person asked,
    # without an account. `page`: page of the back office.
    lien = models.CharField("adresse pour répondre", max_length=300, blank=True)
    page = models.CharField("page", max_length=200, blank=True)
    responsable = CleEtrangere(settings.AUTH_USER_MODEL, null=True, related_name="echeances")
    direction = CleEtrangere(Direction, null=True, related_name="echeances")
    demande = CleUnique(Demande, null=True, related_name="echeance")
    # A reminder whose day was already past when the date was fixed is not sent.
    fixee_le = models.DateField("date fixée le", default=timezone.localdate, editable=False)
    suspendue_le = models.DateField("suspendue depuis le", null=True, blank=True)
    faite_le = models.DateTimeField("faite le", null=True, blank=True)
    annulee_le = models.DateTimeField("annulée le", null=True, blank=True)

    objects = EcheanceQuerySet.as_manager()

    class Meta:
        verbose_name = "échéance"
        ordering = ["date_limite", "pk"]
        constraints = [
            models.UniqueConstraint(
                "dossier",
                "cle",
                name="echeance_cle_unique",
                violation_error_message="Cette échéance existe déjà sur ce dossier.",
            )
        ]
        indexes = [
            models.Index(
                "date_limite",
                condition=Q(faite_le__isnull=True, annulee_le__isnull=True),
                name="echeance_ouvertes_par_date",
            )
        ]

    def __str__(self) -> str:
        return f"{self.libelle} au plus tard le {jour_texte(self.date_limite, 'chiffres')}"

    @property
    def est_ouverte(self) -> bool:
        return self.faite_le is None and self.annulee_le is None

    @property
    def est_en_retard(self) -> bool:
        return self.est_ouverte and self.suspendue_le is None and self.date_limite < timezone.localdate()

    def jours_restants(self) -> int:
        """Calendar days until the due date; negative when late.

        While the clock is stopped, counted from the day it stopped.
        """
        return (self.date_limite - (self.suspendue_le or timezone.localdate())).days


class Rappel(models.Model):
    """A reminder that was sent.

    Its key makes reminders idempotent; a moved due date gets reminders of its own.
    """

    echeance = CleEtrangere(
        Echeance, on_delete=models.CASCADE, related_name="rappels_envoyes", verbose_name="échéance"
    )
    etape = models.CharField("étape", max_length=12, help_text="J-30, J-7, retard, escalade…")
    date_limite = models.DateField("date limite")
    le = models.DateTimeField("le", default=timezone.now)

    class Meta:
        verbose_name = "rappel"
        constraints = [
            models.UniqueConstraint(
                "echeance",
                "etape",
                "date_limite",
                name="rappel_unique",
                violation_error_message="Ce rappel est déjà parti.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.etape} · {self.echeance}"
