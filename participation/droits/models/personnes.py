"""What a person asked about her data, and what was done."""

import uuid
from collections.abc import Iterable
from typing import Any, ClassVar, Self

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.urls import reverse

from participation.droits import workflow
from participation.droits.models.reglement import ReglementDroits
from participation.droits.workflow import OUVERTS, Droit, EtatDemande, Identite
from participation.socle.calendrier import il_y_a_plus_de
from participation.socle.francais import jour_texte, majuscule
from participation.socle.langues import FRANCAIS
from participation.socle.liens import Lien
from participation.socle.models import (
    CleEtrangere,
    Compte,
    Demandeur,
    LigneDeJournal,
    Scelle,
    Suivi,
    ineffacable,
)
from participation.socle.models.telephones import index_du_telephone
from participation.socle.workflow import Apparence, Table


def chemin_copie(demande: "DemandeDroit", nom: str) -> str:
    return f"copies/{uuid.uuid4()}.zip"


class DemandeDroitQuerySet(models.QuerySet["DemandeDroit"]):
    def ouvertes(self) -> Self:
        return self.filter(etat__in=OUVERTS)

    def prouvees(self) -> Self:
        return self.exclude(etat=EtatDemande.A_PROUVER)


class DemandeDroit(Suivi, Scelle, Demandeur):
    """A copy or an erasure that a person asked for. Once done, it keeps numbers, and nothing of `QUI`.

    She is known by her address, by her telephone (E.164) beside her name, or by the row of her code on paper
    (`cle_du_papier`: « remontees.Rapporteur:12 »). `adresse`: where she is answered by post. `boite`: keyed hash of what
    she is known by, so that two requests at once are one. `rapport`: what was found and what stays, by table.
    """

    QUI = ("courriel", "telephone", "nom", "adresse", "cle_du_papier")

    SUJET = "la demande"
    TRANSITIONS: ClassVar[Table] = workflow.TRANSITIONS
    APPARENCES: ClassVar[dict[str, Apparence]] = workflow.APPARENCES
    CLE = "droit"
    USAGE = "droits.demande"
    LIEN = Lien("droits.demande")

    courriel = models.EmailField("courriel", max_length=254, blank=True)
    telephone = models.CharField("téléphone", max_length=20, blank=True, default="", db_default="")
    nom = models.CharField("nom", max_length=160, blank=True, default="", db_default="")
    adresse = models.CharField("adresse postale", max_length=300, blank=True, default="", db_default="")
    cle_du_papier = models.CharField(
        "ligne de son papier", max_length=80, blank=True, default="", db_default="", editable=False
    )
    boite = models.CharField("empreinte de qui demande", max_length=32, blank=True, editable=False)
    droit = models.CharField("demande", max_length=12, choices=Droit)
    etat = models.CharField("état", max_length=10, choices=EtatDemande, default=EtatDemande.A_PROUVER)
    identite = models.CharField("identité vérifiée", max_length=10, choices=Identite, default=Identite.LIEN)
    date_effacement = models.DateField("jour dit de l’effacement", null=True, blank=True)
    langue = models.CharField("langue de ses lettres", max_length=2, default=FRANCAIS, db_default="fr")
    faite_le = models.DateTimeField("faite le", null=True, blank=True)
    rapport = models.JSONField("rapport", default=list, blank=True)
    fichier = models.FileField("copie", upload_to=chemin_copie, blank=True)

    objects = DemandeDroitQuerySet.as_manager()

    class Meta:
        verbose_name = "demande d’une personne"
        verbose_name_plural = "demandes des personnes"
        ordering = ["-demande_le", "-pk"]
        indexes = [index_du_telephone("demande_droit_telephone")]
        constraints = [
            models.UniqueConstraint(
                fields=["boite", "droit"],
                condition=Q(etat__in=OUVERTS),
                name="demande_droit_une_ouverte",
                violation_error_message="Cette demande est déjà en cours pour cette personne.",
            )
        ]

    def __str__(self) -> str:
        return (
            f"{majuscule(self.get_droit_display())}, demande n° {self.pk}" if self.pk else "Nouvelle demande"
        )

    def get_absolute_url(self) -> str:
        return reverse("droits:demande", args=[self.pk])

    def get_public_url(self) -> str:
        return reverse("droits:ma_demande", args=[self.jeton()])

    @property
    def fil_avant(self) -> list[tuple[str, str]]:
        return [("Droits des personnes", reverse("droits:demandes"))]

    def mots_de_suite(self) -> dict[str, str]:
        a_poster = self.courriers.filter(date_postee=None, abandonne_le=None).exists()
        return {
            "effacement": jour_texte(self.date_effacement) if self.date_effacement else "",
            "reste": "imprimez la lettre, et postez-la."
            if a_poster
            else "le journal dit comment la personne l’apprend.",
        }

    @property
    def est_prouvee(self) -> bool:
        return self.etat != EtatDemande.A_PROUVER

    @property
    def papier(self) -> models.Model | None:
        """The row that her code on paper opened, if it is still kept."""
        modele, _, numero = self.cle_du_papier.partition(":")
        return apps.get_model(modele)._base_manager.filter(pk=numero).first() if numero else None

    @property
    def nomme_quelqu_un(self) -> bool:
        return bool(self.courriel or self.telephone or self.papier is not None)

    @classmethod
    def sans_qui(cls) -> dict[str, str]:
        return dict.fromkeys(cls.QUI, "")

    @property
    def est_effacement(self) -> bool:
        return self.droit == Droit.EFFACEMENT

    @classmethod
    def jours_sans_preuve(cls) -> int:
        return ReglementDroits.actuel().preuve_jours

    @classmethod
    def sans_preuve(cls) -> Iterable[models.QuerySet[Any]]:
        limite = il_y_a_plus_de(cls.jours_sans_preuve())
        return [cls.objects.filter(etat=EtatDemande.A_PROUVER, demande_le__lt=limite)]


class EntreeDroit(LigneDeJournal):
    """Line of the journal of a request, which the database protects. It says no name and no address."""

    demande = CleEtrangere(DemandeDroit, related_name="journal")

    class Meta(LigneDeJournal.Meta):
        verbose_name = "entrée du journal d’une demande"
        verbose_name_plural = "journal des demandes des personnes"
        triggers = [ineffacable("droit")]


def copie_gardee(demande: DemandeDroit, acte: str, par: Compte | None) -> list[str]:
    """Only a copy that is still kept may be handed over."""
    if demande.est_effacement:
        return ["Un effacement ne donne aucune copie."]
    if demande.fichier:
        return []
    return ["La copie n’est plus gardée : enregistrez une nouvelle demande."]
