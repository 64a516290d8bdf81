"""Who comes: a seat, a rank on the waiting list, what she needs, whether she came."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from participation.rencontres.models.reglement import ReglementRencontres
from participation.rencontres.models.rencontres import Rencontre
from participation.rencontres.workflow import VIVANTES, Besoin, Canal, EtatInscription
from participation.socle.calendrier import il_y_a_plus_de
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.francais import accorder
from participation.socle.liens import Lien
from participation.socle.models import AProuver, CleEtrangere, Compte, Partie, PortePar, Scelle
from participation.socle.regles.adresses import canoniser

E = EtatInscription


class InscriptionQuerySet(models.QuerySet["Inscription"]):
    def vivantes(self) -> Self:
        return self.filter(etat__in=sorted(VIVANTES), efface_le=None)

    def joignables(self) -> Self:
        """Return those with a mailbox, which was proved or given by an agent."""
        return self.vivantes().exclude(courriel="")


class Inscription(Scelle, AProuver, Partie):
    """One person, one seat. Her needs are read by who organises, and erased with her name.

    An address given online gives neither seat nor rank until the link of its letter (`LIEN_CONFIRMATION`, shown
    nowhere else) proves it. Without an address, she keeps her ticket herself (`LIEN`).
    """

    DEMANDEE, PROUVEE, CLE = "inscrite_le", "confirmee_le", "rencontres-inscription"
    LIEN: ClassVar[Lien] = Lien("rencontres.inscription", lettre="i", page="rencontres:mon_inscription")
    LIEN_CONFIRMATION: ClassVar[Lien] = Lien("rencontres.confirmation")

    rencontre = CleEtrangere(Rencontre, related_name="inscriptions")
    etat = models.CharField("état", max_length=12, choices=EtatInscription, default=E.INSCRITE)
    canal = models.CharField("reçue", max_length=10, choices=Canal, default=Canal.WEB)
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

    suivi = PortePar[Rencontre]("rencontre")
    objects = InscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = "inscription à une rencontre"
        verbose_name_plural = "inscriptions aux rencontres"
        ordering = ["rencontre", "inscrite_le", "pk"]
        indexes = [
            models.Index("rencontre", "etat", "inscrite_le", name="rencontre_file"),
            models.Index("offerte_jusqu_a", name="rencontre_offres", condition=Q(etat="offerte")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(besoins__contains=["interprete"]) | ~Q(langue="") | Q(efface_le__isnull=False),
                name="rencontre_langue_dite",
                violation_error_message="Dites quelle langue l’interprète doit parler.",
            ),
            models.CheckConstraint(
                condition=~Q(besoins__contains=["garde"]) | Q(enfants__gt=0) | Q(efface_le__isnull=False),
                name="rencontre_enfants_comptes",
                violation_error_message="Dites combien d’enfants sont à garder.",
            ),
            models.CheckConstraint(
                condition=Q(etat="offerte", offerte_jusqu_a__isnull=False)
                | (~Q(etat="offerte") & Q(offerte_jusqu_a__isnull=True)),
                name="rencontre_offre_datee",
                violation_error_message="Une place proposée l’est jusqu’à un instant.",
            ),
        ]

    def __str__(self) -> str:
        return self.nom or f"Inscription n° {self.pk}"

    @property
    def designation(self) -> str:
        return f"{self}, {self.rencontre.titre}"

    def jeton(self) -> str:
        return self.LIEN.jeton(self)

    def jeton_de_confirmation(self) -> str:
        return self.LIEN_CONFIRMATION.jeton(self)

    def trop_tard(self) -> str:
        refus = self.suivi.refus("confirmer_inscription", None, self)
        return refus.message if refus is not None else ""

    @classmethod
    def sans_preuve(cls) -> Iterable[models.QuerySet[Any]]:
        limite = il_y_a_plus_de(ReglementRencontres.actuel().delai_confirmation_jours)
        return [cls.objects.filter(etat=E.A_CONFIRMER, efface_le=None, inscrite_le__lt=limite)]

    @classmethod
    def effacer(cls, numeros: Sequence[int]) -> None:
        """Erase who it is, and the letters. The ticked needs and the presence stay, for the figures."""
        cls.effacer_lettres(numeros)
        cls.objects.filter(pk__in=numeros).update(
            nom="", courriel="", telephone="", langue="", precisions="", efface_le=timezone.now()
        )

    @property
    def besoins_en_mots(self) -> list[str]:
        """Return « un interprète (arabe) », « une garde d’enfants (2) »."""
        precis = {Besoin.INTERPRETE: self.langue, Besoin.GARDE: str(self.enfants or "")}
        mots = [(str(b.label), precis.get(b, "")) for b in Besoin if b in self.besoins]
        return [f"{mot} ({precision})" if precision else mot for mot, precision in mots]

    @property
    def rang_d_attente(self) -> int:
        """Rank on the waiting list, from 1."""
        avant = Q(inscrite_le__lt=self.inscrite_le) | Q(inscrite_le=self.inscrite_le, pk__lt=self.pk)
        return self.rencontre.inscriptions.filter(avant, etat=E.ATTENTE).count() + 1

    def refus(self, acte: str, par: Compte | None) -> ErreurMetier | None:
        if mots := self._pourquoi_pas(acte):
            return ActeInterdit(mots)
        return super().refus(acte, par)

    def _pourquoi_pas(self, acte: str) -> str:
        if self.efface_le is not None:
            return "Cette inscription est effacée."
        match acte:
            case "confirmer_inscription":
                return self._pourquoi_ne_pas_confirmer()
            case "accepter_place" if self.etat != E.OFFERTE:
                return "Aucune place ne vous est proposée en ce moment."
            case "annuler_inscription" if self.presente_le is not None:
                return "La présence de cette personne est déjà notée."
            case "annuler_inscription" if self.etat not in VIVANTES:
                return "Cette inscription est déjà annulée, ou n’a jamais été confirmée."
            case "noter_presence" if self.presente_le is not None:
                return "La présence de cette personne est déjà notée."
            case "noter_presence" if self.etat == E.ANNULEE:
                return "Cette inscription est annulée : inscrivez la personne de nouveau."
            case "coller_gommettes" if self.presente_le is None:
                return "Les gommettes sont à qui est venu."
            case "effacer_presence" if self.presente_le is None:
                return "La présence de cette personne n’est pas notée."
        return ""

    def _pourquoi_ne_pas_confirmer(self) -> str:
        if self.etat == E.ANNULEE:
            return "Votre inscription est annulée."
        if self.etat != E.A_CONFIRMER:
            return "Votre adresse est déjà confirmée."
        if not self.rencontre.recoit():
            return "Les inscriptions sont closes, et la vôtre n’a pas été confirmée à temps."
        return self.trop_de_la_meme_boite()

    def trop_de_la_meme_boite(self) -> str:
        """Say that this mailbox, whatever its spelling, has as many registrations as it may; "" otherwise."""
        autres = self.rencontre.inscriptions.vivantes().exclude(pk=self.pk)
        boite = canoniser(self.courriel)
        siennes = sum(canoniser(autre) == boite for autre in autres.values_list("courriel", flat=True))
        if siennes < ReglementRencontres.actuel().inscriptions_par_boite:
            return ""
        return (
            f"Cette adresse a déjà {accorder(siennes, 'inscription')} à cette rencontre, le maximum. Pour inscrire "
            "une autre personne, donnez son adresse, ou appelez-nous."
        )
