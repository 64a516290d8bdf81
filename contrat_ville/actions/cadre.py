"""Framework of a programmation: grid, envelopes, partners, required papers."""

from itertools import chain, count
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from contrat_ville.models import Critere, Enveloppe, Partenaire, Programmation, TypePiece
from participation.socle.actions import avancer, exiger
from participation.socle.francais import accorder, montant
from participation.socle.models import Compte


@transaction.atomic
def ecrire_critere(programmation: Programmation, *, par: Compte, **champs: Any) -> Critere:
    """Add a criterion at the end of its stage. Raises ValidationError."""
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
    """Copy the criteria of another year, to be corrected here. Return their number."""
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
    """Add an envelope. Raises ValidationError if the financer has one for the same axe and quartier."""
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
    avancer(partenaire, "ajouter_partenaire", par=par, champs=champs)
    return partenaire


def modifier_partenaire(partenaire: Partenaire, *, par: Compte, **champs: Any) -> None:
    """Change a partner. The journal keeps the former name."""
    avant = partenaire.nom
    fait = f"Partenaire modifié : {avant} devient {champs['nom']}" if champs["nom"] != avant else ""
    avancer(partenaire, "modifier_partenaire", par=par, champs=champs, fait=fait[:200])


@transaction.atomic
def ajouter_type_piece(type_piece: TypePiece, *, par: Compte, **champs: Any) -> TypePiece:
    """Save a new required paper, after the others."""
    dernier = TypePiece.objects.select_for_update().order_by("-ordre").first()
    ordre = dernier.ordre + 1 if dernier is not None else 0
    avancer(
        type_piece,
        "ajouter_type_piece",
        par=par,
        champs={**champs, "code": _code(champs["nom"]), "ordre": ordre},
    )
    return type_piece


def _code(nom: str) -> str:
    """Return a unique code for the paper, which stays the same when it is renamed."""
    code = slugify(nom)[:34] or "piece"
    pris = set(TypePiece.objects.filter(code__startswith=code).values_list("code", flat=True))
    return next(essai for essai in chain([code], (f"{code}-{n}" for n in count(2))) if essai not in pris)


def modifier_type_piece(type_piece: TypePiece, *, par: Compte, **champs: Any) -> None:
    """Change a required paper. Files already joined stay; the journal says what changed."""
    fait = _ce_qui_change(type_piece, champs)
    avancer(type_piece, "modifier_type_piece", par=par, champs=champs, fait=fait[:200])


def _ce_qui_change(type_piece: TypePiece, champs: dict[str, Any]) -> str:
    dits = []
    if champs["nom"] != type_piece.nom:
        dits.append(f"{type_piece.nom} devient {champs['nom']}")
    for champ, oui, non in (
        ("est_active", "demandée de nouveau", "plus demandée"),
        ("est_obligatoire", "obligatoire", "facultative"),
        ("est_reservee", "réservée à l’instruction", "lisible par qui donne un avis"),
    ):
        if champs[champ] != getattr(type_piece, champ):
            dits.append(oui if champs[champ] else non)
    if champs["natures"] != type_piece.natures:
        dits.append(f"demandée à {TypePiece(natures=champs['natures']).demandee_a}")
    return f"Pièce demandée : {', '.join(dits)}" if dits else ""
