"""Pages of the gathering of two pétitions: the answer of an author, and the signer who signs the one that goes on."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.actes import ActeForm
from participation.socle.http.decorateurs import publique
from participation.socle.http.requete import RequeteConnectee, adresse_client
from participation.socle.views.ensemble import Ensemble
from participation.socle.views.liens import lien_inconnu, personnelle
from participation.socle.views.pages import Page
from petitions.models import Petition, Rapprochement, Signature
from petitions.rapprochement import actes
from petitions.rapprochement.lettres import contexte_pour
from petitions.signatures.actes import signer_la_reunie as signer
from petitions.signatures.referentiel import reseau_connu
from petitions.signatures.vues import CONFIRMER

AVEC_PETITIONS = ("petition__reglement", "petition__auteur", "vers__reglement", "vers__auteur")


def rapprochement_du_bureau(request: RequeteConnectee, pk: int) -> Rapprochement:
    petitions = Petition.objects.au_bureau_de(request.user)
    siens = Rapprochement.objects.filter(petition__in=petitions).select_related(*AVEC_PETITIONS)
    return get_object_or_404(siens, pk=pk)


@publique
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def repondre_rapprochement(request: HttpRequest, jeton: str) -> HttpResponse:
    """Both pétitions, what becomes of the signatures, and two buttons. Only a POST answers."""
    trouve = _du_lien(jeton)
    if trouve is None:
        return lien_inconnu(request, "aucune proposition", app="petitions")
    _, cote = trouve
    reponse = Ensemble[Rapprochement](
        pages={
            acte.__name__: Page(partial(acte, cote=cote), ActeForm)
            for acte in (actes.accepter_rapprochement, actes.refuser_rapprochement)
        },
        gabarit="petitions/rapprochement/repondre.html",
        contexte=lambda request, rapprochement: _contexte(rapprochement, cote),
        par_lien=True,
    ).page(request, lambda: _du_lien(jeton)[0])  # type: ignore[index]  # found above
    reponse["X-Robots-Tag"] = "noindex"
    return reponse


def _du_lien(jeton: str) -> tuple[Rapprochement, int] | None:
    return Rapprochement.LIEN.trouver_precis(jeton, Rapprochement.objects.select_related(*AVEC_PETITIONS))


def _contexte(rapprochement: Rapprochement, cote: int) -> dict[str, Any]:
    petition = rapprochement.petition if cote == rapprochement.petition_id else rapprochement.vers
    valables = Signature.objects.valables().filter(petition=rapprochement.petition_id)
    autre = rapprochement.autre_que(petition)
    return {
        **contexte_pour(rapprochement, petition),
        "accord_le": rapprochement.accord_de(petition),
        "accord_de_l_autre": rapprochement.accord_de(autre),
        "signatures": valables.count(),
        "sur_papier": valables.filter(origine=Signature.Origine.PAPIER).count(),
    }


def _signature(jeton: str) -> Signature | None:
    signatures = Signature.objects.select_related("petition__reunie_a__reglement", "commune")
    return Signature.LIEN.trouver(jeton, signatures)


@personnelle(_signature, CONFIRMER.inconnu)
def signer_la_reunie(request: HttpRequest, signature: Signature, jeton: str) -> HttpResponse:
    """Text of the pétition that goes on, known answers, one button. GET changes nothing."""
    vers, erreur = signature.petition.reunie_a, ""
    if request.method == "POST" and vers is not None:
        ip = adresse_client(request)
        try:
            nouvelle = signer(signature, vers, ip=ip, reseau_connu=reseau_connu(ip))
        except ErreurMetier as refus:
            erreur = refus.message
        else:
            return redirect("petitions:confirmer_signature", nouvelle.jeton())
    return render(
        request,
        "petitions/rapprochement/signer.html",
        {
            "signature": signature,
            "ancienne": signature.petition,
            "petition": vers or signature.petition,
            "erreur": erreur,
            "possible": vers is not None
            and vers.est_signable
            and signature.est_confirmee
            and bool(signature.nom_canonique),
        },
        status=409 if erreur else 200,
    )
