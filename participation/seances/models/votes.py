"""Votes: the question, who has voted, the ballots, and the counts by collège."""

import uuid
from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from participation.seances.models.convies import Convie
from participation.seances.models.instances import College
from participation.seances.models.points import Point
from participation.seances.models.seances import Seance
from participation.seances.regles import VoixComptees, deux_lectures, raison_du_rejet
from participation.seances.workflow import BaseMajorite, EtatVote, Part, Sens
from participation.socle.collectivite import ici
from participation.socle.erreurs import ActeInterdit, ErreurMetier, Manque
from participation.socle.francais import de, majuscule
from participation.socle.models import CleEtrangere, Compte, Partie, PortePar

DU_VOTE_OUVERT = frozenset(
    {
        "voter",
        "voter_pour",
        "faire_l_appel",
        "compter_bulletins",
        "ne_pas_compter",
        "donner_son_compte",
        "compter_mains",
        "clore_vote",
    }
)


class Vote(Partie):
    """A question put to the vote. The rule that decides it is copied here when it opens."""

    class Forme(models.TextChoices):
        MAIN_LEVEE = "main_levee", "à main levée"
        NOMINATIF = "nominatif", "nominatif"
        SECRET = "secret", "à bulletin secret"

    class Resultat(models.TextChoices):
        ADOPTE = "adopte", "adopté"
        REJETE = "rejete", "rejeté"

    point = CleEtrangere(Point, related_name="votes")
    objet = models.CharField("question", max_length=200)
    forme = models.CharField("forme", max_length=12, choices=Forme, default=Forme.NOMINATIF)
    # Name of the decision put to the vote, when the question is one of those of the dossiers of the point.
    decision = models.CharField("décision mise au vote", max_length=40, blank=True, default="", db_default="")
    etat = models.CharField("état", max_length=10, choices=EtatVote, default=EtatVote.OUVERT)
    majorite = models.CharField("majorité", max_length=12, choices=Part)
    base_majorite = models.CharField(
        "comptée sur", max_length=12, choices=BaseMajorite, default=BaseMajorite.EXPRIMES
    )
    par_college = models.BooleanField("majorité dans chaque collège", default=False)
    voix_preponderante = models.BooleanField("voix prépondérante", default=False)
    quorum = models.JSONField("quorum à l’ouverture", default=dict)
    # Numbers of the Convie rows that may vote, and for whom: {"<convie>": [<convie>, mandants…]}.
    inscrits = models.JSONField("inscrits à l’ouverture", default=dict)
    ouvert_le = models.DateTimeField("ouvert le", default=timezone.now)
    clos_le = models.DateTimeField("clos le", null=True, blank=True)
    resultat = models.CharField("résultat", max_length=10, choices=Resultat, blank=True)
    a_l_egalite = models.BooleanField("égalité tranchée par la voix prépondérante", default=False)
    motif = models.CharField("raison de l’annulation", max_length=200, blank=True)
    papier = models.PositiveSmallIntegerField("bulletins papier", default=0, editable=False)
    # Convie numbers of the paper ballots to count. Emptied once both tellers find the same count.
    sur_papier = models.JSONField("bulletins papier à compter", default=list, editable=False)
    scrutateurs = models.CharField("comptés par", max_length=300, blank=True, editable=False)
    # Convie numbers of the voices given on paper and counted: with few people, a count would name them.
    par_papier = models.JSONField("voix données sur papier", default=list, db_default=[], editable=False)
    urne_nettoyee_le = models.DateTimeField(
        "urne nettoyée le",
        null=True,
        blank=True,
        editable=False,
        help_text="D’un vote secret : la base n’a plus de copie des bulletins effacés.",
    )
    par = CleEtrangere(
        settings.AUTH_USER_MODEL, null=True, blank=False, related_name="+", verbose_name="ouvert par"
    )

    suivi = PortePar[Seance]("point.seance")

    class Meta:
        verbose_name = "vote"
        ordering = ["point", "ouvert_le", "pk"]
        constraints = [
            models.UniqueConstraint(
                "point",
                condition=Q(etat="ouvert"),
                name="vote_un_seul_ouvert_par_point",
                violation_error_message="Un vote est déjà ouvert sur ce point.",
            ),
            models.CheckConstraint(
                condition=~Q(etat="clos") | (~Q(resultat="") & Q(clos_le__isnull=False)),
                name="vote_clos_a_son_resultat",
                violation_error_message="Un vote clos a son résultat.",
            ),
        ]

    def __str__(self) -> str:
        return self.objet

    @property
    def regle(self) -> str:
        """The rule in words: « Plus de la moitié des membres présents ou représentés. »"""
        if self.majorite == Part.AUCUNE:
            return "Plus de voix pour que contre."
        if self.majorite == Part.UNANIMITE:
            phrase = f"L’unanimité des {self.get_base_majorite_display()}."
        else:
            part = str(self.get_majorite_display())
            phrase = f"{majuscule(part)} des {self.get_base_majorite_display()}."
        return phrase + (" Demandée aussi dans chaque collège." if self.par_college else "")

    def mene_a(self, decision: str, *, est_favorable: bool) -> bool:
        """Whether this decision follows the closed vote.

        When the vote said which decision it put: that one if adopted, any other if rejected. Otherwise its
        question is taken for a favourable one.
        """
        est_adopte = self.resultat == self.Resultat.ADOPTE
        if self.decision:
            return (decision == self.decision) == est_adopte
        return est_favorable == est_adopte

    def raison_du_rejet(self, voix: "Iterable[VoixCollege]") -> str:
        """Return why a closed vote was rejected, when its counts do not say it; else ""."""
        if self.resultat != self.Resultat.REJETE:
            return ""
        decomptes = {str(ligne.college or "Ensemble"): ligne.comptees for ligne in voix}
        return raison_du_rejet(decomptes, self.majorite, self.par_college, self.base_majorite)

    def lectures(self, voix: "Iterable[VoixCollege]") -> str:
        """Return the result of a closed vote on each base, with its law article; "" when they cannot differ."""
        if self.etat != EtatVote.CLOS or self.majorite == Part.AUCUNE:
            return ""
        presidence = ""
        if self.a_l_egalite:
            presidence = Sens.POUR if self.resultat == self.Resultat.ADOPTE else Sens.CONTRE
        decomptes = {ligne.college_id or 0: ligne.comptees for ligne in voix}
        return ici(deux_lectures(decomptes, self.majorite, self.par_college, presidence))

    def refus(self, acte: str, par: Compte | None) -> ErreurMetier | None:
        if acte == "voter" and self.etat != EtatVote.OUVERT:
            return ActeInterdit(
                f"Le vote « {self} » est {self.get_etat_display()} : cette voix n’est pas comptée."
            )
        if acte in DU_VOTE_OUVERT and self.etat != EtatVote.OUVERT:
            return ActeInterdit(f"Le vote « {self} » est {self.get_etat_display()}.")
        if acte == "annuler_vote" and self.etat == EtatVote.ANNULE:
            return ActeInterdit("Ce vote est déjà annulé.")
        if acte == "annuler_vote" and self.est_suivi_d_effet():
            return ActeInterdit("Une décision s’appuie sur ce vote : il ne s’annule plus.")
        if acte == "compter_mains" and self.forme != self.Forme.MAIN_LEVEE:
            return ActeInterdit(f"Ce vote est {self.get_forme_display()} : il ne se compte pas à main levée.")
        if acte == "compter_bulletins" and self.forme != self.Forme.SECRET:
            return ActeInterdit(f"Ce vote est {self.get_forme_display()} : il n’a pas de bulletins papier.")
        if acte in {"voter_pour", "faire_l_appel"} and self.forme == self.Forme.SECRET:
            return ActeInterdit("Un bulletin secret se remplit soi-même.")
        return None

    def manques(self, acte: str, par: Compte | None) -> list[str]:
        if acte in {"voter", "voter_pour", "faire_l_appel"} and self.forme == self.Forme.MAIN_LEVEE:
            return ["Ce vote est à main levée : levez la main, l’animateur compte."]
        return []

    def avant_de_clore(self, acte: str, par: Compte | None) -> list[str]:
        if self.sur_papier:
            return [
                Manque(
                    "Les bulletins papier sont encore à compter : les deux personnes donnent leur compte.",
                    reverse("seances:animer", args=[self.point.seance_id]),
                )
            ]
        if self.forme == self.Forme.MAIN_LEVEE and not self.voix.exists():
            return [
                Manque(
                    "Comptez d’abord les mains levées.",
                    reverse("seances:animer", args=[self.point.seance_id]),
                )
            ]
        return []

    def papier_attendu(self, acte: str, par: Compte | None) -> list[str]:
        return [] if self.sur_papier else ["Aucun bulletin papier n’attend d’être compté."]

    def est_suivi_d_effet(self) -> bool:
        """Whether a dossier was decided upon, or the procès-verbal approved, on the strength of this vote."""
        pv = getattr(self.point.pv_de, "pv", None) if self.resultat == self.Resultat.ADOPTE else None
        return self.decisions.exists() or (pv is not None and pv.approuve_a_id == self.point_id)


class Emargement(models.Model):
    """Who has voted, one row for each voice. It stores neither the choice nor the time."""

    vote = CleEtrangere(Vote, related_name="emargements")
    convie = CleEtrangere(Convie, related_name="emargements", verbose_name="au nom de")
    par = CleEtrangere(Convie, related_name="+")

    class Meta:
        verbose_name = "émargement"
        constraints = [
            models.UniqueConstraint(
                "vote",
                "convie",
                name="emargement_unique",
                violation_error_message="Cette voix est déjà donnée.",
            )
        ]

    def __str__(self) -> str:
        return str(self.convie)


class Bulletin(models.Model):
    """One voice. Its number is random. In a secret ballot, nothing ties it to a person."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    vote = CleEtrangere(Vote, related_name="bulletins")
    sens = models.CharField("sens", max_length=10, choices=Sens)
    college = CleEtrangere(College, null=True, related_name="+", verbose_name="collège")
    convie = CleEtrangere(Convie, null=True, related_name="+", verbose_name="au nom de")

    class Meta:
        verbose_name = "bulletin"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                "vote",
                "convie",
                name="bulletin_unique",
                violation_error_message="Cette voix est déjà donnée.",
            )
        ]

    def __str__(self) -> str:
        return self.get_sens_display()


class ComptePapier(Partie):
    """Count of the paper ballots by one of the two tellers, hidden until both have given theirs."""

    vote = CleEtrangere(Vote, on_delete=models.CASCADE, related_name="comptes_papier")
    convie = CleEtrangere(Convie, related_name="+", verbose_name="personne qui compte")
    # {"<collège, or 0>": [pour, contre, abstention, nppv]}; `precedent`: former count, if both differed.
    compte = models.JSONField("compte", null=True, editable=False)
    precedent = models.JSONField("compte d’avant", null=True, editable=False)

    suivi = PortePar[Seance]("vote.point.seance")

    class Meta:
        verbose_name = "compte des bulletins papier"
        verbose_name_plural = "comptes des bulletins papier"
        ordering = ["vote", "pk"]
        constraints = [
            models.UniqueConstraint(
                "vote",
                "convie",
                name="compte_papier_unique",
                violation_error_message="Cette personne a déjà compté ce vote.",
            )
        ]

    def __str__(self) -> str:
        return str(self.convie)

    def roles_de(self, compte: Compte | None) -> frozenset[str]:
        return self.convie.roles_de(compte)

    def refus(self, acte: str, par: Compte | None) -> ErreurMetier | None:
        return self.vote.refus(acte, par)

    def manques(self, acte: str, par: Compte | None) -> list[str]:
        if self.compte is not None:
            return [f"Le compte {de(self)} est déjà donné : il attend celui de l’autre personne."]
        return []


class VoixCollege(models.Model):
    """Votes of one collège: typed by the facilitator for a show of hands, else computed at closing."""

    vote = CleEtrangere(Vote, on_delete=models.CASCADE, related_name="voix")
    college = CleEtrangere(College, null=True, related_name="+", verbose_name="collège")
    pour = models.PositiveSmallIntegerField("pour", default=0)
    contre = models.PositiveSmallIntegerField("contre", default=0)
    abstention = models.PositiveSmallIntegerField("abstention", default=0)
    nppv = models.PositiveSmallIntegerField("ne prend pas part", default=0)
    attendus = models.PositiveSmallIntegerField("attendus", default=0)

    class Meta:
        verbose_name = "voix d’un collège"
        verbose_name_plural = "voix des collèges"
        ordering = ["vote", "college__ordre"]
        constraints = [
            models.UniqueConstraint(
                fields=["vote", "college"],
                nulls_distinct=False,
                name="voix_une_ligne_par_college",
                violation_error_message="Les voix de ce collège sont déjà comptées.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.college}: {self.pour}"

    @property
    def comptees(self) -> VoixComptees:
        return VoixComptees(self.pour, self.contre, self.abstention, self.nppv, self.attendus)


class DemandeSecret(models.Model):
    """A member's request for a secret ballot on a point.

    The règlement says how many must ask (as in L2121-21 CGCT).
    """

    point = CleEtrangere(Point, on_delete=models.CASCADE, related_name="demandes_secret")
    convie = CleEtrangere(Convie, related_name="+", verbose_name="personne")
    le = models.DateTimeField("le", default=timezone.now)

    class Meta:
        verbose_name = "demande de vote secret"
        verbose_name_plural = "demandes de vote secret"
        constraints = [
            models.UniqueConstraint(
                "point",
                "convie",
                name="demande_secret_unique",
                violation_error_message="Cette personne a déjà demandé le secret sur ce point.",
            )
        ]

    def __str__(self) -> str:
        return str(self.convie)
