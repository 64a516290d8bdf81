"""The cahier d’acteur: what an organisation says of a dossier, with its document, and its consent to publish both."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone

from participation.cadres.models.reglement import ReglementCadres
from participation.cadres.workflow import EtatCahier
from participation.socle.calendrier import il_y_a_plus_de
from participation.socle.erreurs import Manque
from participation.socle.francais import jour_texte
from participation.socle.liens import Lien
from participation.socle.models import (
    CleEtrangere,
    CleUnique,
    Compte,
    Demandeur,
    Dossier,
    Partie,
    Piece,
    PortePar,
    Scelle,
)


class Cahier(Scelle, Demandeur, Partie):
    """Asked for by its address, deposited by the link of its letter, or entered by an agent; public once an agent read it."""

    LIEN: ClassVar[Lien] = Lien("cadres.cahier")
    CLE: ClassVar[str] = "cadres-cahier"

    dossier = CleEtrangere(Dossier, on_delete=models.CASCADE, related_name="cahiers", db_column="cadre_id")
    etat = models.CharField("état", max_length=10, choices=EtatCahier, default=EtatCahier.ATTENDU)
    organisation = models.CharField("organisation", max_length=160)
    courriel = models.EmailField("courriel", blank=True)
    resume = models.TextField("résumé", max_length=3000, blank=True)
    piece = CleUnique(Piece, null=True, related_name="cahier", verbose_name="document")
    consenti_le = models.DateTimeField("accord pour publier, donné le", null=True, blank=True)
    motif = models.TextField("raison de ne pas publier", max_length=1000, blank=True)

    suivi = PortePar[Dossier]("dossier.enfant")

    class Meta:
        verbose_name = "cahier d’acteur"
        verbose_name_plural = "cahiers d’acteurs"
        ordering = ["dossier", "organisation", "pk"]
        constraints = [
            models.UniqueConstraint(
                "dossier",
                Lower("courriel"),
                condition=~Q(courriel=""),
                name="cahier_adresse_unique",
                violation_error_message="Cette adresse a déjà un cahier ici.",
            ),
            models.CheckConstraint(
                condition=Q(etat=EtatCahier.ATTENDU)
                | Q(piece__isnull=False, consenti_le__isnull=False) & ~Q(resume=""),
                name="cahier_depose_entier",
                violation_error_message="Un cahier a son résumé, son document et l’accord de l’organisation.",
            ),
            models.CheckConstraint(
                condition=~Q(etat=EtatCahier.ECARTE) | ~Q(motif=""),
                name="cahier_ecarte_dit_pourquoi",
                violation_error_message="Dites pourquoi il n’est pas publié.",
            ),
        ]

    def __str__(self) -> str:
        return self.organisation

    @property
    def texte_modere(self) -> str:
        return self.resume

    @property
    def cle_d_echeance(self) -> str:
        return f"cahier-{self.pk}"

    def jeton(self) -> str:
        return self.LIEN.jeton(self)

    @classmethod
    def jours_sans_preuve(cls) -> int:
        return ReglementCadres.actuel().preuve_jours

    @classmethod
    def sans_preuve(cls) -> Iterable[models.QuerySet[Any]]:
        """Return also those whose address was proved and that nobody deposited before the dossier is closed."""
        limite = il_y_a_plus_de(cls.jours_sans_preuve())
        attendus = cls._default_manager.filter(etat=EtatCahier.ATTENDU)
        return [
            attendus.filter(confirme_le=None, demande_le__lt=limite),
            attendus.filter(dossier__clos_le__lt=limite),
        ]

    @classmethod
    def oublier(cls, numeros: Sequence[int]) -> None:
        """Forget the address of these: what was deposited stays, as the words of an organisation."""
        cls.effacer(
            list(
                cls._default_manager.filter(pk__in=numeros, etat=EtatCahier.ATTENDU).values_list(
                    "pk", flat=True
                )
            )
        )
        cls.effacer_lettres(numeros)
        cls._default_manager.filter(pk__in=numeros).update(courriel="")


def recoit_des_cahiers(dossier: Any) -> bool:
    """Whether organisations deposit one today. Budgets and forums, which are no dossiers, receive none."""
    jusqu_au = getattr(dossier, "cahiers_jusqu_au", None)
    return (
        jusqu_au is not None
        and jusqu_au >= timezone.localdate()
        and dossier.est_publie
        and dossier.clos_le is None
    )


def avant_de_recevoir(dossier: Dossier, acte: str, par: Compte | None) -> list[str]:
    if dossier.clos_le is not None:
        return ["Ce dossier est clos : il ne reçoit plus de cahiers d’acteurs."]
    if not dossier.est_publie or not hasattr(dossier, "get_public_url"):
        return [
            Manque(
                "Ce dossier n’est pas public : les cahiers d’acteurs se lisent sur sa page publique.",
                dossier.get_absolute_url(),
            )
        ]
    return []


def avant_de_saisir(dossier: Dossier, acte: str, par: Compte | None) -> list[str]:
    """It may come by post after the day, but not where none was asked for."""
    return avant_de_recevoir(dossier, acte, par) or (
        [] if dossier.cahiers_jusqu_au is not None else cahiers_fermes(dossier, acte, par)
    )


def cahiers_fermes(dossier: Dossier, acte: str, par: Compte | None) -> list[str]:
    if dossier.pk is None or recoit_des_cahiers(dossier):
        return []
    if dossier.cahiers_jusqu_au is not None and dossier.cahiers_jusqu_au < timezone.localdate():
        dit = f"Les cahiers d’acteurs étaient reçus jusqu’au {jour_texte(dossier.cahiers_jusqu_au)}."
    elif dossier.cahiers_jusqu_au is not None:
        dit = "Les cahiers d’acteurs ne sont plus reçus."
    else:
        dit = "Aucun cahier d’acteur n’est demandé ici."
    return [Manque(dit, reverse("cadres:recevoir_cahiers", args=[dossier.pk]) if par is not None else "")]


def avant_de_deposer(cahier: Cahier, acte: str, par: Compte | None) -> list[str]:
    """It is changed until it is read, and deposited in time."""
    if cahier.etat not in {EtatCahier.ATTENDU, EtatCahier.A_LIRE}:
        return ["Ce cahier est déjà lu : il ne change plus."]
    return cahiers_fermes(cahier.dossier.enfant, acte, par)


def pas_a_lire(cahier: Cahier, acte: str, par: Compte | None) -> list[str]:
    possibles = {EtatCahier.A_LIRE, EtatCahier.PUBLIE} if acte == "ecarter_cahier" else {EtatCahier.A_LIRE}
    return [] if cahier.etat in possibles else [f"Ce cahier est {cahier.get_etat_display()}."]
