"""Who meets: an instance under its dated règlement, its mandatures, its collèges and their members."""

import uuid
from datetime import date
from typing import Self

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.urls import reverse
from django.utils import timezone

from participation.seances.workflow import Part
from participation.socle.models import Commune, Compte, Quartier, Reglement, ReglementQuerySet, Suivi
from participation.socle.models.reglements import exiger_ordre


def _jours(du: str, au: str) -> Func:
    return Func(F(du), F(au), Value("[]"), function="daterange")


def mois_d_annonce() -> list[int]:
    return [6, 3, 1]


class Instance(Suivi):
    SUJET = "l’instance"

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

    class Meta:
        verbose_name = "instance"
        ordering = ["nom"]

    def __str__(self) -> str:
        return self.nom

    def get_absolute_url(self) -> str:
        return reverse("seances:instance", args=[self.cle])

    @property
    def domaine(self) -> str:
        return self.app

    @property
    def fil(self) -> list[tuple[str, str]]:
        return [("Instances", reverse("seances:instances")), (self.sigle, self.get_absolute_url())]

    def get_public_url(self) -> str:
        return reverse("seances:composition", args=[self.cle])

    def mandature_du(self, jour: date | None = None) -> "Mandature | None":
        return self.mandatures.du(jour).first()

    def reglement_du(self, jour: date | None = None) -> "ReglementInstance | None":
        return self.reglements.en_vigueur(jour)


class ReglementInstanceQuerySet(ReglementQuerySet["ReglementInstance"]):
    """Of one instance: `instance.reglements.en_vigueur()`."""


class ReglementInstance(Reglement):
    """A version of an instance's règlement intérieur. Models: CRPA R133-3 to R133-13 and L2121-12, L2121-17 CGCT."""

    class Unite(models.TextChoices):
        FRANCS = "francs", "jours francs"
        OUVRES = "ouvres", "jours ouvrés"
        CALENDAIRES = "calendaires", "jours"

    class Base(models.TextChoices):
        EN_EXERCICE = "en_exercice", "membres en exercice"
        SIEGES = "sieges", "sièges prévus"

    instance = models.ForeignKey(
        Instance, on_delete=models.PROTECT, related_name="reglements", verbose_name="instance"
    )
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
    majorite = models.CharField(
        "majorité",
        max_length=12,
        choices=Part,
        default=Part.MAJORITE,
        help_text="Des voix exprimées, pour et contre.",
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
                    (_jours("en_vigueur_du", "en_vigueur_au"), RangeOperators.OVERLAPS),
                ],
                violation_error_message="Une autre version est déjà en vigueur à ces dates.",
            ),
        ]


class MandatureQuerySet(models.QuerySet["Mandature"]):
    def du(self, jour: date | None = None) -> Self:
        jour = jour or timezone.localdate()
        return self.filter(Q(debut__lte=jour) & (Q(fin__isnull=True) | Q(fin__gte=jour)))


class Mandature(models.Model):
    instance = models.ForeignKey(
        Instance, on_delete=models.PROTECT, related_name="mandatures", verbose_name="instance"
    )
    intitule = models.CharField("intitulé", max_length=80, help_text="Par exemple « 2026-2029 ».")
    debut = models.DateField("début")
    fin = models.DateField("fin", null=True, blank=True)
    deliberation = models.CharField("délibération de composition", max_length=160, blank=True)
    installee_le = models.DateField("installée le", null=True, blank=True)

    objects = MandatureQuerySet.as_manager()

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
                    (_jours("debut", "fin"), RangeOperators.OVERLAPS),
                ],
                violation_error_message="Une autre mandature couvre déjà une partie de ces dates.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instance.sigle} {self.intitule}"

    def clean(self) -> None:
        exiger_ordre(self.debut, self.fin, "fin")


class College(models.Model):
    """A group of seats. Its voting right runs from a day: it was given to the habitants of Grenoble on 14 February 2025."""

    mandature = models.ForeignKey(
        Mandature, on_delete=models.PROTECT, related_name="colleges", verbose_name="mandature"
    )
    nom = models.CharField("nom", max_length=80)
    ordre = models.PositiveSmallIntegerField("ordre", default=1)
    sieges = models.PositiveSmallIntegerField("sièges de titulaires")
    vote_depuis = models.DateField(
        "droit de vote depuis le", null=True, blank=True, help_text="Vide : voix consultative."
    )
    a_des_suppleants = models.BooleanField("avec des suppléants", default=True)
    est_elu = models.BooleanField("collège d’élus", default=False)

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

    def a_le_vote(self, jour: date | None = None) -> bool:
        return self.vote_depuis is not None and self.vote_depuis <= (jour or timezone.localdate())


class MembreQuerySet(models.QuerySet["Membre"]):
    def en_fonction(self, jour: date | None = None) -> Self:
        jour = jour or timezone.localdate()
        return self.filter(Q(du__lte=jour) & (Q(au__isnull=True) | Q(au__gte=jour)))

    def titulaires(self) -> Self:
        return self.filter(rang=Membre.Rang.TITULAIRE)

    def de_l_instance(self, instance: Instance) -> Self:
        return self.filter(college__mandature__instance=instance)

    def avec_personne(self) -> Self:
        return self.select_related(
            "compte", "college__mandature__instance", "commune", "suppleant_de__compte"
        )


class Membre(models.Model):
    """A person in a collège, from a day to a day (included). A person may sit in several instances."""

    class Rang(models.TextChoices):
        TITULAIRE = "titulaire", "titulaire"
        SUPPLEANT = "suppleant", "suppléant"

    class Fonction(models.TextChoices):
        MEMBRE = "membre", "membre"
        PRESIDENT = "president", "présidence"
        COPRESIDENT = "copresident", "coprésidence"
        DELEGUE = "delegue", "délégation de collège"

    college = models.ForeignKey(
        College, on_delete=models.PROTECT, related_name="membres", verbose_name="collège"
    )
    compte = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="sieges", verbose_name="personne"
    )
    rang = models.CharField("rang", max_length=10, choices=Rang, default=Rang.TITULAIRE)
    suppleant_de = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="suppleants",
        verbose_name="supplée",
    )
    organisme = models.CharField(
        "au nom de", max_length=160, blank=True, help_text="Association, groupe politique, administration."
    )
    fonction = models.CharField("fonction", max_length=12, choices=Fonction, default=Fonction.MEMBRE)
    commune = models.ForeignKey(
        Commune, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="commune"
    )
    quartier = models.ForeignKey(
        Quartier, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="quartier"
    )
    du = models.DateField("depuis le", default=timezone.localdate)
    au = models.DateField("jusqu’au", null=True, blank=True)
    terme = models.DateField(
        "fin prévue",
        null=True,
        blank=True,
        help_text="Ce qui était dit à la nomination : un remplaçant siège jusque-là.",
    )
    remplace = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="remplacants",
        verbose_name="remplace",
    )
    nomme_par = models.CharField("nommé par", max_length=160, blank=True, help_text="Délibération, arrêté.")
    motif_fin = models.CharField("raison du départ", max_length=200, blank=True)

    objects = MembreQuerySet.as_manager()

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
                    (_jours("du", "au"), RangeOperators.OVERLAPS),
                ],
                violation_error_message="Cette personne siège déjà dans ce collège à ces dates.",
            ),
        ]

    def __str__(self) -> str:
        """Her name; never her address, that an account without name would show to the room and to the public."""
        return self.compte.get_full_name() or "Membre sans nom"

    def clean(self) -> None:
        exiger_ordre(self.du, self.au, "au")

    @property
    def qualite(self) -> str:
        """Under the name, for the service: the function held, and on whose behalf or else the commune."""
        return self._qualite(self.organisme or str(self.commune or ""))

    @property
    def qualite_publique(self) -> str:
        """The same for everybody else: her commune only if she publishes it. In a list, read with `compte__profil`."""
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
        """What the person says of herself, if she ever did. Read with `select_related("compte__profil")` in a list."""
        return getattr(self.compte, "profil", None)

    def est_en_fonction(self, jour: date | None = None) -> bool:
        jour = jour or timezone.localdate()
        return self.du <= jour and (self.au is None or jour <= self.au)


class Profil(models.Model):
    """What a person lets the service know and show. Everything here is optional, and hers to change."""

    class Genre(models.TextChoices):
        FEMME = "femme", "femme"
        HOMME = "homme", "homme"
        AUTRE = "autre", "autre"

    class Age(models.TextChoices):
        MOINS_25 = "16_24", "16 à 24 ans"
        MOINS_40 = "25_39", "25 à 39 ans"
        MOINS_60 = "40_59", "40 à 59 ans"
        MOINS_75 = "60_74", "60 à 74 ans"
        PLUS_75 = "75", "75 ans ou plus"

    class Besoin(models.TextChoices):
        INTERPRETE = "interprete", "interprète (langue des signes ou autre langue)"
        GARDE = "garde", "garde d’enfants"
        TRANSPORT = "transport", "transport"
        GRANDS_CARACTERES = "grands_caracteres", "documents en grands caractères"
        BOUCLE = "boucle", "boucle magnétique"

    compte = models.OneToOneField(
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
