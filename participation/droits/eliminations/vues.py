"""Pages of the elimination slips: the list, a slip, the page of the signed link of the archives."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from participation.droits.eliminations.actes import ViserForm, viser_bordereau
from participation.droits.eliminations.lectures import proposes
from participation.droits.models import Bordereau, LigneBordereau
from participation.droits.trouver import bordereau_du_bureau, bordereau_du_lien
from participation.droits.workflow import EtatBordereau
from participation.socle.actions.pieces import PDF, nommer
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Combien, Document
from participation.socle.views.dossier import Boutons, avec_actes, boutons_de
from participation.socle.views.ensemble import Ensemble
from participation.socle.views.fichiers import servir
from participation.socle.views.liens import lien_inconnu, personnelle
from participation.socle.views.pages import Page
from participation.socle.workflow import Role

MERCI = "Merci. Votre réponse est gardée avec le bordereau, pour toujours."
PAR_PAGE, MONTRES = 25, 50
PRINCIPAUX = ("demander_visa", "eliminer_bordereau")


@reserve_a(Role.AGENT)
@require_safe
def bordereaux(request: RequeteConnectee) -> HttpResponse:
    lots, le = proposes()
    tous = Bordereau.objects.annotate(
        combien=Combien(LigneBordereau.objects.filter(bordereau=OuterRef("pk")))
    )
    return render(
        request,
        "droits/bordereaux.html",
        {
            "page": Paginator(tous, PAR_PAGE).get_page(request.GET.get("page")),
            "proposes": lots[:MONTRES],
            "autres": max(len(lots) - MONTRES, 0),
            "comptes_le": le,
        },
    )


@reserve_a(Role.AGENT)
@require_safe
def bordereau(request: RequeteConnectee, pk: int) -> HttpResponse:
    trouve, compte = bordereau_du_bureau(request, pk), request.user
    apparence = trouve.apparence
    offerts = boutons_de(trouve, compte)
    principal = next((b for b in offerts if b.acte in PRINCIPAUX), None)
    autres = [b for b in offerts if b is not principal]
    return render(
        request,
        "droits/bordereau.html",
        {
            "bordereau": trouve,
            "lignes": trouve.lignes.all(),
            "apparence": apparence,
            "pour_vous": avec_actes(trouve, compte, apparence.pour.get(Role.AGENT, "")),
            "boutons": Boutons(
                principal, [b for b in autres if not b.est_dangereux], [b for b in autres if b.est_dangereux]
            ),
            "journal": trouve.journal.select_related("par"),
        },
    )


VISER = Ensemble[Bordereau](
    pages={"viser_bordereau": Page(viser_bordereau, ViserForm, succes=MERCI)},
    gabarit="droits/viser.html",
    contexte=lambda request, bordereau: {
        "lignes": bordereau.lignes.all(),
        "est_visable": bordereau.etat == EtatBordereau.AU_VISA,
    },
    par_lien=True,
)


def _inconnu(request: HttpRequest) -> HttpResponse:
    return lien_inconnu(request, "aucun bordereau", app="droits")


@personnelle(bordereau_du_lien, _inconnu)
def viser_par_lien(request: HttpRequest, bordereau: Bordereau, jeton: Any) -> HttpResponse:
    """The archives answer line by line, without an account."""
    return VISER.page(request, lambda: Bordereau.objects.get(pk=bordereau.pk))


@personnelle(bordereau_du_lien, _inconnu)
def pdf_par_lien(request: HttpRequest, bordereau: Bordereau, jeton: Any) -> HttpResponse:
    """The slip, then its certificate, which the archives keep."""
    document = bordereau.certificat
    if document is None or document.etat != Document.Etat.PRET:
        raise Http404
    reponse: Any = servir(
        request,
        document.fichier,
        nom=nommer(document.titre, ".pdf"),
        type_mime=PDF,
        empreinte=document.sha256,
        est_public=False,
        est_du_service=True,
    )
    return reponse  # type: ignore[no-any-return]
