"""Who is expected at a séance: convened (`Convie`), invited (`Invite`), or registered for a visit or a training (`Inscription`)."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from participation.seances.models.manques import jour_venu
from participation.seances.models.membres import Membre
from participation.seances.models.points import Point
from participation.seances.models.seances import Seance
from participation.seances.workflow import Etat
from participation.socle.erreurs import ActeInterdit, ErreurMetier, Manque
from participation.socle.francais import de, instant_texte, majuscule
from participation.socle.liens import Lien
from participation.socle.models import CleEtrangere, Compte, Partie, PortePar, Scelle
from participation.socle.workflow import Role


class Convie(Scelle, Partie):
    """A member convened to a séance, and the answer given.

    The convocation freezes this list; afterwards rows are only added.
    """

    LIEN: ClassVar[Lien] = Lien("seances.repondre")

    class Reponse(models.TextChoices):
        SALLE = "salle", "en salle"
        DISTANCE = "distance", "à distance"
        EXCUSE = "excuse", "excusé"
        POUVOIR = "pouvoir", "excusé, avec pouvoir"

    seance = CleEtrangere(Seance, related_name="convies", verbose_name="séance")
    membre = CleEtrangere(Membre, related_name="convocations")
    remplace = CleEtrangere("self", null=True, related_name="remplacants")
    convoque_le = models.DateTimeField("convoqué le", null=True, blank=True)
    reponse = models.CharField("réponse", max_length=10, choices=Reponse, blank=True)
    repondu_le = models.DateTimeField("répondu le", null=True, blank=True)
    pouvoir_a = CleEtrangere("self", null=True, related_name="pouvoirs_recus", verbose_name="donne pouvoir à")
    besoins = models.JSONField("besoins", default=list, blank=True)
    precisions = models.TextField("précisions", blank=True, max_length=600)
    retire_le = models.DateTimeField(
        "retiré le", null=True, blank=True, help_text="Le mandat a pris fin avant ou pendant la séance."
    )

    suivi = PortePar[Seance]("seance")

    class Meta:
        verbose_name = "personne convoquée"
        verbose_name_plural = "personnes convoquées"
        ordering = ["membre__college__ordre", "membre__compte__nom", "membre__compte__prenom", "pk"]
        constraints = [
            models.UniqueConstraint(
                "seance",
                "membre",
                name="convie_unique",
                violation_error_message="Cette personne est déjà convoquée.",
            ),
            models.CheckConstraint(
                condition=Q(reponse="pouvoir", pouvoir_a__isnull=False)
                | (~Q(reponse="pouvoir") & Q(pouvoir_a__isnull=True)),
                name="convie_pouvoir_nomme",
                violation_error_message="Dites à qui le pouvoir est donné.",
            ),
            models.CheckConstraint(
                condition=Q(pouvoir_a__isnull=True) | ~Q(pouvoir_a=F("id")),
                name="convie_pouvoir_a_un_autre",
                violation_error_message="Un pouvoir se donne à une autre personne.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.membre)

    def a_un_suppleant(self) -> bool:
        """Whether a substitute could be convened in this person's place."""
        if not self.seance.reglement.avec_suppleants:
            return False
        titulaire = self.remplace.membre if self.remplace is not None else self.membre
        suppleants = Membre.objects.qui_suppleent(titulaire, self.seance.jour.date())
        return suppleants.exclude(pk=self.membre_id).exists()

    def roles_de(self, compte: Compte | None) -> frozenset[str]:
        est_la = compte is not None and compte.pk == self.membre.compte_id
        return frozenset({Role.MEMBRE} if est_la else ())

    def refus(self, acte: str, par: Compte | None) -> ErreurMetier | None:
        if acte in {"repondre", "noter_reponse"}:
            if self.retire_le is not None:
                return ActeInterdit("Vous n’êtes plus convoqué à cette séance.")
            if not self.seance.est_deliberante:
                return ActeInterdit("On s’inscrit à cette rencontre : elle n’attend pas d’autre réponse.")
        if acte == "retirer_convie" and self.retire_le is not None:
            return ActeInterdit(f"{self} ne siège déjà plus.")
        return None

    def siege(self, acte: str, par: Compte | None) -> list[str]:
        return [self.fin_de_mandat] if self.retire_le is not None else []

    def avant_d_arriver(self, acte: str, par: Compte | None) -> list[str]:
        return jour_venu(self, acte, par) + self.siege(acte, par)

    def avant_de_parler(self, acte: str, par: Compte | None) -> list[str]:
        if self.retire_le is not None or self.presences.filter(depart__isnull=True).exists():
            return self.siege(acte, par)
        dit = f"La présence {de(self)} n’est pas notée. Notez d’abord son arrivée."
        return [Manque(dit, acte="arriver", objet=self)]

    @property
    def fin_de_mandat(self) -> str:
        """Why this person can no longer act at this séance; "" while the mandate runs."""
        if self.retire_le is None:
            return ""
        quand = instant_texte(self.retire_le, "chiffres")
        return f"Le mandat {de(self)} a pris fin le {quand} : cette personne ne siège plus."

    @property
    def est_partie(self) -> bool:
        """Whether the member has left: taken off the list, or mandate over today.

        They then read only the séances they attended.
        """
        fin = self.membre.au
        return self.retire_le is not None or (fin is not None and fin < timezone.localdate())

    @property
    def siege_encore(self) -> bool:
        """Whether the member is on the list and in office on the day of the séance."""
        fin = self.membre.au
        return self.retire_le is None and (fin is None or fin >= self.seance.jour.date())

    @property
    def est_absent(self) -> bool:
        """Whether the member answered that they will not come."""
        return self.reponse in {self.Reponse.EXCUSE, self.Reponse.POUVOIR}


class Inscription(Partie):
    """Registration of a member for a visit or training: a place or a rank in the waiting list, then feedback."""

    class Etat(models.TextChoices):
        INSCRIT = "inscrit", "inscrit"
        ATTENTE = "attente", "en liste d’attente"
        ANNULEE = "annulee", "annulée"

    seance = CleEtrangere(Seance, related_name="inscriptions", verbose_name="visite ou formation")
    membre = CleEtrangere(Membre, related_name="inscriptions")
    etat = models.CharField("état", max_length=8, choices=Etat, default=Etat.INSCRIT)
    le = models.DateTimeField("le", default=timezone.now)
    besoins = models.JSONField("besoins", default=list, blank=True)
    precisions = models.TextField("précisions", blank=True, max_length=600)
    est_venu = models.BooleanField("venu", null=True, blank=True)
    note = models.PositiveSmallIntegerField("note sur 5", null=True, blank=True)
    retour = models.TextField("retour", blank=True, max_length=2000)

    suivi = PortePar[Seance]("seance")

    class Meta:
        verbose_name = "inscription"
        ordering = ["seance", "le", "pk"]
        constraints = [
            models.UniqueConstraint(
                "seance",
                "membre",
                name="inscription_unique",
                violation_error_message="Vous êtes déjà inscrit.",
            ),
            models.CheckConstraint(
                condition=Q(note__isnull=True) | Q(note__gte=1, note__lte=5),
                name="inscription_note_sur_5",
                violation_error_message="La note va de 1 à 5.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membre}, {self.get_etat_display()}"

    def roles_de(self, compte: Compte | None) -> frozenset[str]:
        """Give the roles MEMBRE and AUTEUR to the registered member alone; an agent may also register others."""
        if compte is None or self.membre_id is None or compte.pk != self.membre.compte_id:
            return frozenset()
        return frozenset({Role.MEMBRE, Role.AUTEUR})

    @property
    def fil(self) -> list[tuple[str, str]]:
        return [*self.seance.fil, ("Inscriptions", reverse("seances:inscriptions", args=[self.seance_id]))]

    @property
    def designation(self) -> str:
        return f"{self.membre}, {self.seance}" if self.membre_id else str(self.seance)

    def refus(self, acte: str, par: Compte | None) -> ErreurMetier | None:
        if acte == "inscrire" and not self.seance.inscriptions_ouvertes:
            annoncee = self.seance.etat != Etat.PROGRAMMEE
            dit = (
                "sont closes"
                if annoncee
                else "ne sont pas ouvertes : les membres n’y sont pas encore invités"
            )
            return ActeInterdit(f"Les inscriptions à cette rencontre {dit}.")
        if acte == "desinscrire" and self.etat == self.Etat.ANNULEE:
            return ActeInterdit("Cette inscription est déjà annulée.")
        if acte == "desinscrire" and not self.seance.inscriptions_ouvertes:
            return ActeInterdit("La rencontre a commencé : l’inscription ne s’annule plus.")
        if acte == "donner_retour" and not self.attend_un_retour:
            return ActeInterdit("Le retour se donne après la rencontre, par les personnes qui y étaient.")
        return None

    def manques(self, acte: str, par: Compte | None) -> list[str]:
        if acte != "inscrire" or self.membre_id is None:
            return []
        if (
            self.membre.college.mandature.instance_id != self.seance.instance_id
            or not self.membre.est_en_fonction()
        ):
            return ["Cette rencontre est ouverte aux membres en fonction de l’instance."]
        if self.pk and self.etat != self.Etat.ANNULEE:
            siennes = par is not None and par.pk == self.membre.compte_id
            return ["Vous êtes déjà sur la liste." if siennes else f"{self.membre} est déjà sur la liste."]
        return []

    @property
    def attend_un_retour(self) -> bool:
        return (
            self.etat == self.Etat.INSCRIT
            and self.est_venu is not False
            and self.seance.fin <= timezone.now()
            and self.seance.etat not in {Etat.ANNULEE, Etat.REPORTEE}
        )


class Invite(Partie):
    seance = CleEtrangere(Seance, related_name="invites", verbose_name="séance")
    nom = models.CharField("nom", max_length=160)
    qualite = models.CharField(
        "qualité",
        max_length=160,
        blank=True,
        help_text="Direction, expert, délégataire : ce que lit le procès-verbal.",
    )
    courriel = models.EmailField("courriel", blank=True)
    adresse_postale = models.CharField(
        "adresse postale", max_length=240, blank=True, default="", db_default=""
    )
    point = CleEtrangere(
        Point, on_delete=models.SET_NULL, null=True, related_name="invites", verbose_name="entendue au point"
    )
    invite_le = models.DateTimeField("invitée le", default=timezone.now)
    retire_le = models.DateTimeField("retirée le", null=True, blank=True)
    est_venu = models.BooleanField("venue", null=True, blank=True)

    suivi = PortePar[Seance]("seance")

    class Meta:
        verbose_name = "personne invitée"
        verbose_name_plural = "personnes invitées"
        ordering = ["seance", "nom", "pk"]

    def __str__(self) -> str:
        return self.nom

    @property
    def dite(self) -> str:
        """Name and quality: « Nora Ouali, direction de l’eau »."""
        return f"{self.nom}, {self.qualite}" if self.qualite else self.nom

    @property
    def est_a_prevenir(self) -> bool:
        """Whether no letter reaches the person: the service tells them by itself."""
        return not (self.courriel or self.adresse_postale)

    @property
    def en_journal(self) -> str:
        """What a line of the journal, which cannot be erased, says of the person: in what quality, not who."""
        return majuscule(self.qualite or "personne invitée")

    def refus(self, acte: str, par: Compte | None) -> ErreurMetier | None:
        return (
            ActeInterdit(f"{self} ne fait plus partie des personnes invitées à cette séance.")
            if self.retire_le
            else None
        )
