"""Part of the dossier after the thresholds, and pages to stop the news."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from participation.socle.http.decorateurs import publique
from participation.socle.models import Compte
from participation.socle.views.dossier import boutons_de
from participation.socle.views.liens import du_lien_ou_404
from participation.suites.lectures import contexte_des_suites
from petitions.conseil import actes
from petitions.conseil.lectures import Faits, frise_de
from petitions.models import Petition, Signature
from petitions.nouvelles import actes as nouvelles
from petitions.workflow import APRES_RECEVABILITE


def contexte_suivi(petition: Petition, compte: Compte) -> dict[str, Any]:
    """Return what the dossier shows of the timeline, of the suites and of the campaign."""
    return {
        "suivi": {
            "est_publie": petition.collecte_ouverte_le is not None,
            "frise": frise_de(faits_de(petition)) if petition.collecte_ouverte_le else [],
            **contexte_des_suites(petition, compte),
            "a_une_campagne": petition.etat in APRES_RECEVABILITE,
            "taches": [
                (tache, boutons_de(tache, compte))
                for tache in petition.taches.select_related("direction", "responsable")
                if tache.est_confiee_a(compte)
            ],
            "peut_ajouter_une_tache": petition.permet("ajouter_tache", compte),
            "jour": timezone.localdate(),
        }
    }


def page_de_sortie(
    request: HttpRequest, jeton: str, sortir: Callable[[Signature], None], *, des_auteurs: bool = False
) -> HttpResponse:
    """Page of the link of a letter.

    GET changes nothing (mail scanners follow links); a bare POST does (RFC 8058).
    """
    signature = du_lien_ou_404(Signature.LIEN_NOUVELLES, jeton, Signature.objects.select_related("petition"))
    fait = request.method == "POST"
    if fait:
        sortir(signature)
    reponse = render(
        request,
        "petitions/suivi/ne_plus_recevoir.html",
        {"petition": signature.petition, "fait": fait, "des_auteurs": des_auteurs},
    )
    reponse["X-Robots-Tag"] = "noindex"
    return reponse


@csrf_exempt
@publique
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ne_plus_recevoir(request: HttpRequest, jeton: str) -> HttpResponse:
    return page_de_sortie(request, jeton, actes.ne_plus_recevoir)


@csrf_exempt
@publique
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ne_plus_recevoir_auteur(request: HttpRequest, jeton: str) -> HttpResponse:
    """Stop the messages of the author only: the signer still gets the news of the Métropole if they asked for
    it."""
    return page_de_sortie(request, jeton, nouvelles.ne_plus_recevoir_auteur, des_auteurs=True)


def a_lire(petition: Petition, quoi: str) -> bool:
    """Whether this related list must be read: False when the annotation says it is empty."""
    return bool(petition.__dict__.get(f"a_{quoi}", True))


def faits_de(petition: Petition) -> Faits:
    """Read the data of the timeline, once."""
    lu = petition.__dict__
    confirmes = lu.get("nombre_confirmes")
    suspensions = petition.suspensions.filter(fin__isnull=True, demande__isnull=True)
    return Faits(
        petition=petition,
        copetitionnaires=petition.copetitionnaires.confirmes().count() if confirmes is None else confirmes,
        seuils=sorted(petition.reglement.seuils.all(), key=lambda seuil: seuil.ordre),
        atteints=list(petition.seuils_atteints.all()),
        jalons=list(petition.jalons.prefetch_related("pieces", "documents"))
        if a_lire(petition, "jalons")
        else [],
        suites=list(petition.suites.a_montrer()) if a_lire(petition, "suites") else [],
        echeances=lu["echeances_legales"]
        if "echeances_legales" in lu
        else list(petition.echeances.ouvertes().filter(est_legale=True)),
        suspension=suspensions.first() if a_lire(petition, "suspension") else None,
    )
