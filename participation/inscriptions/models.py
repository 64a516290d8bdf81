"""An event that people register for, and a registration: a seat, a rank, what somebody needs, whether she came."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Self

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from participation.inscriptions.workflow import (
    ASSISES,
    NON_PROUVEES,
    VIVANTES,
    Besoin,
    Canal,
    EtatInscription,
)
from participation.socle.calendrier import il_y_a_plus_de
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.francais import instant_texte, jour_texte, majuscule
from participation.socle.langues import FRANCAIS
from participation.socle.liens import Lien
from participation.socle.models import AProuver, Compte, Partie, Reglement, Scelle, Suivi
from participation.socle.models.telephones import index_du_telephone
from participation.socle.regles.adresses import canoniser

E = EtatInscription


def rappels_de_depart() -> list[int]:
    return [7, 1]


class ReglementInscriptions(Reglement):
    """Figures of registration, in the règlement of a kind of event."""

    delai_confirmation_jours = models.PositiveSmallIntegerField(
        "une inscription en ligne attend la preuve de son adresse (jours)", default=3
    )
    offre_jours = models.PositiveSmallIntegerField(
        "une place proposée attend une réponse (jours)",
        default=2,
        db_default=2,
        help_text="Ensuite, elle va à la personne suivante. 0 : une place libre est donnée, sans demander.",
    )
    rappels_jours = ArrayField(
        models.PositiveSmallIntegerField(validators=[MaxValueValidator(60)]),
        verbose_name="rappels aux personnes inscrites (jours avant)",
        default=rappels_de_depart,
        db_default=[7, 1],
        blank=True,
    )
    inscriptions_par_boite = models.PositiveSmallIntegerField(
        "inscriptions pour une adresse de courriel",
        default=4,
        db_default=4,
        validators=[MinValueValidator(1)],
        help_text="Une famille s’inscrit avec une seule adresse. L’accueil peut en inscrire davantage.",
    )
    part_sans_courriel = models.PositiveSmallIntegerField(
        "places données en ligne sans adresse de courriel (%)",
        default=30,
        db_default=30,
        validators=[MaxValueValidator(100)],
        help_text="Au-delà, ces personnes entrent en liste d’attente : un agent les inscrit, ou leur propose une place. "
        "0 : en ligne, l’adresse est demandée.",
    )

    class Meta(Reglement.Meta):
        abstract = True


@dataclass(frozen=True, slots=True)
class Mots:
    """What a kind of event is called: « forum », « ce forum », « un forum », « du forum », « au forum », « forums »."""

    nom: str
    ce: str
    un: str
    du: str
    au: str
    pluriel: str


class Evenement(Suivi):
    """What people register for: when, where, how many seats. Its journal never names who is registered.

    A kind says its words, its règlement, its questions beside (`A_COTE` of its registrations), in which états it is
    open on line and called off; its rows have `titre`, `motif`, and `inscriptions`.
    """

    NATURE: ClassVar[str]  # « forum »: in the profile, on paper, in calendars
    MOTS: ClassVar[Mots]
    EN_LIGNE: ClassVar[str]
    ANNULE: ClassVar[str]
    REGLEMENT: ClassVar[type[Any]]
    CONSERVATION: ClassVar[str]  # its column that says after how many days who was registered is erased
    TRAITEMENT: ClassVar[str]  # key of the register of treatments

    debut = models.DateTimeField("début")
    fin = models.DateTimeField("fin")
    lieu = models.CharField("lieu", max_length=160)
    adresse = models.CharField("adresse", max_length=200)
    acces = models.TextField(
        "comment venir et entrer",
        max_length=1500,
        help_text="Arrêt de transport, entrée sans marche, boucle magnétique, toilettes adaptées, garde d’enfants.",
    )
    places = models.PositiveSmallIntegerField(
        "places", validators=[MinValueValidator(1), MaxValueValidator(5000)]
    )
    date_limite = models.DateField("dernier jour pour s’inscrire")
    motif = models.TextField("raison de l’annulation", max_length=1000, blank=True)
    # Incremented by each change told to the people registered: SEQUENCE of the calendar event.
    sequence = models.PositiveSmallIntegerField("version", default=0, editable=False)

    titre: Any
    etat: Any
    cree_le: Any
    inscriptions: Any

    class Meta:
        abstract = True

    def clean(self) -> None:
        super().clean()
        if self.debut and self.date_limite and self.date_limite > self.jour:
            raise ValidationError({"date_limite": f"On s’inscrit au plus tard le jour {self.MOTS.du}."})

    @classmethod
    def lisibles(cls) -> Any:
        """Return those that anybody may read."""
        raise NotImplementedError

    @classmethod
    def tous(cls) -> Any:
        return cls._default_manager.all()

    @classmethod
    def ouverts(cls) -> Any:
        """Return those whose seats are given, by their day."""
        return cls.tous().filter(etat__in=sorted(cls.acte("inscrire").de)).order_by("debut", "pk")

    @classmethod
    def inscription(cls) -> Any:
        """Return the model of its registrations."""
        return cls._meta.get_field("inscriptions").related_model

    @classmethod
    def lot(cls) -> str:
        """Return what its registrations are called on an elimination slip."""
        return f"{cls._meta.app_label}.inscrits"

    def get_public_url(self) -> str:
        raise NotImplementedError

    def adresse_de(self, page: str, *valeurs: Any) -> str:
        """Return the address of one of its pages of registration."""
        return reverse(f"{self._meta.app_label}:{page}", args=valeurs or (self.pk,))

    @property
    def fil_public(self) -> list[tuple[str, str]]:
        """Whoever keeps the door reads its list alone."""
        return [(f"Accueil {self.MOTS.du}", self.adresse_de("accueil"))] if self.pk else []

    @property
    def fil_des_pages(self) -> list[tuple[str, str]]:
        """Breadcrumb to its public page."""
        raise NotImplementedError

    @property
    def liens_de_l_accueil(self) -> list[tuple[str, str]]:
        """Return (words, address) of what else the door opens."""
        return []

    @property
    def regle(self) -> Any:
        return self.REGLEMENT.actuel()

    @property
    def jour(self) -> date:
        return timezone.localdate(self.debut)

    @property
    def est_annule(self) -> bool:
        return bool(self.etat == self.ANNULE)

    @property
    def est_ouvert(self) -> bool:
        """Whether agents give its seats: its public is registered, and told of what changes."""
        return self.transition("inscrire").part_de(self.etat)

    @property
    def accueille(self) -> bool:
        """Whether presences are noted at its door."""
        return self.transition("noter_presence").part_de(self.etat)

    @property
    def est_a_venir(self) -> bool:
        """Whether its seats are still given."""
        return self.est_ouvert and self.debut > timezone.now()

    def recoit(self) -> bool:
        """Whether a person can register online now."""
        return bool(self.etat == self.EN_LIGNE) and timezone.localdate() <= self.date_limite and timezone.now() < self.fin  # fmt: skip

    @property
    def places_prises(self) -> int:
        return int(self.inscriptions.filter(etat__in=sorted(ASSISES)).count())

    @property
    def places_libres(self) -> int:
        return max(self.places - self.places_prises, 0)

    @property
    def admet_sans_courriel(self) -> bool:
        """Whether who gives no address on line may still have a seat: a part of them are given so, by the règlement.

        Once no seat is left, everybody waits alike.
        """
        sans = (
            self.inscriptions.vivantes().filter(canal=Canal.WEB, courriel="").exclude(etat=E.ATTENTE).count()
        )
        part = self.regle.part_sans_courriel
        if 100 * (sans + 1) <= self.places * part:
            return True
        return bool(part) and not self.places_libres

    def attend(self) -> bool:
        """Whether somebody waits: who comes now waits too, even beside a seat just given up."""
        return bool(self.inscriptions.filter(etat=E.ATTENTE).exists())

    def pas_encore_le_jour(self) -> str:
        """Say why no presence is noted yet: a code tried at home would count as one. "" from the day on."""
        if self.jour <= timezone.localdate():
            return ""
        return f"{majuscule(self.SUJET)} est le {jour_texte(self.jour)} : les présences se notent ce jour-là."

    def mots_de_suite(self) -> dict[str, str]:
        return {"quand": instant_texte(self.debut) if self.debut else ""}

    def oublier_autour(self) -> None:
        """Erase the other addresses that it holds, with those of who was registered."""


def evenements() -> list[type[Evenement]]:
    return [modele for modele in apps.get_models() if issubclass(modele, Evenement)]


class InscriptionQuerySet(models.QuerySet[Any]):
    def vivantes(self) -> Self:
        return self.filter(etat__in=sorted(VIVANTES), efface_le=None)

    def joignables(self) -> Self:
        """Return those with a mailbox, which was proved or given by an agent."""
        return self.vivantes().exclude(courriel="")


class InscriptionAEvenement(Scelle, AProuver, Partie):
    """One person, one seat. Her needs are read by who organises, and erased with her name.

    An address given online gives neither seat nor rank until the link of its letter (`LIEN_CONFIRMATION`, shown
    nowhere else) proves it. Without an address, she keeps her ticket herself (`LIEN`).
    A kind has its foreign key `evenement`, its links, and its questions beside.
    """

    DEMANDEE, PROUVEE = "inscrite_le", "confirmee_le"
    LIEN: ClassVar[Lien]
    LIEN_CONFIRMATION: ClassVar[Lien]
    # Its own fields that the forms ask, with the words of the public page; what the list of the door reads with them.
    A_COTE: ClassVar[dict[str, str]] = {}
    JOINTS: ClassVar[tuple[str, ...]] = ()
    # What stays, without a name, once she is erased.
    RESTE: ClassVar[tuple[str, ...]] = ("les besoins cochés", "la présence")

    evenement: Any
    etat = models.CharField("état", max_length=12, choices=EtatInscription, default=E.INSCRITE)
    canal = models.CharField(
        "reçue", max_length=10, choices=Canal, default=Canal.WEB, db_default=Canal.WEB.value
    )
    nom = models.CharField("nom", max_length=120, blank=True)
    courriel = models.EmailField("courriel", blank=True)
    telephone = models.CharField("téléphone", max_length=30, blank=True)
    besoins = ArrayField(
        models.CharField(max_length=12, choices=Besoin), verbose_name="besoins", default=list, blank=True
    )
    langue = models.CharField("langue de l’interprète", max_length=60, blank=True)
    enfants = models.PositiveSmallIntegerField(
        "enfants à garder", default=0, validators=[MaxValueValidator(12)]
    )
    precisions = models.TextField("précisions", max_length=600, blank=True)
    inscrite_le = models.DateTimeField("inscription du", default=timezone.now)
    confirmee_le = models.DateTimeField("confirmée le", null=True, blank=True)
    offerte_jusqu_a = models.DateTimeField("place proposée jusqu’au", null=True, blank=True)
    presente_le = models.DateTimeField("présence notée le", null=True, blank=True)
    efface_le = models.DateTimeField("effacée le", null=True, blank=True, editable=False)
    cle = models.UUIDField("clé de l’envoi", null=True, unique=True, editable=False)
    # `langue` is what her interpreter speaks: in this one she reads her letters.
    langue_lettres = models.CharField("langue des lettres", max_length=2, default=FRANCAIS, db_default="fr")

    objects = InscriptionQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["evenement", "inscrite_le", "pk"]

    def __str__(self) -> str:
        return self.nom or f"Inscription n° {self.pk}"

    @property
    def designation(self) -> str:
        return f"{self}, {self.evenement.titre}"

    def jeton(self) -> str:
        return self.LIEN.jeton(self)

    def jeton_de_confirmation(self) -> str:
        return self.LIEN_CONFIRMATION.jeton(self)

    @property
    def contact(self) -> models.Model:
        return self

    @property
    def est_prouvee(self) -> bool:
        return self.etat in VIVANTES

    @property
    def est_a_confirmer(self) -> bool:
        return self.etat in NON_PROUVEES and self.efface_le is None

    @classmethod
    def sans_preuve(cls) -> Iterable[models.QuerySet[Any]]:
        regle = cls._meta.get_field("evenement").related_model.REGLEMENT.actuel()  # type: ignore[union-attr]
        limite = il_y_a_plus_de(regle.delai_confirmation_jours)
        return [cls._default_manager.filter(etat__in=sorted(NON_PROUVEES), efface_le=None, inscrite_le__lt=limite)]  # fmt: skip

    @classmethod
    def effacer(cls, numeros: Sequence[int]) -> None:
        """Erase who it is, and the letters. The ticked needs, the presence and what is beside stay, for the figures."""
        cls.effacer_lettres(numeros)
        cls._default_manager.filter(pk__in=numeros).update(
            nom="",
            courriel="",
            telephone="",
            langue="",
            langue_lettres=FRANCAIS,
            precisions="",
            efface_le=timezone.now(),
        )

    @property
    def besoins_en_mots(self) -> list[str]:
        return [self.besoin_en_mots(besoin) for besoin in Besoin if besoin in self.besoins]

    def besoin_en_mots(self, besoin: Besoin) -> str:
        """Return « un interprète (arabe) », « une garde d’enfants (2) », in the language of the page."""
        precis = {Besoin.INTERPRETE: self.langue.strip(), Besoin.GARDE: str(self.enfants or "")}.get(besoin)
        mot = gettext(besoin.label)
        return f"{mot} ({precis})" if precis else mot

    @property
    def a_cote(self) -> list[str]:
        """What the door reads beside her name: her table, her quartier."""
        return []

    @property
    def sur_place(self) -> list[tuple[str, str]]:
        """Return (words, address) of what her ticket opens once she is there."""
        return []

    @property
    def rang_d_attente(self) -> int:
        """Rank on the waiting list, from 1."""
        avant = Q(inscrite_le__lt=self.inscrite_le) | Q(inscrite_le=self.inscrite_le, pk__lt=self.pk)
        return int(self.evenement.inscriptions.filter(avant, etat=E.ATTENTE).count()) + 1

    def trop_tard(self) -> str:
        refus = self.suivi.refus("confirmer_inscription", None, self)
        return refus.message if refus is not None else ""

    def refus(self, acte: str, par: Compte | None) -> ErreurMetier | None:
        mots = self.pourquoi_pas(acte)
        return ActeInterdit(mots) if mots else super().refus(acte, par)

    def pourquoi_pas(self, acte: str) -> str:
        """Return, in a sentence, why her registration does not allow this act; "" otherwise."""
        if acte == "confirmer_inscription":
            return self._pourquoi_ne_pas_confirmer()
        if self.efface_le is not None:
            return gettext("Cette inscription est effacée.")
        match acte:
            case "accepter_place" if self.etat != E.OFFERTE:
                return gettext("Aucune place n’est proposée en ce moment.")
            case "annuler_inscription" if self.est_a_confirmer:
                return gettext("Cette inscription n’est pas confirmée : elle ne tient aucune place.")
            case "annuler_inscription" if self.etat not in VIVANTES:
                return gettext("Cette inscription est déjà annulée.")
            case "annuler_inscription" | "noter_presence" if self.presente_le is not None:
                return gettext("La présence de cette personne est déjà notée.")
            case "noter_presence" if self.etat == E.ANNULEE:
                return "Cette inscription est annulée : inscrivez la personne de nouveau."
            case "effacer_presence" if self.presente_le is None:
                return "La présence de cette personne n’est pas notée."
        return ""

    def _pourquoi_ne_pas_confirmer(self) -> str:
        if self.etat == E.ANNULEE:
            return gettext("Votre inscription est annulée.")
        if self.efface_le is not None:
            return gettext("Votre inscription n’a pas été confirmée à temps. Elle est effacée.")
        if self.etat not in NON_PROUVEES:
            return gettext("Votre adresse est déjà confirmée.")
        if not self.evenement.recoit():
            return gettext("Les inscriptions sont closes, et la vôtre n’a pas été confirmée à temps.")
        return self.trop_de_la_meme_boite()

    def trop_de_la_meme_boite(self) -> str:
        """Say that this mailbox, whatever its spelling, has as many registrations as it may; "" otherwise.

        One person must not take every seat. The caller locks the event.
        """
        autres = self.evenement.inscriptions.vivantes().exclude(pk=self.pk)
        boite = canoniser(self.courriel)
        siennes = sum(canoniser(autre) == boite for autre in autres.values_list("courriel", flat=True))
        if siennes < self.evenement.regle.inscriptions_par_boite:
            return ""
        return ngettext(
            "Cette adresse a déjà %(nombre)s inscription, le maximum. Pour inscrire une autre personne, donnez son "
            "adresse, ou appelez-nous.",
            "Cette adresse a déjà %(nombre)s inscriptions, le maximum. Pour inscrire une autre personne, donnez son "
            "adresse, ou appelez-nous.",
            siennes,
        ) % {"nombre": siennes}


def index(prefixe: str, offres: str) -> list[models.Index]:
    return [
        models.Index("evenement", "etat", "inscrite_le", name=f"{prefixe}_file"),
        models.Index("offerte_jusqu_a", name=offres, condition=Q(etat="offerte")),
        index_du_telephone(f"{prefixe}_telephone"),
    ]


def contraintes(prefixe: str) -> list[models.BaseConstraint]:
    """Return the constraints of a model of registrations, each named from `prefixe`."""
    efface = Q(efface_le__isnull=False)
    return [
        models.CheckConstraint(
            condition=~Q(besoins__contains=["interprete"]) | ~Q(langue="") | efface,
            name=f"{prefixe}_langue_dite",
            violation_error_message="Dites quelle langue l’interprète doit parler.",
        ),
        models.CheckConstraint(
            condition=~Q(besoins__contains=["garde"]) | Q(enfants__gt=0) | efface,
            name=f"{prefixe}_enfants_comptes",
            violation_error_message="Dites combien d’enfants sont à garder.",
        ),
        models.CheckConstraint(
            condition=Q(etat="offerte", offerte_jusqu_a__isnull=False)
            | (~Q(etat="offerte") & Q(offerte_jusqu_a__isnull=True)),
            name=f"{prefixe}_offre_datee",
            violation_error_message="Une place proposée l’est jusqu’à un instant.",
        ),
    ]
