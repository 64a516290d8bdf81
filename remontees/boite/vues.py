"""Mails received: list, page of one, processing of one set aside."""

from typing import Any
from uuid import UUID

import django_filters
from django.conf import settings
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.timezone import localdate
from django.views.decorators.http import require_POST, require_safe

from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.filters import Filtres
from participation.socle.francais import majuscule
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.regles.courriel_brut import debut_lisible
from participation.socle.views.colonnes import Cellule, Colonne
from participation.socle.views.listes import Liste, page_liste
from participation.socle.workflow import Couleur, Role
from remontees.boite import actes
from remontees.boite.releve import NON_REGLEE
from remontees.models import Boite, CourrielRecu
from remontees.models.boites import CourrielRecuQuerySet

S = CourrielRecu.Sort


COULEURS = {
    S.A_TRAITER: Couleur.ATTENTION,
    S.REMONTEE: Couleur.SUCCES,
    S.MESSAGE: Couleur.SUCCES,
    S.SUSPECT: Couleur.ATTENTION,
    S.ILLISIBLE: Couleur.ERREUR,
    S.LOURD: Couleur.ATTENTION,
    S.TROP: Couleur.ATTENTION,
}


CSP_ORIGINAL = "default-src 'none'; sandbox; frame-ancestors 'none'"


class CourrielRecuFilter(Filtres):
    sort = django_filters.ChoiceFilter(
        label="Devenu", choices=[(v, capfirst(t)) for v, t in S.choices], empty_label="Tous"
    )
    attend = django_filters.ChoiceFilter(
        label="Attend", choices=[("oui", "Un agent")], empty_label="Tous", method="qui_attendent"
    )

    class Meta:
        model = CourrielRecu
        fields: list[str] = []

    def qui_attendent(self, objets: CourrielRecuQuerySet, nom: str, choix: str) -> CourrielRecuQuerySet:
        return objets.a_voir()

    def chercher(self, objets: QuerySet[Any], nom: str, mots: str) -> QuerySet[Any]:
        return objets.filter(Q(objet__icontains=mots) | Q(expediteur__icontains=mots))


def _sort(recu: CourrielRecu) -> Cellule:
    return Cellule(
        majuscule(recu.get_sort_display()),
        sous=recu.erreur[:120],
        couleur=COULEURS.get(S(recu.sort), Couleur.NEUTRE),
        icone="horloge" if recu.sort == S.A_TRAITER else "document",
    )


COLONNES = [
    Colonne(
        "objet",
        "Courriel",
        lambda r: Cellule(str(r), sous=r.expediteur),
        export=lambda r: str(r),
        tri="objet",
    ),
    Colonne("sort", "Devenu", _sort, export=lambda r: r.get_sort_display(), tri="sort"),
    Colonne("recu_le", "Reçu le", lambda r: r.recu_le, tri="recu_le"),
    Colonne("remontee", "Remontée", lambda r: r.remontee.reference if r.remontee else None),
]


def _lisibles(request: RequeteConnectee) -> CourrielRecuQuerySet:
    recus = CourrielRecu.objects.select_related("remontee", "vu_par")
    return recus if request.user.lit_les_reserves else recus.exclude(remontee__est_discrimination=True)


@reserve_a(Role.AGENT)
@require_safe
def courriels_recus_liste(request: RequeteConnectee) -> HttpResponseBase:
    """List of mails, the latest first, with the last reading of the mailbox and its failure."""
    boite = Boite.objects.order_by("-relevee_le").first()
    return page_liste(
        request,
        Liste(
            cle="remontees:courriels_recus",
            titre="Courriels reçus",
            objets=_lisibles(request).defer("octets", "lu"),
            filtres=CourrielRecuFilter,
            colonnes=COLONNES,
            tri="-recu_le",
            singulier="courriel",
            pluriel="courriels",
            app="remontees",
            vide="Ce qui arrive dans la boîte s’affiche ici, avec ce que chaque courriel est devenu.",
            borne=10_000,
        ),
        "remontees/boite/courriels_recus.html",
        {"boite": boite, "non_reglee": "" if settings.BOITE_URL else NON_REGLEE},
    )


@reserve_a(Role.AGENT)
@require_safe
def courriel_recu(request: RequeteConnectee, cle: UUID) -> HttpResponse:
    """A mail, as the worker read it; the beginning of its bytes when it could not. Nothing is parsed here."""
    recu: Any = get_object_or_404(_lisibles(request).avec_le_debut(), pk=cle)
    debut = bytes(recu.debut)
    return render(
        request,
        "remontees/boite/courriel_recu.html",
        {
            "recu": recu,
            "lu": recu.lu,
            "brut": debut_lisible(debut) if debut and not recu.lu else "",
            "se_telecharge": bool(debut),
            "se_reprend": bool(debut) and recu.est_reprenable,
            "couleur": COULEURS.get(S(recu.sort), Couleur.NEUTRE),
        },
    )


@reserve_a(Role.AGENT)
@require_safe
def courriel_original(request: RequeteConnectee, cle: UUID) -> HttpResponse:
    """The mail as it came, to be opened in a mail program. 404 once it is not kept any more."""
    recu = get_object_or_404(_lisibles(request).exclude(octets=b""), pk=cle)
    return HttpResponse(
        bytes(recu.octets),
        content_type="application/octet-stream",
        headers={
            "Content-Disposition": f'attachment; filename="courriel-{localdate(recu.recu_le):%Y-%m-%d}.eml"',
            "Content-Security-Policy": CSP_ORIGINAL,
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )


@reserve_a(Role.AGENT)
@require_POST
def reprendre_courriel(request: RequeteConnectee, cle: UUID) -> HttpResponse:
    """Process a mail set aside as written by a person."""
    recu = get_object_or_404(_lisibles(request), pk=cle)
    try:
        repris = actes.reprendre(recu)
    except ErreurMetier as refus:
        messages.error(request, refus.message)
        return redirect(recu)
    messages.success(request, "Ce courriel est repris.")
    return redirect(repris.remontee or repris if repris else recu)


@reserve_a(Role.AGENT)
@require_POST
def ranger_courriel(request: RequeteConnectee, cle: UUID) -> HttpResponse:
    """Say that nothing is to be made of a mail that waited for an agent."""
    recu = get_object_or_404(_lisibles(request).defer("octets"), pk=cle)
    try:
        actes.ranger(recu, par=request.user)
    except ErreurMetier as refus:
        messages.error(request, refus.message)
        return redirect(recu)
    messages.success(request, "Ce courriel n’attend plus.")
    return redirect(f"{reverse('remontees:courriels_recus')}?attend=oui")
