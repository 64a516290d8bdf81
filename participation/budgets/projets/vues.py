"""Projets in the back office: list, page, idées to gather; answer of a direction by its link."""

from typing import Any

import django_filters
from django.db.models import Count, OuterRef, Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.text import capfirst
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from participation.budgets.idees.vues import VoixFilter, noms_des_quartiers
from participation.budgets.models import AvisFaisabilite, Idee, ProjetQuartier
from participation.budgets.projets.faisabilite import RendreFaisabiliteForm, rendre_faisabilite
from participation.budgets.trouver import budget_du_bureau, projet_du_bureau
from participation.budgets.workflow.budget import EtatProjetQuartier
from participation.socle.forms.filters import avec_echeance
from participation.socle.francais import montant
from participation.socle.http.decorateurs import ROLES_BUREAU, publique, reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Combien
from participation.socle.views.colonnes import Cellule, Colonne, colonne_agent, colonne_etat, colonne_titre
from participation.socle.views.demandes import demande_du_lien, page_de_reponse
from participation.socle.views.dossier import boutons_de, ou_se_lit, page_dossier
from participation.socle.views.liens import lien_inconnu
from participation.socle.views.listes import Liste, page_liste
from participation.socle.workflow import Role
from participation.suites.lectures import contexte_des_suites

COLONNES_DES_PROJETS = [
    colonne_titre("Projet"),
    colonne_etat("etat"),
    Colonne("quartiers", "Quartiers", noms_des_quartiers, a_l_ecran=False),
    Colonne("combien", "Idées", lambda p: p.combien, tri="combien", nombre=True),
    Colonne(
        "avis",
        "Avis",
        lambda p: f"{p.rendus}/{p.demandes_avis}" if p.demandes_avis else None,
        tri="demandes_avis",
    ),
    Colonne(
        "cout",
        "Coût",
        lambda p: montant(p.cout) if p.cout is not None else None,
        export=lambda p: p.cout,
        tri="cout",
        nombre=True,
    ),
    Colonne(
        "echeance",
        "Échéance",
        lambda p: Cellule(p.echeance_le),
        export=lambda p: p.echeance_le,
        tri="echeance_le",
    ),
    colonne_agent(),
]


@reserve_a(Role.AGENT)
@require_safe
def projets_quartier(request: RequeteConnectee, pk: int) -> HttpResponseBase:
    trouve = budget_du_bureau(request, pk)
    objets: Any = avec_echeance(ProjetQuartier.objects.visibles_par(request.user).filter(budget=trouve))
    avis = AvisFaisabilite.objects.filter(projet=OuterRef("pk"))
    objets = objets.annotate(
        combien=Combien(Idee.objects.filter(projet_quartier=OuterRef("pk"))),
        demandes_avis=Combien(avis),
        rendus=Combien(avis.exclude(verdict="")),
    )
    return page_liste(
        request,
        Liste(
            cle="budgets:projets_quartier",
            titre=f"Projets, {trouve.titre}",
            objets=objets.select_related("agent", "budget").prefetch_related("quartiers"),
            filtres=ProjetQuartierFilter,
            colonnes=COLONNES_DES_PROJETS,
            tri="echeance_le",
            singulier="projet",
            pluriel="projets",
            app="budgets",
            fil=trouve.fil,
            chapeau="Chaque projet est fait d’une ou de plusieurs idées, qui gardent leurs auteurs.",
            vide="Réunissez des idées : le projet s’affiche ici.",
        ),
        "budgets/projets/projets.html",
        {"budget": trouve},
    )


@reserve_a(*ROLES_BUREAU)
@require_safe
def projet_quartier(request: RequeteConnectee, pk: int) -> HttpResponse:
    trouve = projet_du_bureau(request, pk)
    if not request.user.est_agent:
        return ou_se_lit(trouve)
    return page_dossier(
        request,
        trouve,
        "budgets/projets/projet.html",
        {
            "projet": trouve,
            "quartiers": trouve.quartiers.all(),
            "idees": trouve.idees.annotate(
                prevenus=Count("auteurs", filter=Q(auteurs__confirme_le__isnull=False), distinct=True)
            ).order_by("pk"),
            "avis": trouve.avis_faisabilite.select_related("direction", "demande"),
            "jalons": [
                (jalon, boutons_de(jalon, request.user)) for jalon in trouve.jalons.select_related("photo")
            ],
            "depense": trouve.depense,
            **contexte_des_suites(trouve, request.user),
            "abonnes": trouve.abonnements.actifs().count(),
        },
    )


@publique
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def repondre_faisabilite(request: HttpRequest, jeton: str) -> HttpResponse:
    """Answer of a direction: verdict, cost, reason. Given once."""
    demande = demande_du_lien(jeton)
    if demande is None:
        return lien_inconnu(request, "aucune demande")
    get_object_or_404(AvisFaisabilite, demande=demande)
    return page_de_reponse(
        request,
        demande,
        RendreFaisabiliteForm,
        lambda reponses: rendre_faisabilite(demande, **reponses),
        est_close=not demande.est_ouverte or demande.dossier.clos_le is not None,
        gabarit="budgets/projets/faisabilite.html",
        mots="motif",
    )


class ProjetQuartierFilter(VoixFilter):
    etat = django_filters.ChoiceFilter(
        label="État", choices=[(v, capfirst(t)) for v, t in EtatProjetQuartier.choices], empty_label="Tous"
    )

    class Meta:
        model = ProjetQuartier
        fields: tuple[str, ...] = ()
