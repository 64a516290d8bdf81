"""A citizen petition and those who file it together."""

import re
from datetime import datetime, time, timedelta
from typing import Any, ClassVar, Self

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchQuery, SearchRank, TrigramSimilarity
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from participation.seances.models import Membre
from participation.socle.francais import jour_texte
from participation.socle.models import Commune, Compte, Demande, Dossier, Echeance, Partie
from participation.socle.models.dossiers import SANS_ACCENTS, Visiteur
from participation.socle.textes import sans_controle
from participation.socle.workflow import Role
from petitions import workflow
from petitions.models.reglement import MotifIrrecevabilite, ReglementPetition
from petitions.workflow import Etat

# Under it, two titles share a common word and nothing more. Measured on titles of real pétitions.
PROXIMITE_MINIMALE = 0.3


def siege_au_comite(compte: Compte) -> bool:
    """Sits on the comité de recevabilité today. Asked once per account: buttons ask for each act."""
    if "_siege_au_comite" not in compte.__dict__:
        sieges = Membre.objects.filter(compte=compte, college__mandature__instance__cle=workflow.INSTANCE)
        compte.__dict__["_siege_au_comite"] = sieges.en_fonction().exists()
    return bool(compte.__dict__["_siege_au_comite"])


class PetitionQuerySet(models.QuerySet["Petition"]):
    def visibles_par(self, visiteur: Visiteur) -> Self:
        """The public sees what is published; an author sees hers; agents all but others' drafts; others as for any dossier."""
        if isinstance(visiteur, AnonymousUser):
            return self.filter(est_publie=True)
        # A draft, and one given up before the deposit, is nobody's but its author's.
        siennes = Q(auteur=visiteur) | Q(deposee_le__isnull=False)
        if siege_au_comite(visiteur):
            return self.filter(siennes)
        return self.filter(siennes, dossier_ptr__in=Dossier.objects.visibles_par(visiteur))

    def au_bureau_de(self, compte: Compte) -> Self:
        """Those whose back-office page `compte` may open: all for the service and the comité, else what was asked of hers."""
        deposees = self.filter(deposee_le__isnull=False)
        if compte.est_agent or siege_au_comite(compte):
            return deposees
        miennes = Q(pk__in=[])
        for appartenance in compte.appartenances_en_vigueur:
            if appartenance.direction_id:
                miennes |= Q(demandes__direction=appartenance.direction_id)
                miennes |= Q(direction=appartenance.direction_id)
                miennes |= Q(
                    echeances__direction=appartenance.direction_id
                )  # a suite, a task of the campaign
            if appartenance.commune_id:
                miennes |= Q(demandes__commune=appartenance.commune_id)
        return deposees.filter(pk__in=Dossier.objects.filter(miennes).values("pk"))

    def avec_suite(self) -> Self:
        """With what the sentence « Ensuite » needs, in one query for the whole list."""
        legales = Echeance.objects.ouvertes().filter(dossier=OuterRef("pk"), est_legale=True)
        return self.select_related("reglement").annotate(
            nombre_confirmes=Count(
                "copetitionnaires",
                filter=Q(
                    copetitionnaires__confirme_le__isnull=False, copetitionnaires__retire_le__isnull=True
                ),
            ),
            date_echeance=Subquery(legales.order_by("date_limite").values("date_limite")[:1]),
            echeance_suspendue_le=Subquery(legales.order_by("date_limite").values("suspendue_le")[:1]),
        )

    def proches(self, texte: str) -> Self:
        """Nearest first: titles alike (trigrams), or that share words with `texte` (French full text). Adds `proximite`."""
        mots = list(dict.fromkeys(re.findall(r"\w{3,}", texte.lower())))[:20]
        if not mots:
            return self.none()
        simple = texte.translate(SANS_ACCENTS).lower()
        requete = SearchQuery(" | ".join(mots), config="french", search_type="raw")
        return (
            self.annotate(
                ressemblance=TrigramSimilarity("titre_simple", simple),
                proximite=F("ressemblance") + SearchRank(F("recherche"), requete),
            )
            .filter(Q(titre_simple__trigram_similar=simple) | Q(recherche=requete))
            .filter(proximite__gte=PROXIMITE_MINIMALE)
            .order_by("-proximite", "pk")
        )

    def publiees(self) -> Self:
        return self.filter(est_publie=True)

    def signables(self) -> Self:
        return self.filter(
            etat=Etat.EN_COLLECTE, est_publie=True, date_fin_collecte__gte=timezone.localdate()
        )


class Petition(Dossier):
    PREFIXE = "PET"
    TRANSITIONS = workflow.TRANSITIONS
    APPARENCES = workflow.APPARENCES
    DECISIONS_DE_SEANCE = workflow.DECISIONS_DE_SEANCE
    DECIDE_EN_SEANCE = "Décidé par le comité en séance"
    GABARIT_SEANCE = "petitions/seance/_petition.html"
    ACTES_REPLIES = frozenset({"se_deporter", "amender", "ecrire_facile", "prolonger", "retablir_signatures"})

    etat = models.CharField("état", max_length=20, choices=Etat, default=Etat.BROUILLON)
    reglement = models.ForeignKey(
        ReglementPetition,
        on_delete=models.PROTECT,
        related_name="petitions",
        verbose_name="règlement",
        help_text="Version en vigueur au dépôt.",
    )
    slug = models.SlugField("adresse", max_length=80, blank=True, editable=False)
    demande = models.TextField("ce que nous demandons", blank=True)
    raisons = models.TextField("pourquoi", blank=True)
    competence = models.TextField(
        "qui peut agir", blank=True, help_text="Le service ou la compétence de la Métropole, selon l’auteur."
    )
    texte_facile = models.TextField("texte en facile à lire et à comprendre", blank=True)
    nom_auteur = models.CharField(
        "nom public de l’auteur", max_length=160, blank=True, help_text="Prénom et nom, ou nom du collectif."
    )
    commune_auteur = models.ForeignKey(
        Commune,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="commune de l’auteur",
    )
    deposee_le = models.DateTimeField("déposée le", null=True, blank=True)
    decidee_le = models.DateTimeField("décision de recevabilité le", null=True, blank=True)
    motif_irrecevabilite = models.ForeignKey(
        MotifIrrecevabilite,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="petitions",
        verbose_name="motif d’irrecevabilité",
    )
    motif = models.TextField("raisons de la décision", blank=True)
    autorite_competente = models.CharField("autorité compétente", max_length=160, blank=True)
    texte_masque = models.BooleanField("texte non publié", default=False)
    collecte_ouverte_le = models.DateTimeField("collecte ouverte le", null=True, blank=True)
    date_fin_collecte = models.DateField("dernier jour de la collecte", null=True, blank=True)
    collecte_close_le = models.DateTimeField("collecte close le", null=True, blank=True)
    etat_suspendu = models.CharField("état avant la suspension", max_length=20, blank=True)
    date_conseil = models.DateField("date du conseil", null=True, blank=True)
    issue_debat = models.TextField("issue du débat", blank=True)
    avis_panel = models.TextField("avis du panel citoyen", blank=True)
    reponse = models.TextField("réponse de la Métropole", blank=True)
    repondue_le = models.DateTimeField("répondue le", null=True, blank=True)
    mots_cles = ArrayField(
        models.CharField(max_length=40), verbose_name="mots-clés", default=list, blank=True
    )
    conservation_jusqu_au = models.DateField(
        "données des signataires gardées jusqu’au", null=True, blank=True
    )
    pseudonymisee_le = models.DateTimeField("pseudonymisée le", null=True, blank=True)

    objects: ClassVar[PetitionQuerySet] = PetitionQuerySet.as_manager()  # type: ignore[assignment]  # narrower than Dossier's

    class Meta:
        verbose_name = "pétition"
        constraints = [
            models.CheckConstraint(
                condition=Q(etat=Etat.BROUILLON) | (Q(deposee_le__isnull=False) | Q(etat=Etat.RETIREE)),
                name="petition_deposee_a_sa_date",
                violation_error_message="Une pétition déposée a une date de dépôt.",
            ),
            models.CheckConstraint(
                condition=~Q(etat=Etat.IRRECEVABLE) | (Q(motif_irrecevabilite__isnull=False) & ~Q(motif="")),
                name="petition_irrecevable_motivee",
                violation_error_message="Une irrecevabilité a un motif et ses raisons.",
            ),
            models.CheckConstraint(
                condition=~Q(etat=Etat.TRANSMISE) | ~Q(autorite_competente=""),
                name="petition_transmise_a_quelqu_un",
                violation_error_message="Dites à quelle autorité la pétition est transmise.",
            ),
            models.CheckConstraint(
                condition=~Q(etat=Etat.EN_COLLECTE)
                | (Q(collecte_ouverte_le__isnull=False) & Q(date_fin_collecte__isnull=False)),
                name="petition_collecte_datee",
                violation_error_message="Une collecte ouverte a un début et une fin.",
            ),
            models.CheckConstraint(
                condition=Q(etat=Etat.SUSPENDUE) ^ Q(etat_suspendu=""),
                name="petition_suspension_reversible",
                violation_error_message="Une pétition suspendue garde l’état où elle reprendra.",
            ),
            models.CheckConstraint(
                condition=~Q(etat=Etat.REPONDUE) | (~Q(reponse="") & Q(repondue_le__isnull=False)),
                name="petition_repondue_a_sa_reponse",
                violation_error_message="Une pétition répondue a une réponse.",
            ),
        ]
        indexes = [models.Index("etat", "date_fin_collecte", name="petition_etat")]

    def save(self, *args: Any, **kwargs: Any) -> None:
        for champ in ("titre", "nom_auteur", "demande", "raisons", "competence", "texte_facile", "reponse"):
            setattr(self, champ, sans_controle(getattr(self, champ)))
        self.slug = slugify(self.titre)[:80] or "petition"
        self.resume = f"{self.nom_auteur}\n{self.demande}\n{self.raisons}"
        super().save(*args, **kwargs)

    def roles_de(self, compte: Compte | None, sur: models.Model | None = None) -> frozenset[str]:
        roles = super().roles_de(compte, sur)
        return roles | {Role.MEMBRE} if compte is not None and siege_au_comite(compte) else roles

    def permet(self, acte: str, par: Compte | None, sur: models.Model | None = None) -> bool:
        """A member who stepped aside is shown no act of the comité; `actions.recevabilite` refuses them too."""
        permis = super().permet(acte, par, sur)
        return permis and not (acte in workflow.ACTES_DU_COMITE and par is not None and self.est_deporte(par))

    def actes_permis_a(self, compte: Compte | None, sur: Partie | None = None) -> list[str]:
        """Without those whose threshold is not reached (`actions.suivi` refuses them too, and says why), nor a second panel,
        nor oblivion before its day."""
        return [
            acte
            for acte in super().actes_permis_a(compte, sur)
            if (
                acte not in workflow.ACTES_APRES_SEUIL
                or self.effets_ouverts() & workflow.ACTES_APRES_SEUIL[acte]
            )
            and not (acte == "ouvrir_panel" and self.avis_panel)
            and not (acte == "pseudonymiser" and not self.est_a_pseudonymiser)
        ]

    def effets_ouverts(self) -> frozenset[str]:
        """Effects of the thresholds that hold now. Asked once per instance."""
        if "_effets_ouverts" not in self.__dict__:
            tenus = self.seuils_atteints.filter(perdu_le__isnull=True).values_list("seuil__effet", flat=True)
            self.__dict__["_effets_ouverts"] = frozenset(tenus)
        effets: frozenset[str] = self.__dict__["_effets_ouverts"]
        return effets

    def comptes_deportes(self) -> set[int]:
        """Asked once per instance."""
        if "_deportes" not in self.__dict__:
            self.__dict__["_deportes"] = set(self.deports.values_list("compte", flat=True))
        deportes: set[int] = self.__dict__["_deportes"]
        return deportes

    def est_deporte(self, compte: Compte) -> bool:
        """Stepped aside from this pétition."""
        return compte.pk in self.comptes_deportes()

    def get_absolute_url(self) -> str:
        """The agents' page of the dossier."""
        return reverse("petitions:dossier", args=[self.pk])

    def lien_reponse(self, demande: Demande) -> str:
        """The author words the text again on her own page; any other answer is given by signed link."""
        if demande.nature == Demande.Nature.REFORMULATION:
            return reverse("petitions:reformuler", args=[self.pk])
        return super().lien_reponse(demande)

    def get_public_url(self) -> str:
        return reverse("petitions:petition", args=[self.pk, self.slug])

    def mots_de_suite(self) -> dict[str, str]:
        """Values for the sentences of workflow.APPARENCES. Dates in full."""
        deja = self.__dict__  # a list reads both with its own query: `avec_suite`
        requis = self.reglement.copetitionnaires_requis
        if self.etat != Etat.BROUILLON:
            confirmes = 0
        elif "nombre_confirmes" in deja:
            confirmes = deja["nombre_confirmes"]
        else:
            confirmes = self.copetitionnaires.confirmes().count()
        if "date_echeance" in deja:
            date_echeance, arretee = deja["date_echeance"], False
        else:
            echeance = self.echeance_legale()
            date_echeance = echeance.date_limite if echeance else None
            arretee = echeance is not None and echeance.suspendue_le is not None
        return {
            "requis": str(requis),
            "manque": str(max(0, requis - confirmes)),
            "echeance": (jour_texte(date_echeance) if date_echeance else "délai à fixer")
            + (", date repoussée tant que le délai est arrêté" if arretee else ""),
            "fin_collecte": jour_texte(self.date_fin_collecte) if self.date_fin_collecte else "",
            "conseil": f" le {jour_texte(self.date_conseil)}" if self.date_conseil else "",
        }

    @property
    def est_a_pseudonymiser(self) -> bool:
        """The règlement's delay is past, and the signers are not forgotten yet."""
        limite = self.conservation_jusqu_au
        return self.pseudonymisee_le is None and limite is not None and limite < timezone.localdate()

    @property
    def est_signable(self) -> bool:
        return (
            self.etat == Etat.EN_COLLECTE
            and self.date_fin_collecte is not None
            and timezone.localdate() <= self.date_fin_collecte
        )

    def fin_des_confirmations(self) -> datetime | None:
        """Midnight after the last day of signing, plus the règlement's grace."""
        if self.date_fin_collecte is None:
            return None
        minuit = datetime.combine(self.date_fin_collecte + timedelta(days=1), time.min)
        return timezone.make_aware(minuit) + timedelta(hours=self.reglement.grace_heures)

    def confirmation_possible(self) -> bool:
        """A signature asked in time is confirmed until the end of the collecte (or its early closing), plus the grace."""
        fin = self.fin_des_confirmations()
        if fin is None or self.etat == Etat.SUSPENDUE:
            return False
        if self.collecte_close_le is not None:
            fin = min(fin, self.collecte_close_le + timedelta(hours=self.reglement.grace_heures))
        elif self.etat != Etat.EN_COLLECTE:
            return False
        return timezone.now() <= fin


class CoPetitionnaireQuerySet(models.QuerySet["CoPetitionnaire"]):
    def confirmes(self) -> Self:
        return self.filter(confirme_le__isnull=False, retire_le__isnull=True)


class Qualite(models.TextChoices):
    RESIDENT = "resident", "j’habite la Métropole"
    CONTRIBUABLE = "contribuable", "je n’y habite pas, mais j’y paie des impôts locaux"


class CoPetitionnaire(models.Model):
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
