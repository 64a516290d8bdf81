"""Acts on what members are owed: statement for finance, certificate for an employer. No bank detail is kept."""

from decimal import Decimal
from typing import Annotated

from django.db import transaction

from participation.panels.indemnites.lectures import dire_la_regle, dues, dues_de, par_membre
from participation.panels.models import Inscription, Panel
from participation.socle.actions import exiger
from participation.socle.actions.documents import demander_document
from participation.socle.forms.champs import champ_choix
from participation.socle.francais import instant_texte, jour_texte, montant, nombre
from participation.socle.models import Compte, Document, ReglageService
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
            "par_membre": [[nom, montant(somme)] for nom, somme in par_membre(lignes)],
            "regle": dire_la_regle(panel.regle),
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
            "signataire": ReglageService.actuel().signataire,
            "lignes": [[d.seance.titre, instant_texte(d.seance.jour), nombre(d.heures, 2)] for d in lignes],
        },
    )
    pas.avancer(fait=f"Attestation de présence : {inscription.volontaire}", details={"document": document.pk})
    return document


@acte(
    Page[Inscription](
        consequence=lambda inscription: (
            f"Critère : {inscription.panel.regle.critere_social}. Regardez le justificatif, puis rendez-le : rien n’en est gardé ici que votre réponse."
        ),
        bouton="C’est vu",
        retour="#indemnites",
    )
)
@transaction.atomic
def voir_critere(
    inscription: Inscription,
    *,
    par: Compte,
    remplit: Annotated[
        str, champ_choix("La personne remplit le critère", [("oui", "Oui"), ("non", "Non")], boutons=True)
    ],
) -> None:
    """Note that the criterion was seen to be met, or not. The journal says that it was looked at, not the answer."""
    pas = exiger(inscription, "voir_critere", par=par)
    pas.avancer(
        champs={"remplit_critere": remplit == "oui"}, fait=f"Critère social vu : {inscription.volontaire}"
    )
