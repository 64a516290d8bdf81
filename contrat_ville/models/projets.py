"""Projets of the Contrat de Ville: texts of the team, dates, costs, decision."""

from collections.abc import Collection, Iterator
from decimal import Decimal
from typing import Any, ClassVar, Self

from django.contrib.auth.models import AnonymousUser
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from contrat_ville import workflow
from contrat_ville.models import manques as avant
from contrat_ville.models.cadre import Axe, Objectif, Partenaire, Politique
from contrat_ville.models.porteurs import Equipier, Porteur
from contrat_ville.models.programmations import Programmation
from contrat_ville.workflow import DECIDES, EN_ATTENTE_DU_COMPLEMENT, PUBLIABLES, AvisTechnique, Etat
from participation.socle.erreurs import ActeInterdit, ErreurMetier, RoleInsuffisant
from participation.socle.francais import jour_texte
from participation.socle.models import (
    CleEtrangere,
    Combien,
    Compte,
    Courriel,
    Courrier,
    Demande,
    Dossier,
    DossierQuerySet,
    Entree,
    Voix,
)
from participation.socle.models.dossiers import Visiteur
from participation.socle.models.echeances import avant_le
from participation.socle.models.reglements import exiger_ordre
from participation.socle.workflow import ActeDePoste, Apparence, Decision, Role, Table

MONTANT_MAX = Decimal("999999999.99")
# Letters that ask for the bilan. Below, title of the scan of a paper bilan.
DEMANDES_DE_BILAN = ("contrat_ville/attendre_bilan", "contrat_ville/renvoyer_bilan")
TITRE_DU_PAPIER = "Bilan papier reçu le"
# Acts that commit the organisation: reserved to its signataires.
ACTES_DES_SIGNATAIRES = frozenset({"deposer", "retirer", "inviter_equipier", "rejoindre_reseau"})


class ProjetQuerySet(DossierQuerySet):
    def visibles_par(self, visiteur: Visiteur) -> Self:
        """Keep what any visitor may see of a dossier, and the projets of their own teams."""
        if isinstance(visiteur, AnonymousUser) or visiteur.est_agent:
            return super().visibles_par(visiteur)
        vus = super().visibles_par(visiteur).values("pk")
        siens = Equipier.objects.presents().filter(compte=visiteur).values("projet")
        # A draft is visible to its team only, even if an opinion on it was asked.
        lisibles = self.filter(Q(pk__in=vus) & ~Q(etat=Etat.BROUILLON) | Q(pk__in=siens))
        tus = Projet.tus_pour(visiteur)
        return lisibles if tus is None else lisibles.exclude(pk__in=tus)

    def ou_se_deporte(self, compte: Compte) -> Self:
        """Keep those from which the account is set aside (`comptes_deportes`)."""
        equipes = Equipier.objects.presents().filter(compte=compte).values("projet")
        return self.filter(Q(deports__compte=compte) | Q(pk__in=equipes)).distinct()

    def au_bureau_de(self, compte: Compte) -> Self:
        """Keep the projets whose page in the back office `compte` can open.

        An agent: all those they see. Other accounts: their own projets, and those on which their direction or
        commune was asked something. Published projets have a public page.
        """
        lus = self.visibles_par(compte)
        if compte.est_agent:
            return lus
        miens = Q(equipe__in=Equipier.objects.presents().filter(compte=compte))
        for appartenance in compte.appartenances_en_vigueur:
            if d := appartenance.direction_id:  # échéances of a direction come from suites
                miens |= Q(demandes__direction=d) | Q(direction=d) | Q(echeances__direction=d)
            if appartenance.commune_id:
                miens |= Q(demandes__commune=appartenance.commune_id)
        return lus.filter(pk__in=Projet.objects.filter(miens).values("pk"))

    def soutenus_en_public(self) -> Self:
        """Keep those that have a public page (`est_public`), the last announced first."""
        publics = self.filter(est_publie=True, etat__in=sorted(PUBLIABLES), notifie_le__isnull=False)
        return publics.order_by("-programmation__annee", "-notifie_le", "reference")

    def de_l_equipe(self, compte: Compte) -> Self:
        return self.filter(equipe__in=Equipier.objects.presents().filter(compte=compte))

    def a_notifier(self) -> Self:
        return self.filter(etat__in=sorted(workflow.A_NOTIFIER), notifie_le__isnull=True)

    def bilan_a_demander(self) -> Self:
        """Keep the projets whose bilan is expected and was never asked for: an agent must do it.

        With a convention and an email address, the periodic task has already written.
        """
        ici = {"dossier": OuterRef("pk")}
        equipiers = Equipier.objects.presents().filter(projet=OuterRef("pk"), compte__is_active=True)
        joints = Q(porte_par__courriel__gt="") | Exists(equipiers)
        ecrits = Courrier.objects.filter(**ici, lettre__in=DEMANDES_DE_BILAN, abandonne_le=None)
        envoyes = Courriel.objects.filter(**ici, acte__in=DEMANDES_DE_BILAN)
        return self.filter(
            ~joints | ~Exists(envoyes) & Q(convention=None), ~Exists(ecrits), etat=Etat.BILAN_ATTENDU
        )

    def avec_avis(self) -> Self:
        """Annotate the number of opinions asked and given, for the rows shown."""
        avis = Demande.objects.filter(
            dossier=OuterRef("pk"), nature=Demande.Nature.AVIS, annulee_le__isnull=True
        )
        return self.annotate(
            avis_demandes=Combien(avis), avis_rendus=Combien(avis.filter(repondue_le__isnull=False))
        )

    def jamais_deposes(self) -> Self:
        """Keep the drafts, and those withdrawn before the deposit, whose content is not erased yet."""
        return self.filter(
            etat__in=[Etat.BROUILLON, Etat.RETIRE], depose_le__isnull=True, equipe__isnull=False
        ).distinct()

    def deposes(self) -> Self:
        return self.exclude(etat=Etat.BROUILLON)


class Projet(Dossier):
    """What a team wants to do with the inhabitants of a quartier, with money from financers."""

    PREFIXE = "CDV"
    QUI_DEMANDE = "le porteur du projet"
    SUJET = "le projet"
    TRANSITIONS: ClassVar[Table] = workflow.TRANSITIONS
    APPARENCES: ClassVar[dict[str, Apparence]] = workflow.APPARENCES
    ACTES_DUS: ClassVar[dict[str, str]] = workflow.ACTES_DUS
    ACTES_REPLIES: ClassVar[frozenset[str]] = frozenset(
        {
            "prendre_en_charge",
            "reaffecter",
            "commenter_champ",
            "ecrire_message",
            "lever_bilan_manquant",
            "noter_deport",
            "noter_accompagnement",
            "depublier_fiche",
            "relier_politiques",
            "classer_projet",
            "ouvrir_equipe",
            "ajouter_suite",
        }
    ) | frozenset(workflow.DECISIONS_DE_SEANCE)
    ACTES_DANS_LA_PAGE: ClassVar[frozenset[str]] = frozenset({"inviter_equipier", "corriger_adresse_postale"})
    DECISIONS_DE_SEANCE: ClassVar[dict[str, Decision]] = workflow.DECISIONS_DE_SEANCE
    DECIDE_EN_SEANCE = "Décidé en comité, à la séance"
    GABARIT_SEANCE = "contrat_ville/seance/_projet.html"
    ACTES_DE_POSTE: ClassVar[dict[str, ActeDePoste]] = workflow.ACTES_DE_POSTE
    # The scan of a paper bilan names people: reserved, even once replaced.
    PIECES_RESERVEES: ClassVar[Q] = Q(du_projet__type_piece__est_reservee=True) | Q(
        titre__startswith=TITRE_DU_PAPIER
    )

    etat = models.CharField("état", max_length=14, choices=Etat, default=Etat.BROUILLON)
    programmation = CleEtrangere(Programmation, related_name="projets")
    # Not named `porteur`: a `Suivi` already has a `porteur`, the object that keeps its journal.
    porte_par = CleEtrangere(Porteur, null=True, related_name="projets", verbose_name="porteur")
    axe = CleEtrangere(Axe, null=True, related_name="projets")
    objectif = CleEtrangere(Objectif, null=True, related_name="projets")
    # Policies of the metropolis that the projet serves, chosen by an agent.
    politiques = models.ManyToManyField(
        Politique, blank=True, related_name="projets", verbose_name="politiques publiques"
    )
    est_participation = models.BooleanField("participation citoyenne", default=False)
    est_culture = models.BooleanField("culture", default=False)
    # Written by the team
    objet = models.CharField("en une phrase", max_length=300, blank=True)
    description = models.TextField("ce que vous voulez faire", blank=True, max_length=8000)
    objectifs = models.TextField("ce que cela va changer", blank=True, max_length=4000)
    publics = models.TextField("pour qui", blank=True, max_length=2000)
    nombre_beneficiaires = models.PositiveIntegerField(
        "personnes concernées", null=True, blank=True, validators=[MaxValueValidator(1_000_000)]
    )
    participation_habitants = models.TextField(
        "la place des habitantes et des habitants", blank=True, max_length=4000
    )
    lieux = models.CharField("lieux", max_length=300, blank=True)
    date_debut = models.DateField("début", null=True, blank=True)
    date_fin = models.DateField("fin", null=True, blank=True)
    est_renouvellement = models.BooleanField("suite d’un projet déjà financé", default=False)
    est_pluriannuel = models.BooleanField("sur plusieurs années", default=False)
    moyens_humains = models.TextField("qui y travaille", blank=True, max_length=3000)
    moyens_materiels = models.TextField("de quoi vous avez besoin", blank=True, max_length=3000)
    evaluation_prevue = models.TextField("comment vous saurez si c’est réussi", blank=True, max_length=3000)
    # Contrat d’engagement républicain (décret 2021-1947)
    engagement_le = models.DateTimeField("engagement pris le", null=True, blank=True, editable=False)
    engage_par = models.CharField("engagement pris par", max_length=160, blank=True)
    # A projet whose porteur owes a bilan is not examined, unless an agent gives a reason.
    bilan_leve = models.BooleanField("examen malgré un bilan manquant", default=False, editable=False)
    # When the team was told that this unused draft will be erased.
    peremption_dite_le = models.DateTimeField("effacement annoncé le", null=True, blank=True, editable=False)
    # Other systems
    numero_dauphin = models.CharField("numéro Dauphin", max_length=40, blank=True)
    # Computed from the lines of the budget by the actions that write them; in money, without what is given in kind
    montant_total = models.DecimalField("coût", max_digits=12, decimal_places=2, default=Decimal(0))
    montant_demande = models.DecimalField(
        "subventions demandées", max_digits=12, decimal_places=2, default=Decimal(0)
    )
    # Opinion of the comité technique
    avis_technique = models.CharField(
        "avis du comité technique", max_length=12, choices=AvisTechnique, blank=True, editable=False
    )
    raisons_techniques = models.TextField("raisons du comité technique", blank=True, max_length=4000)
    # Decision and notification: two different acts, on two dates
    depose_le = models.DateTimeField("déposé le", null=True, blank=True, editable=False)
    decide_le = models.DateTimeField("décidé le", null=True, blank=True, editable=False)
    notifie_le = models.DateTimeField("notifié le", null=True, blank=True, editable=False)
    motif_decision = models.TextField("motif de la décision", blank=True, max_length=4000)
    reserve = models.TextField("réserve", blank=True, max_length=2000)
    raison_sans_comite = models.TextField(
        "pourquoi la décision a été prise sans le comité",
        blank=True,
        max_length=1000,
        default="",
        db_default="",
    )

    objects: ClassVar[Any] = ProjetQuerySet.as_manager()

    class Meta:
        verbose_name = "projet"
        ordering = ["-ouvert_le", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(date_debut__isnull=True)
                | Q(date_fin__isnull=True)
                | Q(date_fin__gte=F("date_debut")),
                name="projet_dates_ordonnees",
                violation_error_message="La fin précède le début.",
            ),
            models.CheckConstraint(
                condition=Q(etat=Etat.BROUILLON) | Q(etat=Etat.RETIRE) | Q(porte_par__isnull=False),
                name="projet_depose_a_son_porteur",
                violation_error_message="Dites qui porte le projet.",
            ),
            models.CheckConstraint(
                condition=~Q(etat__in=[Etat.REFUSE, Etat.IRRECEVABLE, Etat.AJOURNE]) | ~Q(motif_decision=""),
                name="projet_refus_motive",
                violation_error_message="Dites pourquoi.",
            ),
            models.CheckConstraint(
                condition=~Q(etat=Etat.SOUS_RESERVE) | ~Q(reserve=""),
                name="projet_reserve_dite",
                violation_error_message="Dites quelle réserve est à lever.",
            ),
            models.CheckConstraint(
                condition=Q(notifie_le__isnull=True) | Q(decide_le__isnull=False),
                name="projet_notifie_apres_decision",
                violation_error_message="Une décision se notifie une fois prise.",
            ),
        ]
        indexes = [
            models.Index(fields=["programmation", "etat"], name="projet_programmation_etat"),
            models.Index(
                fields=["numero_dauphin"], condition=~Q(numero_dauphin=""), name="projet_numero_dauphin"
            ),
        ]

    def clean(self) -> None:
        exiger_ordre(self.date_debut, self.date_fin, "date_fin")

    def theme_propose(self) -> str:
        return self.axe.nom if self.axe is not None else ""

    def voix(self) -> Iterator[Voix]:
        presents = self.equipe.presents().filter(compte__is_active=True)
        for courriel in presents.values_list("compte__courriel", flat=True):
            yield Voix(courriel, "le porteur du projet")

    def get_absolute_url(self) -> str:
        return reverse("contrat_ville:projet", args=[self.pk])

    def get_public_url(self) -> str:
        return reverse("contrat_ville:fiche", args=[self.reference])

    def get_porteur_url(self) -> str:
        """Return the page where the team works on the projet."""
        return reverse("contrat_ville:mon_projet", args=[self.pk])

    @property
    def fil_avant(self) -> list[tuple[str, str]]:
        return [*super().fil_avant, ("Projets", reverse("contrat_ville:projets"))]

    @property
    def fil_public(self) -> list[tuple[str, str]]:
        return [("Mes projets", reverse("contrat_ville:mes_projets")), (self.titre, self.get_porteur_url())]

    def get_reseau_url(self) -> str:
        return reverse("contrat_ville:mon_reseau", args=[self.pk])

    @property
    def est_public(self) -> bool:
        """Whether the projet has a public page: published, supported and notified."""
        return self.est_publie and self.etat in PUBLIABLES and self.notifie_le is not None

    @property
    def decision_tue(self) -> bool:
        """Whether the decision is taken but not notified: the pages of the team must not show it."""
        return self.etat in DECIDES and self.notifie_le is None

    @property
    def etat_pour_le_porteur(self) -> str:
        return Etat.PROPOSE if self.decision_tue else self.etat

    def decisions_en(self, instance: str) -> dict[str, Decision]:
        """Return the acts that this comité can do in séance; empty for any other instance."""
        return workflow.DECISIONS.get(instance, {})

    def comptes_deportes(self) -> set[int]:
        """Return the accounts set aside: members who stepped aside, and the whole team.

        Cached on the object.
        """
        if "_deportes" not in self.__dict__:
            ecartes = self.deports.values_list("compte", flat=True)
            self.__dict__["_deportes"] = {*ecartes, *self.equipe.presents().values_list("compte", flat=True)}
        deportes: set[int] = self.__dict__["_deportes"]
        return deportes

    def get_adresse_url(self) -> str:
        return reverse("contrat_ville:corriger_adresse_postale", args=[self.pk])

    def lettre_courante(self) -> Any:
        return self.lettres.filter(annulee_le__isnull=True).select_related("document").first()

    def mots_de_suite(self) -> dict[str, str]:
        echeance, seance = avant.prochaine_echeance(self), avant.comite_a_venir(self)
        return {
            "avant": avant_le(echeance.date_limite if echeance else None),
            "a_dire": avant.avant_la_convention(self, echeance),
            "a_faire": avant.a_faire_de_la_decision(self, echeance),
            "au_comite": f" le {jour_texte(seance.debut)}" if seance else "",
            "a_inscrire": avant.a_inscrire(self, seance),
            "au_recours": avant.au_recours(self, echeance),
            "bilan": avant.apres_le_bilan(self),
            "a_clore": avant.a_clore(self),
            "rediger": reverse("contrat_ville:rediger", args=[self.pk, "porteur"]),
        }

    @property
    def complement_dit(self) -> str:
        """« l’équipe complète le projet au plus tard le 3 mai 2027 » while a complément is awaited, else ""."""
        complement = self.complement_ouvert() if self.etat in workflow.A_INSTRUIRE else None
        return f"l’équipe complète le projet{avant_le(complement.date_limite)}." if complement else ""

    def ensuite(self, mots: dict[str, str] | None = None) -> str:
        mots = self.mots_de_suite() if mots is None else mots
        return self.complement_dit or mots["au_recours"] or super().ensuite(mots)

    def a_faire(self, role: str, compte: Compte | None) -> str:
        if role in EN_ATTENTE_DU_COMPLEMENT and self.complement_dit:
            return EN_ATTENTE_DU_COMPLEMENT[role]
        return super().a_faire(role, compte)

    def remedes(self, acte: str, par: Compte | None) -> list[str]:
        """The bilan is for the team to give; a paper one is written down when it came, not to lead somewhere else."""
        return [un for un in super().remedes(acte, par) if un != "saisir_bilan"]

    def acte_du(self) -> str | None:
        """The letter of a decision, step by step, then the convention; the accounts, then the closing."""
        if self.etat in workflow.A_NOTIFIER and self.notifie_le is None:
            lettre = self.lettre_courante()
            if lettre is None:
                return "preparer_lettre"
            return "notifier" if lettre.signee else "joindre_lettre_signee"
        if self.etat == Etat.EVALUE:
            return avant.acte_apres_le_bilan(self)
        return super().acte_du()

    def a_lire(self) -> list[tuple[str, str]]:
        textes = [
            ("Le projet en une phrase", self.objet),
            ("Ce que le porteur veut faire", self.description),
            ("Pour qui", self.publics),
            ("La place des habitantes et des habitants", self.participation_habitants),
        ]
        return [(titre, texte) for titre, texte in textes if texte]

    def pieces_a_lire(self) -> "models.QuerySet[Any]":
        return super().pieces_a_lire().exclude(self.PIECES_RESERVEES)

    @classmethod
    def tus_pour(cls, visiteur: Visiteur) -> "models.QuerySet[Dossier, Any] | None":
        """Return the projets decided but not notified, of which this visitor, not an agent, is in the team.

        They are left out of every list; the page of the team shows the état before the decision.
        """
        if isinstance(visiteur, AnonymousUser) or visiteur.est_agent:
            return None
        decides = cls.objects.filter(etat__in=sorted(DECIDES), notifie_le__isnull=True).order_by()
        siens: models.QuerySet[Dossier, Any] = decides.filter(
            Q(equipe__compte=visiteur) | Q(auteur=visiteur)
        ).values_list("pk")
        return siens

    def roles_de(self, compte: Compte | None, sur: models.Model | None = None) -> frozenset[str]:
        """Give the role AUTEUR to the members of the team only: the creator may have left it.

        Who is invited has it on her own place, to accept or refuse.
        """
        roles = super().roles_de(compte, sur) - {Role.AUTEUR}
        sienne = isinstance(sur, Equipier) and compte is not None and sur.compte_id == compte.pk
        if sienne or (compte is not None and self.pk and self.equipier(compte) is not None):
            return roles | {Role.AUTEUR}
        return roles

    def equipier(self, compte: Compte) -> Equipier | None:
        """Return the place of the account in the team. Cached: each button asks for the roles."""
        lus: dict[int, Equipier | None] = self.__dict__.setdefault("_equipiers", {})
        if compte.pk not in lus:
            lus[compte.pk] = Equipier.objects.presents().filter(projet=self.pk, compte=compte).first()
        return lus[compte.pk]

    def complement_ouvert(self) -> Demande | None:
        """Return the complément that is awaited. A page that asks it several times reads the demandes first (`prefetch`)."""
        complements = (une for une in self.demandes.all() if une.nature == Demande.Nature.COMPLEMENT)
        return next((une for une in complements if une.est_ouverte), None)

    def lien_reponse(self, demande: Demande) -> str:
        """Return the page to answer a demande: a form for an opinion, the projet itself for a complément."""
        if demande.nature == Demande.Nature.AVIS:
            return reverse("contrat_ville:rendre_avis", args=[demande.jeton()])
        if demande.nature == Demande.Nature.COMPLEMENT:
            return self.get_porteur_url()
        return super().lien_reponse(demande)

    @cached_property
    def bilans_en_retard(self) -> "list[Projet]":
        """Return the projets of the same porteur whose bilan is late."""
        if self.porte_par_id is None:
            return []
        jour = timezone.localdate()
        en_retard: Any = Projet.objects.filter(
            porte_par=self.porte_par_id,
            etat=Etat.BILAN_ATTENDU,
            echeances__cle="bilan",
            echeances__faite_le__isnull=True,
            echeances__annulee_le__isnull=True,
            echeances__date_limite__lt=jour,
        )
        return list(en_retard.exclude(pk=self.pk).distinct())

    @classmethod
    def sommes_decidees(cls, numeros: Collection[int], seance: int) -> dict[int, list[tuple[str, Decimal]]]:
        """Return the amount of each financer, read in the journal: the procès-verbal says what was decided that day."""
        actes = {*workflow.DECISIONS_DE_SEANCE, "decider_en_seance"}
        derniers: dict[int, dict[str, str]] = {}
        decidees: dict[int, dict[str, str]] = {}
        for ligne in Entree.objects.filter(dossier__in=numeros, acte__in=actes).order_by("pk"):
            if ligne.acte != "decider_en_seance":
                derniers[ligne.dossier_id] = ligne.details.get("montants", {})
            elif ligne.details.get("seance") == seance:
                decidees[ligne.dossier_id] = derniers.get(ligne.dossier_id, {})
        noms = dict(Partenaire.objects.order_by("ordre", "nom").values_list("pk", "nom"))
        return {
            numero: [(nom, Decimal(sommes[str(pk)])) for pk, nom in noms.items() if str(pk) in sommes]
            for numero, sommes in decidees.items()
        }

    def refus(self, acte: str, par: Compte | None, sur: models.Model | None = None) -> ErreurMetier | None:
        refus = super().refus(acte, par, sur)
        if par is not None and not par.est_agent and self.decision_tue:
            # An act open after one decision and not after the other would reveal it.
            ferme = not self.transition(acte).part_de(Etat.PROPOSE)
            if isinstance(refus, ActeInterdit) or (refus is None and ferme):
                return ActeInterdit(f"« {self.transition(acte).libelle} » n’est pas possible aujourd’hui.")
        if refus is None and acte in ACTES_DES_SIGNATAIRES and par is not None and not par.est_agent:
            equipier = self.equipier(par)
            if equipier is not None and not equipier.est_signataire:
                return RoleInsuffisant("Seul un signataire de l’équipe peut le faire.")
        return refus
