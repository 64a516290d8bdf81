"""Registration on line, the link that proves an address, the ticket, whose code the desk scans, the list for the door.

The URLs of each kind of event give its class: `{"modele": Forum}`.
"""

from typing import Any

import segno
from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from participation.inscriptions import actes, lectures
from participation.inscriptions.actes import SInscrireForm
from participation.inscriptions.models import Evenement, InscriptionAEvenement
from participation.inscriptions.workflow import EtatInscription
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.http import limites
from participation.socle.http.decorateurs import publique, reserve_a, traduite
from participation.socle.http.protocole import Ensuite
from participation.socle.http.requete import RequeteConnectee
from participation.socle.langues import plus_tard as _
from participation.socle.models import Compte, ReglageService
from participation.socle.regles.adresses import canoniser
from participation.socle.regles.textes import sans_controle
from participation.socle.templatetags.composants import instant_texte
from participation.socle.views.dossier import boutons_de
from participation.socle.views.liens import du_lien_ou_404, papier_a_garder
from participation.socle.views.pages import essayer, sans_portes_fermees
from participation.socle.views.preuves import PreuveParCourriel
from participation.socle.workflow import Role

PAR_PAGE = 25
TROP = _(
    "Beaucoup d’inscriptions arrivent depuis votre réseau, ou pour cette adresse. "
    "Vos réponses sont toujours là : envoyez-les de nouveau dans une heure, ou appelez-nous."
)


def _page(
    request: HttpRequest, gabarit: str, evenement: Evenement, contexte: dict[str, Any], status: int = 200
) -> HttpResponse:
    """Draw a page of one person: in the colour of the event, never indexed."""
    siens = {"evenement": evenement, "mots": evenement.MOTS, "app": evenement.domaine}
    reponse = render(request, f"inscriptions/{gabarit}.html", {**siens, **contexte}, status=status)
    reponse["X-Robots-Tag"] = "noindex"
    return reponse


@traduite
@publique
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def s_inscrire(request: HttpRequest, pk: int, modele: type[Evenement]) -> HttpResponse:
    evenement: Evenement = get_object_or_404(modele.lisibles(), pk=pk)
    recoit = evenement.recoit()
    form = SInscrireForm(request.POST if request.method == "POST" else None, evenement=evenement)
    statut = 200 if recoit or request.method != "POST" else 409
    if recoit and form.is_valid():
        if form.est_piege:
            return Ensuite(evenement.adresse_de("inscription_recue"))
        if not limites.tenter_aussi_sans_boite(request, evenement.NATURE, form.cleaned_data["courriel"]):
            form.add_error(None, TROP)
            statut = 429
        else:
            try:
                faite = essayer(form, lambda: _inscrire(request, evenement, form.reponses()))
            except ActeInterdit as refus:
                form.add_error(None, refus.message)
                statut = 409
            if not form.errors:
                # The ticket of an address is given by its letter alone: who registered somebody else sees that one leaves.
                montre = not faite.courriel or _est_la_sienne(request, faite.courriel)
                vers = ("mon_inscription", faite.jeton()) if montre else ("inscription_recue",)
                return Ensuite(evenement.adresse_de(*vers))
    if recoit and form.is_bound and statut == 200:
        statut = 422
    reponse = _page(
        request,
        "s_inscrire",
        evenement,
        {
            "form": form if recoit else None,
            "est_complet": not evenement.places_libres,
            "service": ReglageService.actuel(),
        },
        status=statut,
    )
    del reponse["X-Robots-Tag"]
    return reponse


def _inscrire(request: HttpRequest, evenement: Evenement, dit: dict[str, Any]) -> Any:
    return actes.inscrire(evenement, par=None, est_prouve=_est_la_sienne(request, dit["courriel"]), **dit)


def _est_la_sienne(request: HttpRequest, courriel: str) -> bool:
    """Whether the visitor has signed in with this mailbox: it needs no other proof."""
    compte = request.user
    return bool(courriel) and isinstance(compte, Compte) and canoniser(compte.courriel) == canoniser(courriel)


@traduite
@publique
@never_cache
@require_safe
def inscription_recue(request: HttpRequest, pk: int, modele: type[Evenement]) -> HttpResponse:
    """Say that a letter leaves. Never the ticket: who registered somebody else sees this page too."""
    return _page(request, "recue", get_object_or_404(modele.lisibles(), pk=pk), {})


def confirmer(modele: type[Evenement]) -> PreuveParCourriel[Any]:
    """Return the page that proves the address of a registration for this kind of event."""

    def trouver(jeton: str) -> Any:
        inscription = modele.inscription()
        return inscription.LIEN_CONFIRMATION.trouver(jeton, inscription.objects.select_related("evenement"))

    return PreuveParCourriel(
        trouver=trouver,
        prouver=lambda request, inscription: actes.confirmer_inscription(inscription),
        app=str(modele._meta.app_label),
        gabarit="inscriptions/confirmer.html",
        contexte=lambda inscription, jeton: {
            "inscription": inscription,
            "evenement": inscription.evenement,
            "mots": inscription.evenement.MOTS,
            "reste": inscription.evenement.places_libres,
        },
        ensuite=lambda inscription: inscription.evenement.adresse_de("mon_inscription", inscription.jeton()),
        quoi="aucune inscription",
        est_traduite=True,
        sinon=f"Sinon, inscrivez-vous de nouveau depuis la page {modele.MOTS.du}.",
    )


def est_de_l_accueil(request: HttpRequest) -> bool:
    """Whether the reader keeps the door: scanning the code of a ticket then shows its person, and a button."""
    compte = request.user
    return isinstance(compte, Compte) and bool(compte.roles & {Role.AGENT, Role.ACCUEIL})


@traduite
@publique
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mon_inscription(request: HttpRequest, jeton: str, modele: type[Evenement]) -> HttpResponse:
    """The ticket: code for the door, needs, an offered seat, « je ne viendrai pas ». The code is this URL."""
    siennes = modele.inscription().objects.select_related("evenement", *modele.inscription().JOINTS)
    inscription = du_lien_ou_404(modele.inscription().LIEN, jeton, siennes)
    if est_de_l_accueil(request):
        return _a_la_porte(request, inscription)
    refus = ""
    if request.method == "POST":
        try:
            if "accepter" in request.POST:
                actes.accepter_place(inscription, par=None)
            elif "annuler" in request.POST:  # never the button of the door, once its session is over
                actes.annuler_inscription(inscription, par=None)
            return Ensuite(request.path)
        except ErreurMetier as erreur:
            refus = erreur.message
            inscription.refresh_from_db()
    evenement: Evenement = inscription.evenement
    code = segno.make(
        settings.SITE_URL + evenement.adresse_de("mon_inscription", jeton), error="m", micro=False
    )
    return _page(
        request,
        "mon_inscription",
        evenement,
        {
            "inscription": inscription,
            "refus": refus,
            "a_lieu": not evenement.est_annule,
            "est_passe": timezone.now() >= evenement.fin,
            "qui": f"inscription:{inscription.pk}",
            "qr": mark_safe(  # noqa: S308 made here
                code.svg_inline(omitsize=True, svgclass="projection-qr", lineclass=None, border=2)
            ),
            "est_assise": inscription.etat == EtatInscription.INSCRITE,
            "montre_le_code": inscription.presente_le is None and timezone.now() < evenement.fin,
            "peut_accepter": inscription.permet("accepter_place", None),
            "peut_annuler": inscription.permet("annuler_inscription", None),
        },
        status=409 if refus else 200,
    )


def _a_la_porte(request: HttpRequest, inscription: InscriptionAEvenement) -> HttpResponse:
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
    evenement: Evenement = inscription.evenement
    return _page(
        request,
        "a_la_porte",
        evenement,
        {
            "inscription": inscription,
            "peut_noter": inscription.permet("noter_presence", compte),
            "trop_tot": evenement.pas_encore_le_jour(),
            "refus": refus,
        },
        status=409 if refus else 200,
    )


@reserve_a(Role.AGENT, Role.ACCUEIL)
@never_cache
@require_safe
def accueil(request: RequeteConnectee, pk: int, modele: type[Evenement]) -> HttpResponse:
    """The list for the door: a name is looked for, a presence noted in one click."""
    evenement: Evenement = get_object_or_404(modele.tous(), pk=pk)
    liste, trop_tot = _liste(request, evenement), evenement.pas_encore_le_jour()
    accueille = evenement.accueille and not trop_tot
    return _page(
        request,
        "accueil",
        evenement,
        {
            **liste,
            "fil": sans_portes_fermees(evenement.fil, request.user),
            "peut_inscrire": evenement.permet("inscrire", request.user),
            "trop_tot": trop_tot,
            "accueille": accueille,
            "attendues": lectures.attendues(evenement, liste["gens"].object_list) if accueille else [],
        },
    )


@reserve_a(Role.AGENT, Role.ACCUEIL)
@never_cache
@require_safe
def place_sur_papier(request: RequeteConnectee, pk: int, modele: type[Evenement]) -> HttpResponse:
    """The ticket of who has no mailbox: its code for the door, and to say that she does not come."""
    siennes = modele.inscription().objects.vivantes().select_related("evenement")
    inscription: InscriptionAEvenement = get_object_or_404(siennes, pk=pk)
    evenement: Evenement = inscription.evenement
    with translation.override(inscription.langue_lettres):
        titre = f"{gettext('Mon inscription')}, {instant_texte(evenement.debut)}"
    return papier_a_garder(
        request,
        inscription.LIEN,
        inscription,
        titre=titre,
        lignes=[str(inscription), evenement.titre, f"{evenement.lieu}, {evenement.adresse}"],
        langue=inscription.langue_lettres,
        app=evenement.domaine,
        retour=("Revenir à l’accueil", evenement.adresse_de("accueil")),
        montre=f"inscription n° {inscription.pk}",
    )


def _liste(request: RequeteConnectee, evenement: Evenement) -> dict[str, Any]:
    mots = sans_controle(request.GET.get("q", ""))
    gens = Paginator(lectures.inscrites(evenement, mots), PAR_PAGE).get_page(request.GET.get("page"))
    for inscription in gens:
        inscription.evenement = evenement
    return {"gens": gens, "cherche": mots, "chiffres": lectures.chiffres(evenement)}


def contexte(request: RequeteConnectee, evenement: Evenement) -> dict[str, Any]:
    """What `inscriptions/_inscriptions.html` shows on the page of an event."""
    dit = _liste(request, evenement)
    return {
        **dit,
        "evenement": evenement,
        "inscrites": [(i, boutons_de(i, request.user)) for i in dit["gens"]],
        "a_appeler": lectures.a_appeler(evenement) if evenement.est_annule or evenement.est_ouvert else [],
        "a_effacer": lectures.a_effacer(evenement).count(),
    }
