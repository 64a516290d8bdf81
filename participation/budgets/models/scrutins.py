"""Votes on the projets of a budget: the rule, frozen at the opening, the projets voted on, the journal."""

from datetime import date, timedelta
from typing import Any, ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from participation.budgets.depouillement import Augmentation, ProjetMis, Regle, Utilite, Variante
from participation.budgets.depouillement.en_mots import bulletin_en_mots, regle_en_mots
from participation.budgets.models.budgets import Budget, ReglementInterQuartiers
from participation.budgets.models.projets import ProjetQuartier
from participation.budgets.workflow import vote as workflow
from participation.budgets.workflow.budget import Capacite, NaturePhase
from participation.budgets.workflow.vote import SCRUTINS_PUBLICS, EtatScrutin, ModeVote
from participation.socle.calendrier import debut_du_jour
from participation.socle.erreurs import Manque
from participation.socle.francais import accorder, jour_texte, nombre
from participation.socle.models import (
    CleEtrangere,
    Compte,
    LigneDeJournal,
    Partie,
    PortePar,
    Suivi,
    ineffacable,
)
from participation.socle.workflow import Apparence, Table

PROJETS_AU_MOINS = 2
REGLES = [
    (Regle.PARTS_EGALES.value, "parts égales"),
    (Regle.GLOUTON.value, "les projets les plus soutenus d’abord"),
]
UTILITES = [
    (Utilite.COUT.value, "la part de son coût demandée à chacun est la plus basse"),
    (Utilite.NOMBRE.value, "le prix demandé à chacun est le plus bas"),
]
AUGMENTATIONS = [
    (Augmentation.ADD1_EXHAUSTIF.value, "un euro de plus par part, jusqu’à ce que plus rien ne tienne"),
    (Augmentation.ADD1.value, "un euro de plus par part, jusqu’au dépassement"),
    (Augmentation.AUCUNE.value, "aucune"),
]


class ScrutinQuerySet(models.QuerySet["Scrutin"]):
    def publics(self) -> Self:
        return self.filter(etat__in=sorted(SCRUTINS_PUBLICS))


class Scrutin(Suivi):
    """One person, one code, one ballot.

    Nothing is counted before the closing; no ballot can be linked to a voter.
    """

    SUJET = "le vote"
    TRANSITIONS: ClassVar[Table] = workflow.TRANSITIONS_DU_SCRUTIN
    APPARENCES: ClassVar[dict[str, Apparence]] = workflow.APPARENCES_DU_SCRUTIN

    budget = CleEtrangere(Budget, related_name="scrutins")
    etat = models.CharField("état", max_length=12, choices=EtatScrutin, default=EtatScrutin.PREPARATION)
    qui_vote = models.TextField(
        "qui peut voter",
        max_length=1500,
        help_text="Âge, quartiers, comment obtenir un code : en phrases simples.",
    )
    mode = models.CharField("bulletin", max_length=12, choices=ModeVote, default=ModeVote.APPROBATION)
    nombre_max = models.PositiveSmallIntegerField(
        "projets au plus sur un bulletin", default=5, validators=[MinValueValidator(1), MaxValueValidator(50)]
    )
    points = models.PositiveSmallIntegerField(
        "points à donner", default=10, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    regle = models.CharField(
        "règle du résultat", max_length=12, choices=REGLES, default=Regle.PARTS_EGALES.value
    )
    utilite = models.CharField(
        "projet pris à chaque étape : celui dont", max_length=8, choices=UTILITES, default=Utilite.COUT.value
    )
    augmentation = models.CharField(
        "augmentation des parts",
        max_length=16,
        choices=AUGMENTATIONS,
        default=Augmentation.ADD1_EXHAUSTIF.value,
    )
    completion = models.BooleanField("compléter avec ce qui reste du budget", default=True)
    minimum = models.PositiveIntegerField(
        "bulletins au moins pour un projet", default=1, validators=[MinValueValidator(1)]
    )
    # Drawn at the opening, before any ballot: nobody can choose it.
    graine = models.CharField("graine du tirage", max_length=32, blank=True, editable=False)
    sel = models.CharField("sel des codes", max_length=32, editable=False)
    montant = models.PositiveIntegerField("budget (euros entiers)", default=0, editable=False)
    date_fin = models.DateField("dernier jour du vote", null=True, blank=True, editable=False)
    ouvert_le = models.DateTimeField("ouvert le", null=True, blank=True, editable=False)
    ferme_le = models.DateTimeField("clos le", null=True, blank=True, editable=False)
    publie_le = models.DateTimeField("publié le", null=True, blank=True, editable=False)
    motif = models.TextField("raison de l’annulation", max_length=2000, blank=True, editable=False)
    urne_nettoyee_le = models.DateTimeField("urne nettoyée le", null=True, blank=True, editable=False)

    objects: ClassVar[Any] = ScrutinQuerySet.as_manager()

    class Meta:
        verbose_name = "vote"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                "budget",
                condition=~Q(etat="annule"),
                name="scrutin_un_par_budget",
                violation_error_message="Ce budget a déjà son vote.",
            ),
            models.CheckConstraint(
                condition=Q(etat__in=["preparation", "annule"])
                | (~Q(graine="") & Q(montant__gt=0, date_fin__isnull=False)),
                name="scrutin_ouvert_est_fige",
                violation_error_message="Un vote ouvert a sa graine, sa somme et son dernier jour.",
            ),
        ]

    def __str__(self) -> str:
        return f"Vote : {self.budget.titre}"

    def get_absolute_url(self) -> str:
        return reverse("budgets:scrutin", args=[self.pk]) if self.pk else self.budget.get_absolute_url()

    def get_public_url(self) -> str:
        return reverse("budgets:scrutin_public", args=[self.pk])

    @property
    def fil(self) -> list[tuple[str, str]]:
        return [*self.budget.fil, ("Vote", self.get_absolute_url())] if self.pk else self.budget.fil

    @property
    def est_par_points(self) -> bool:
        return self.mode == ModeVote.POINTS

    @property
    def est_ouvert(self) -> bool:
        """Whether one may vote today."""
        return (
            self.etat == EtatScrutin.OUVERT
            and self.date_fin is not None
            and self.date_fin >= timezone.localdate()
        )

    @property
    def est_public(self) -> bool:
        return self.etat in SCRUTINS_PUBLICS

    @property
    def est_publie(self) -> bool:
        return self.etat == EtatScrutin.PUBLIE

    def variante(self) -> Variante:
        """Return the rule for the count.

        Before the opening: no seed yet, and the current amount of the budget.
        """
        paires = self.incompatibilites.values_list("un", "autre")
        numeros = {projet: str(numero) for projet, numero in self.projets.values_list("projet", "numero")}
        return Variante(
            budget=self.montant or int(self.budget.montant),
            graine=self.graine or "graine tirée à l’ouverture",
            regle=Regle(self.regle),
            utilite=Utilite(self.utilite),
            augmentation=Augmentation(self.augmentation),
            completion=self.completion,
            minimum=self.minimum,
            incompatibles=frozenset(
                frozenset({numeros.get(un, f"p{un}"), numeros.get(autre, f"p{autre}")})
                for un, autre in paires
            ),
        )

    def regles_en_mots(self) -> list[str]:
        points = self.points if self.est_par_points else 0
        return [*bulletin_en_mots(points, self.nombre_max), *regle_en_mots(self.variante())]

    def mots_de_suite(self) -> dict[str, str]:
        return {"fin": jour_texte(self.date_fin)}

    def avant_de_fermer(self, acte: str, par: Compte | None) -> list[str]:
        if par is None or not self.est_ouvert:
            return []
        return [f"On vote jusqu’au {jour_texte(self.date_fin)}. Le vote se clôt ensuite."]

    def avant_de_prolonger(self, acte: str, par: Compte | None) -> list[str]:
        if self.phase_fin() != self.date_fin:
            return []
        return ["Changez d’abord les dates de la phase du vote, sur la page du budget."]

    def avant_de_remettre(self, acte: str, par: Compte | None) -> list[str]:
        """Limits of the règlement: a desk that draws codes for itself is stopped early."""
        if par is None:
            return []
        reglement = ReglementInterQuartiers.actuel()
        remis = self.journal.filter(acte="remettre_code", par=par)
        en_une_heure = remis.filter(le__gte=timezone.now() - timedelta(hours=1)).count()
        if en_une_heure >= reglement.codes_par_heure:
            return [
                f"Vous avez remis {accorder(en_une_heure, 'code')} en une heure, le maximum du règlement. Attendez, ou "
                "demandez au service de faire des codes pour l’accueil."
            ]
        if remis.filter(le__gte=debut_du_jour()).count() >= reglement.codes_par_jour:
            return [
                f"Vous avez remis {accorder(reglement.codes_par_jour, 'code')} aujourd’hui, le maximum du règlement. "
                "Demandez au service de faire des codes pour l’accueil."
            ]
        return []

    def phase_fin(self) -> date | None:
        return next((p.date_fin for p in self.budget.phases.all() if p.nature == NaturePhase.VOTE), None)

    def avant_d_ouvrir(self, acte: str, par: Compte | None) -> list[str]:
        projets: list[Any] = list(ProjetQuartier.objects.filter(budget=self.budget_id).au_vote())
        manques = self.budget.pourquoi_pas(Capacite.VOTER)
        if len(projets) < PROJETS_AU_MOINS:
            manques.append(
                Manque(
                    "Soumettez au moins deux projets au vote.",
                    reverse("budgets:projets_quartier", args=[self.budget_id]),
                )
            )
        manques += [
            Manque(f"{p.reference} coûte plus que tout le budget.", acte="rediger_projet_quartier", objet=p)
            for p in projets
            if p.cout > self.budget.montant
        ]
        if self.nombre_max > max(len(projets), 1):
            manques.append(
                Manque(
                    f"Un bulletin porterait {self.nombre_max} projets, et {accorder(len(projets), 'projet est soumis', 'projets sont soumis')} au vote.",
                    acte="regler_scrutin",
                )
            )
        return manques

    @property
    def papiers_donnes(self) -> int:
        """Codes exchanged for a paper ballot."""
        return int(self.codes.filter(sur_papier=True).count())

    @property
    def papiers_manquants(self) -> int:
        """Paper ballots given that nobody has typed. None before the vote ends: nothing of an open vote is said."""
        if self.ferme_le is None:
            return 0
        return max(0, self.papiers_donnes - self.papiers.count())

    def dire_les_manquants(self) -> str:
        """Return what was given against what was found; "" when nothing lacks."""
        if not self.papiers_manquants:
            return ""
        donnes = accorder(self.papiers_donnes, "bulletin papier donné", "bulletins papier donnés")
        saisis = accorder(self.papiers.count(), "bulletin papier saisi", "bulletins papier saisis")
        return f"{donnes}, {saisis} : il en manque {self.papiers_manquants}."

    def avant_de_depouiller(self, acte: str, par: Compte | None) -> list[str]:
        manques: list[str] = []
        attente = self.papiers.filter(retenu=None).count()
        if attente:
            manques.append(
                Manque(
                    f"{accorder(attente, 'bulletin papier attend', 'bulletins papier attendent')} une seconde saisie, ou d’être tranché.",
                    acte="saisir_papier",
                )
            )
        donnes, saisis = self.papiers_donnes, self.papiers.count()
        if saisis > donnes:
            manques.append(
                f"{accorder(saisis, 'bulletin papier saisi', 'bulletins papier saisis')} pour "
                f"{accorder(donnes, 'code échangé', 'codes échangés')} contre un bulletin papier : il y en a trop. Retirez la saisie d’un numéro qui n’existe pas."
            )
        if self.depouillements.filter(etat="en_cours").exists():
            manques.append("Le dépouillement est en cours.")
        return manques


class ProjetAuVote(models.Model):
    """A projet on the ballot, as it was when the vote opened."""

    scrutin = CleEtrangere(Scrutin, on_delete=models.CASCADE, related_name="projets")
    projet = CleEtrangere(ProjetQuartier, related_name="au_scrutin")
    numero = models.PositiveSmallIntegerField("numéro")
    titre = models.CharField("titre", max_length=200)
    resume = models.TextField("résumé", blank=True)
    cout = models.PositiveIntegerField("coût (euros entiers)", validators=[MinValueValidator(1)])
    quartiers = models.CharField("quartiers", max_length=300, blank=True)

    class Meta:
        verbose_name = "projet soumis au vote"
        verbose_name_plural = "projets soumis au vote"
        ordering = ["scrutin", "numero"]
        constraints = [
            models.UniqueConstraint(
                "scrutin",
                "numero",
                name="projet_au_vote_numero",
                violation_error_message="Ce numéro est déjà pris.",
            ),
            models.UniqueConstraint(
                "scrutin",
                "projet",
                name="projet_au_vote_une_fois",
                violation_error_message="Ce projet est déjà sur le bulletin.",
            ),
            models.CheckConstraint(
                condition=Q(cout__gt=0),
                name="projet_au_vote_cout",
                violation_error_message="Le coût est plus grand que zéro.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.numero}. {self.titre}"

    @property
    def mis(self) -> ProjetMis:
        return ProjetMis(str(self.numero), self.cout, self.titre)

    @property
    def cout_dit(self) -> str:
        return f"{nombre(self.cout)}\u00a0€"


class Incompatibilite(Partie):
    """Two projets that cannot both be carried out, such as two uses of the same place."""

    scrutin = CleEtrangere(Scrutin, on_delete=models.CASCADE, related_name="incompatibilites")
    un = CleEtrangere(ProjetQuartier, related_name="+")
    autre = CleEtrangere(ProjetQuartier, related_name="+")
    raison = models.CharField("pourquoi", max_length=200)

    suivi = PortePar[Scrutin]("scrutin")

    class Meta:
        verbose_name = "incompatibilité"
        ordering = ["scrutin", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(un__lt=F("autre")),
                name="incompatibilite_deux_projets",
                violation_error_message="Choisissez deux projets différents.",
            ),
            models.UniqueConstraint(
                "scrutin",
                "un",
                "autre",
                name="incompatibilite_unique",
                violation_error_message="Ces deux projets sont déjà déclarés incompatibles.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.un.titre} / {self.autre.titre}"


class EntreeScrutin(LigneDeJournal):
    """One line of the journal of a vote. It never holds a code or a choice."""

    scrutin = CleEtrangere(Scrutin, related_name="journal")

    class Meta(LigneDeJournal.Meta):
        verbose_name = "entrée du journal de vote"
        verbose_name_plural = "journal des votes"
        triggers = [ineffacable("scrutin")]
