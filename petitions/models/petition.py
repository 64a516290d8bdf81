"""The pétition: fields, constraints, querysets, roles and questions."""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any, ClassVar, Self

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchQuery, SearchRank, TrigramSimilarity
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from participation.seances.models import instances_ou_siege
from participation.socle.collectivite import collectivite, ici
from participation.socle.erreurs import ErreurMetier, RoleInsuffisant
from participation.socle.francais import jour_texte
from participation.socle.liens import Lien
from participation.socle.models import (
    CleEtrangere,
    Combien,
    Commune,
    Compte,
    Demande,
    Dossier,
    Echeance,
    Scelle,
    Voix,
)
from participation.socle.models.dossiers import Visiteur
from participation.socle.models.echeances import avant_le
from participation.socle.regles.adresses import canoniser
from participation.socle.regles.mots import SANS_ACCENTS
from participation.socle.regles.textes import nettoyer
from participation.socle.workflow import Role
from petitions import examen, workflow
from petitions.models.a_faire import acte_du, rendez_vous_pris, reste_a_faire
from petitions.models.reglement import MotifIrrecevabilite, ReglementPetition, Seuil
from petitions.workflow import Etat


def siege_au_comite(compte: Compte) -> bool:
    """Whether the account sits on the comité de recevabilité today."""
    return workflow.INSTANCE in instances_ou_siege(compte)


# Below this value, two titles share only a common word. Measured on titles of real pétitions.
PROXIMITE_MINIMALE = 0.3


class PetitionQuerySet(models.QuerySet["Petition"]):
    def visibles_par(self, visiteur: Visiteur) -> Self:
        """Keep the pétitions that the visitor may read.

        Without an account: published ones. Authors: their own as well. Agents and members of the comité: all
        but the drafts of others. Other accounts: as for any dossier.
        """
        if isinstance(visiteur, AnonymousUser):
            return self.filter(est_publie=True)
        # A draft, or a pétition withdrawn before its deposit, is visible to its author only.
        siennes = Q(auteur=visiteur) | Q(deposee_le__isnull=False)
        if siege_au_comite(visiteur):
            return self.filter(siennes)
        return self.filter(siennes, dossier_ptr__in=Dossier.objects.visibles_par(visiteur))

    def au_bureau_de(self, compte: Compte) -> Self:
        """Keep the pétitions whose back-office page `compte` may open.

        All filed ones for the service and the comité. For others, those about which their direction or
        commune has a demande, an échéance or the charge.
        """
        deposees = self.filter(deposee_le__isnull=False)
        if compte.est_agent or siege_au_comite(compte):
            return deposees
        miennes = Q(pk__in=[])
        for appartenance in compte.appartenances_en_vigueur:
            if d := appartenance.direction_id:  # échéance of a suite, or of a task of the campaign
                miennes |= Q(demandes__direction=d) | Q(direction=d) | Q(echeances__direction=d)
            if appartenance.commune_id:
                miennes |= Q(demandes__commune=appartenance.commune_id)
        return deposees.filter(pk__in=Dossier.objects.filter(miennes).values("pk"))

    def avec_suite(self) -> Self:
        """Add what the sentence « Ensuite » needs, in one query for the whole list."""
        copetitionnaires = apps.get_model("petitions.CoPetitionnaire")._default_manager
        confirmes = copetitionnaires.filter(
            petition=OuterRef("pk"), confirme_le__isnull=False, retire_le=None
        )
        legales = Echeance.objects.ouvertes().filter(dossier=OuterRef("pk"), est_legale=True)
        return self.select_related("reglement", "reunie_a").annotate(
            nombre_confirmes=Combien(confirmes),
            date_echeance=Subquery(legales.order_by("date_limite").values("date_limite")[:1]),
            echeance_suspendue_le=Subquery(legales.order_by("date_limite").values("suspendue_le")[:1]),
        )

    def proches(self, texte: str) -> Self:
        """Return the pétitions with a similar title or common words, closest first (annotation
        `proximite`)."""
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


class Petition(Scelle, Dossier):
    LIEN_INVITATION: ClassVar[Lien] = Lien("petitions.invitation")
    PREFIXE = "PET"
    SUJET = "la pétition"
    TEXTES_PUBLICS = ("titre", "demande", "raisons", "competence")
    QUI_DEMANDE = "la pétition"
    TRANSITIONS = workflow.TRANSITIONS
    APPARENCES = workflow.APPARENCES
    ACTES_COMMUNS = {**Dossier.ACTES_COMMUNS, **workflow.ACTES_A_LEUR_PLACE}
    DECISIONS_DE_SEANCE = workflow.DECISIONS_DE_SEANCE
    DECIDE_EN_SEANCE = "Décidé par le comité en séance"
    GABARIT_SEANCE = "petitions/seance/_petition.html"
    ACTES_REPLIES = frozenset(
        {"se_deporter", "amender", "prolonger", "retablir_signatures", "proposer_rapprochement"}
    )

    etat = models.CharField("état", max_length=20, choices=Etat, default=Etat.BROUILLON)
    reglement = CleEtrangere(
        ReglementPetition,
        related_name="petitions",
        help_text="Version en vigueur au dépôt.",
        verbose_name="règlement",
    )
    slug = models.SlugField("adresse", max_length=80, blank=True, editable=False)
    demande = models.TextField("ce que nous demandons", blank=True)
    raisons = models.TextField("pourquoi", blank=True)
    competence = models.TextField(
        "qui peut agir", blank=True, help_text="Le service ou la compétence, selon l’auteur."
    )
    reformulation_gardee = models.JSONField(
        "nouvelle rédaction gardée",
        default=dict,
        blank=True,
        editable=False,
        help_text="Ce que l’auteur a récrit sans l’envoyer encore.",
    )
    nom_auteur = models.CharField(
        "nom public de l’auteur", max_length=160, blank=True, help_text="Prénom et nom, ou nom du collectif."
    )
    commune_auteur = CleEtrangere(Commune, null=True, related_name="+", verbose_name="commune de l’auteur")
    deposee_le = models.DateTimeField("déposée le", null=True, blank=True)
    decidee_le = models.DateTimeField("décision de recevabilité le", null=True, blank=True)
    motif_irrecevabilite = CleEtrangere(
        MotifIrrecevabilite, null=True, related_name="petitions", verbose_name="motif d’irrecevabilité"
    )
    motif = models.TextField("raisons de la décision", blank=True)
    decidee_en_seance = CleEtrangere(
        "seances.Seance", null=True, related_name="+", verbose_name="séance du comité qui a décidé"
    )
    raison_sans_comite = models.TextField(
        "pourquoi la décision a été prise sans le comité", blank=True, default="", db_default=""
    )
    autorite_competente = models.CharField("autorité compétente", max_length=160, blank=True)
    texte_masque = models.BooleanField("texte non publié", default=False)
    collecte_ouverte_le = models.DateTimeField("collecte ouverte le", null=True, blank=True)
    date_ouverture_prevue = models.DateField("jour choisi pour ouvrir la collecte", null=True, blank=True)
    date_fin_collecte = models.DateField("dernier jour de la collecte", null=True, blank=True)
    collecte_close_le = models.DateTimeField("collecte close le", null=True, blank=True)
    reunie_a = CleEtrangere(
        "self", null=True, related_name="reunies", verbose_name="pétition à laquelle elle est réunie"
    )
    etat_suspendu = models.CharField("état avant la suspension", max_length=20, blank=True)
    date_conseil = models.DateField("date du conseil", null=True, blank=True)
    issue_debat = models.TextField("issue du débat", blank=True)
    avis_panel = models.TextField("avis du panel citoyen", blank=True)
    raison_sans_panel = models.TextField("pourquoi le débat s’est tenu sans panel", blank=True)
    raison_sans_preparation = models.TextField(
        "pourquoi le débat s’est tenu sans la note ou la rencontre", blank=True, default="", db_default=""
    )
    raison_cloture = models.TextField("pourquoi la collecte a été close avant sa fin", blank=True)
    reponse = models.TextField("réponse publiée", blank=True)
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
        nettoyer(self, ("titre", "nom_auteur", "demande", "raisons", "competence", "reponse"))
        self.slug = slugify(self.titre)[:80] or "petition"
        self.resume = f"{self.nom_auteur}\n{self.demande}\n{self.raisons}"
        super().save(*args, **kwargs)

    def roles_de(self, compte: Compte | None, sur: models.Model | None = None) -> frozenset[str]:
        roles = super().roles_de(compte, sur)
        return roles | {Role.MEMBRE} if compte is not None and siege_au_comite(compte) else roles

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        super().refresh_from_db(*args, **kwargs)
        for demandee_une_fois in ("_effets_ouverts", "_deportes"):
            self.__dict__.pop(demandee_une_fois, None)

    def refus(self, acte: str, par: Compte | None, sur: models.Model | None = None) -> ErreurMetier | None:
        refus = super().refus(acte, par, sur)
        if refus is None and acte in workflow.ACTES_DU_COMITE and par is not None and self.est_deporte(par):
            return RoleInsuffisant(workflow.DEPORTE)
        return refus

    def grille(self) -> list[examen.LigneExamen]:
        """Return the grid: every opinion by person, in the order given, and what is held of each criterion."""
        change_le, deportes = self.texte_change_le(), self.comptes_deportes()

        def est_ancien(le: datetime) -> bool:
            return change_le is not None and le < change_le

        dits: dict[int, list[examen.AvisDit]] = defaultdict(list)
        for dit in self.examens.select_related("par").order_by("le", "pk"):
            dits[dit.critere_id].append(
                examen.AvisDit(dit, est_ancien(dit.le), est_deporte=dit.par_id in deportes)
            )
        comite = {avis.critere_id: avis for avis in self.avis_du_comite.select_related("vote")}
        lignes = []
        for critere in self.reglement.criteres.all():
            siens, commun = dits[critere.pk], comite.get(critere.pk)
            etat = examen.etat_du_critere(
                [(dit.examen.appreciation, dit.examen.le) for dit in siens if not dit.est_deporte],
                (commun.appreciation, commun.le) if commun else None,
                change_le,
            )
            ancien = commun is not None and est_ancien(commun.le)
            lignes.append(examen.LigneExamen(critere, etat, siens, commun, ancien))
        return lignes

    def grille_du_jour(self) -> list[tuple[str, str, str]]:
        """Return (criterion, état, word), as `examen.manques_de_la_grille` wants them."""
        mots = dict(workflow.Appreciation.choices)
        return [(str(ligne.critere), ligne.etat, mots.get(ligne.etat, "")) for ligne in self.grille()]

    def a_completer(self) -> list[tuple[str, str]]:
        """Return (step of the form, sentence) for each thing missing before the deposit."""
        requis = (ReglementPetition.objects.en_vigueur() or self.reglement).copetitionnaires_requis
        demandes = (
            ("demande", self.titre, "Donnez un titre à la pétition."),
            ("demande", self.demande, "Dites ce que vous demandez."),
            ("demande", self.raisons, "Dites pourquoi."),
            ("competence", self.competence, "Dites qui peut agir."),
            ("vous", self.nom_auteur and self.commune_auteur_id, "Dites qui vous êtes."),
        )
        absents = [(etape, phrase) for etape, present, phrase in demandes if not present]
        confirmes = list(self.copetitionnaires.confirmes().values_list("courriel_canonique", flat=True))
        if self.auteur is not None and not absents and canoniser(self.auteur.courriel) not in confirmes:
            absents = [("vous", "Dites qui vous êtes : vous êtes le premier co-pétitionnaire.")]
        return absents + examen.manques_de_copetitionnaires(len(confirmes), requis)

    def reformulation_ouverte(self) -> Demande | None:
        return self.demandes.filter(
            nature=Demande.Nature.REFORMULATION, repondue_le__isnull=True, annulee_le__isnull=True
        ).first()

    @property
    def qui_a_decide(self) -> str:
        """Say who decided on the recevabilité, as a sentence; nothing more than what is known."""
        if self.decidee_en_seance is not None:
            return f"Le comité de recevabilité a décidé dans sa séance du {jour_texte(self.decidee_en_seance.jour)}."
        if self.raison_sans_comite:
            return f"Le service participation a décidé, sans réunion du comité de recevabilité : {self.raison_sans_comite}"
        return ici("Décision de la {metropole}.")

    def texte_change_le(self) -> datetime | None:
        """Return when the author last reworded the text: earlier examinations no longer hold."""
        return self.journal.filter(acte="reformuler").order_by("-le").values_list("le", flat=True).first()

    @property
    def attend_son_panel(self) -> bool:  # required by the règlement before the debate
        return Seuil.Effet.PANEL in self.effets_ouverts() and not self.avis_panel

    def sans_preparation(self) -> bool:
        """Whether what the règlement wants before the debate, the note or the meeting with élus, is not noted."""
        return self.jalons.filter(nature__in=["note", "rencontre"]).count() < 2

    def effets_ouverts(self) -> frozenset[str]:
        """Return the effects of the thresholds reached and not lost. Queried once per instance."""
        if "_effets_ouverts" not in self.__dict__:
            tenus = self.seuils_atteints.filter(perdu_le__isnull=True).values_list("seuil__effet", flat=True)
            self.__dict__["_effets_ouverts"] = frozenset(tenus)
        effets: frozenset[str] = self.__dict__["_effets_ouverts"]
        return effets

    def seuils_a_decider(self) -> models.QuerySet[Any]:
        """Return the thresholds that wait for the decision of an agent. Shown to agents only."""
        return self.seuils_en_attente.filter(etat="en_attente", fini_le=None)

    def comptes_deportes(self) -> set[int]:
        """Return the keys of the accounts that stepped aside (déport). Queried once per instance."""
        if not hasattr(self, "_deportes"):
            self._deportes = set(self.deports.values_list("compte", flat=True))
        return self._deportes

    def est_deporte(self, compte: Compte) -> bool:
        return compte.pk in self.comptes_deportes()

    def theme_propose(self) -> str:
        return self.mots_cles[0] if self.mots_cles else ""

    def voix(self) -> Iterator[Voix]:
        if self.auteur is not None and self.auteur.is_active:
            yield Voix(self.auteur.courriel, "l’auteur de la pétition")
        for courriel in self.copetitionnaires.confirmes().values_list("courriel", flat=True):
            yield Voix(courriel, "un co-pétitionnaire")

    @property
    def fil_avant(self) -> list[tuple[str, str]]:
        return [*super().fil_avant, ("Pétitions", reverse("petitions:tableau"))]

    def get_absolute_url(self) -> str:
        return reverse("petitions:dossier", args=[self.pk])

    def a_lire(self) -> list[tuple[str, str]]:
        titres = ("Ce que la pétition demande", "Pourquoi", "Qui peut agir, selon l’auteur")
        textes = (self.demande, self.raisons, self.competence)
        return [partie for partie in zip(titres, textes, strict=True) if partie[1]]

    def lien_reponse(self, demande: Demande) -> str:
        """Page of the author for a reformulation; for other demandes, the common page by signed link."""
        if demande.nature == Demande.Nature.REFORMULATION:
            return reverse("petitions:reformuler", args=[self.pk])
        return super().lien_reponse(demande)

    def textes_publics(self) -> tuple[str, ...]:
        return () if self.texte_masque else self.TEXTES_PUBLICS

    def get_public_url(self) -> str:
        return reverse("petitions:petition", args=[self.pk, self.slug])

    def get_etat_display(self) -> str:  # type: ignore[no-redef]  # Django keeps the one of the class
        return workflow.REUNIE if self.reunie_a_id else Etat(self.etat).label

    def copetitionnaires_manquants(self) -> int:
        confirmes = self.__dict__.get("nombre_confirmes")  # annotated by `avec_suite`
        if confirmes is None:
            confirmes = self.copetitionnaires.confirmes().count()
        return max(0, self.reglement.copetitionnaires_requis - confirmes)

    def a_faire(self, role: str, compte: Compte | None) -> str:
        dit = reste_a_faire(self, role, compte)
        return super().a_faire(role, compte) if dit is None else dit

    def acte_du(self) -> str | None:
        du = acte_du(self)
        return super().acte_du() if du is None else du

    def actes_replies(self) -> frozenset[str]:
        return super().actes_replies() | rendez_vous_pris(self)

    def mots_de_suite(self) -> dict[str, str]:
        """Return the values for the sentences of workflow.APPARENCES. Dates are written in full."""
        deja = self.__dict__  # the annotation comes with the list: `avec_suite`
        if "date_echeance" in deja:
            date_echeance, arretee = deja["date_echeance"], False
        else:
            echeance = self.echeance_legale()
            date_echeance = echeance.date_limite if echeance else None
            arretee = echeance is not None and echeance.suspendue_le is not None
        return {
            "requis": str(self.reglement.copetitionnaires_requis),
            "manque": str(self.copetitionnaires_manquants()) if self.etat == Etat.BROUILLON else "",
            "avant": avant_le(date_echeance, arretee=arretee),
            "fin_collecte": jour_texte(self.date_fin_collecte) if self.date_fin_collecte else "",
            "debat": self._debat_dit(),
            "fin": "les auteurs ont retiré la pétition"
            if self.reunie_a is None
            else f"avec l’accord des deux auteurs, elle est réunie à la pétition {self.reunie_a.reference}",
        }

    def _debat_dit(self) -> str:
        """Sentence about the debate: no day yet, day to come, or day past and outcome not published."""
        if self.date_conseil is None:
            return ici("le {conseil} débat de la pétition")
        jour = jour_texte(self.date_conseil)
        if self.date_conseil >= timezone.localdate():
            return f"le {collectivite().conseil} débat de la pétition le {jour}"
        return f"le débat était prévu au {collectivite().conseil} du {jour} ; le service écrit ici ce qui s’y est dit"

    @property
    def est_a_pseudonymiser(self) -> bool:
        """Whether the delay of conservation is past and the signatures are not pseudonymised yet."""
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
        """Return the end of the confirmations: midnight after the last day to sign, plus `grace_heures`."""
        if self.date_fin_collecte is None:
            return None
        minuit = datetime.combine(self.date_fin_collecte + timedelta(days=1), time.min)
        return timezone.make_aware(minuit) + timedelta(hours=self.reglement.grace_heures)

    def confirmation_possible(self) -> bool:
        """Whether a signature may be confirmed now: end of the collecte, or early closing, plus the grace."""
        fin = self.fin_des_confirmations()
        if fin is None or self.etat == Etat.SUSPENDUE:
            return False
        if self.collecte_close_le is not None:
            fin = min(fin, self.collecte_close_le + timedelta(hours=self.reglement.grace_heures))
        elif self.etat != Etat.EN_COLLECTE:
            return False
        return timezone.now() <= fin
