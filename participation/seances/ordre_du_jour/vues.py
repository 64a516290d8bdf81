"""Pages of the points of an agenda."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from participation.seances.models import Point, PointDossier, Seance
from participation.seances.ordre_du_jour import actes
from participation.seances.ordre_du_jour.actes import (
    CopierOrdreDuJourForm,
    ModifierPointForm,
    OrdonnerForm,
    PointForm,
    RetirerPointForm,
)
from participation.seances.trouver import trouver_point
from participation.seances.workflow import Etat
from participation.socle.filters import chercher
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee, est_un_numero
from participation.socle.models import Compte, Dossier
from participation.socle.views.dossier import trouver_dossier
from participation.socle.views.pages import Page, page_acte
from participation.socle.workflow import Role

DOSSIERS_MONTRES = 10


@reserve_a(Role.AGENT)
@require_http_methods(["GET", "HEAD", "POST"])
def point(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Show a point: text, dossiers (searched by reference or title), documents. Read-only once it is closed."""
    trouve = trouver_point(request, pk)
    if request.method == "POST" or trouve.permet("modifier_point", request.user):
        return page_acte(request, trouve, "modifier_point", MODIFIER_POINT)
    return render(
        request,
        "seances/point.html",
        {
            "suivi": trouve.seance,
            "domaine": trouve.seance.domaine,
            "fil": trouve.fil,
            "cadre_page": "bureau.html",
            "est_publique": False,
            "titre": f"Point : {trouve}",
            "sujet": trouve.seance.titre,
            "obstacles": [],
            "form": None,
            "lettre": None,
            **contexte_du_point(request, trouve, None),
        },
    )


def contexte_du_point(request: RequeteConnectee, point: Point, form: object) -> dict[str, Any]:
    mots = request.GET.get("q", "").replace("\0", "").strip()[:200]
    return {
        "seance": point.seance,
        "point": point,
        "sujet": point.seance.titre,
        "liens": point.liens_dossiers.select_related("dossier").order_by("ordre", "pk"),
        "pieces": point.pieces.filter(retiree_le=None),
        "mots": mots,
        "trouves": dossiers_proposes(request.user, point, mots),
        "peut_changer": point.permet("modifier_point", request.user),
    }


def dossiers_proposes(compte: Compte, point: Point, mots: str) -> list[Dossier]:
    """Return the open dossiers found that this person may see and that are not at this point yet."""
    if not mots:
        return []
    ouverts = (
        Dossier.objects.visibles_par(compte)
        # A reserved dossier must not be shown to all the people of a séance.
        .filter(clos_le__isnull=True, ouvert_le__isnull=False, est_reserve=False)
        .exclude(liens_points__point=point)
    )
    return list(chercher(ouverts, mots).order_by("-rang", "-ouvert_le")[:DOSSIERS_MONTRES])


@require_POST
def ajouter_dossier(request: RequeteConnectee, pk: int) -> HttpResponse:
    trouve = trouver_point(request, pk)
    numero = request.POST.get("dossier", "")
    if not est_un_numero(numero):
        raise Http404
    dossier = trouver_dossier(request.user, int(numero))
    page: Page[Point] = Page(
        lambda point, par: actes.ajouter_dossier(point, dossier, par=par),
        succes="Le dossier est à ce point.",
        retour=f"{trouve.get_absolute_url()}#dossiers",
        en_un_clic=True,
    )
    return page_acte(request, trouve, "ajouter_dossier", page)


def aller_a_l_ordre_du_jour(point: Point, _: object) -> str:
    return f"{point.seance.get_absolute_url()}#ordre-du-jour"


def dire_ajout(seance: Seance) -> str:
    if seance.etat != Etat.PROGRAMMEE:
        return "Ce point sera montré comme « ajouté après la convocation »."
    return "Les dossiers et les pièces s’ajoutent à la page suivante."


def dire_retrait(point: Point) -> str:
    if point.seance.etat != Etat.PROGRAMMEE:
        return "Ce point a été annoncé : il reste à l’ordre du jour, barré, avec la raison."
    return "Le point disparaît de l’ordre du jour. Ses dossiers ne changent pas."


MODIFIER_POINT: Page[Point] = Page(
    actes.modifier_point,
    ModifierPointForm,
    titre=lambda point: f"Point : {point}",
    bouton="Enregistrer",
    succes="Le point est enregistré.",
    retour=lambda point, _: point.get_absolute_url(),
    gabarit="seances/point.html",
    contexte=contexte_du_point,
)


PAGES_ORDRE_DU_JOUR: dict[str, Page[Seance]] = {
    "ajouter_point": Page(
        actes.ajouter_point,
        PointForm,
        dire_ajout,
        succes="Le point est à l’ordre du jour.",
        retour=lambda seance, point: (point or seance).get_absolute_url(),
    ),
    "copier_ordre_du_jour": Page(
        actes.copier_ordre_du_jour,
        CopierOrdreDuJourForm,
        "Les points s’ajoutent à la suite de ceux qui y sont déjà.",
        succes="L’ordre du jour est repris : complétez-le.",
        retour="#ordre-du-jour",
    ),
}


PAGES_POINTS: dict[str, Page[Point]] = {
    "ordonner": Page(
        actes.ordonner,
        OrdonnerForm,
        retour=lambda point, _: f"{point.seance.get_absolute_url()}#point-{point.pk}",
        en_un_clic=True,
    ),
    "retirer_point": Page(
        actes.retirer_point,
        RetirerPointForm,
        dire_retrait,
        succes="Le point est retiré.",
        retour=aller_a_l_ordre_du_jour,
    ),
}


PAGES_LIENS: dict[str, Page[PointDossier]] = {
    "retirer_dossier": Page(
        actes.retirer_dossier,
        succes="Le dossier n’est plus à ce point.",
        retour=lambda lien, _: f"{lien.point.get_absolute_url()}#dossiers",
        en_un_clic=True,
    )
}
