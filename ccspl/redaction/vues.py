"""Text written together, for agents (back office) and members (on a phone), and its versions."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from ccspl import avis as presentation
from ccspl.models import Avis, Proposition, VersionAvis, siege
from ccspl.trouver import lisible, trouver
from participation.socle.http.requete import RequeteConnectee, est_un_numero
from participation.socle.regles.differences import comparer_textes

DECIDEES_MONTREES = 30


def cadre(request: RequeteConnectee) -> dict[str, Any]:
    """Context of the layout: back office for agents, public site for members."""
    pour_membre = not request.user.est_agent
    return {
        "pour_membre": pour_membre,
        "cadre": "public.html" if pour_membre else "bureau.html",
        "titre_fil": "Texte de l’avis",
    }


@require_safe
def redaction(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Text, propositions, préconisations and minority positions."""
    avis = trouver(request, pk)
    if not (request.user.est_agent or siege(request.user)):
        if avis.est_publie:
            return redirect(avis.get_public_url())
        raise Http404
    lus, orphelines = presentation.texte_a_plusieurs(avis)
    decidees = (
        avis.propositions.exclude(etat=Proposition.Etat.EN_ATTENTE)
        .select_related("auteur", "decidee_par", "membre__college", "paragraphe")
        .order_by("-decidee_le")
    )
    version = avis.versions.order_by("-numero").first()
    membre = presentation.membre_de(request.user)
    positions = list(avis.positions.select_related("membre__compte__profil", "membre__commune"))
    return render(
        request,
        "ccspl/redaction/redaction.html",
        {
            **cadre(request),
            "avis": avis,
            "dossier": avis,
            "lus": lus,
            "orphelines": orphelines,
            "nombre_en_attente": sum(len(lu.propositions) for lu in lus) + len(orphelines),
            "decidees": [presentation.lire(p) for p in decidees[:DECIDEES_MONTREES]],
            "preconisations": presentation.preconisations_de(avis),
            "positions": positions,
            "version": version,
            "seance_en_cours": presentation.seance_en_cours(avis) if request.user.est_agent else None,
            "membre": membre,
            "ma_position": next((p for p in positions if membre and p.membre_id == membre.pk), None),
            "peut_rediger": avis.permet("rediger", request.user),
            "peut_proposer": avis.permet("proposer", request.user),
            "peut_noter": avis.permet("noter_position", request.user)
            and (membre is not None or request.user.est_agent),
            "vu": marque(avis),
        },
    )


def marque(avis: Avis) -> str:
    return f"{avis.modifie_le:%Y%m%d%H%M%S%f}"


@require_safe
def texte_change(request: RequeteConnectee, pk: int) -> HttpResponse:
    """204 while the page shows the current text; otherwise a line with a link to reload.

    Nothing is replaced while somebody reads.
    """
    avis = lisible(request, pk)
    if request.GET.get("vu", "") == marque(avis):
        return HttpResponse(status=204)
    return render(request, "ccspl/redaction/_change.html", {"avis": avis, "vu": marque(avis)})


@require_safe
def versions(request: RequeteConnectee, pk: int) -> HttpResponse:
    """List of the versions, and difference between two of them: numbers in `?de=` and `?a=`."""
    avis = lisible(request, pk)
    toutes = list(avis.versions.select_related("par").order_by("-numero"))
    apres = _choisie(toutes, request.GET.get("a", ""), 0)
    avant = _choisie(toutes, request.GET.get("de", ""), 1)
    return render(
        request,
        "ccspl/redaction/versions.html",
        {
            **cadre(request),
            "titre_fil": "Versions",
            "avis": avis,
            "dossier": avis,
            "versions": toutes,
            "avant": avant,
            "apres": apres,
            "lignes": comparer_textes(avant.paragraphes if avant else [], apres.paragraphes) if apres else [],
            "lignes_preconisations": comparer_textes(
                avant.preconisations if avant else [], apres.preconisations
            )
            if apres
            else [],
        },
    )


def _choisie(toutes: list[VersionAvis], numero: str, defaut: int) -> VersionAvis | None:
    trouvee = next((v for v in toutes if est_un_numero(numero) and v.numero == int(numero)), None)
    return trouvee or (toutes[defaut] if len(toutes) > defaut else None)
