"""What a year is judged and paid by: the grid, the envelopes, the partners of the contrat."""

from typing import Any

from django.db import transaction

from contrat_ville.models import Critere, Enveloppe, Partenaire, Programmation
from participation.socle.actions import avancer, exiger
from participation.socle.francais import accorder, montant
from participation.socle.models import Compte


@transaction.atomic
def ecrire_critere(programmation: Programmation, *, par: Compte, **champs: Any) -> Critere:
    """At the end of its stage. Raises ValidationError."""
    pas = exiger(programmation, "ecrire_critere", par=par)
    dernier = programmation.criteres.filter(etape=champs["etape"]).order_by("-ordre").first()
    critere = Critere(
        programmation=programmation, ordre=dernier.ordre + 1 if dernier is not None else 0, **champs
    )
    critere.full_clean()
    critere.save()
    pas.avancer(fait=f"Critère ajouté : {critere}"[:200])
    return critere


@transaction.atomic
def reprendre_grille(programmation: Programmation, *, par: Compte, autre: Programmation) -> int:
    """The criteria of another year, to be corrected here. How many."""
    pas = exiger(programmation, "reprendre_grille", par=par)
    repris = list(autre.criteres.all())
    for critere in repris:
        critere.pk, critere.programmation = None, programmation
    Critere.objects.bulk_create(repris)
    pas.avancer(fait=f"Grille reprise de {autre} : {accorder(len(repris), 'critère')}"[:200])
    return len(repris)


def corriger_critere(critere: Critere, *, par: Compte, **champs: Any) -> None:
    avant = critere.intitule
    avancer(critere, "corriger_critere", par=par, champs=champs, fait=f"Critère corrigé : {avant}"[:200])


@transaction.atomic
def retirer_critere(critere: Critere, *, par: Compte) -> None:
    exiger(critere, "retirer_critere", par=par).avancer(fait=f"Critère retiré : {critere}"[:200])
    critere.delete()


@transaction.atomic
def ecrire_enveloppe(
    programmation: Programmation, *, par: Compte, motif: str = "", **champs: Any
) -> Enveloppe:
    """Raises ValidationError: one for each financer, axe and quartier."""
    pas = exiger(programmation, "ecrire_enveloppe", par=par)
    enveloppe = Enveloppe(programmation=programmation, **champs)
    enveloppe.full_clean()
    enveloppe.save()
    pas.avancer(fait=f"Enveloppe ajoutée : {_dite(enveloppe)}"[:200], motif=motif)
    return enveloppe


@transaction.atomic
def corriger_enveloppe(enveloppe: Enveloppe, *, par: Compte, motif: str = "", **champs: Any) -> None:
    pas = exiger(enveloppe, "corriger_enveloppe", par=par)
    avant = _dite(enveloppe)
    apres = _dite(Enveloppe(programmation=enveloppe.programmation, **champs))
    pas.avancer(champs=champs, motif=motif, fait=f"Enveloppe corrigée : {avant}, puis {apres}"[:200])


@transaction.atomic
def retirer_enveloppe(enveloppe: Enveloppe, *, par: Compte, motif: str = "") -> None:
    pas = exiger(enveloppe, "retirer_enveloppe", par=par)
    pas.avancer(fait=f"Enveloppe retirée : {_dite(enveloppe)}"[:200], motif=motif)
    enveloppe.delete()


def _dite(enveloppe: Enveloppe) -> str:
    return f"{enveloppe}, {montant(enveloppe.montant)}"


def ajouter_partenaire(partenaire: Partenaire, *, par: Compte, **champs: Any) -> Partenaire:
    """On a new row."""
    avancer(partenaire, "ajouter_partenaire", par=par, champs=champs)
    return partenaire


def modifier_partenaire(partenaire: Partenaire, *, par: Compte, **champs: Any) -> None:
    """What was given under its name stays: the journal says what it was called before."""
    avant = partenaire.nom
    fait = f"Partenaire modifié : {avant} devient {champs['nom']}" if champs["nom"] != avant else ""
    avancer(partenaire, "modifier_partenaire", par=par, champs=champs, fait=fait[:200])
