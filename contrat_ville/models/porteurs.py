"""Porteurs of projets (association, commune, landlord, collectif of inhabitants) and their teams."""

import re
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from stdnum.fr import siret as siret_francais

from participation.socle.erreurs import ActeInterdit, ErreurMetier, RoleInsuffisant
from participation.socle.models import CleEtrangere, Compte, Partie, PortePar
from participation.socle.models.telephones import index_du_telephone

RNA = re.compile(r"W[0-9]{9}")
RNA_ECRIT = "Un numéro RNA s’écrit W suivi de neuf chiffres."


def lire_siret(ecrit: str | None) -> str | None:
    """Return the fourteen digits; None when empty. Raises ValidationError."""
    siret = str(siret_francais.compact(ecrit)) if ecrit else ""
    if siret and not siret_francais.is_valid(siret):
        raise ValidationError("Ce SIRET n’existe pas : vérifiez les quatorze chiffres.")
    return siret or None


def lire_rna(ecrit: str) -> str:
    """Return the number in capitals without spaces (« w 123 456 789 » is accepted).

    Raises ValidationError.
    """
    rna = "".join(ecrit.split()).upper()
    if rna and not RNA.fullmatch(rna):
        raise ValidationError(RNA_ECRIT)
    return rna


class Porteur(models.Model):
    """An organisation, or a collectif of inhabitants, which has neither SIRET nor RNA."""

    NOM_DE_LA_PERSONNE: ClassVar[tuple[str, ...]] = ("representant",)

    class Nature(models.TextChoices):
        ASSOCIATION = "association", "association"
        COLLECTIF = "collectif", "collectif d’habitantes et d’habitants"
        COMMUNE = "commune", "commune ou CCAS"
        BAILLEUR = "bailleur", "bailleur"
        ETABLISSEMENT = "etablissement", "établissement public"
        ENTREPRISE = "entreprise", "entreprise"
        AUTRE = "autre", "autre structure"

    nature = models.CharField("nature", max_length=14, choices=Nature, default=Nature.ASSOCIATION)
    nom = models.CharField("nom", max_length=160)
    sigle = models.CharField("sigle", max_length=30, blank=True)
    siret = models.CharField("SIRET", max_length=14, null=True, blank=True)
    rna = models.CharField(
        "numéro RNA", max_length=10, blank=True, help_text="W suivi de neuf chiffres, pour une association."
    )
    adresse = models.CharField("adresse", max_length=200, blank=True)
    code_postal = models.CharField("code postal", max_length=5, blank=True)
    ville = models.CharField("ville", max_length=80, blank=True)
    courriel = models.EmailField("courriel", blank=True)
    telephone = models.CharField("téléphone", max_length=30, blank=True)
    representant = models.CharField("qui la représente", max_length=120, blank=True)
    qualite_representant = models.CharField("en qualité de", max_length=80, blank=True)
    cree_le = models.DateTimeField("connu depuis le", default=timezone.now, editable=False)

    class Meta:
        verbose_name = "porteur"
        ordering = ["nom", "pk"]
        indexes = [index_du_telephone("porteur_telephone")]
        constraints = [
            models.UniqueConstraint(
                "siret",
                condition=Q(siret__isnull=False),
                name="porteur_siret_unique",
                violation_error_message="Un autre porteur a déjà ce SIRET.",
            ),
            models.CheckConstraint(
                condition=Q(rna="") | Q(rna__regex=r"^W[0-9]{9}$"),
                name="porteur_rna_forme",
                violation_error_message=RNA_ECRIT,
            ),
            models.CheckConstraint(
                condition=Q(siret__isnull=True) | Q(siret__regex=r"^[0-9]{14}$"),
                name="porteur_siret_forme",
                violation_error_message="Un SIRET a quatorze chiffres.",
            ),
        ]

    def __str__(self) -> str:
        return self.nom

    def clean(self) -> None:
        """Read both numbers, so that the errors of both are shown together."""
        fautes = {}
        try:
            self.siret = lire_siret(self.siret)
        except ValidationError as faute:
            fautes["siret"] = faute
        try:
            self.rna = lire_rna(self.rna)
        except ValidationError as faute:
            fautes["rna"] = faute
        if fautes:
            raise ValidationError(fautes)

    @property
    def a_une_adresse(self) -> bool:
        """Whether the address is complete enough for the post."""
        return bool(self.adresse and self.ville)


class EquipierQuerySet(models.QuerySet["Equipier"]):
    def presents(self) -> Self:
        """Leave out who was invited and has not accepted."""
        return self.filter(rejoint_le__isnull=False)


class Equipier(Partie):
    """A member of the team. Only a signataire files or withdraws the projet, or commits the organisation.

    Who is invited (`rejoint_le` None) reads nothing, writes nothing and is not written to, until they sign in and
    accept.
    """

    class Role(models.TextChoices):
        SIGNATAIRE = "signataire", "signataire"
        REDACTEUR = "redacteur", "rédactrice ou rédacteur"

    projet = CleEtrangere("contrat_ville.Projet", related_name="equipe")
    compte = CleEtrangere(settings.AUTH_USER_MODEL, related_name="projets_portes")
    role = models.CharField("rôle", max_length=10, choices=Role, default=Role.REDACTEUR)
    fonction = models.CharField("fonction", max_length=120, blank=True)
    depuis_le = models.DateTimeField("depuis le", default=timezone.now, editable=False)
    rejoint_le = models.DateTimeField(
        "a rejoint l’équipe le", null=True, blank=True, default=timezone.now, db_default=Now(), editable=False
    )
    invite_par = CleEtrangere(
        settings.AUTH_USER_MODEL, null=True, related_name="+", verbose_name="invité par"
    )

    objects = EquipierQuerySet.as_manager()
    suivi: PortePar[Any] = PortePar("projet")
    lettre_partie = True  # of the invitation just made
    est_soi = False  # whether the account that opens the page is this member

    class Meta:
        verbose_name = "membre de l’équipe"
        verbose_name_plural = "équipe"
        ordering = ["depuis_le", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["projet", "compte"],
                name="equipier_unique",
                violation_error_message="Cette personne est déjà dans l’équipe.",
            )
        ]

    def __str__(self) -> str:
        """Return the name; before they accept, the address that was typed: an invitation tells nobody's name."""
        return str(self.compte) if self.rejoint_le else self.compte.courriel

    @property
    def est_signataire(self) -> bool:
        return self.role == self.Role.SIGNATAIRE

    def refus(self, acte: str, par: Compte | None) -> ErreurMetier | None:
        """A signataire can remove any member; every member can leave; each accepts for themselves."""
        if acte == "rejoindre_equipe" and par is not None and par.pk != self.compte_id:
            return RoleInsuffisant("Cette invitation est pour quelqu’un d’autre.")
        if acte == "rejoindre_equipe" and self.rejoint_le is not None:
            return ActeInterdit("Vous êtes déjà dans l’équipe.")
        if acte == "retirer_equipier" and par is not None and par.pk != self.compte_id:
            sien = self.suivi.equipier(par)
            if sien is None or not sien.est_signataire:
                return RoleInsuffisant("Seul un signataire de l’équipe peut le faire.")
        return None


def adresses_de(projet: Any) -> list[str]:
    """Return the addresses of the team, else that of the porteur; empty when only the post reaches them."""
    equipe = projet.equipe.presents().filter(compte__is_active=True)
    porteur = [projet.porte_par.courriel] if projet.porte_par and projet.porte_par.courriel else []
    return list(equipe.values_list("compte__courriel", flat=True)) or porteur


def lignes_d_adresse(porteur: Porteur | None) -> list[str]:
    """Return the lines of the envelope, without those that are unknown."""
    if porteur is None:
        return []
    attention = f"À l’attention de {porteur.representant}" if porteur.representant else ""
    ville = f"{porteur.code_postal} {porteur.ville}".strip()
    return [ligne for ligne in (porteur.nom, attention, porteur.adresse, ville) if ligne]
