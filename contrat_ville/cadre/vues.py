"""Pages of the grid, envelopes, required papers and partners, and pages of their acts."""

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from contrat_ville.cadre import actes
from contrat_ville.cadre.actes import (
    CritereForm,
    EnveloppeForm,
    PartenaireForm,
    ReprendreGrilleForm,
    RetirerEnveloppeForm,
    TypePieceForm,
)
from contrat_ville.models import Critere, Enveloppe, Partenaire, Programmation, Projet, TypePiece
from contrat_ville.workflow.etats import Etat, EtatProgrammation
from participation.socle.francais import accorder
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.views.dossier import boutons_de, pages_du_journal
from participation.socle.views.pages import Page
from participation.socle.views.trouver import par_numero
from participation.socle.workflow import Role

critere = par_numero(Critere, "programmation__contrat")
enveloppe = par_numero(Enveloppe, "programmation__contrat", "financeur", "axe", "quartier")
trouver_partenaire = par_numero(Partenaire, "commune", "direction")
trouver_type_piece = par_numero(TypePiece)


@reserve_a(Role.AGENT)
@require_safe
def partenaires(request: RequeteConnectee) -> HttpResponse:
    """Partners in three groups: financers, others, inactive."""
    tous = Partenaire.objects.select_related("commune", "direction").order_by("ordre", "nom")
    actifs = [p for p in tous if p.est_actif]
    return render(
        request,
        "contrat_ville/partenaires.html",
        {
            "groupes": [
                ("financeurs", "Financeurs", [p for p in actifs if p.est_financeur]),
                ("avis", "Autres partenaires", [p for p in actifs if not p.est_financeur]),
                ("anciens", "Anciens partenaires", [p for p in tous if not p.est_actif]),
            ]
        },
    )


@reserve_a(Role.AGENT)
@require_safe
def partenaire(request: RequeteConnectee, pk: int) -> HttpResponse:
    trouve = trouver_partenaire(request, pk)
    sollicite = Count("projets__financements", filter=Q(projets__financements__financeur=trouve))
    return render(
        request,
        "contrat_ville/partenaire.html",
        {
            "partenaire": trouve,
            "boutons": [b for b in boutons_de(trouve, request.user) if b.acte == "modifier_partenaire"],
            "enveloppes": trouve.enveloppes.select_related("programmation", "axe", "quartier"),
            "annees": Programmation.objects.annotate(combien=sollicite).filter(combien__gt=0),
            "journal": pages_du_journal(request, trouve),
        },
    )


@reserve_a(Role.AGENT)
@require_safe
def types_piece(request: RequeteConnectee) -> HttpResponse:
    """Papers in their order, the inactive ones last."""
    tous = list(TypePiece.objects.all())
    return render(
        request,
        "contrat_ville/types_piece.html",
        {
            "groupes": [
                ("demandees", "Demandées aujourd’hui", [t for t in tous if t.est_active]),
                ("anciennes", "Plus demandées", [t for t in tous if not t.est_active]),
            ]
        },
    )


@reserve_a(Role.AGENT)
@require_safe
def type_piece(request: RequeteConnectee, pk: int) -> HttpResponse:
    trouve = trouver_type_piece(request, pk)
    return render(
        request,
        "contrat_ville/type_piece.html",
        {
            "type_piece": trouve,
            "boutons": [b for b in boutons_de(trouve, request.user) if b.acte == "modifier_type_piece"],
            "combien": trouve.pieces.filter(piece__retiree_le=None).count(),
            "journal": pages_du_journal(request, trouve),
        },
    )


def dire_les_brouillons(type_piece: TypePiece) -> str:
    brouillons = Projet.objects.filter(etat=Etat.BROUILLON).count()
    suite = "Les projets déjà déposés ne changent pas."
    if not brouillons:
        return suite
    return f"{accorder(brouillons, 'brouillon')} en cours : leurs équipes le voient aussitôt. {suite}"


def dire_le_journal(enveloppe: Enveloppe) -> str:
    if enveloppe.programmation.etat == EtatProgrammation.PREPAREE:
        return ""
    return "L’appel est publié : dites pourquoi l’enveloppe change. Les scénarios ouverts sont recomptés."


DE_LA_PROGRAMMATION: dict[str, Page[Programmation]] = {
    "ecrire_critere": Page(
        actes.ecrire_critere,
        CritereForm,
        retour="#grille",
        gabarit="contrat_ville/encore.html",
        succes="Le critère est ajouté.",
    ),
    "reprendre_grille": Page(
        actes.reprendre_grille,
        ReprendreGrilleForm,
        retour="#grille",
        succes=lambda p, combien: f"{accorder(combien, 'critère repris', 'critères repris')} : relisez-les.",
    ),
    "ecrire_enveloppe": Page(
        actes.ecrire_enveloppe,
        EnveloppeForm,
        "Ce que donne un financeur cette année : en tout, pour un axe, pour un quartier, ou pour les deux.",
        retour="#enveloppes",
        gabarit="contrat_ville/encore.html",
        succes="L’enveloppe est ajoutée.",
    ),
}
DES_CRITERES: dict[str, Page[Critere]] = {
    "corriger_critere": Page(actes.corriger_critere, CritereForm, retour="#grille"),
    "retirer_critere": Page(
        actes.retirer_critere, consequence="Il n’est plus dans la grille.", retour="#grille"
    ),
}
DES_ENVELOPPES: dict[str, Page[Enveloppe]] = {
    "corriger_enveloppe": Page(
        actes.corriger_enveloppe, EnveloppeForm, dire_le_journal, retour="#enveloppes"
    ),
    "retirer_enveloppe": Page(
        actes.retirer_enveloppe,
        RetirerEnveloppeForm,
        "Ce financeur n’est plus compté sur cette ligne.",
        retour="#enveloppes",
    ),
}
NOUVEAU_PARTENAIRE: dict[str, Page[Partenaire]] = {
    "ajouter_partenaire": Page(
        actes.ajouter_partenaire,
        PartenaireForm,
        "Il se choisit ensuite dans les budgets, les enveloppes et les demandes d’avis.",
        retour=lambda p, _: p.get_absolute_url() if p.pk else reverse("contrat_ville:partenaires"),
        succes="Le partenaire est ajouté.",
    )
}
DU_PARTENAIRE: dict[str, Page[Partenaire]] = {
    "modifier_partenaire": Page(
        actes.modifier_partenaire, PartenaireForm, "Les projets déjà déposés montrent le nouveau nom."
    )
}
NOUVEAU_TYPE_PIECE: dict[str, Page[TypePiece]] = {
    "ajouter_type_piece": Page(
        actes.ajouter_type_piece,
        TypePieceForm,
        dire_les_brouillons,
        retour=lambda t, _: t.get_absolute_url() if t.pk else reverse("contrat_ville:types_piece"),
        succes="La pièce est demandée.",
    )
}
DU_TYPE_PIECE: dict[str, Page[TypePiece]] = {
    "modifier_type_piece": Page(actes.modifier_type_piece, TypePieceForm, dire_les_brouillons)
}
