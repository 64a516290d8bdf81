"""Remontée: what one person said, on one day, of one place."""

from collections.abc import Iterator
from typing import Any, ClassVar, Self

from django.contrib.postgres.indexes import GistIndex, OpClass
from django.db import models
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from participation.socle.liens import Lien
from participation.socle.models import CleEtrangere, Commune, Entree, Quartier, Scelle, Voix
from participation.socle.models.mots import mots_compares
from participation.socle.regles.traces import masquer
from participation.socle.workflow import Apparence, Decision, Table
from remontees import workflow
from remontees.models.referentiel import Categorie, Organisme
from remontees.models.sujets import Sujet, Traite, TraiteQuerySet, avant_quand
from remontees.workflow import EN_COURS, FINIS, SUR_UN_SERVICE_MUET, VIVANTS, Canal, Etat, Issue

# Texts that replace the verbatim once erased: at the term, or before.
EFFACE = "(texte effacé au terme du délai de conservation)"
EFFACE_AVANT = "(texte effacé par le service avant le terme du délai de conservation)"
EFFACES = (EFFACE, EFFACE_AVANT)
PHOTO = "Photo"  # title of the pièce that holds the photo taken with the remontée


class RemonteeQuerySet(TraiteQuerySet):
    def urgentes_de(self, traite: Any) -> Self:
        """Return the remontées that make a dossier urgent: itself, or those grouped in it.

        `traite`: primary key or OuterRef.
        """
        return self.filter(Q(pk=traite) | Q(sujet_commun=traite, etat=Etat.GROUPEE), est_urgente=True)


class Remontee(Scelle, Traite):
    """What one person said.

    `verbatim`: their words, never public as they are; `titre`, `resume`: of the agent.
    """

    PREFIXE = "REM"
    SUJET = "la remontée"
    TRANSITIONS: ClassVar[Table] = workflow.TRANSITIONS
    APPARENCES: ClassVar[dict[str, Apparence]] = workflow.APPARENCES
    ACTES_DUS: ClassVar[dict[str, str]] = workflow.ACTES_DUS
    ACTES_REPLIES: ClassVar[frozenset[str]] = frozenset(
        {
            "ajouter_suite",
            "prendre_en_charge",
            "porter_en_seance",
            "demander_visite",
            *SUR_UN_SERVICE_MUET,
            "anonymiser",
            "classer",
            "router",
            "reunir",
            "renvoyer",
            "ecrire_a_la_personne",
            "recevoir_message",
            "rappeler",
        }
    )
    ACTES_DANS_LA_PAGE: ClassVar[frozenset[str]] = frozenset(
        {"corriger_adresse_postale", "corriger_coordonnees"}
    )
    DECISIONS_DE_SEANCE: ClassVar[dict[str, Decision]] = workflow.DECISIONS_DE_SEANCE
    # Page where the person follows their remontée without an account.
    LIEN: ClassVar[Lien] = Lien("remontees.suivi", lettre="r", page="remontees:suivi", sur_papier="R")
    # Token cited by every letter to the person: a reply that cites it comes from somebody who got the letter.
    FIL: ClassVar[Lien] = Lien("remontees.fil", est_court=True)

    etat = models.CharField("état", max_length=12, choices=Etat, default=Etat.NOUVELLE)
    verbatim = models.TextField("ce qui a été dit", help_text="Mot pour mot. Jamais public sans relecture.")
    canal = models.CharField("canal", max_length=10, choices=Canal)
    entendue_le = models.DateField("entendue le", default=timezone.localdate)
    categorie = CleEtrangere(Categorie, null=True, related_name="remontees", verbose_name="catégorie")
    commune = CleEtrangere(Commune, null=True, related_name="remontees")
    quartier = CleEtrangere(Quartier, null=True, related_name="remontees")
    lieu = models.CharField("lieu", max_length=200, blank=True)
    latitude = models.FloatField("latitude", null=True, blank=True)
    longitude = models.FloatField("longitude", null=True, blank=True)
    # `sujet` is already the name of the link from Dossier to its Sujet row.
    sujet_commun = CleEtrangere(Sujet, null=True, related_name="remontees", verbose_name="sujet")
    # Proposed only: an agent decides to group them.
    sujet_propose = CleEtrangere(
        Sujet, null=True, related_name="remontees_proposees", verbose_name="sujet reconnu par la personne"
    )
    au_nom_de = models.BooleanField("dite au nom de quelqu’un", default=False)
    est_urgente = models.BooleanField("urgente", default=False)
    est_contestation = models.BooleanField("conteste une décision", default=False)
    est_individuelle = models.BooleanField("affaire individuelle", default=False)
    est_discrimination = models.BooleanField("discrimination", default=False)
    source = models.CharField("source", max_length=500, blank=True, help_text="Adresse du message d’origine.")
    issue = models.CharField("issue", max_length=12, choices=Issue, blank=True)
    reponse = models.TextField("réponse à la personne", blank=True)
    date_prevue = models.DateField("prévu le", null=True, blank=True)
    repondue_le = models.DateTimeField("répondue le", null=True, blank=True, editable=False)
    organisme = CleEtrangere(
        Organisme, null=True, related_name="remontees", verbose_name="organisme compétent"
    )
    reouvertures = models.PositiveSmallIntegerField("réouvertures", default=0, editable=False)
    mots = models.GeneratedField(
        expression=mots_compares("verbatim"),
        output_field=models.TextField(),
        db_persist=True,
        help_text="Ce qui a été dit, sans accent ni mots vides : pour trouver ce qui se ressemble.",
    )

    objects: ClassVar[Any] = RemonteeQuerySet.as_manager()

    class Meta:
        verbose_name = "remontée"
        ordering = ["-ouvert_le", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(etat=Etat.REPONDUE) | (~Q(issue="") & ~Q(reponse="")),
                name="remontee_repondue_a_sa_reponse",
                violation_error_message="Dites ce que devient la remontée, et la réponse.",
            ),
            models.CheckConstraint(
                condition=~Q(etat=Etat.GROUPEE) | Q(sujet_commun__isnull=False),
                name="remontee_groupee_a_son_sujet",
                violation_error_message="Choisissez le sujet.",
            ),
            models.CheckConstraint(
                condition=~Q(etat=Etat.ORIENTEE) | Q(organisme__isnull=False),
                name="remontee_orientee_a_son_organisme",
                violation_error_message="Choisissez l’organisme compétent.",
            ),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="remontee_point_entier",
                violation_error_message="Ce point n’est pas sur la Terre.",
            ),
            # A discrimination has its own circuit: it is never given to a service nor grouped in a sujet.
            models.CheckConstraint(
                condition=Q(est_discrimination=False) | Q(sujet_commun__isnull=True),
                name="remontee_discrimination_a_part",
                violation_error_message="Une discrimination a son propre circuit : elle n’entre dans aucun sujet.",
            ),
        ]
        indexes = [
            models.Index("etat", F("dossier_ptr").desc(), name="remontee_etat"),
            models.Index("categorie", F("dossier_ptr").desc(), name="remontee_categorie"),
            models.Index("commune", F("dossier_ptr").desc(), name="remontee_commune"),
            # Else the planner takes the index of similar texts, which it walks whole for what has no commune.
            models.Index("dossier_ptr", condition=Q(commune__isnull=True), name="remontee_sans_commune"),
            models.Index("entendue_le", name="remontee_entendue_le"),
            # What a direction or a commune may read among its own, without reading the rows.
            models.Index("dossier_ptr", condition=Q(est_discrimination=False), name="remontee_lisibles"),
            # Voices of a year by commune, on the home page.
            models.Index(
                "entendue_le",
                "commune",
                condition=Q(commune__isnull=False, est_discrimination=False),
                name="remontee_voix",
            ),
            # What is said of each sujet, month by month.
            models.Index(
                "entendue_le",
                "sujet_commun",
                condition=Q(sujet_commun__isnull=False),
                name="remontee_groupees_par_jour",
            ),
            # The map of the office shows the last ones.
            models.Index(
                F("dossier_ptr").desc(),
                condition=Q(etat__in=sorted(VIVANTS), latitude__isnull=False),
                name="remontee_sur_la_carte",
            ),
            # Order of the triage list.
            models.Index(
                F("est_urgente").desc(),
                "dossier_ptr",
                condition=Q(etat=Etat.NOUVELLE),
                name="remontee_a_trier",
            ),
            # Counted by the menu and « Ma journée » without reading the rows.
            models.Index(
                "etat",
                "dossier_ptr",
                condition=Q(etat__in=sorted(EN_COURS), est_discrimination=False),
                name="remontee_en_cours",
            ),
            models.Index(
                "etat", "dossier_ptr", condition=Q(est_discrimination=True), name="remontee_discriminations"
            ),
            models.Index("etat", "dossier_ptr", condition=Q(est_urgente=True), name="remontee_urgentes"),
            # Rows still to be erased: most of the table is already erased, and need not be scanned.
            models.Index(
                "repondue_le",
                condition=Q(etat__in=sorted(FINIS)) & ~Q(verbatim__in=EFFACES),
                name="remontee_non_effacees",
            ),
            models.Index(
                "entendue_le",
                condition=Q(etat__in=sorted(FINIS), repondue_le__isnull=True) & ~Q(verbatim__in=EFFACES),
                name="remontee_ecartees_non_effacees",
            ),
            # Similar texts by place, category and date.
            GistIndex(
                F("commune"),
                F("categorie"),
                F("entendue_le"),
                OpClass(F("mots"), name="gist_trgm_ops(siglen=128)"),
                name="remontee_semblables",
            ),
        ]

    def theme_propose(self) -> str:
        return self.categorie.theme if self.categorie is not None else ""

    def completer(self) -> None:
        super().completer()
        # Pages shared by all apps read `est_reserve` of Dossier.
        self.est_reserve = self.est_discrimination

    def save(self, *args: Any, **kwargs: Any) -> None:
        if (champs := kwargs.get("update_fields")) is not None and "est_discrimination" in champs:
            kwargs["update_fields"] = {*champs, "est_reserve"}
        super().save(*args, **kwargs)

    @property
    def contact(self) -> models.Model | None:
        rapporteur: models.Model | None = getattr(self, "rapporteur", None)
        return rapporteur

    def voix(self) -> Iterator[Voix]:
        rapporteur = getattr(self, "rapporteur", None)
        if rapporteur is not None and rapporteur.moyen_d_envoi == rapporteur.Prefere.COURRIEL:
            yield Voix(rapporteur.courriel, "la personne qui l’a signalé")

    def get_absolute_url(self) -> str:
        return reverse("remontees:remontee", args=[self.pk])

    def get_adresse_url(self) -> str:
        return reverse("remontees:corriger_adresse_postale", args=[self.pk])

    @property
    def fil_avant(self) -> list[tuple[str, str]]:
        return [*super().fil_avant, ("Remontées", reverse("remontees:remontees"))]

    def a_lire(self) -> list[tuple[str, str]]:
        """Return what a service reads, as (label, text): words and place, what says who spoke being masked."""
        return [(libelle, self.masquer(texte)) for libelle, texte in self.a_lire_en_entier()]

    def a_lire_en_entier(self) -> list[tuple[str, str]]:
        lu = [("Ce qui a été dit", self.verbatim)]
        return [*lu, ("Lieu", self.ou)] if self.ou else lu

    def masquer(self, texte: str) -> str:
        """Return words of the person for somebody who must not know who spoke."""
        rapporteur = getattr(self, "rapporteur", None)
        if rapporteur is None:
            return masquer(texte)
        return masquer(texte, noms=[rapporteur.nom], adresse=rapporteur.adresse)

    @property
    def dit_masque(self) -> str:
        return self.masquer(self.verbatim)

    def pieces_a_lire(self) -> QuerySet[Any]:
        """Return the photo and the files added by agents: not those of a mail, which may name its author, nor of an answer."""
        return super().pieces_a_lire().filter(Q(titre=PHOTO) | Q(par__isnull=False), parts=None)

    @property
    def ou(self) -> str:
        """Place in words, as precise as known."""
        nom = self.quartier.nom if self.quartier else ""
        return ", ".join(mot for mot in (self.lieu, nom, str(self.commune or "")) if mot)

    def traites(self) -> "list[Remontee | Sujet]":
        """Return the dossiers whose parts may concern it: itself, and the sujet when it is grouped."""
        sujet = self.sujet_commun if self.etat == Etat.GROUPEE else None
        return [self] if sujet is None else [self, sujet]

    def reponse_passee(self) -> Entree | None:
        """Journal line of the last answer before a reopening; None without any, or once answered again."""
        if self.reponse or not self.reouvertures:
            return None
        dites: QuerySet[Entree] = self.journal.filter(acte__in=["repondre", "repondre_du_sujet"])
        return dites.exclude(motif="").order_by("-le", "-pk").first()

    def mots_de_suite(self) -> dict[str, str]:
        return {
            "avant": avant_quand(self),
            "issue": self.get_issue_display().lower() or "sans réponse",
            "sujet": self.sujet_commun.reference or "" if self.sujet_commun else "",
            "organisme": f"voyez avec « {self.organisme} »" if self.organisme else "",
        }
