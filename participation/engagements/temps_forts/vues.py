"""Pages of the temps forts: what was said there and the answers, for all; the list and the checklist, for agents."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from participation.engagements.models import TempsFort
from participation.engagements.temps_forts import actes
from participation.engagements.temps_forts.lectures import ce_qui_manque
from participation.engagements.trouver import temps_fort_du_bureau
from participation.engagements.workflow import EtatTempsFort
from participation.socle.http.decorateurs import ROLES_BUREAU, gardable, publique, reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Document
from participation.socle.views.dossier import boutons_de, ou_se_lit, page_dossier
from participation.socle.workflow import Role

NATURES = (actes.FICHES, actes.DIAPORAMA, actes.INVITATION)


@publique
@require_safe
@gardable(300)
def temps_fort(request: HttpRequest, reference: str) -> HttpResponse:
    """The day and the place, what to read, the register once it was held."""
    publies: Any = TempsFort.objects.filter(est_publie=True)
    trouve = get_object_or_404(publies.select_related("collectif", "reunion"), reference=reference)
    prets = Document.objects.filter(
        dossier=trouve.pk, nature__in=NATURES, est_public=True, etat=Document.Etat.PRET
    )
    derniers = {document.titre: document for document in prets.order_by("cree_le", "pk")}
    est_tenu = trouve.etat in {EtatTempsFort.TENU, EtatTempsFort.CLOS}
    return render(
        request,
        "engagements/temps_fort.html",
        {
            "temps_fort": trouve,
            "documents": list(derniers.values()),
            "remarques": trouve.remarques.select_related("proposition") if est_tenu else [],
            "est_tenu": est_tenu,
            "histoire": trouve.journal.filter(est_publique=True).order_by("-le", "-pk"),
        },
    )  # fmt: skip


@reserve_a(Role.AGENT)
@require_safe
def dossiers_temps_forts(request: RequeteConnectee) -> HttpResponse:
    tous: Any = TempsFort.objects.visibles_par(request.user)
    return render(
        request,
        "engagements/dossiers_temps_forts.html",
        {"temps_forts": tous.select_related("collectif", "reunion").order_by("-reunion__debut", "-pk")},
    )


@reserve_a(*ROLES_BUREAU)
@require_safe
def dossier_temps_fort(request: RequeteConnectee, pk: int) -> HttpResponse:
    trouve = temps_fort_du_bureau(request, pk)
    if not request.user.est_agent:
        return ou_se_lit(trouve)
    taches = trouve.taches.select_related("temps_fort")
    remarques = trouve.remarques.select_related("temps_fort", "proposition")
    return page_dossier(
        request,
        trouve,
        "engagements/dossier_temps_fort.html",
        {
            "taches": [(t, [] if t.faite_le else boutons_de(t, request.user)) for t in taches],
            "remarques": [(r, boutons_de(r, request.user)) for r in remarques],
            "versions": ce_qui_manque(trouve),
            "actes": trouve.actes_permis_a(request.user),
        },
    )
