"""Instances, with their dated règlements, their mandatures and their collèges."""

from datetime import date, timedelta
from typing import ClassVar, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q, Value
from django.urls import reverse
from django.utils import timezone

from participation.seances.workflow import ACTES_INSTANCE, BaseMajorite, Part
from participation.socle.collectivite import ici_plus_tard
from participation.socle.erreurs import ActeInterdit, ErreurMetier, Manque
from participation.socle.francais import jour_texte
from participation.socle.models import (
    CleEtrangere,
    Compte,
    Partie,
    PortePar,
    Reglement,
    ReglementQuerySet,
    Suivi,
)
from participation.socle.models.reglements import exiger_ordre
from participation.socle.workflow import Role, Table


def jours(du: str, au: str) -> Func:
    return Func(F(du), F(au), Value("[]"), function="daterange")


def mois_d_annonce() -> list[int]:
    return [6, 3, 1]


class Instance(Suivi):
    SUJET = "l’instance"
    TRANSITIONS: ClassVar[Table] = ACTES_INSTANCE

    cle = models.SlugField(
        "clé", max_length=40, unique=True, help_text="Dans les adresses : ccspl, recevabilite…"
    )
    nom = models.CharField("nom", max_length=160)
    sigle = models.CharField("sigle", max_length=30, help_text="Nom court, pour les listes et les agendas.")
    fondement = models.TextField("fondement", help_text="Loi, délibération : ce qui fonde l’instance.")
    presentation = models.TextField("présentation", blank=True, help_text="En deux phrases, pour le public.")
    app = models.CharField(
        "domaine", max_length=20, default="metropole", help_text="Donne sa couleur : ccspl, petitions…"
    )
    est_publique = models.BooleanField(
        "publique",
        default=True,
        help_text="Sa composition, son calendrier et ses procès-verbaux sont publiés.",
    )
    ouvre_le_bureau = models.BooleanField(
        "ses membres instruisent des dossiers",
        default=False,
        help_text="Un membre sans autre rôle entre dans l’espace des agents, le temps de son mandat.",
    )
    est_active = models.BooleanField("active", default=True)
    ordre_du_jour_type = models.TextField(
        "ordre du jour type", blank=True, help_text="Un point par ligne : ce qui revient à chaque séance."
    )

    class Meta:
        verbose_name = "instance"
        ordering = ["nom"]

    def __str__(self) -> str:
        return self.nom

    def get_absolute_url(self) -> str:
        return reverse("seances:instance", args=[self.cle])

    @property
    def dans_l_adresse(self) -> str:
        return self.cle

    @property
    def domaine(self) -> str:
        return self.app

    @property
    def fil_avant(self) -> list[tuple[str, str]]:
        return [("Instances", reverse("seances:instances"))]

    @property
    def fil(self) -> list[tuple[str, str]]:
        return [*self.fil_avant, (self.sigle, self.get_absolute_url())] if self.pk else self.fil_avant

    @property
    def nom_court(self) -> str:
        return self.sigle

    @property
    def titre(self) -> str:
        """As of all that has letters on paper."""
        return self.nom

    def roles_de(self, compte: Compte | None, sur: models.Model | None = None) -> frozenset[str]:
        """Take MEMBRE from the part of the act alone: a member of another instance has no role here."""
        siens = sur.roles_de(compte) if isinstance(sur, Partie) else frozenset[str]()
        return super().roles_de(compte, sur) - {Role.MEMBRE} | siens

    def get_public_url(self) -> str:
        return reverse("seances:composition", args=[self.cle])

    def mandature_du(self, jour: date | None = None) -> "Mandature | None":
        return self.mandatures.du(jour).first()

    def reglement_du(self, jour: date | None = None) -> "ReglementInstance | None":
        return self.reglements.en_vigueur(jour)


class ReglementInstanceQuerySet(ReglementQuerySet["ReglementInstance"]):
    """Versions of the règlement of one instance: `instance.reglements.en_vigueur()`."""


class ReglementInstance(Reglement):
    """A dated version of an instance's règlement intérieur.

    Modelled on CRPA R133-3 to R133-13 and on L2121-12 and L2121-17 CGCT.
    """

    class Unite(models.TextChoices):
        FRANCS = "francs", "jours francs"
        OUVRES = "ouvres", "jours ouvrés"
        CALENDAIRES = "calendaires", "jours"

    class Base(models.TextChoices):
        EN_EXERCICE = "en_exercice", "membres en exercice"
        SIEGES = "sieges", "sièges prévus"

    instance = CleEtrangere(Instance, related_name="reglements")
    delai_convocation = models.PositiveSmallIntegerField("délai de convocation")
    unite_delai = models.CharField("compté en", max_length=12, choices=Unite, default=Unite.FRANCS)
    delai_urgence = models.PositiveSmallIntegerField("délai en cas d’urgence", null=True, blank=True)
    quorum = models.CharField("quorum", max_length=12, choices=Part, default=Part.MOITIE)
    base_quorum = models.CharField("calculé sur", max_length=12, choices=Base, default=Base.EN_EXERCICE)
    quorum_par_college = models.BooleanField("quorum demandé dans chaque collège", default=False)
    distance_compte = models.BooleanField("les présents à distance comptent", default=True)
    pouvoirs_comptent = models.BooleanField("les pouvoirs comptent dans le quorum", default=True)
    deport_hors_base = models.BooleanField(
        "qui se déporte sort du nombre sur lequel le quorum est calculé",
        default=False,
        help_text="Sinon, le quorum se compte sur tous les membres, sans les présents qui se déportent.",
    )
    pouvoirs_par_personne = models.PositiveSmallIntegerField("pouvoirs par personne", default=1)
    pouvoir_entre_colleges = models.BooleanField("un pouvoir peut aller à un autre collège", default=True)
    avec_suppleants = models.BooleanField("un titulaire absent est suppléé", default=True)
    seconde_sans_quorum = models.BooleanField("seconde convocation sans quorum", default=True)
    delai_seconde = models.PositiveSmallIntegerField("délai de la seconde convocation (jours)", default=3)
    majorite = models.CharField("majorité", max_length=12, choices=Part, default=Part.MAJORITE)
    base_majorite = models.CharField(
        "comptée sur",
        max_length=12,
        choices=BaseMajorite,
        default=BaseMajorite.EXPRIMES,
        help_text=ici_plus_tard(
            "Les voix exprimées sont pour et contre ({loi_exprimes}) ; les présents ou représentés comprennent qui s’abstient "
            "({loi_presents})."
        ),
    )
    base_a_confirmer = models.BooleanField(
        "base de la majorité à confirmer",
        default=False,
        editable=False,
        help_text="Choix d’un modèle, que personne n’a encore lu dans le règlement de l’instance.",
    )
    majorites_admises = ArrayField(
        models.CharField(max_length=12, choices=Part),
        verbose_name="autres majorités qu’un vote peut demander",
        default=list,
        blank=True,
    )
    part_secret = models.CharField(
        "membres présents qui obtiennent un vote secret",
        max_length=12,
        choices=Part,
        default=Part.AUCUNE,
        help_text="Aucune condition : l’animateur décide au vu des demandes.",
    )
    voix_preponderante = models.BooleanField("voix prépondérante du président en cas d’égalité", default=True)
    vote_par_college = models.BooleanField("majorité demandée dans chaque collège", default=False)
    part_inscription = models.CharField(
        "membres qui obtiennent un point à l’ordre du jour",
        max_length=12,
        choices=Part,
        default=Part.MAJORITE,
    )
    duree_mandat_mois = models.PositiveSmallIntegerField("durée du mandat (mois)", null=True, blank=True)
    annonces_fin = ArrayField(
        models.PositiveSmallIntegerField(),
        verbose_name="fin de mandat annoncée (mois avant)",
        default=mois_d_annonce,
        blank=True,
        help_text="Au membre et au service. Par exemple 6, 3, 1.",
    )
    copresidents_max = models.PositiveSmallIntegerField("coprésidents au plus", default=2)
    absences_a_signaler = models.PositiveSmallIntegerField(
        "absences de suite avant un appel", default=3, help_text="L’agent est invité à prendre des nouvelles."
    )

    objects = ReglementInstanceQuerySet.as_manager()

    class Meta:
        verbose_name = "règlement d’instance"
        verbose_name_plural = "règlements d’instance"
        ordering = ["instance", "-en_vigueur_du"]
        constraints = [
            models.CheckConstraint(
                condition=Q(en_vigueur_au__isnull=True) | Q(en_vigueur_au__gte=F("en_vigueur_du")),
                name="reglementinstance_dates_ordonnees",
                violation_error_message="La fin précède le début.",
            ),
            ExclusionConstraint(
                name="reglementinstance_une_version_par_jour",
                expressions=[
                    ("instance", RangeOperators.EQUAL),
                    (jours("en_vigueur_du", "en_vigueur_au"), RangeOperators.OVERLAPS),
                ],
                violation_error_message="Une autre version est déjà en vigueur à ces dates.",
            ),
        ]

    # The default majority comes first.
    @property
    def majorites(self) -> list[str]:
        return list(dict.fromkeys([self.majorite, *self.majorites_admises]))


class MandatureQuerySet(models.QuerySet["Mandature"]):
    def du(self, jour: date | None = None) -> Self:
        jour = jour or timezone.localdate()
        return self.entre(jour, jour)

    def entre(self, debut: date, fin: date | None) -> Self:
        """Those that cover at least one of these days, both included; without end when `fin` is None."""
        siens = Q(fin__isnull=True) | Q(fin__gte=debut)
        return self.filter(siens if fin is None else siens & Q(debut__lte=fin))


class Mandature(Partie):
    instance = CleEtrangere(Instance, related_name="mandatures")
    intitule = models.CharField("intitulé", max_length=80, help_text="Par exemple « 2026-2029 ».")
    debut = models.DateField("début")
    fin = models.DateField("fin", null=True, blank=True)
    deliberation = models.CharField("délibération de composition", max_length=160, blank=True)
    installee_le = models.DateField("installée le", null=True, blank=True)

    objects = MandatureQuerySet.as_manager()

    suivi = PortePar[Instance]("instance")

    class Meta:
        verbose_name = "mandature"
        ordering = ["instance", "-debut"]
        constraints = [
            models.CheckConstraint(
                condition=Q(fin__isnull=True) | Q(fin__gte=F("debut")),
                name="mandature_dates_ordonnees",
                violation_error_message="La fin précède le début.",
            ),
            ExclusionConstraint(
                name="mandature_une_par_jour",
                expressions=[
                    ("instance", RangeOperators.EQUAL),
                    (jours("debut", "fin"), RangeOperators.OVERLAPS),
                ],
                violation_error_message="Une autre mandature couvre déjà une partie de ces dates.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instance.sigle} {self.intitule}"

    def clean(self) -> None:
        exiger_ordre(self.debut, self.fin, "fin")
        if self.debut and (conflits := self.conflits()):
            raise ValidationError(conflits)

    def conflits(self) -> list[str]:
        """Say which other mandatures cover some of these days, and where their end is brought forward."""
        autres = self.instance.mandatures.exclude(pk=self.pk).entre(self.debut, self.fin).order_by("debut")
        return [
            Manque(
                f"La mandature « {autre.intitule} » ({autre.instance.sigle}) "
                f"{f'va jusqu’au {jour_texte(autre.fin)}' if autre.fin else 'n’a pas de fin'} : deux ne se chevauchent pas. "
                + (
                    f"Faites-la finir le {jour_texte(self.debut - timedelta(days=1))} au plus tard."
                    if autre.debut < self.debut
                    else f"Elle commence le {jour_texte(autre.debut)} : changez les dates de l’une."
                ),
                reverse("seances:modifier_mandature", args=[autre.pk]),
            )
            for autre in autres
        ]

    @property
    def adresse(self) -> str:
        """URL of this mandature on the page of the instance."""
        return f"{self.instance.get_absolute_url()}?mandature={self.pk}#membres"

    def refus(self, acte: str, par: Compte | None) -> ErreurMetier | None:
        if acte == "installer" and self.installee_le is not None:
            return ActeInterdit(f"Cette mandature est installée depuis le {jour_texte(self.installee_le)}.")
        return None


class College(Partie):
    """A group of seats. It may vote from `vote_depuis` on; without this day it is only consulted.

    Example: the habitants may vote since 14 February 2025.
    """

    mandature = CleEtrangere(Mandature, related_name="colleges")
    nom = models.CharField("nom", max_length=80)
    ordre = models.PositiveSmallIntegerField("ordre", default=1)
    sieges = models.PositiveSmallIntegerField("sièges de titulaires")
    vote_depuis = models.DateField(
        "droit de vote depuis le", null=True, blank=True, help_text="Vide : voix consultative."
    )
    a_des_suppleants = models.BooleanField("avec des suppléants", default=True)
    est_elu = models.BooleanField("collège d’élus", default=False)

    suivi = PortePar[Instance]("mandature.instance")

    class Meta:
        verbose_name = "collège"
        ordering = ["mandature", "ordre", "pk"]
        constraints = [
            models.UniqueConstraint(
                "mandature",
                "nom",
                name="college_nom_unique",
                violation_error_message="Ce collège existe déjà.",
            )
        ]

    def __str__(self) -> str:
        return self.nom

    @property
    def designation(self) -> str:
        return f"Collège {self}, {self.mandature}"

    def a_le_vote(self, jour: date | None = None) -> bool:
        return self.vote_depuis is not None and self.vote_depuis <= (jour or timezone.localdate())
