"""Members: a person in a collège, from a day to a day, and the profile that the person fills in."""

import uuid
from datetime import date
from typing import Self

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from participation.seances.models.instances import College, Instance, jours
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.francais import de, jour_texte
from participation.socle.models import CleEtrangere, CleUnique, Commune, Compte, Partie, PortePar, Quartier
from participation.socle.models.reglements import exiger_ordre
from participation.socle.workflow import Role

RESERVE_AUX_VOTANTS = (
    "Demander un point est ouvert aux membres titulaires, en fonction, qui ont le droit de vote."
)


class MembreQuerySet(models.QuerySet["Membre"]):
    def en_fonction(self, jour: date | None = None) -> Self:
        jour = jour or timezone.localdate()
        return self.filter(Q(du__lte=jour) & (Q(au__isnull=True) | Q(au__gte=jour)), renonce_le__isnull=True)

    def titulaires(self) -> Self:
        return self.filter(rang=Membre.Rang.TITULAIRE)

    def de_l_instance(self, instance: Instance) -> Self:
        return self.filter(college__mandature__instance=instance)

    def encore_la(self) -> Self:
        """Keep the members who sit today or will sit later."""
        return self.filter(Q(au__isnull=True) | Q(au__gte=timezone.localdate()), renonce_le__isnull=True)

    def qui_suppleent(self, membre: "Membre", jour: date) -> Self:
        """Return this member's substitutes, and those of the same collège who are nobody's in particular."""
        siens = self.filter(Q(suppleant_de=membre) | Q(suppleant_de=None), college=membre.college_id)
        return siens.filter(rang=Membre.Rang.SUPPLEANT).en_fonction(jour).exclude(pk=membre.pk)

    def siege_de(self, compte: Compte, instance: Instance) -> "Membre | None":
        """Return the seat of this person in the instance today, a titulaire's first; None without a seat."""
        sieges = self.filter(compte=compte).en_fonction().de_l_instance(instance).avec_personne()
        return min(sieges, key=lambda membre: (membre.rang != Membre.Rang.TITULAIRE, membre.pk), default=None)

    def avec_personne(self) -> Self:
        return self.select_related(
            "compte", "college__mandature__instance", "commune", "suppleant_de__compte"
        )


def instances_ou_siege(compte: Compte) -> frozenset[str]:
    """Return the keys of the instances where this person sits today.

    One query for each request: the result is kept on the account.
    """
    # getattr and setattr reach the account behind `request.user`.
    cles: frozenset[str] | None = getattr(compte, "_instances_ou_siege", None)
    if cles is None:
        siens = Membre.objects.filter(compte=compte.pk).en_fonction().order_by()
        cles = frozenset(siens.values_list("college__mandature__instance__cle", flat=True))
        setattr(compte, "_instances_ou_siege", cles)  # noqa: B010
    return cles


class Membre(Partie):
    """A person in a collège, from a day to a day (both included). A person may sit in several instances."""

    class Rang(models.TextChoices):
        TITULAIRE = "titulaire", "titulaire"
        SUPPLEANT = "suppleant", "suppléant"

    class Fonction(models.TextChoices):
        MEMBRE = "membre", "membre"
        PRESIDENT = "president", "présidence"
        COPRESIDENT = "copresident", "coprésidence"
        DELEGUE = "delegue", "délégation de collège"

    college = CleEtrangere(College, related_name="membres", verbose_name="collège")
    compte = CleEtrangere(settings.AUTH_USER_MODEL, related_name="sieges", verbose_name="personne")
    rang = models.CharField("rang", max_length=10, choices=Rang, default=Rang.TITULAIRE)
    suppleant_de = CleEtrangere("self", null=True, related_name="suppleants", verbose_name="supplée")
    organisme = models.CharField(
        "au nom de", max_length=160, blank=True, help_text="Association, groupe politique, administration."
    )
    fonction = models.CharField("fonction", max_length=12, choices=Fonction, default=Fonction.MEMBRE)
    commune = CleEtrangere(Commune, null=True, related_name="+")
    quartier = CleEtrangere(Quartier, null=True, related_name="+")
    du = models.DateField("depuis le", default=timezone.localdate)
    au = models.DateField("jusqu’au", null=True, blank=True)
    terme = models.DateField(
        "fin prévue",
        null=True,
        blank=True,
        help_text="Ce qui était dit à la nomination : un remplaçant siège jusque-là.",
    )
    remplace = CleEtrangere("self", null=True, related_name="remplacants")
    nomme_par = models.CharField("nommé par", max_length=160, blank=True, help_text="Délibération, arrêté.")
    copie_a = models.EmailField(
        "copie à son secrétariat",
        blank=True,
        help_text="Reçoit les convocations et les changements, sans le lien personnel.",
    )
    adresse_postale = models.CharField(
        "adresse postale",
        max_length=240,
        blank=True,
        default="",
        db_default="",
        help_text="D’une personne sans courriel : ses convocations partent par la poste.",
    )
    # Set when the mandate was given up before its first day: it was never held, and `au` is that first day.
    renonce_le = models.DateField("renoncé le", null=True, blank=True, editable=False)
    motif_fin = models.CharField("raison du départ", max_length=200, blank=True)

    objects = MembreQuerySet.as_manager()

    suivi = PortePar[Instance]("college.mandature.instance")

    class Meta:
        verbose_name = "membre"
        ordering = ["college", "rang", "compte__nom", "compte__prenom", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(au__isnull=True) | Q(au__gte=F("du")),
                name="membre_dates_ordonnees",
                violation_error_message="La fin précède le début.",
            ),
            models.CheckConstraint(
                condition=Q(rang="suppleant") | Q(suppleant_de__isnull=True),
                name="membre_seul_un_suppleant_supplee",
                violation_error_message="Seul un suppléant supplée quelqu’un.",
            ),
            ExclusionConstraint(
                name="membre_une_fois_par_jour",
                expressions=[
                    ("college", RangeOperators.EQUAL),
                    ("compte", RangeOperators.EQUAL),
                    (jours("du", "au"), RangeOperators.OVERLAPS),
                ],
                violation_error_message="Cette personne siège déjà dans ce collège à ces dates.",
            ),
        ]

    def __str__(self) -> str:
        """Return the name, never the email address: it would be shown in the room and in public."""
        return self.compte.get_full_name() or "Membre sans nom"

    def get_absolute_url(self) -> str:
        return reverse("seances:membre", args=[self.pk])

    def clean(self) -> None:
        exiger_ordre(self.du, self.au, "au")

    @property
    def fil(self) -> list[tuple[str, str]]:
        return [*self.suivi.fil, (str(self), self.get_absolute_url())]

    @property
    def designation(self) -> str:
        return f"{self}, collège {self.college}"

    def roles_de(self, compte: Compte | None) -> frozenset[str]:
        return frozenset({Role.MEMBRE} if compte is not None and compte.pk == self.compte_id else ())

    def refus(self, acte: str, par: Compte | None) -> ErreurMetier | None:
        fin = jour_texte(self.au) if self.au else ""
        if acte == "modifier_membre" and self.motif_fin:
            return ActeInterdit(f"Le mandat {de(self)} a pris fin le {fin}.")
        if acte == "mettre_fin" and self.motif_fin:
            return ActeInterdit(
                f"{self} a déjà renoncé à ce mandat."
                if self.renonce_le
                else f"Le mandat {de(self)} prend déjà fin le {fin}."
            )
        if acte == "remplacer" and (autre := self.remplacants.select_related("compte").first()):
            return ActeInterdit(f"Le siège {de(self)} est déjà pourvu : {autre} y siège.")
        return None

    def manques(self, acte: str, par: Compte | None) -> list[str]:
        if acte == "remplacer" and not self.motif_fin:
            return [f"{self} siège encore : mettez d’abord fin à son mandat."]
        return []

    def avant_de_demander(self, acte: str, par: Compte | None) -> list[str]:
        return [] if self.peut_demander else [RESERVE_AUX_VOTANTS]

    @property
    def peut_demander(self) -> bool:
        """Whether the member may demand a point: a titulaire in office in a collège that votes.

        A substitute or a consultative member asks a titulaire to do it.
        """
        return self.est_en_fonction() and self.rang == self.Rang.TITULAIRE and self.college.a_le_vote()

    @property
    def qualite(self) -> str:
        """Function and organisation (or commune), as the service sees them under the name."""
        return self._qualite(self.organisme or str(self.commune or ""))

    @property
    def qualite_publique(self) -> str:
        """Function and organisation as everybody else sees them: the commune only if the person publishes it.

        In a list, read the rows with `compte__profil`.
        """
        return self._qualite(
            self.organisme or (str(self.commune or "") if self.profil and self.profil.publie_commune else "")
        )

    def _qualite(self, au_nom_de: str) -> str:
        dits = [] if self.fonction == self.Fonction.MEMBRE else [str(self.get_fonction_display())]
        dits.append(au_nom_de)
        if self.rang == self.Rang.SUPPLEANT:
            dits.append("suppléance")
        return ", ".join(dit for dit in dits if dit)

    @property
    def profil(self) -> "Profil | None":
        """Profile of the person, or None. In a list, read the rows with `select_related("compte__profil")`."""
        return getattr(self.compte, "profil", None)

    def est_en_fonction(self, jour: date | None = None) -> bool:
        jour = jour or timezone.localdate()
        return self.renonce_le is None and self.du <= jour and (self.au is None or jour <= self.au)


class Profil(models.Model):
    """What a person tells the service and chooses to show. All is optional; the person may change it."""

    class Genre(models.TextChoices):
        FEMME = "femme", gettext_noop("femme")
        HOMME = "homme", gettext_noop("homme")
        AUTRE = "autre", gettext_noop("autre")

    class Age(models.TextChoices):
        MOINS_25 = "16_24", gettext_noop("16 à 24 ans")
        MOINS_40 = "25_39", gettext_noop("25 à 39 ans")
        MOINS_60 = "40_59", gettext_noop("40 à 59 ans")
        MOINS_75 = "60_74", gettext_noop("60 à 74 ans")
        PLUS_75 = "75", gettext_noop("75 ans ou plus")

    class Besoin(models.TextChoices):
        INTERPRETE = "interprete", gettext_noop("interprète (langue des signes ou autre langue)")
        GARDE = "garde", gettext_noop("garde d’enfants")
        TRANSPORT = "transport", gettext_noop("transport")
        GRANDS_CARACTERES = "grands_caracteres", gettext_noop("documents en grands caractères")
        BOUCLE = "boucle", gettext_noop("boucle magnétique")

    compte = CleUnique(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="profil", verbose_name="personne"
    )
    cle_agenda = models.UUIDField("clé de l’agenda", default=uuid.uuid4, unique=True)
    genre = models.CharField("genre", max_length=6, choices=Genre, blank=True)
    age = models.CharField("âge", max_length=6, choices=Age, blank=True)
    besoins = ArrayField(
        models.CharField(max_length=20, choices=Besoin),
        verbose_name="besoins habituels",
        default=list,
        blank=True,
    )
    presentation = models.TextField("présentation", blank=True, max_length=600)
    publie_presentation = models.BooleanField("publier ma présentation", default=False)
    publie_commune = models.BooleanField("publier ma commune", default=False)
    partage_courriel = models.BooleanField("donner mon adresse aux autres membres", default=False)
    partage_telephone = models.BooleanField("donner mon téléphone aux autres membres", default=False)

    class Meta:
        verbose_name = "profil"

    def __str__(self) -> str:
        return str(self.compte)

    @classmethod
    def de(cls, compte: Compte) -> "Profil":
        return cls.objects.get_or_create(compte=compte)[0]
