"""Public pages of the panels: list, page of a panel, short address, registration in each language.

A panel shows its profile beside the population, what is published and what is missing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import segno
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from participation.inclusion.profils.actes import jeton, lire_jeton
from participation.panels.inscriptions import actes, regles
from participation.panels.inscriptions.actes import SInscrireForm
from participation.panels.inscriptions.lectures import TRAITEMENT, ce_que_deviennent_les_donnees
from participation.panels.models import PageInscription, Panel
from participation.panels.questionnaires import resultats
from participation.panels.workflow import EtatPanel
from participation.seances.models import Seance
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.graphiques import Graphique
from participation.socle.http import limites
from participation.socle.http.decorateurs import publique, traduite
from participation.socle.http.protocole import Ensuite
from participation.socle.models import Compte, Piece, ReglageService
from participation.socle.views.pages import essayer
from participation.tirage.public import images_des_profils

E = EtatPanel
TIRES = frozenset({E.CONFIRMATION, E.SESSION, E.RECOMMANDE, E.REPONDU, E.CLOS})
RENDUS = frozenset({E.RECOMMANDE, E.REPONDU, E.CLOS})


def profil(panel: Panel) -> list[Graphique]:
    """Return the panel by category, counted together: no profile of a person is ever shown."""
    return images_des_profils(panel.tirage) if panel.tirage is not None and panel.etat in TIRES else []


def seances(panel: Panel) -> list[Seance]:
    if panel.instance_id is None:
        return []
    siennes: Any = Seance.objects.filter(instance=panel.instance_id).exclude(etat="annulee")
    return list(siennes.order_by("debut", "pk"))


def pieces(panel: Panel) -> list[Piece]:
    return list(
        Piece.objects.filter(dossier=panel.pk, est_publique=True, retiree_le=None, cahier=None).order_by("pk")
    )


@dataclass(frozen=True, slots=True)
class Transparence:
    """One thing that a panel owes to all: published or missing. `url`: where to read it."""

    quoi: str
    est_publie: bool
    url: str = ""


def transparence(panel: Panel, lignes: list[Seance], publiees: list[Piece]) -> list[Transparence]:
    """Return what is published and what is not yet: the list of the OECD's good practices (2021)."""
    tirage = panel.tirage if panel.tirage is not None and panel.tirage.est_public else None
    rendu = panel.etat in RENDUS
    return [
        Transparence("La question posée", bool(panel.mandat), "#mandat"),
        Transparence("Qui répond, et quand", bool(panel.engagement), "#mandat"),
        Transparence("Ce qu’il coûte et qui paie", bool(panel.financement), "#financement"),
        Transparence(
            "La règle du tirage au sort", tirage is not None, tirage.get_public_url() if tirage else ""
        ),
        Transparence(
            "Le résultat du tirage, vérifiable",
            tirage is not None and tirage.boules is not None,
            tirage.get_public_url() if tirage else "",
        ),
        Transparence("Le profil du panel", panel.etat in TIRES, "#profil"),
        Transparence("Le calendrier des séances", bool(lignes), "#seances"),
        Transparence("Les documents remis au panel", bool(publiees), "#documents"),
        Transparence("Les recommandations votées", rendu, "#recommandations"),
        Transparence(
            "La réponse à chaque recommandation", panel.etat in {E.REPONDU, E.CLOS}, "#recommandations"
        ),
        Transparence("L’évaluation", panel.evaluation_le is not None, "#evaluation"),
    ]


TROP = (
    "Beaucoup d’inscriptions arrivent depuis votre réseau. Vos réponses sont toujours là : envoyez-les de nouveau dans "
    "une heure, ou appelez-nous."
)


@traduite
@publique
@require_safe
def panels_publics(request: HttpRequest) -> HttpResponse:
    return render(request, "panels/publics.html", {"panels": Panel.objects.publics()})


@publique
@require_safe
def panel_public(request: HttpRequest, cle: str) -> HttpResponse:
    panel: Panel = get_object_or_404(
        Panel.objects.publics().select_related(
            "tirage", "origine", "reglement", "tirage_des_communes", "comite"
        ),
        cle=cle,
    )
    tenues, publiees = seances(panel), pieces(panel)
    rendu = panel.etat in RENDUS
    return render(
        request,
        "panels/public.html",
        {
            "panel": panel,
            "communes_tirent": hasattr(panel, "tirage_des_communes"),
            "dossier": panel,
            "profil": profil(panel),
            "seances": tenues,
            "pieces": publiees,
            "recommandations": panel.recommandations.select_related("suite__direction") if rendu else [],
            "transparence": transparence(panel, tenues, publiees),
            "resultats": resultats(panel) if panel.evaluation_le else [],
            "est_ouvert": panel.etat == EtatPanel.INSCRIPTION,
        },
    )


def page_de(request: HttpRequest, cle: str, langue: str) -> PageInscription:
    """Return a registration page; before registrations open, for the agents alone, who rehearse."""
    page = get_object_or_404(
        PageInscription.objects.select_related("panel__tirage", "panel__reglement"),
        panel__cle=cle,
        langue=langue,
    )
    if page.panel.etat == EtatPanel.PREPARATION and not est_agent(request):
        raise Http404
    return page


def est_agent(request: HttpRequest) -> bool:
    return isinstance(request.user, Compte) and request.user.est_agent


@publique
@never_cache
@require_safe
def entree(request: HttpRequest, cle: str) -> HttpResponse:
    """The short address printed on the letters: the first page of registration, where languages are chosen."""
    panel = get_object_or_404(Panel, cle=cle)
    if (page := panel.pages.first()) is None or (
        panel.etat == EtatPanel.PREPARATION and not est_agent(request)
    ):
        raise Http404
    if panel.est_publie and panel.etat != EtatPanel.INSCRIPTION:
        return redirect(panel.get_public_url())
    return redirect("panels:s_inscrire", cle, page.langue)


@publique
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def s_inscrire(request: HttpRequest, cle: str, langue: str) -> HttpResponse:
    page = page_de(request, cle, langue)
    panel = page.panel
    est_close = panel.etat not in {EtatPanel.PREPARATION, EtatPanel.INSCRIPTION}
    form = SInscrireForm(request.POST if request.method == "POST" else None, page=page)
    status = 409 if est_close and request.method == "POST" else 200
    if not est_close and form.is_valid():
        recue, inscrite = reverse("panels:inscription_recue", args=[cle, langue]), []
        if form.est_piege:
            return Ensuite(recue)
        if not limites.tenter_aussi_sans_boite(request, "panel", form.cleaned_data["courriel"]):
            form.add_error(None, page.dire(TROP))
            status = 429
        elif form.exiger_le_temps():
            try:
                essayer(
                    form,
                    lambda: inscrite.append(
                        actes.inscrire(panel, par=None, page=page, cle=form.cle_d_envoi(), **form.reponses())
                    ),
                )
            except ActeInterdit as refus:
                form.add_error(None, refus.message)
                status = 409
            if not form.errors:
                qui = jeton("panel", panel.pk, f"inscription:{inscrite[0].pk}")
                return Ensuite(f"{recue}?{urlencode({'qui': qui})}")
    if form.is_bound and status == 200:
        status = 422
    return _rendre(request, "panels/s_inscrire.html", page, {"form": form, "est_close": est_close}, status)


@publique
@never_cache
@require_safe
def inscription_recue(request: HttpRequest, cle: str, langue: str) -> HttpResponse:
    page = page_de(request, cle, langue)
    contexte = {
        "titre": page.dire(regles.RECUE),
        "suite": page.dire(regles.SUITE),
        "qui": _qui(request, page.panel),
    }
    return _rendre(request, "panels/recue.html", page, contexte, 200)


def _qui(request: HttpRequest, panel: Panel) -> str:
    """Return who has just registered, as the address of the page says it, signed; "" for anybody else, and in a rehearsal."""
    try:
        nature, numero, qui = lire_jeton(request.GET.get("qui", ""))
    except ErreurMetier:
        return ""
    est_la = (nature, numero) == ("panel", panel.pk) and panel.etat != EtatPanel.PREPARATION
    return qui if est_la else ""


def _rendre(
    request: HttpRequest, gabarit: str, page: PageInscription, contexte: Mapping[str, object], status: int
) -> HttpResponse:
    communs = {
        "page": page,
        "panel": page.panel,
        "langues": page.panel.pages.all(),
        "envoyer": page.dire(regles.ENVOYER),
        "telephoner": page.dire_ou_francais(regles.TELEPHONER),
        "est_repetition": page.panel.etat == EtatPanel.PREPARATION,
        "service": ReglageService.actuel(),
        "traitement": TRAITEMENT,
        "titre_donnees": page.dire_ou_francais(regles.DONNEES),
        "donnees": [
            (page.dire_ou_francais(mot), page.dire_ou_francais(phrase))
            for mot, phrase in ce_que_deviennent_les_donnees()
        ],
        "droits": page.dire_ou_francais(regles.DROITS),
    }
    reponse = render(request, gabarit, {**communs, **contexte}, status=status)
    reponse["X-Robots-Tag"] = "noindex"
    return reponse


def qr(panel: Panel) -> tuple[str, str]:
    """Return the short address of the registration, and its QR code as SVG."""
    adresse = settings.SITE_URL + reverse("panels:entree", args=[panel.cle])
    code = segno.make(adresse, error="m", micro=False)
    svg = code.svg_inline(omitsize=True, svgclass="projection-qr", lineclass=None, border=2)
    return adresse, mark_safe(svg)  # noqa: S308 made here
