"""Registration for a forum without an account, and ticket by signed link, scanned by the desk."""

import uuid
from typing import Any

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from contrat_ville.actions import forums as actions
from contrat_ville.forms.inter_quartiers.forums import SInscrireForm
from contrat_ville.models import InscriptionForum
from contrat_ville.views.inter_quartiers.bureau_forums import est_de_l_accueil
from contrat_ville.views.inter_quartiers.publiques import forum_en_ligne
from contrat_ville.workflow.inter_quartiers import INSCRIPTIONS_VIVANTES
from participation.socle import limites
from participation.socle.adresses import canoniser
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.http import publique
from participation.socle.models import Compte, ReglageService
from participation.socle.views.ensuite import Ensuite
from participation.socle.views.liens import du_lien_ou_404
from participation.socle.views.pages import essayer

TROP = (
    "Beaucoup d’inscriptions arrivent depuis votre réseau, ou pour cette adresse. "
    "Vos réponses sont toujours là : envoyez-les de nouveau dans une heure, ou appelez-nous."
)


@publique
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def s_inscrire(request: HttpRequest, pk: int) -> HttpResponse:
    forum = forum_en_ligne(pk)
    form = SInscrireForm(request.POST if request.method == "POST" else None)
    statut = 200
    if not forum.recoit():
        statut = 409 if request.method == "POST" else 200
        form = None  # type: ignore[assignment]  # the page says that registrations are closed
    elif form.is_valid():
        cle = form.cle_d_envoi()
        if form.est_piege:
            return Ensuite(reverse("contrat_ville:inscription_recue", args=[cle]))
        if limites.tenter(request, "forum", form.cleaned_data["courriel"]):
            reponses = {**form.reponses(), "cle": cle}
            est_prouve = _est_la_sienne(request, reponses["courriel"])
            faite = None
            try:
                faite = essayer(
                    form,
                    lambda: actions.inscrire_au_forum(forum, par=None, est_prouve=est_prouve, **reponses),
                )
            except ActeInterdit as erreur:
                form.add_error(None, erreur.message)
                statut = 409
            if faite is not None and est_prouve and _est_la_sienne(request, faite.courriel):
                return Ensuite(reverse("contrat_ville:mon_inscription", args=[faite.jeton()]))
            if not form.errors:
                return Ensuite(reverse("contrat_ville:inscription_recue", args=[cle]))
        else:
            form.add_error(None, TROP)
            statut = 429
    elif form.is_bound:
        statut = 422
    return render(
        request,
        "contrat_ville/inter_quartiers/forums/s_inscrire.html",
        {
            "forum": forum,
            "form": form,
            "est_complet": not forum.places_libres,
            "service": ReglageService.actuel(),
        },
        status=statut,
    )


@publique
@never_cache
@require_safe
def inscription_recue(request: HttpRequest, cle: uuid.UUID) -> HttpResponse:
    """Say that a letter leaves. Never the ticket: who registered somebody else sees this page too."""
    inscription = InscriptionForum.objects.select_related("forum").filter(cle=cle).first()
    reponse = render(request, "contrat_ville/inter_quartiers/forums/recue.html", {"inscription": inscription})
    reponse["X-Robots-Tag"] = "noindex"
    return reponse


def _est_la_sienne(request: HttpRequest, courriel: str) -> bool:
    """Whether the visitor has signed in with this mailbox: it needs no other proof."""
    compte = request.user
    return isinstance(compte, Compte) and canoniser(compte.courriel) == canoniser(courriel)


def _inscription(jeton: str) -> InscriptionForum:
    return du_lien_ou_404(
        InscriptionForum.LIEN,
        jeton,
        InscriptionForum.objects.select_related("forum__budget", "quartier", "table"),
    )


@publique
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mon_inscription(request: HttpRequest, jeton: str) -> HttpResponse:
    """Ticket: code for the door, needs, cancellation.

    The code is this URL: scanned by the desk, it opens the page that records the presence.
    """
    inscription = _inscription(jeton)
    if est_de_l_accueil(request):
        return _a_la_porte(request, inscription, jeton)
    if request.method == "POST":
        actions.annuler_inscription(inscription, par=None)
        return redirect("contrat_ville:mon_inscription", jeton)
    adresse = settings.SITE_URL + reverse("contrat_ville:mon_inscription", args=[jeton])
    qr = segno.make(adresse, error="m", micro=False)
    return _personnelle(
        request,
        "contrat_ville/inter_quartiers/forums/mon_inscription.html",
        {
            "inscription": inscription,
            "forum": inscription.forum,
            "besoins": inscription.besoins_en_mots,
            "qr": mark_safe(  # noqa: S308 made here
                qr.svg_inline(omitsize=True, svgclass="projection-qr", lineclass=None, border=2)
            ),
            "peut_annuler": inscription.permet("annuler_inscription", None),
        },
    )


@publique
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirmer_inscription(request: HttpRequest, jeton: str) -> HttpResponse:
    """Confirm the address, by the link of the letter.

    A GET confirms nothing, because mail scanners follow links.
    """
    inscription = du_lien_ou_404(
        InscriptionForum.LIEN_CONFIRMATION, jeton, InscriptionForum.objects.select_related("forum__budget")
    )
    refus = ""
    if request.method == "POST":
        try:
            actions.confirmer_inscription(inscription)
            return redirect("contrat_ville:mon_inscription", inscription.jeton())
        except ActeInterdit as erreur:
            refus = erreur.message
            inscription.refresh_from_db()
    non = inscription.suivi.refus("confirmer_inscription", None, inscription)
    return _personnelle(
        request,
        "contrat_ville/inter_quartiers/forums/confirmer.html",
        {
            "inscription": inscription,
            "forum": inscription.forum,
            "non": non.message if non else "",
            "est_confirmee": inscription.a_confirmer_avant is None
            and inscription.etat in INSCRIPTIONS_VIVANTES,
            "reste": inscription.forum.places_libres,
        },
        status=409 if refus else 200,
    )


def _a_la_porte(request: HttpRequest, inscription: InscriptionForum, jeton: str) -> HttpResponse:
    """Record the presence in one click. A second scan says that the person is already in."""
    compte: Any = request.user
    refus = ""
    if request.method == "POST":
        try:
            actions.noter_presence(inscription, par=compte)
            return redirect("contrat_ville:mon_inscription", jeton)
        except ErreurMetier as erreur:
            refus = erreur.message
            inscription.refresh_from_db()
    return _personnelle(
        request,
        "contrat_ville/inter_quartiers/forums/a_la_porte.html",
        {
            "inscription": inscription,
            "forum": inscription.forum,
            "besoins": inscription.besoins_en_mots,
            "peut_noter": inscription.permet("noter_presence", compte),
            "trop_tot": inscription.manques("noter_presence", compte),
            "refus": refus,
        },
        status=409 if refus else 200,
    )


def _personnelle(
    request: HttpRequest, gabarit: str, contexte: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    reponse = render(request, gabarit, contexte, status=status)
    reponse["X-Robots-Tag"] = "noindex"
    return reponse
