"""Acts on what members are owed: statement for finance, certificate for an employer, badges. No bank detail is kept."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from participation.panels.indemnites.lectures import dues, dues_de
from participation.panels.models import Inscription, Panel, PlanDeTables
from participation.seances.models import Membre, Seance
from participation.socle.actions import exiger
from participation.socle.actions.documents import demander_document
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_parmi
from participation.socle.francais import instant_texte, jour_texte, montant, nombre
from participation.socle.models import Compte, Document
from participation.socle.views.pages import Page, acte


@acte(
    Page[Panel](
        consequence="Un PDF pour les finances : qui est venu, combien d’heures, combien est dû. Les coordonnées bancaires restent "
        "hors du site.",
        retour="#documents",
        succes="L’état se fabrique : il s’affiche dans les documents.",
    )
)
@transaction.atomic
def etablir_indemnites(panel: Panel, *, par: Compte) -> Document:
    pas = exiger(panel, "etablir_indemnites", par=par)
    lignes = dues(panel)
    sommes = [due.somme for due in lignes if due.somme is not None]
    document = demander_document(
        nature="panels/indemnites",
        titre=f"État des indemnités, {panel.titre}"[:160],
        dossier=panel,
        par=par,
        est_interne=True,
        donnees={
            "lignes": [
                [due.nom, jour_texte(due.seance.jour), nombre(due.heures, 2), montant(due.somme)]
                for due in lignes
            ],
            "total": montant(sum(sommes, Decimal(0))) if sommes else "",
        },
    )
    pas.avancer(details={"document": document.pk})
    return document


@acte(
    Page[Inscription](
        consequence="Un PDF à donner à l’employeur : les séances où la personne était présente, et combien d’heures.",
        retour="#documents",
        succes="L’attestation se fabrique : elle s’affiche dans les documents.",
    )
)
@transaction.atomic
def attester_presence(inscription: Inscription, *, par: Compte) -> Document:
    pas = exiger(inscription, "attester_presence", par=par)
    lignes = dues_de(inscription)
    document = demander_document(
        nature="panels/attestation",
        titre=f"Attestation de présence, {inscription}"[:160],
        dossier=inscription.panel,
        par=par,
        est_interne=True,
        donnees={
            "personne": str(inscription),
            "panel": inscription.panel.titre,
            "lignes": [[d.seance.titre, instant_texte(d.seance.jour), nombre(d.heures, 2)] for d in lignes],
        },
    )
    pas.avancer(fait=f"Attestation de présence : {inscription.volontaire}", details={"document": document.pk})
    return document


class BadgesForm(ActeForm):
    seance = champ_parmi("Séance", None, vide=None)

    def preparer(self) -> None:
        dressees = PlanDeTables.objects.filter(panel=self.objet.pk).values("seance")
        self.choisir("seance", Seance.objects.filter(pk__in=dressees).order_by("-debut", "pk"))

    def initiales(self) -> Mapping[str, Any]:
        return {}


@acte(
    Page[Panel](
        form=BadgesForm,
        consequence="Un badge par personne : son nom et sa table.",
        retour="#documents",
        succes="Les badges se fabriquent : ils s’affichent dans les documents.",
    )
)
@transaction.atomic
def imprimer_badges(panel: Panel, *, par: Compte, seance: Seance) -> Document:
    """Make the badges of a séance. Raises ValidationError before its tables are set."""
    pas = exiger(panel, "imprimer_badges", par=par)
    plan = panel.plans.filter(seance=seance).first()
    if plan is None:
        raise ValidationError({"seance": "Dressez d’abord les tables de cette séance."})
    membres = Membre.objects.filter(pk__in=[m for table in plan.tables for m in table]).select_related(
        "compte"
    )
    noms = {membre.pk: membre.compte.get_full_name() for membre in membres}
    badges = [
        [noms[membre], f"Table {rang}"]
        for rang, table in enumerate(plan.tables, 1)
        for membre in table
        if membre in noms
    ]
    document = demander_document(
        nature="panels/badges",
        titre=f"Badges, {seance.titre}"[:160],
        dossier=panel,
        par=par,
        est_interne=True,
        donnees={"badges": sorted(badges), "seance": seance.titre},
    )
    pas.avancer(fait=f"Badges imprimés : {seance.titre}"[:200], details={"document": document.pk})
    return document
