"""After the thresholds: the acts of the service, the suites, and the way out of the news."""

from collections.abc import Callable
from typing import Any

from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from participation.socle.http import RequeteConnectee, publique, reserve_a
from participation.socle.liens import LienInvalide
from participation.socle.models import Compte
from participation.socle.views.actes import page_acte
from participation.socle.workflow import Role
from petitions.actions import suivi as actions
from petitions.actions.campagne import peut_faire
from petitions.forms.suivi import (
    CloreForm,
    ConstaterDebatForm,
    DateEtLieuForm,
    InscrireAuConseilForm,
    OuvrirPanelForm,
    RecevoirAvisPanelForm,
    RepondreForm,
    SuiteForm,
    TransmettreNoteForm,
)
from petitions.lectures.parcours import frise_de
from petitions.models import Petition, Signature
from petitions.notifications.nouvelles import LIEN
from petitions.views.collecte import trouver
from petitions.views.publiques import faits_de
from petitions.workflow import APRES_RECEVABILITE


def contexte_suivi(petition: Petition, compte: Compte) -> dict[str, Any]:
    """What the dossier shows of the way to the answer, of the suites and of the campaign."""
    return {
        "suivi": {
            "est_publie": petition.collecte_ouverte_le is not None,
            "frise": frise_de(faits_de(petition)) if petition.collecte_ouverte_le else [],
            "suites": [
                (suite, suite.permet("changer_etat", compte))
                for suite in petition.suites.select_related("direction")
            ],
            "peut_promettre": petition.permet("promettre_suite", compte),
            "a_une_campagne": petition.etat in APRES_RECEVABILITE,
            "taches": [
                tache
                for tache in petition.taches.select_related("direction", "responsable")
                if peut_faire(tache, compte)
            ],
            "jour": timezone.localdate(),
        }
    }


def _acte(
    request: RequeteConnectee, pk: int, acte: str, form: type[BaseForm], consequence: str
) -> HttpResponse:
    """The page of an act whose action bears its name and takes the answers as they are."""
    petition = trouver(request, pk)
    agir: Callable[..., Any] = getattr(actions, acte)
    return page_acte(
        request,
        petition,
        acte,
        form,
        lambda reponses: agir(petition, par=request.user, **reponses),
        consequence=consequence,
    )


@reserve_a(Role.AGENT)
def transmettre_note(request: RequeteConnectee, pk: int) -> HttpResponse:
    return _acte(
        request,
        pk,
        "transmettre_note",
        TransmettreNoteForm,
        "Le résumé et la note sont publics. Les pétitionnaires sont prévenus.",
    )


@reserve_a(Role.AGENT)
def rencontrer(request: RequeteConnectee, pk: int) -> HttpResponse:
    return _acte(
        request,
        pk,
        "rencontrer",
        DateEtLieuForm,
        "Les pétitionnaires reçoivent l’invitation à rencontrer les élus avant le débat.",
    )


@reserve_a(Role.AGENT)
def inscrire_au_conseil(request: RequeteConnectee, pk: int) -> HttpResponse:
    return _acte(
        request,
        pk,
        "inscrire_au_conseil",
        InscrireAuConseilForm,
        "La date est publique. Les pétitionnaires, et les signataires qui veulent des nouvelles, la reçoivent.",
    )


@reserve_a(Role.AGENT)
def ouvrir_panel(request: RequeteConnectee, pk: int) -> HttpResponse:
    return _acte(
        request,
        pk,
        "ouvrir_panel",
        OuvrirPanelForm,
        "Le débat attend l’avis du panel. Les pétitionnaires et les signataires qui veulent des nouvelles sont prévenus.",
    )


@reserve_a(Role.AGENT)
def recevoir_avis_panel(request: RequeteConnectee, pk: int) -> HttpResponse:
    return _acte(
        request,
        pk,
        "recevoir_avis_panel",
        RecevoirAvisPanelForm,
        "L’avis est publié tel qu’il est écrit, et la pétition attend son débat.",
    )


@reserve_a(Role.AGENT)
def constater_debat(request: RequeteConnectee, pk: int) -> HttpResponse:
    petition = trouver(request, pk)
    envoye = request.method == "POST"
    form = ConstaterDebatForm(
        request.POST if envoye else None, request.FILES if envoye else None, petition=petition
    )

    def agir(reponses: dict[str, Any]) -> None:
        fichier = reponses.pop("fichier")
        actions.constater_debat(petition, par=request.user, fichiers=[fichier] if fichier else [], **reponses)

    mois = petition.reglement.delai_reponse_mois
    return page_acte(
        request,
        petition,
        "constater_debat",
        form,
        agir,
        consequence=f"Ce que le conseil a dit est publié et envoyé. La réponse est due {mois} mois après le débat.",
    )


@reserve_a(Role.AGENT)
def promettre_suite(request: RequeteConnectee, pk: int) -> HttpResponse:
    return _acte(
        request,
        pk,
        "promettre_suite",
        SuiteForm,
        "La promesse est publique. La direction reçoit une lettre, puis des rappels avant la date.",
    )


@reserve_a(Role.AGENT)
def fixer_restitution(request: RequeteConnectee, pk: int) -> HttpResponse:
    return _acte(
        request,
        pk,
        "fixer_restitution",
        DateEtLieuForm,
        "La réunion est annoncée sur la page, aux pétitionnaires et aux signataires qui veulent des nouvelles.",
    )


@reserve_a(Role.AGENT)
def repondre(request: RequeteConnectee, pk: int) -> HttpResponse:
    petition = trouver(request, pk)

    def lettre(reponses: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        petition.reponse = reponses["reponse"]
        return "petitions/repondre", {
            "petition": petition,
            "lien": petition.get_public_url(),
            "suites": list(petition.suites.select_related("direction")),
            "desabonnement": "",
        }

    return page_acte(
        request,
        petition,
        "repondre",
        RepondreForm,
        lambda reponses: actions.repondre(petition, par=request.user, **reponses),
        consequence="La réponse est publiée et envoyée. Relisez la lettre avant l’envoi : elle ne peut pas être reprise.",
        apercu=lettre,
    )


@reserve_a(Role.AGENT)
def clore(request: RequeteConnectee, pk: int) -> HttpResponse:
    return _acte(
        request,
        pk,
        "clore",
        CloreForm,
        "Le dossier ne peut plus changer. La page reste publique ; les échéances encore ouvertes sont annulées.",
    )


@csrf_exempt
@publique
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ne_plus_recevoir(request: HttpRequest, jeton: str) -> HttpResponse:
    """Reached from a letter. A GET changes nothing (mail scanners follow links); a bare POST does (RFC 8058)."""
    try:
        signature = get_object_or_404(Signature.objects.select_related("petition"), pk=LIEN.lire(jeton))
    except LienInvalide:
        raise Http404 from None
    fait = request.method == "POST"
    if fait:
        actions.ne_plus_recevoir(signature)
    reponse = render(
        request, "petitions/suivi/ne_plus_recevoir.html", {"petition": signature.petition, "fait": fait}
    )
    reponse["X-Robots-Tag"] = "noindex"
    return reponse
