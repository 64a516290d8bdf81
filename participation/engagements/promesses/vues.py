"""Pages of the engagements: list and page for all, list, dossier and yearly reports for agents; open data."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse, reverse_lazy
from django.views.decorators.http import require_safe

from participation.engagements.models import EngagementPris, Etude
from participation.engagements.promesses import lectures
from participation.engagements.promesses.actes import demander_rapport
from participation.engagements.promesses.lectures import avec_indicateurs, lire, publies
from participation.engagements.trouver import engagement_du_bureau
from participation.engagements.workflow import EtatEngagement
from participation.socle.fichiers.jeux import Champ, JeuDeDonnees, Type, fichiers_de
from participation.socle.http.decorateurs import ROLES_BUREAU, gardable, publique, reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.views.dossier import boutons_de, ou_se_lit, page_dossier
from participation.socle.views.public.donnees_ouvertes import fichier, lire_de
from participation.socle.views.rapports import Rapports
from participation.socle.workflow import Role
from participation.suites.lectures import contexte_des_suites
from participation.suites.models import Suite


@publique
@require_safe
@gardable(300)
def engagements(request: HttpRequest) -> HttpResponse:
    etudes: Any = Etude.objects.filter(est_publie=True)
    return render(
        request,
        "engagements/engagements.html",
        {
            "lignes": avec_indicateurs(publies()),
            "rapports": lectures.rapports_publics(),
            "etudes": etudes.select_related("instance").order_by("-annee", "-pk"),
            "donnees": {forme: reverse(f"engagements:engagements_{forme}") for forme in ("csv", "json")},
        },
    )


@publique
@require_safe
@gardable(300)
def engagement(request: HttpRequest, reference: str) -> HttpResponse:
    """The engagement, its indicators, its suites, and every change since it is published."""
    trouve: EngagementPris = get_object_or_404(publies(), reference=reference)
    return render(
        request,
        "engagements/engagement.html",
        {
            "engagement": trouve,
            "dossier": trouve,
            "indicateurs": lire(trouve.indicateurs.all()),
            "suites": Suite.objects.a_montrer().filter(dossier=trouve.pk),
            "histoire": trouve.journal.filter(est_publique=True).order_by("-le", "-pk"),
        },
    )


@reserve_a(Role.AGENT)
@require_safe
def dossiers_engagements(request: RequeteConnectee) -> HttpResponse:
    tous: Any = EngagementPris.objects.visibles_par(request.user)
    return render(
        request,
        "engagements/dossiers_engagements.html",
        {"engagements": tous.select_related("principe").order_by("reference")},
    )


@reserve_a(*ROLES_BUREAU)
@require_safe
def dossier_engagement(request: RequeteConnectee, pk: int) -> HttpResponse:
    trouve = engagement_du_bureau(request, pk)
    if not request.user.est_agent:
        return ou_se_lit(trouve)
    lues = lire(trouve.indicateurs.prefetch_related("valeurs"))
    return page_dossier(
        request,
        trouve,
        "engagements/dossier_engagement.html",
        {
            "indicateurs": [(lue, boutons_de(lue.indicateur, request.user)) for lue in lues],
            **contexte_des_suites(trouve, request.user),
        },
    )


rapports = Rapports(
    app="engagements",
    titre="Rapports des engagements",
    chapeau="Chaque engagement, ses indicateurs de l’année, chaque changement.",
    fil=("Engagements", "engagements:dossiers_engagements"),
    rien=("Aucun engagement publié", "Un rapport raconte les engagements publiés : publiez-en un d’abord."),
    nature=lectures.RAPPORT,
    annees=lectures.annees,
    demander=demander_rapport,
).vue


JEU = JeuDeDonnees(
    cle="engagements",
    titre="Engagements pour la participation",
    description="Ce qui est promis pour la participation : une ligne par indicateur, sa valeur et la valeur visée.",
    app="engagements",
    liste="engagements",
    champs=(
        Champ("reference", "Référence de l’engagement."),
        Champ("engagement", "L’engagement, en une phrase."),
        Champ("principe", "Principe dont il relève."),
        Champ("etat", "Où il en est."),
        Champ("date_limite", "Fait au plus tard ce jour.", Type.JOUR),
        Champ("source", "Acte ou page qui le porte."),
        Champ("direction", "Direction qui en répond."),
        Champ("indicateur", "Ce que dit l’indicateur."),
        Champ("est_calcule", "Calculé ici, ou écrit avec sa source.", Type.OUI_NON),
        Champ("valeur", "Dernière valeur.", Type.NOMBRE),
        Champ("unite", "Unité."),
        Champ("cible", "Valeur visée.", Type.NOMBRE),
        Champ("est_un_plafond", "La valeur doit rester en dessous.", Type.OUI_NON),
        Champ("atteinte", "La valeur visée est atteinte.", Type.OUI_NON),
        Champ("comment", "Comment elle est comptée, ou sa source."),
        Champ("constatee_le", "Jour d’une valeur écrite.", Type.JOUR),
    ),
    lire=lire_de(publies, lectures.fiches, "modifie_le"),
    fichiers=fichiers_de("engagements:engagements"),
    exemple=lambda: lectures.fiches(publies()[:1]),
    valeurs=lambda: [(f"etat = {etat}", etat.label) for etat in EtatEngagement],
    precisions=("Aucune donnée personnelle.",),
    page=reverse_lazy("engagements:engagements"),
)
donnees_csv, donnees_json = fichier(JEU, "csv"), fichier(JEU, "json")
