"""Public registration, the link that proves an address, and the ticket, whose code the desk scans."""

from typing import Any

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from participation.rencontres.inscriptions import actes
from participation.rencontres.inscriptions.actes import SInscrireForm
from participation.rencontres.models import Inscription
from participation.rencontres.trouver import rencontre_en_ligne
from participation.rencontres.workflow import EtatInscription
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.http import limites
from participation.socle.http.decorateurs import publique
from participation.socle.models import Compte, ReglageService
from participation.socle.regles.adresses import canoniser
from participation.socle.views.ensuite import Ensuite
from participation.socle.views.liens import du_lien_ou_404
from participation.socle.views.pages import essayer
from participation.socle.views.preuves import PreuveParCourriel
from participation.socle.workflow import Role

TROP = (
    "Beaucoup d’inscriptions arrivent depuis votre réseau, ou pour cette adresse. "
    "Vos réponses sont toujours là : envoyez-les de nouveau dans une heure, ou appelez-nous."
)


def _personnelle(
    request: HttpRequest, gabarit: str, contexte: dict[str, Any], status: int = 200
) -> HttpResponse:
    reponse = render(request, gabarit, contexte, status=status)
    reponse["X-Robots-Tag"] = "noindex"
    return reponse


@publique
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def s_inscrire(request: HttpRequest, pk: int) -> HttpResponse:
    rencontre = rencontre_en_ligne(pk)
    recoit = rencontre.recoit()
    form = SInscrireForm(request.POST if request.method == "POST" else None)
    statut = 200 if recoit or request.method != "POST" else 409
    recue = reverse("rencontres:inscription_recue", args=[pk])
    if recoit and form.is_valid():
        if form.est_piege:
            return Ensuite(recue)
        reponses = form.reponses()
        if not limites.tenter_aussi_sans_boite(request, "rencontre", reponses["courriel"]):
            form.add_error(None, TROP)
            statut = 429
        else:
            est_prouve = _est_la_sienne(request, reponses["courriel"])
            faite = None
            try:
                faite = essayer(
                    form,
                    lambda: actes.inscrire(
                        rencontre, par=None, cle=form.cle_d_envoi(), est_prouve=est_prouve, **reponses
                    ),
                )
            except ActeInterdit as refus:
                form.add_error(None, refus.message)
                statut = 409
            if faite is not None and not form.errors:
                # The ticket of an address is given by its letter alone: who registered somebody else sees this page.
                montre = est_prouve or not faite.courriel
                return Ensuite(
                    reverse("rencontres:mon_inscription", args=[faite.jeton()]) if montre else recue
                )
    if recoit and form.is_bound and statut == 200:
        statut = 422
    return render(
        request,
        "rencontres/s_inscrire.html",
        {
            "rencontre": rencontre,
            "form": form if recoit else None,
            "est_complete": not rencontre.places_libres,
            "service": ReglageService.actuel(),
        },
        status=statut,
    )


def _est_la_sienne(request: HttpRequest, courriel: str) -> bool:
    """Whether the visitor has signed in with this mailbox: it needs no other proof."""
    compte = request.user
    return bool(courriel) and isinstance(compte, Compte) and canoniser(compte.courriel) == canoniser(courriel)


@publique
@never_cache
@require_safe
def inscription_recue(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a letter leaves."""
    return _personnelle(request, "rencontres/recue.html", {"rencontre": rencontre_en_ligne(pk)})


def _a_confirmer(jeton: str) -> Inscription | None:
    return Inscription.LIEN_CONFIRMATION.trouver(jeton, Inscription.objects.select_related("rencontre"))


CONFIRMER = PreuveParCourriel[Inscription](
    trouver=_a_confirmer,
    prouver=lambda request, inscription: actes.confirmer_inscription(inscription),
    app="rencontres",
    gabarit="rencontres/confirmer.html",
    contexte=lambda inscription, jeton: {
        "inscription": inscription,
        "rencontre": inscription.rencontre,
        "reste": inscription.rencontre.places_libres,
    },
    ensuite=lambda inscription: reverse("rencontres:mon_inscription", args=[inscription.jeton()]),
    quoi="aucune inscription",
    sinon="Sinon, inscrivez-vous de nouveau depuis la page de la rencontre.",
)


def est_de_l_accueil(request: HttpRequest) -> bool:
    """Whether the reader keeps the door: scanning the code of a ticket then shows its person, and a button."""
    compte = request.user
    return isinstance(compte, Compte) and bool(compte.roles & {Role.AGENT, Role.ACCUEIL})


@publique
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mon_inscription(request: HttpRequest, jeton: str) -> HttpResponse:
    """The ticket: code for the door, needs, an offered seat, « je ne viendrai pas ». The code is this URL."""
    inscription = du_lien_ou_404(Inscription.LIEN, jeton, Inscription.objects.select_related("rencontre"))
    if est_de_l_accueil(request):
        return _a_la_porte(request, inscription)
    refus = ""
    if request.method == "POST":
        try:
            if "accepter" in request.POST:
                actes.accepter_place(inscription, par=None)
            elif (
                "annuler" in request.POST
            ):  # never the button of the door, once the session of the desk is over
                actes.annuler_inscription(inscription, par=None)
            return Ensuite(request.path)
        except ErreurMetier as erreur:
            refus = erreur.message
            inscription.refresh_from_db()
    adresse = settings.SITE_URL + reverse("rencontres:mon_inscription", args=[jeton])
    code = segno.make(adresse, error="m", micro=False)
    return _personnelle(
        request,
        "rencontres/mon_inscription.html",
        {
            "inscription": inscription,
            "rencontre": inscription.rencontre,
            "jeton": jeton,
            "refus": refus,
            "besoins": inscription.besoins_en_mots,
            "qui": f"inscription:{inscription.pk}",
            "qr": mark_safe(  # noqa: S308 made here
                code.svg_inline(omitsize=True, svgclass="projection-qr", lineclass=None, border=2)
            ),
            "est_assise": inscription.etat == EtatInscription.INSCRITE,
            "peut_accepter": inscription.permet("accepter_place", None),
            "peut_annuler": inscription.permet("annuler_inscription", None),
        },
        status=409 if refus else 200,
    )


def _a_la_porte(request: HttpRequest, inscription: Inscription) -> HttpResponse:
    """Note the presence in one click. A second scan says that the person is already in."""
    compte: Any = request.user
    refus = ""
    if request.method == "POST":
        try:
            actes.noter_presence(inscription, par=compte)
            return redirect(request.path)
        except ErreurMetier as erreur:
            refus = erreur.message
            inscription.refresh_from_db()
    return _personnelle(
        request,
        "rencontres/a_la_porte.html",
        {
            "inscription": inscription,
            "rencontre": inscription.rencontre,
            "besoins": inscription.besoins_en_mots,
            "peut_noter": inscription.permet("noter_presence", compte),
            "trop_tot": inscription.rencontre.pas_encore_le_jour(),
            "refus": refus,
        },
        status=409 if refus else 200,
    )
