"""Pages of the grid, envelopes, required papers and partners, and pages of their acts."""

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from contrat_ville.models import Critere, Enveloppe, Partenaire, Programmation, TypePiece
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.views.dossier import boutons_de, pages_du_journal
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
        "contrat_ville/cadre/partenaires.html",
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
        "contrat_ville/cadre/partenaire.html",
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
        "contrat_ville/cadre/types_piece.html",
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
        "contrat_ville/cadre/type_piece.html",
        {
            "type_piece": trouve,
            "boutons": [b for b in boutons_de(trouve, request.user) if b.acte == "modifier_type_piece"],
            "combien": trouve.pieces.filter(piece__retiree_le=None).count(),
            "journal": pages_du_journal(request, trouve),
        },
    )
