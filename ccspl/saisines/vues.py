"""Back office of the commission: list of avis, dossier, acknowledgement, legal calendar, dates of the
council."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from ccspl import avis as presentation
from ccspl.filtres import AvisFilter
from ccspl.models import Avis, Controle, Proposition, ReunionDuConseil, Transmission, VersionAvis, siege
from ccspl.saisines import lectures
from ccspl.saisines.actes import ajouter_reunion
from ccspl.saisines.regles import REGLES
from ccspl.transmission.actes import AccuserForm
from ccspl.transmission.actes import accuser as accuser_reception
from ccspl.trouver import trouver
from participation.seances.points.decisions import points_de
from participation.socle.collectivite import ici
from participation.socle.forms.filters import avec_echeance
from participation.socle.francais import jour_texte
from participation.socle.http.decorateurs import ROLES_BUREAU, publique, reserve_a
from participation.socle.http.requete import RequeteConnectee, est_un_numero
from participation.socle.views.colonnes import (
    Cellule,
    Colonne,
    colonne_agent,
    colonne_echeance,
    colonne_etat,
    colonne_reference,
    colonne_titre,
)
from participation.socle.views.dossier import lisibles_par, ou_se_lit, page_dossier
from participation.socle.views.liens import du_lien_ou_404
from participation.socle.views.listes import Liste, page_liste
from participation.socle.views.pages import page_acte, page_de
from participation.socle.views.pagination import page_courte
from participation.socle.workflow import Role
from participation.suites.models import Suite

PAR_PAGE = 25


BUREAU = (Role.AGENT, Role.AGENT_DIRECTION, Role.ELU)


PROPOSITIONS_MONTREES = 5


COLONNES = [
    colonne_titre("Avis"),
    colonne_reference(),
    colonne_etat("etat"),
    Colonne(
        "service",
        "Service",
        lambda a: Cellule(
            a.service, sous=f"Conseil du {jour_texte(a.conseil.date, 'chiffres')}" if a.conseil else ""
        ),
        export=lambda a: str(a.service),
        tri="service__nom",
    ),
    colonne_echeance(avec_libelle=False),
    Colonne(
        "conseil",
        "Conseil",
        lambda a: a.conseil.date if a.conseil else None,
        tri="conseil__date",
        a_l_ecran=False,
    ),
    Colonne("sens", "Sens", lambda a: a.get_sens_display() or None, tri="sens"),
    Colonne("objet", "Objet", lambda a: a.get_objet_display(), a_l_ecran=False),
    Colonne("saisine", "Saisine", lambda a: a.get_saisine_display(), a_l_ecran=False),
    Colonne("fondement", "Fondement", lambda a: a.fondement, a_l_ecran=False),
    Colonne(
        "adopte_le",
        "Adopté le",
        lambda a: timezone.localdate(a.adopte_le) if a.adopte_le else None,
        tri="adopte_le",
        a_l_ecran=False,
    ),
    Colonne("deliberation", "Délibération", lambda a: a.deliberation, a_l_ecran=False),
    colonne_agent(),
]


@reserve_a(*BUREAU)
@require_safe
def tableau(request: RequeteConnectee) -> HttpResponseBase:
    """Avis in the order of their échéances."""
    avis = avec_echeance(
        Avis.objects.visibles_par(request.user).select_related("service", "conseil", "agent")
    )
    return page_liste(
        request,
        Liste(
            cle="ccspl:tableau",
            titre="Avis de la CCSPL",
            objets=avis,
            filtres=AvisFilter,
            colonnes=COLONNES,
            tri="echeance_le",
            singulier="avis",
            pluriel="avis",
            app="ccspl",
            chapeau="Ce qui est dû d’abord.",
            vide="Les saisines de la commission s’affichent ici, celle dont l’avis est dû le plus tôt en premier.",
        ),
        "ccspl/tableau.html",
    )


@reserve_a(*ROLES_BUREAU)
@require_safe
def dossier(request: RequeteConnectee, pk: int) -> HttpResponse:
    avis = trouver(request, pk)
    compte = request.user
    if compte.roles.isdisjoint(BUREAU):
        return ou_se_lit(avis)
    lit_le_texte = avis.est_rendu or compte.est_agent or siege(compte)
    version = presentation.version_adoptee(avis)
    texte = _du_texte(avis, version) if lit_le_texte else SANS_LE_TEXTE
    return page_dossier(
        request,
        avis,
        "ccspl/dossier.html",
        {
            "avis": avis,
            "lit_le_texte": lit_le_texte,
            "version": version,
            "coauteurs": version.coauteurs if version else [],
            **texte,
            **(_pour_l_agent(avis) if compte.est_agent else PAS_POUR_LES_AUTRES),
            "phrase_reponses": presentation.phrase_des_reponses(texte["preconisations"])
            if avis.transmis_le
            else "",
            "suites_lisibles": set(
                Suite.objects.visibles_par(request.user).filter(dossier=avis.pk).values_list("pk", flat=True)
            ),
            "resultat": presentation.resultat_du_vote(avis),
            **({} if compte.est_agent else {"points": points_de(avis)}),
            "peut_ecrire": avis.permet("rediger", compte),
            "actes": avis.actes_permis_a(compte),
        },
    )


SANS_LE_TEXTE: dict[str, Any] = {
    "paragraphes": [],
    "nombre_versions": 0,
    "preconisations": [],
    "autres_suites": [],
    "positions": [],
}


def _du_texte(avis: Avis, version: VersionAvis | None) -> dict[str, Any]:
    return {
        "paragraphes": version.paragraphes
        if version
        else [p.texte for p in presentation.paragraphes_de(avis)],
        "nombre_versions": avis.versions.count(),
        "preconisations": presentation.preconisations_de(avis),
        "autres_suites": avis.suites.filter(preconisation__isnull=True).select_related("direction"),
        "positions": avis.positions.select_related("membre__compte__profil", "membre__commune"),
    }


PAS_POUR_LES_AUTRES: dict[str, Any] = {
    "alertes": [],
    "propositions": [],
    "nombre_en_attente": 0,
    "transmissions": [],
    "controles": [],
    "seance_en_cours": None,
}


def _pour_l_agent(avis: Avis) -> dict[str, Any]:
    en_attente = avis.propositions.filter(etat=Proposition.Etat.EN_ATTENTE)
    lues = en_attente.select_related("paragraphe", "auteur", "membre__college")[:PROPOSITIONS_MONTREES]
    return {
        "alertes": lectures.alertes(avis),
        "propositions": [presentation.lire(proposition) for proposition in lues],
        "nombre_en_attente": en_attente.count(),
        "transmissions": presentation.transmissions_de(avis),
        "controles": Controle.objects.suivis().filter(avis=avis),
        "seance_en_cours": presentation.seance_en_cours(avis),
    }


@publique
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def accuser(request: HttpRequest, jeton: str) -> HttpResponse:
    """Acknowledgement by signed link, without an account. GET changes nothing: mail scanners follow links."""
    transmission = du_lien_ou_404(
        Transmission.LIEN,
        jeton,
        Transmission.objects.select_related("avis__service", "avis__document", "direction"),
    )
    form = AccuserForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        accuser_reception(transmission, nom=form.cleaned_data["nom"])
        return redirect("ccspl:accuser", jeton)
    return render(
        request,
        "ccspl/transmission/accuser.html",
        {"transmission": transmission, "avis": transmission.avis, "form": form},
    )


# The legal calendar
@reserve_a(*BUREAU)
@require_safe
def calendrier(request: RequeteConnectee) -> HttpResponse:
    """Legal calendar: alerts, annual reports, prior avis, next councils and séances."""
    jour = timezone.localdate()
    demandee = request.GET.get("annee", "")
    annee = int(demandee) if est_un_numero(demandee) and 2000 <= int(demandee) <= jour.year + 2 else jour.year
    rapports = lectures.rapports_de_l_annee(annee)
    prealables = (
        Avis.objects.visibles_par(request.user)
        .filter(objet__in=Avis.PREALABLES, clos_le__isnull=True)
        .select_related("service", "conseil")
        .order_by("conseil__date", "pk")
    )
    alertes = lectures.alertes_en_cours() if request.user.est_agent else []
    a_corriger = Paginator(alertes, PAR_PAGE).get_page(request.GET.get("alertes"))
    return render(
        request,
        "ccspl/calendrier.html",
        {
            "annee": annee,
            "annees": range(jour.year - 2, jour.year + 2),
            "alertes": a_corriger,
            "rapports": rapports,
            "lisibles": lisibles_par(request.user, [ligne.avis.pk for ligne in rapports if ligne.avis]),
            "examines": sum(1 for ligne in rapports if not ligne.est_en_attente),
            "prealables": page_courte(prealables, PAR_PAGE, request.GET.get("page")),
            "regles": [
                {
                    "objet": Avis.Objet(objet).label,
                    "quand": quand,
                    "article": ici(f"{{loi_{loi}}}"),
                    "est_sure": est_sure,
                }
                for objet, quand, loi, est_sure in REGLES
            ],
            "reunions": ReunionDuConseil.objects.filter(date__gte=jour)
            .annotate(n=Count("avis"))
            .order_by("date", "nature", "pk")[:12],
            "seances": lectures.seances_a_venir()[:6],
            "est_agent": request.user.est_agent,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def reunions(request: RequeteConnectee) -> HttpResponse:
    """Dates of the council and its commissions, to come then past, with the form to add one."""
    return page_acte(request, ReunionDuConseil(), "ajouter_reunion", page_de(ajouter_reunion))
